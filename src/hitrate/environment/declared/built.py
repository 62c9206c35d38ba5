"""What a project's built metadata says of its extras, for those that say them in no file that can be read.

The question is asked by the project's own interpreter, where its code runs; what it answers is as little
trusted as all else that the tests print.
"""

import re
import shlex

_ANSWER = re.compile(r"^extra ([A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?) (True|False)$", re.MULTILINE)
_QUESTION = r"""
import json, os, re
from importlib.metadata import distributions
from urllib.parse import urlsplit
from urllib.request import url2pathname

def same(name, other):
    return re.sub(r"[-_.]+", "-", name).lower() == re.sub(r"[-_.]+", "-", other).lower()

def brings_pytest(line, extra):
    found = re.match(r"(?i)pytest(?![^\W_]).*extra *== *.([\w.-]+)", line)
    return bool(found) and same(found[1], extra)

for found in distributions():
    url = json.loads(found.read_text("direct_url.json") or "{}").get("url", "")
    if url and os.path.realpath(url2pathname(urlsplit(url).path)) == os.path.realpath("."):
        for extra in found.metadata.get_all("Provides-Extra") or ():
            print("extra", extra, any(brings_pytest(line, extra) for line in found.requires or ()))
"""

QUESTION = shlex.join(["python", "-c", _QUESTION])
"""A command that tells the extras of the project installed from this folder, and which bring pytest."""


def extras_of_build(answer: str) -> dict[str, bool]:
    """The extras that an answer to the question names, and whether each brings pytest."""
    return {name: brings == "True" for name, brings in _ANSWER.findall(answer)}
