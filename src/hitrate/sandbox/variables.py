"""The environment variables that the project's code gets."""

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from hitrate.sandbox.identity import SYSTEM_PATH

# What a project's code may know of the machine it runs on: nothing here opens a door.
PASSED_ON = frozenset(
    {"CI", "GITHUB_ACTIONS", "GITHUB_REPOSITORY", "GITHUB_REF", "GITHUB_REF_NAME", "GITHUB_SHA"}
    | {"GITHUB_BASE_REF", "GITHUB_HEAD_REF", "GITHUB_EVENT_NAME", "GITHUB_RUN_ID", "GITHUB_RUN_NUMBER"}
    | {"GITHUB_SERVER_URL", "GITHUB_API_URL", "RUNNER_OS", "RUNNER_ARCH"}
    | {"LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "TZ", "PYTHONHASHSEED"}
    | {"SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO", "PIP_CERT"}
    | {"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"}
)


# What no list of names can let through: the runner's own, and Hitrate's inputs.
WITHHELD_PREFIXES = ("INPUT_", "ACTIONS_", "GITHUB_", "RUNNER_", "STATE_")


def environment(
    environ: Mapping[str, str],
    *,
    home: Path,
    temporary: Path,
    executables: Path | None = None,
    names: Iterable[str] = (),
) -> dict[str, str]:
    """The whole environment of the project's code.

    Args:
        environ: Hitrate's own environment.
        home: Home folder.
        temporary: Folder for temporary files.
        executables: ``bin`` folder of the project's virtual environment.
        names: Further names that the user lets through; those that could hold a key of the runner stay out.
    """
    wanted = {name for name in names if not name.upper().startswith(WITHHELD_PREFIXES)} | PASSED_ON
    kept = {name: value for name, value in environ.items() if name in wanted}
    own = {"HOME": str(home), "TMPDIR": str(temporary), "PATH": SYSTEM_PATH}
    if executables is not None:
        own |= {"PATH": f"{executables}{os.pathsep}{SYSTEM_PATH}", "VIRTUAL_ENV": str(executables.parent)}
    return {"LANG": "C.UTF-8"} | kept | own


_SECRET = re.compile(r"(^|_)TOKEN$|^(ACTIONS_|INPUT_|STATE_)|^GITHUB_(OUTPUT|ENV|PATH|STATE|STEP_SUMMARY)$")


def without_tokens(environment: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment less tokens and what would let tests speak in the job's name."""
    return {name: value for name, value in environment.items() if not _SECRET.search(name.upper())}
