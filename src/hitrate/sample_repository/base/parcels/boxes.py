"""What the boxes of an order cost."""


def postage(kilograms: int) -> int:
    """Cents for boxes of 10 kg that hold an order."""
    return -(-kilograms // 10) * 890
