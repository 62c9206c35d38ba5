"""The marks that git leaves in a file whose merge is not finished. Pure."""

import re

_MARKS = re.compile(rb"^(?:<{7}|>{7}|\|{7})(?: .*)?$|^={7}$")
_LINE_END = re.compile(rb"\r\n|\r|\n")


def conflict_line(data: bytes, wrong: int) -> int | None:
    """Line (1-based) of the first mark of an unfinished merge; None where that is not what is wrong.

    A text of the file may show such marks: it is they that are wrong only where the parser stops at one, or
    before the first one, as at a bracket that they leave open.

    Args:
        data: The file's bytes.
        wrong: Line where the parser stopped, 1-based.
    """
    marks = {number: line[:1] for number, line in enumerate(_LINE_END.split(data), 1) if _MARKS.match(line)}
    kinds = b"".join(marks.values())
    begin = next((number for number, mark in marks.items() if mark == b"<"), None)
    if begin is None or not re.search(rb"<\|?=>", kinds):
        return None
    return begin if wrong in marks or wrong <= begin else None
