"""action.yml, README, config schema and settings say the same."""

import json
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from hitrate.action.outputs import OUTPUTS
from hitrate.errors import InputError
from hitrate.settings import config
from hitrate.settings.model import CONFIG_ONLY, Settings, option_name

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "docs" / "config.schema.json").read_text())


@pytest.fixture(scope="module")
def action() -> Any:
    return YAML(typ="safe").load((ROOT / "action.yml").read_text())


def test_everything_written_is_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / ".ci" / "interface.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT / "src")},
    )
    assert (done.returncode, done.stdout) == (0, "Outdated: nothing\n"), done.stderr


def test_an_outdated_file_is_noticed() -> None:
    interface = runpy.run_path(str(ROOT / ".ci" / "interface.py"))
    present = (ROOT / "action.yml").read_text()
    assert interface["action"](present) == present
    without = re.sub(r"  maxsize:\n.*\n", "", present)
    assert without != present
    assert interface["action"](without) == present


def test_inputs_are_the_settings_and_the_token(action: Any) -> None:
    wanted = {option_name(name) for name in Settings.model_fields} - CONFIG_ONLY | {"github-token"}
    assert set(action["inputs"]) == wanted


def test_no_input_but_the_token_has_a_default_that_would_beat_the_config_file(action: Any) -> None:
    assert {name for name, given in action["inputs"].items() if "default" in given} == {"github-token"}


def test_outputs_are_those_that_the_action_sets(action: Any) -> None:
    assert set(action["outputs"]) == set(OUTPUTS)


@pytest.mark.skipif(not (ROOT / "README.md").exists(), reason="there is no README yet")
def test_readme_shows_every_input_and_output() -> None:
    text = (ROOT / "README.md").read_text()
    for name in ("inputs", "outputs"):
        assert f"<!-- {name} -->" in text
        assert f"<!-- /{name} -->" in text


def test_the_schema_knows_every_key_but_those_that_only_an_input_can_set() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    names = {option_name(name) for name in Settings.model_fields}
    assert set(SCHEMA["properties"]) == names - {"config", "setup"}


VALUES: dict[str, list[Any]] = {
    "effort": ["quick", "standard"],
    "maxsize": [1, 64, "none", None],
    "min-hit-rate": ["20 %", 0.2, 30],
    "time-budget": ["10 minutes", 90],
    "fail-on": ["never", ["unsafe", "wasteful"], "unsafe, missed"],
    "paths": ["src/**", ["a", "b"]],
    "suggestions": [True, False],
    "python-version": ["3.12", 3.12],
    "test-command": ["pytest"],
    "overrides": [[{"paths": "lib/**", "maxsize": 12}], []],
}


@given(st.fixed_dictionaries({}, optional={key: st.sampled_from(values) for key, values in VALUES.items()}))
def test_what_the_schema_takes_the_program_takes(values: dict[str, Any]) -> None:
    jsonschema.validate(values, SCHEMA)
    assert set(config.parse(json.dumps(values).encode(), "c.yml")) == {
        key.replace("-", "_") for key in values
    }


@pytest.mark.parametrize(
    "values",
    [
        {"effort": "fast"},
        {"maxsize": 0},
        {"maxsize": "many"},
        {"min-hit-rate": [1]},
        {"fail-on": ["always"]},
        {"comment": "sometimes"},
        {"unknown": 1},
        {"config": "x.yml"},
        {"overrides": [{"maxsize": 3}]},
        {"overrides": [{"paths": "a", "effort": "quick"}]},
        {"overrides": "a"},
    ],
)
def test_what_the_schema_refuses_the_program_refuses(values: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(values, SCHEMA)
    with pytest.raises(InputError):
        config.parse(json.dumps(values).encode(), "c.yml")
