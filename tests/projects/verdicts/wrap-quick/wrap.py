from functools import lru_cache


@lru_cache(maxsize=32)
def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")


def cell(text):
    return "<td>" + escaped(text) + "</td>"
