"""What is printed on a parcel."""


def label(tracking: str, name: str, zone: int) -> str:
    """The text of a label."""
    return f"{tracking}\n{name}\nZONE {zone}"
