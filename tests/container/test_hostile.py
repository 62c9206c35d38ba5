"""A pull request that attacks: what its tests try fails, and the run ends with a clear report."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.jobs import PROJECTS, TOKEN, Done, Job, changed, everything, job, own
from tests.integration.repositories import git

pytestmark = pytest.mark.container

PROJECT = PROJECTS / "hostile"
CHANGE = changed(PROJECT, "victim.py", "    total = 0\n", "    total = 0  # nothing yet\n")
SWAPPED = changed(PROJECT, "pkg/entrypoint.py", "    return sum(", "    # all of them\n    return sum(")
ATTACKS = 93
KNOWN_OUTPUTS = {"verdict", "recommended", "unsafe", "wasteful", "missed-saving", "suite-speedup"} | {
    *("report-json", "report-html", "comment-url")
}


def commands_in(log: str) -> list[str]:
    """Lines that the runner takes for commands, as its ActionCommandManager reads them."""
    found, stopped = [], None
    for line in re.split(r"[\r\n]", log):
        text = line.strip()
        if stopped is not None:
            stopped = None if text == f"::{stopped}::" else stopped
        elif text.startswith("::stop-commands::"):
            stopped = text.removeprefix("::stop-commands::")
        elif text.startswith("::") or "##[" in text:
            found.append(text)
    return found


def assert_nothing_forged(done: Done) -> None:
    assert not [command for command in commands_in(done.log) if "FORGED" in command], done.log
    assert "FORGED" not in str(done.outputs)
    assert TOKEN not in done.log
    assert TOKEN not in done.summary


@pytest.fixture(scope="module")
def attacked(
    engine: str, image: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Job, Done, dict[str, str]]]:
    with job(engine, image, tmp_path_factory.mktemp("hostile"), PROJECT, CHANGE) as step:
        before = everything(step.workspace)
        yield step, step.run({"effort": "quick", "min-saving": "0.1 %", "timeout": "120s"}), before


class TestAttacksThatAreFendedOff:
    def test_every_attack_fails(self, attacked: tuple[Job, Done, dict[str, str]]) -> None:
        _, done, _ = attacked
        assert done.report is not None, done.log
        assert done.report["suite"]["failing_tests"] == [], done.log
        assert done.report["suite"]["tests"] == ATTACKS

    def test_the_run_ends_with_its_report(self, attacked: tuple[Job, Done, dict[str, str]]) -> None:
        step, done, _ = attacked
        assert done.exit_code == 0, done.log
        assert done.function("slow")["verdict"] == "cache"
        assert len(step.comments()) == 1

    def test_nothing_was_forged(self, attacked: tuple[Job, Done, dict[str, str]]) -> None:
        _, done, _ = attacked
        assert_nothing_forged(done)
        assert set(done.outputs) <= KNOWN_OUTPUTS

    def test_the_workspace_is_as_before(self, attacked: tuple[Job, Done, dict[str, str]]) -> None:
        step, _, before = attacked
        assert everything(step.workspace) == before

    def test_no_process_is_left(self, attacked: tuple[Job, Done, dict[str, str]]) -> None:
        step, _, _ = attacked
        running = subprocess.check_output(
            [step.engine, "ps", "-q", "--filter", f"label={step.label}"], text=True
        )
        assert running == ""


@pytest.fixture
def step(engine: str, image: str, tmp_path: Path) -> Iterator[Job]:
    with job(engine, image, tmp_path, PROJECT, CHANGE) as made:
        yield made


def test_forged_records(step: Job) -> None:
    done = step.run({"effort": "quick", "test-command": "python -m pytest tests/forge_records.py"})
    assert_nothing_forged(done)
    assert done.exit_code == 0, done.log
    assert done.report is not None
    assert done.report["suite"]["tests"] == 1


def test_folder_that_becomes_a_link(engine: str, image: str, tmp_path: Path) -> None:
    """The patcher meets Hitrate's own file where the project's was."""
    with job(engine, image, tmp_path, PROJECT, SWAPPED) as step:
        done = step.run({"effort": "quick", "test-command": "python -m pytest tests/swap_folder.py"})
    assert done.exit_code == 3, done.log
    assert "entrypoint.py" in done.log
    assert_nothing_forged(done)


@pytest.mark.parametrize(
    ("attack", "exit_code", "said"),
    [
        ("module", 3, "::error title=Hitrate::victim.py: is not a regular file"),
        ("module_while_it_is_patched", 3, "::error title=Hitrate::victim.py was changed by somebody else"),
        ("list_of_ignored_files", 0, "Gate: pass"),
        ("journal", 3, "nothing was patched"),
    ],
)
def test_pipes_are_not_waited_for(step: Job, attack: str, exit_code: int, said: str) -> None:
    command = f"python -m pytest tests/leave_pipes.py::test_{attack}"
    done = step.run({"effort": "quick", "test-command": command})
    assert (done.exit_code, said in done.log) == (exit_code, True), done.log
    assert_nothing_forged(done)


@pytest.mark.parametrize("target", ["/dev/zero", "/proc/self/environ", "/github/workflow/event.json"])
def test_changed_files_that_are_links(engine: str, image: str, tmp_path: Path, target: str) -> None:
    """A change may make links of what Hitrate reads before any of its code has run."""
    linked = dict.fromkeys(("config.py", "setup.cfg", ".python-version", "requirements-test.txt"), target)
    change = CHANGE | {"pytest.ini": "[pytest]\n"}  # what pytest itself reads
    with job(engine, image, tmp_path, PROJECT, change, links=linked) as step:
        done = step.run({"effort": "quick", "install": "true", "memory-limit": "1 GB"})
    assert done.exit_code == 0, done.log
    assert done.report is not None
    assert "config.py" not in {function["path"] for function in done.report["functions"]}
    assert_nothing_forged(done)


def test_a_checkout_whose_settings_are_traps(engine: str, image: str, tmp_path: Path) -> None:
    """An earlier step has left settings with which git runs commands, in it and in a submodule."""
    with job(engine, image, tmp_path, PROJECT, CHANGE) as step:
        mark = step.workspace / "sprung"
        trap = f"echo sprung >> /github/workspace/{mark.name}"
        settings = {
            "core.fsmonitor": trap,
            "core.hooksPath": "hooks",
            "core.sshCommand": trap,
            "core.gitProxy": trap,
            "core.pager": trap,
            "core.editor": trap,
            "core.askPass": trap,
            "core.alternateRefsCommand": trap,
            "credential.helper": f"!{trap}",
            "diff.external": trap,
            "diff.trap.command": trap,
            "diff.trap.textconv": trap,
            "filter.trap.clean": trap,
            "filter.trap.smudge": trap,
            "filter.trap.process": trap,
            "filter.trap.required": "true",
            "gpg.program": trap,
            "log.showSignature": "true",
            "remote.origin.uploadpack": trap,
            "remote.origin.vcs": "trap",
            "uploadpack.packObjectsHook": trap,
            "include.path": "../traps",
        }
        modules = step.workspace / ".git" / "modules" / "part"
        modules.parent.mkdir()
        git(step.workspace, "init", "-q", "--separate-git-dir", str(modules), str(step.workspace / "part"))
        for config in (step.workspace / ".git" / "config", modules / "config"):
            for name, value in settings.items():
                git(step.workspace, "config", "--file", str(config), name, value)
        (step.workspace / "part" / ".git").write_text("gitdir: ../.git/modules/part\n")
        (step.workspace / ".git" / "traps").write_text(f"[core]\n\tfsmonitor = {trap}\n")
        attributes = "* diff=trap filter=trap\n"
        (step.workspace / ".git" / "info" / "attributes").write_text(attributes)
        hooks = step.workspace / "hooks"
        hooks.mkdir()
        for name in ("post-checkout", "post-index-change", "reference-transaction", "pre-auto-gc"):
            (hooks / name).write_text(f"#!/bin/sh\n{trap}\n")
            (hooks / name).chmod(0o755)
        own(step.workspace)
        before = everything(step.workspace)
        done = step.run({"effort": "quick", "min-saving": "0.1 %"})
        assert done.exit_code == 0, done.log
        assert done.function("slow")["verdict"] == "cache"
        assert everything(step.workspace) == before


@pytest.mark.parametrize(
    ("attack", "inputs", "said"),
    [
        ("fill_the_disk", {"disk-limit": "200 MB"}, r"wrote more to the disk than disk-limit \(200 MB\)"),
        ("one_huge_file", {"disk-limit": "200 MB"}, "File too large|more to the disk than disk-limit"),
        ("eat_memory", {"memory-limit": "600 MB"}, "MemoryError|more memory than memory-limit"),
        (
            "eat_memory_together",
            {"memory-limit": "600 MB"},
            r"used more memory than memory-limit \(600 MB\)",
        ),
        ("never_end", {"timeout": "30s"}, "took more than 30 s; raise it"),
        ("print_without_end", {"timeout": "30s"}, "took more than 30 s; raise it"),
        ("print_a_line_without_end", {"timeout": "30s"}, "took more than 30 s; raise it"),
        ("fork_without_end", {"timeout": "30s"}, "took more than 30 s; raise it"),
        ("kill_whoever_comes", {"timeout": "30s"}, "took more than 30 s; raise it"),
        ("stop_whoever_comes", {"timeout": "30s"}, "took more than 30 s; raise it"),
        ("leave_files_larger_than_the_memory", {"timeout": "120s"}, "Gate: pass"),
        ("fill_the_shared_memory", {}, "No space left on device"),
    ],
)
def test_using_the_machine_up(step: Job, attack: str, inputs: dict[str, str], said: str) -> None:
    command = f"python -m pytest -x tests/use_machine.py::test_{attack}"
    done = step.run({"effort": "quick", "test-command": command, **inputs})
    assert_nothing_forged(done)
    everything_said = done.log + done.summary + str(done.report)
    assert re.search(said, everything_said), everything_said
    assert done.exit_code in (0, 3), done.log


def test_libraries_in_the_tree_for_roots_programs(engine: str, image: str, tmp_path: Path) -> None:
    """The job lets the loader's variable through to the tests, with a place in it that the change fills."""
    planted = {f"tests/{name}": "no library\n" for name in ("libcap-ng.so.0", "libsmartcols.so.1")}
    with job(engine, image, tmp_path, PROJECT, CHANGE | planted) as step:
        let_through = {"LD_LIBRARY_PATH": "/nowhere:tests"}
        inputs = {
            "effort": "quick",
            "min-saving": "0.1 %",
            "pass-env": "LD_LIBRARY_PATH",
            "test-command": "python -m pytest tests/test_runner.py",
        }
        done = step.run(inputs, let_through)
    assert done.exit_code == 0, done.log
    assert done.function("slow")["verdict"] == "cache"


@pytest.mark.parametrize(
    "answer",
    ['yes \'["cpython-313", "/"]\'', "head -c 900000 /dev/zero | tr '\\0' '['", "echo '[5, null, {}]'"],
)
def test_an_interpreter_that_was_replaced(engine: str, image: str, tmp_path: Path, answer: str) -> None:
    """Hitrate asks the one of the virtual environment where modules are found; the installation swaps it."""
    script = f"""#!/bin/bash
case "$*" in *cache_tag*) {answer};; *) exec -a "$0" /usr/local/bin/python3 "$@";; esac
"""
    swap = "uv pip install pytest && chmod +x odd && cp --remove-destination odd ../environment/bin/python"
    with job(engine, image, tmp_path, PROJECT, CHANGE | {"odd": script}) as step:
        inputs = {"install": swap, "test-command": "python -m pytest tests/test_runner.py"}
        done = step.run({"effort": "quick", "min-saving": "0.1 %", **inputs})
    assert_nothing_forged(done)
    assert done.exit_code == 0, done.log
    assert done.function("slow")["verdict"] == "cache"


def test_files_of_the_change_that_name_commands(engine: str, image: str, tmp_path: Path) -> None:
    """Their paths are told in annotations, the report and the comment; submodules and filters go along."""
    source = (PROJECT / "victim.py").read_text("utf-8")
    names = (
        "::set-output name=verdict::FORGED",
        "a\n::error::FORGED",
        "\r::warning::FORGED",
        "%0A::error::FORGED",
    )
    trap = "touch /github/workspace/sprung /tmp/sprung"
    planted = {f"{name}.py": source for name in names} | {
        ".gitattributes": "* filter=trap diff=trap\n",
        ".gitmodules": f'[submodule "part"]\n\tpath = part\n\turl = ext::{trap}\n\tupdate = "!{trap}"\n',
        "part/config": f"[core]\n\tfsmonitor = {trap}\n\trepositoryformatversion = 0\n\tbare = true\n",
        "part/HEAD": "ref: refs/heads/main\n",
        "part/objects/none": "",
        "part/refs/none": "",
        "uv.toml": 'python-install-mirror = "file:///nowhere"\n',
        "pip.conf": "[global]\nindex-url = http://127.0.0.1:9/simple\n",
    }
    with job(engine, image, tmp_path, PROJECT, CHANGE | planted) as step:
        before = everything(step.workspace)
        done = step.run({"effort": "quick", "test-command": "python -m pytest tests/test_runner.py"})
        assert everything(step.workspace) == before
        assert done.exit_code == 0, done.log
        assert done.report is not None
        assert done.report["change"]["pull_request"] == 7
        assert (
            "FORGED" not in (step.workspace / "hitrate-report" / "report.md").read_text("utf-8").splitlines()
        )
        assert not [command for command in commands_in(done.log) if re.match(r"::\w+[^:]*::FORGED", command)]
    assert set(done.outputs) <= KNOWN_OUTPUTS


def test_an_installation_that_attacks(step: Job) -> None:
    forged = "printf '::error::%sGED\\n\\r::add-mask::%sGED\\n' FOR FOR; cat /proc/1/environ; id -u; exit 7"
    done = step.run({"install": forged})
    assert done.exit_code == 3
    assert_nothing_forged(done)
    assert "install: `" in done.log
    assert "failed with exit code 7" in done.log
    assert "Permission denied" in done.log
