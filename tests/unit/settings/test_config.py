"""The config file: every mistake is one line with file, line, key and remedy."""

from pathlib import Path

import pytest

from hitrate.errors import InputError
from hitrate.settings import config
from hitrate.settings.model import build_settings

PATH = ".github/hitrate.yml"


def parse(text: str | bytes) -> dict[str, object]:
    return config.parse(text if isinstance(text, bytes) else text.encode(), PATH)


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "null\n"])
def test_nothing_is_chosen(text: str) -> None:
    assert parse(text) == {}


def test_values_are_by_field() -> None:
    assert parse("min-hit-rate: 30 %\npaths:\n  - src/**\nmaxsize: none # unbounded\n") == {
        "min_hit_rate": "30 %",
        "paths": ["src/**"],
        "maxsize": "none",
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("effort: quick\nmin-hitrate: 20 %\n", "2: unknown key 'min-hitrate'; did you mean min-hit-rate?"),
        ("effort: quick\n\nmin_hit_rate: 3\n", "3: unknown key 'min_hit_rate'; did you mean min-hit-rate?"),
        ("zzz: 3\n", "1: unknown key 'zzz'; the keys are base, "),
        ("true: 3\n", "1: unknown key 'True'; the keys are "),
        ("config: other.yml\n", "1: 'config' cannot be set here: a pull request could change it"),
        ("setup: id\n", "1: 'setup' cannot be set here: a pull request could change it; use the input"),
        ("# first\nmin-hit-rate: lots\n", "2: min-hit-rate: 'lots' does not fit: write it as 20 % or 0.2"),
        ("effort: quick\neffort: quick\n", "2: the key appears twice; keep one of them"),
        ("effort: [quick\n", "2: not YAML: expected ',' or ']'"),
        ("paths:\n\t- a\n", "2: not YAML: "),
        ("- a\n", "1: a config file holds keys and values, such as `effort: quick`"),
        ("quick\n", "1: a config file holds keys and values"),
        (
            "maxsize: 1\noverrides:\n  - paths: lib\n    maxsize: 0\n",
            "4: overrides.0.maxsize: 0 does not fit",
        ),
        ("overrides:\n  - paths: lib\n  - path: lib\n", "3: unknown key 'path'; did you mean paths?"),
        ("overrides:\n  - maxsize: 3\n", "2: overrides.0.paths: "),
        ("overrides:\n  - lib\n", "1: each of overrides holds paths and values"),
        (
            "fail-on: [unsafe, wastefull]\n",
            "1: fail-on: ['unsafe', 'wastefull'] does not fit: there is no rule wastefull; choose from ",
        ),
        ("python-version: 3.10\n", "1: python-version: 3.1 does not fit: put it in quotes"),
        ("suggestions: perhaps\n", "1: suggestions: 'perhaps' does not fit"),
        (
            "comment-id: a b\n",
            "1: comment-id: 'a b' does not fit: use letters, digits, `.`, `_` and `-`, at most 64 of them",
        ),
        ("paths: 3\n", "1: paths: 3 does not fit: write it as [a, b] or as one item a line"),
        (f"effort: {'x' * 500}\n", "1: effort: 'xxxx"),
    ],
)
def test_mistakes(text: str, message: str) -> None:
    with pytest.raises(InputError) as raised:
        parse(text)
    assert str(raised.value).startswith(f"{PATH}:{message}")
    assert len(str(raised.value)) < 500
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"a: \xff\n", b"[" * 50, b"a: \x07\n"])
def test_what_is_no_yaml(content: bytes) -> None:
    with pytest.raises(InputError, match=r"^\.github/hitrate\.yml:?\d*: not YAML"):
        parse(content)


def test_overrides_win_for_their_files_the_last_one_first() -> None:
    text = (
        "min-hit-rate: 10 %\nmaxsize: 16\n"
        "overrides:\n  - paths: lib/**\n    min-hit-rate: 50 %\n"
        "  - paths: [lib/deep/**, tools]\n    maxsize: none\n    min-hit-rate: 60 %\n"
    )
    settings = build_settings({}, parse(text))
    shown = {
        path: (config.for_path(settings, path).min_hit_rate, config.for_path(settings, path).maxsize)
        for path in ("app.py", "lib/a.py", "lib/deep/a.py", "tools/x.py")
    }
    assert shown == {
        "app.py": (0.1, 16),
        "lib/a.py": (0.5, 16),
        "lib/deep/a.py": (0.6, None),
        "tools/x.py": (0.6, None),
    }


def test_the_default_file_may_be_missing_but_not_one_that_was_asked_for(tmp_path: Path) -> None:
    assert config.read(tmp_path) == {}
    with pytest.raises(InputError, match=r"config: there is no file 'other\.yml'"):
        config.read(tmp_path, "other.yml")
    (tmp_path / "other.yml").write_text("effort: quick\n")
    assert config.read(tmp_path, "other.yml") == {"effort": "quick"}


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    (tmp_path / "big.yml").write_bytes(b"#" * (config.SIZE_LIMIT + 1))
    with pytest.raises(InputError, match="larger than"):
        config.read(tmp_path, "big.yml")
