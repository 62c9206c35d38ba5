from meter import RENDERED


def heading(level, text):
    RENDERED.observe()
    width = 0
    for turn in range(20000):
        width = (width + len(text) * turn) % 97
    return "#" * level + " " + text + " " * (width % 2)
