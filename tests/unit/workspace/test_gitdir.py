"""Which settings of a clone go with it."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hitrate.workspace.gitdir import clean_config, read_config, without_password


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("https://github.com/o/r", "https://github.com/o/r"),
        ("https://x-access-token:ghs_1@github.com/o/r.git", "https://github.com/o/r.git"),
        ("https://ghs_1@github.com:8443/o/r", "https://github.com:8443/o/r"),
        ("https://a@b:c@github.com/o/r", "https://github.com/o/r"),
        ("ssh://git@github.com/o/r", "ssh://git@github.com/o/r"),
        ("git@github.com:o/r.git", "git@github.com:o/r.git"),
        ("../relative", "../relative"),
        ("/absolute/p@th", "/absolute/p@th"),
    ],
)
def test_addresses_lose_their_password(url: str, clean: str) -> None:
    assert without_password(url) == clean


@pytest.mark.parametrize(
    "name",
    [
        "http.https://github.com/.extraheader",
        "credential.helper",
        "core.sshcommand",
        "core.hookspath",
        "core.fsmonitor",
        "core.pager",
        "include.path",
        "includeif.gitdir:/w/.git.path",
        "url.https://t@github.com/.insteadof",
        "remote.origin.proxy",
        "remote.origin.uploadpack",
        "filter.lfs.smudge",
        "submodule.lib.update",
        "alias.x",
    ],
)
def test_left_behind(name: str) -> None:
    assert clean_config([(name, "value")]) == ""


text = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0\r"), max_size=20)


@settings(max_examples=40, deadline=None)
@given(remote=text.filter(lambda name: name and "\n" not in name), url=text, fetch=text)
def test_git_reads_what_is_kept_as_it_was(
    remote: str, url: str, fetch: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    given = [(f"remote.{remote}.url", f"/{url}"), (f"remote.{remote}.fetch", fetch), ("core.bare", "false")]
    file = tmp_path_factory.mktemp("config") / "config"
    file.write_text(clean_config(given), encoding="utf-8")
    assert read_config(file) == given


def test_what_git_writes_is_read(tmp_path: Path) -> None:
    file = tmp_path / "config"
    for name, value in (("remote.a b.url", 'x\ny\t"z" \\ ;#'), ("core.autocrlf", "input")):
        subprocess.run(["git", "config", "--file", str(file), name, value], check=True)
    assert read_config(file) == [("remote.a b.url", 'x\ny\t"z" \\ ;#'), ("core.autocrlf", "input")]
