"""Why a project could not be installed or its tests not be started, from what its tools printed.

Each row of the table is what a tool prints, what that means and the one input that changes it. The first row
that fits is told; those that say most exactly what is missing stand first.
"""

import re
from dataclasses import dataclass

APT = "apt-get update -q && apt-get install -qy"

COMPILER = f"{APT} g++"
"""A ``setup`` for projects that compile something."""

TOOLS = f"{COMPILER} make cmake ninja-build pkg-config"

LOCALES = f"{APT} locales-all"

EMPTY = "nothing is in the submodule "
"""What is added to an output, before the path, where a submodule was not checked out."""

OLDER_PYTHON = '"3.12"'


@dataclass(frozen=True, slots=True)
class Cause:
    """Something that a tool's output shows.

    Attributes:
        shown: What the output says.
        meaning: What it means, as a clause; ``{name}`` is what the output names.
        remedy: What to change, as a clause that may name it too.
        given: The input of the action that changes it, and a value; some are those of the checkout.
    """

    shown: re.Pattern[str]
    meaning: str
    remedy: str
    given: tuple[str, str]


def _shown(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.VERBOSE | re.MULTILINE)


CAUSES = (
    Cause(
        _shown(
            r"""setuptools[-_]scm\ was\ unable\ to\ detect\ version
            | (?:LookupError|RuntimeError|ValueError):.*(?:scm|[Vv]ersion|tag).*\b(?:git|tags?|metadata)\b
            | Can't\ find\ .*\btags?\b.*version | No\ tags?\ (?:found|matching|could\ be\ found)
            | fatal:\ No\ (?:names|tags)\ (?:found|can\ describe) | does\ not\ match\ any\ tags?
            | [Tt]he\ version\ 0\.0\.post\d | Getting\ the\ version\ from\ (?:Git|git)\ tags?\ failed"""
        ),
        "its version comes from git tags, and the checkout has none",
        "set fetch-depth: 0 of actions/checkout",
        ("fetch-depth", "0"),
    ),
    Cause(
        _shown(
            r"""(?:No\ such\ file\ or\ directory:?\ |command\ |unable\ to\ execute\ |not\ found:\ |program\ )
            ['"`(]*(?:[\w./-]*/)?(?:[\w-]+-)?(?:gcc|g\+\+|cc|c\+\+|clang)\b
            | \b(?:gcc|g\+\+|cc|c\+\+|clang):\ (?:command\ )?not\ found
            | (?:[Cc]ould\ not\ find|[Uu]nable\ to\ find|No\ working)\ (?:a\ )?(?:C|C\+\+)?\ ?compiler
            | Unknown\ compiler
            | C\ extensions?\ could\ not\ be\ (?:compiled|built)"""
        ),
        "something is compiled, and there is no compiler",
        f"set setup to `{COMPILER}`",
        ("setup", COMPILER),
    ),
    Cause(
        _shown(
            r"""can't\ find\ Rust\ compiler | Cargo,\ the\ Rust\ package\ manager,\ is\ not
            | `?rustc`?.*not\ found"""
        ),
        "something is compiled, and there is no Rust",
        "set setup to `apt-get update -q && apt-get install -qy cargo`",
        ("setup", "apt-get update -q && apt-get install -qy cargo"),
    ),
    Cause(
        _shown(r"""(?P<name>\w[\w./+-]*\.h):\ No\ such\ file\ or\ directory"""),
        "something is compiled that needs {name}",
        "install the system package that has it with setup",
        ("setup", f"{COMPILER} PACKAGE"),
    ),
    Cause(
        _shown(
            r"""(?:No\ such\ file\ or\ directory:\ |command\ not\ found:\ )
            ['"`]?(?P<name>cmake|make|ninja|meson|pkg-config|swig|gfortran|patchelf)\b(?![./])
            | \b(?P<name2>cmake|make|ninja|meson|pkg-config|swig|gfortran|patchelf):\ (?:command\ )?not\ found
            | (?P<name3>CMake|Ninja|Meson|SWIG)\ must\ be\ installed"""
        ),
        "something is compiled with {name}, and that is missing",
        f"set setup to `{TOOLS}`",
        ("setup", TOOLS),
    ),
    Cause(
        _shown(
            r"""(?:pg_config|mysql_config|krb5-config)\b.*not\ found
            | \bcannot\ find\ -l\w+
            | (?P<name>lib\w[\w.+-]*\.so[\w.]*):\ cannot\ open\ shared
            | [Cc]ouldn't\ find\ (?:any\ of\ )?(?:the\ )?(?:shared\ )?librar"""
        ),
        "a library of the system is missing",
        "install it with setup",
        ("setup", "apt-get update -q && apt-get install -qy PACKAGE"),
    ),
    Cause(
        _shown(
            r"""requires\ (?:a\ different\ Python|Python\ ?[<>=~!]) | [Rr]equires-Python.*not\ (?:in|satisf)
            | (?:current|requested)\ Python\ version\ \([^)]*\)\ does\ not\ satisfy
            | Current\ Python\ version\ \([^)]*\)\ is\ not\ allowed
            | No\ module\ named\ ['"]?
              (?:distutils|imp|asyncore|asynchat|cgi|pipes|telnetlib|crypt|smtpd|imghdr)['"]?(?:\s|$)
            | has\ no\ attribute\ ['"](?:ImpImporter|SafeConfigParser|readfp|formatargspec|getargspec)"""
        ),
        "this Python is too new or too old for it",
        "set python-version to one that the project names",
        ("python-version", OLDER_PYTHON),
    ),
    Cause(
        _shown(
            r"""(?:Connection\ refused|could\ not\ connect\ to\ server|Error\ (?:111|99)\ connecting\ to
            | Can't\ connect\ to\ (?:local\ )?(?:MySQL|server)|ServerSelectionTimeoutError|NoBrokersAvailable)
            | connection\ to\ server\ at\ .*\ failed"""
        ),
        "the tests need a service that cannot be reached",
        "start it under services of the job, and name the variables that lead to it in pass-env",
        ("pass-env", "VARIABLE"),
    ),
    Cause(
        _shown(
            r"""KeyError:\ ['"]DISPLAY['"] | no\ display\ name\ and\ no\ \$DISPLAY
            | (?:cannot|could\ not|[Uu]nable\ to)\ (?:open|connect\ to)\ (?:\w+\ )?display"""
        ),
        "the tests need a screen",
        "install xvfb with setup, and set test-command to what runs them with xvfb-run",
        ("test-command", "xvfb-run -a python -m pytest"),
    ),
    Cause(
        _shown(r"unsupported\ locale\ setting"),
        "the tests need a locale that is not there",
        f"set setup to `{LOCALES}`",
        ("setup", LOCALES),
    ),
    Cause(
        _shown(r"Please\ tell\ me\ who\ you\ are | [Ee]mpty\ ident\ name | unable\ to\ auto-detect\ email"),
        "the tests commit with git, which does not know who they are",
        "name GIT_AUTHOR_NAME and its like in pass-env, and set them in env of the step",
        ("pass-env", "GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL"),
    ),
    Cause(
        _shown(
            r"""KeyError:\ ['"](?P<name>[A-Z][A-Z0-9_]{2,})['"]
            | (?P<name2>[A-Z][A-Z0-9_]{3,})\ environment\ variable
            | environment\ variable\ ['"`]?(?P<name3>[A-Z][A-Z0-9_]{3,})\b"""
        ),
        "the tests need the variable {name}",
        "name it in pass-env, and set it in env of the step",
        ("pass-env", "{name}"),
    ),
    Cause(
        _shown(rf"{re.escape(EMPTY)}(?P<name>[\w./\ -]+)$"),
        "its submodule {name} is not checked out",
        "set submodules: true of actions/checkout",
        ("submodules", "true"),
    ),
    Cause(
        _shown(
            r"""Marks\ cannot\ be\ applied\ to\ fixtures | ^E\ .*\bPytestRemovedIn\d+Warning\b
            | module\ 'pytest'\ has\ no\ attribute | cannot\ import\ name\ .*\ from\ '_pytest\b"""
        ),
        "this pytest is too new for the tests",
        "set install to a command that installs an older one",
        ("install", "uv pip install -e . 'pytest<9'"),
    ),
    Cause(
        _shown(r"fixture\ 'event_loop'\ not\ found"),
        "pytest-asyncio has had the fixture event_loop up to its version 0.26",
        "set install to a command that installs one of those",
        ("install", "uv pip install -e . 'pytest-asyncio<1'"),
    ),
    Cause(
        _shown(r"No\ module\ named\ ['\"]?pkg_resources\b"),
        "setuptools has had pkg_resources up to its version 81",
        "set install to a command that installs one of those",
        ("install", "uv pip install -e . pytest 'setuptools<82'"),
    ),
    Cause(
        _shown(
            r"""fixture\ '(?P<name>\w+)'\ not\ found
            | unrecognized\ arguments:\ (?P<name2>--?[\w-]+)
            | Missing\ required\ plugins:\ (?P<name3>[\w-]+)
            | '(?P<name4>\w+)'\ not\ found\ in\ `markers`"""
        ),
        "a plugin of pytest that has {name} is not installed",
        "set install to a command that installs it",
        ("install", "uv pip install -e . pytest PLUGIN"),
    ),
    Cause(
        _shown(r"(?:ModuleNotFoundError|ImportError):\ No\ module\ named\ ['\"]?(?P<name>[\w.]+)"),
        "{name} is not installed",
        "set install to a command that installs it too, such as the extra or group of the tests",
        ("install", "uv pip install -e . pytest PACKAGE"),
    ),
    Cause(
        _shown(r"Unable\ to\ find\ installation\ candidates\ for\ (?P<name>[\w.-]+\ \([^)\n]+\))"),
        "for this Python, the index has no file of the locked {name}",
        "set python-version to one that the lock was made for, or bring the lock up to date",
        ("python-version", OLDER_PYTHON),
    ),
    Cause(
        _shown(
            r"""[Nn]o\ solution\ found | ResolutionImpossible | No\ matching\ distribution\ found\ for
            | SolverProblemError | version\ solving\ failed"""
        ),
        "no set of versions satisfies its requirements",
        "set python-version to one that the project names, or install",
        ("python-version", OLDER_PYTHON),
    ),
    Cause(
        _shown(
            r"""Temporary\ failure\ in\ name\ resolution | Name\ or\ service\ not\ known
            | Network\ is\ unreachable | [Ff]ailed\ to\ (?:fetch|download) | Max\ retries\ exceeded"""
        ),
        "a host could not be reached",
        "run it again, or name the variables of a proxy or mirror in pass-env",
        ("pass-env", "HTTPS_PROXY"),
    ),
    Cause(
        _shown(r"No\ space\ left\ on\ device | Disk\ quota\ exceeded"),
        "the disk is full",
        "raise disk-limit, or take a larger runner",
        ("disk-limit", "20 GB"),
    ),
    Cause(
        _shown(r"\bMemoryError\b | Cannot\ allocate\ memory | \bOut\ of\ memory\b"),
        "there is too little memory",
        "raise memory-limit, or take a larger runner",
        ("memory-limit", "8 GB"),
    ),
)


_OF_CHECKOUT = frozenset({"fetch-depth", "submodules"})
_PLAIN = re.compile(r"[\w.-]+")  # what is named is the project's word
_USUAL = {
    "install": "uv pip install -e '.[test]'",
    "test-command": "python -m pytest tests",
    "python-version": OLDER_PYTHON,
    "setup": "apt-get update -q && apt-get install -qy PACKAGE",
    "timeout": "3600",
}


def cause_of(output: str) -> str | None:
    """The likeliest cause and its remedy, as a clause; None where the output shows none that is known.

    Args:
        output: Last lines of what an installer or the tests printed.
    """
    found = _found(output)
    return f"{found[0].meaning}: {found[0].remedy}".replace("{name}", found[1]) if found else None


def snippet(output: str, setting: str) -> str:
    """Lines of a workflow that are likely to change why something failed.

    Args:
        output: Last lines of what was printed.
        setting: The input that says what was run.
    """
    found = _found(output)
    key, value = found[0].given if found else (setting, _USUAL[setting])
    name = found[1] if found and _PLAIN.fullmatch(found[1]) else "NAME"
    uses = "actions/checkout@v7" if key in _OF_CHECKOUT else "hitrate/hitrate@v0"
    return f"- uses: {uses}\n  with:\n    {key}: {value.replace('{name}', name)}"


def _found(output: str) -> tuple[Cause, str] | None:
    """The first cause that the output shows, and what it names."""
    for cause in CAUSES:
        if found := cause.shown.search(output):
            return cause, next((one for one in found.groupdict().values() if one), "something")
    return None
