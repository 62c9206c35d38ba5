"""Which variables the project's code gets."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.sandbox.variables import PASSED_ON, WITHHELD_PREFIXES, environment, without_tokens

SECRETS = ["GITHUB_TOKEN", "ACTIONS_RUNTIME_TOKEN", "INPUT_GITHUB-TOKEN", "ACTIONS_ID_TOKEN_REQUEST_URL",
           "GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STEP_SUMMARY", "STATE_x",
           "gh_token"]  # fmt: skip
names = st.sampled_from([*SECRETS, *sorted(PASSED_ON), "DATABASE_URL", "GITHUB_WORKSPACE", "input_x", "KEY"])


def made(environ: dict[str, str], **more: object) -> dict[str, str]:
    return environment(environ, home=Path("/h"), temporary=Path("/t"), **more)  # type: ignore[arg-type]


@given(st.dictionaries(names, st.text(max_size=5)), st.lists(names))
def test_only_what_is_named_or_harmless_is_passed_on(environ: dict[str, str], wanted: list[str]) -> None:
    kept = made(environ, names=wanted)
    for name in kept.keys() - {"HOME", "TMPDIR", "PATH", "LANG"}:
        assert name in PASSED_ON or name in wanted
        assert name in PASSED_ON or not name.upper().startswith(WITHHELD_PREFIXES)
        assert kept[name] == environ[name]
    assert all(kept[name] == environ[name] for name in PASSED_ON & environ.keys())


def test_its_folders_are_its_own() -> None:
    kept = made({"PATH": "/evil", "HOME": "/root", "VIRTUAL_ENV": "/mine"}, names=["PATH", "HOME"])
    assert (kept["HOME"], kept["TMPDIR"], kept["LANG"]) == ("/h", "/t", "C.UTF-8")
    assert "/evil" not in kept["PATH"]
    assert "VIRTUAL_ENV" not in kept
    own = made({"LANG": "de_DE.UTF-8"}, executables=Path("/venv/bin"))
    assert own["PATH"].startswith("/venv/bin:")
    assert (own["VIRTUAL_ENV"], own["LANG"]) == ("/venv", "de_DE.UTF-8")


@pytest.mark.parametrize("name", SECRETS)
def test_tokens_and_ways_to_speak_for_the_job_are_withheld(name: str) -> None:
    assert without_tokens({name: "x", "KEY": "y"}) == {"KEY": "y"}


@pytest.mark.parametrize(
    "name", ["TOKENIZERS_PARALLELISM", "GITHUB_SHA", "PATH", "MY_TOKENS", "GITHUB_PATHS"]
)
def test_names_that_are_alike_are_not(name: str) -> None:
    assert without_tokens({name: "x"}) == {name: "x"}
