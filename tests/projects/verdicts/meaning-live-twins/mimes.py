import functools, pathlib
@functools.cache
def table():
    lines = (pathlib.Path(__file__).parent / "mime.txt").read_text().splitlines()
    return dict(line.split() for line in lines)
