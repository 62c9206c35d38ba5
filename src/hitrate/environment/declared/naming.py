"""What a name of an environment, session, target or job says: tests, a part of them, or something else."""

import re
from enum import Enum


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_OTHER = _words(
    """
    asv audit bandit bench benchmark benchmarks black build builds changelog check checkmanifest checks
    clean codecov codeql codespell codspeed combine cover coveralls deploy dist doc doc8 docs docset
    doctest doctesting doctests documentation flake8 fmt format formatting isort labeler labels license
    licenses lint linter linters linting lints manifest metadata mypy package packaging pages perf
    precommit publish pylint pyre pyrefly pyright pyupgrade qa readme release report ruff sdist security
    semgrep spellcheck spelling stale static style translations twine type typecheck typechecking
    typechecks typed types typing upload website wheel wheels zizmor
    """
)
"""Words that name something other than tests, whatever they run."""

_PART = _words(
    """
    32bit aarch64 acceptance alpine arm arm64 asan bot bots bsd chrome conda cygwin darwin debug deps
    dev devel dispatch dispatching downstream e2e embedded emscripten example examples experimental
    external extra firefox freebsd freeze frozen functional fuzz git graalpy hypothesis i686 install
    integration integrations jython lowest macos main master memleaks memory memray min minimal minimum
    minimums mins msys2 musl nightly no node not notebooks oldest pickle plugin plugins ppc64le pre
    prerelease prereleases property pyemscripten pyodide pypy pypy2 pypy27 pypy3 pypy310 pypy311 pypy36
    pypy37 pypy38 pypy39 quick random randomly redistribute regression s390x schema scripts single slow
    smoke ssl stress sunos upstream valgrind vcs vendored wasm weekly win32 windows without wsl
    """
)
"""Words that name a part of the tests, or the tests under something unusual."""

_TESTS = re.compile(
    r"(?:unit)?(?:py|python|tests?|testing|pytest|unit|unittests?|tox|ci)(?:\d[\d.]*t?)?|\d[\d.]*"
)


class Purpose(Enum):
    """What a name stands for."""

    TESTS = "the tests"
    PART = "a part of the tests, or an unusual variant"
    OTHER = "something other than the tests"
    UNKNOWN = "something that its name does not say"


def words_of(name: str) -> list[str]:
    """The words that a name is made of, in lower case."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", re.sub(r"pre-commit", "precommit", name, flags=re.IGNORECASE))
    return [word for word in re.split(r"[^A-Za-z0-9.]+", apart.lower()) if word]


def by_name(name: str) -> Purpose:
    """What a name says by itself."""
    words = words_of(name)
    if any(word in _OTHER for word in words):
        return Purpose.OTHER
    if any(word in _PART for word in words):
        return Purpose.PART
    return Purpose.TESTS if any(_TESTS.fullmatch(word) for word in words) else Purpose.UNKNOWN


def odd(text: str) -> bool:
    """Whether a value of a matrix, or its key, names something unusual."""
    return any(word in _PART or word in _OTHER for word in words_of(text))
