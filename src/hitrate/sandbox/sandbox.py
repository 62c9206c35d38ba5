"""Where a project's code runs, and as whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hitrate.files import untrusted
from hitrate.sandbox import identity as isolation
from hitrate.sandbox import launcher as launcher_
from hitrate.sandbox import variables
from hitrate.sandbox.identity import Identity
from hitrate.sandbox.quota import quota_for
from hitrate.settings.model import Settings

OPEN = 0o755
"""Mode of the scratch folder: no name in it is secret, and mypy lists every folder above a file."""


@dataclass(frozen=True, slots=True)
class Host:
    """Where a project's code runs, and as whom.

    Attributes:
        scratch: Hitrate's folder, which the project's user may list but not write to.
        identity: That user; None where Hitrate is not root and cannot change user.
        launcher: Starts that user's processes; None starts them as Hitrate's own.
        environ: Hitrate's environment, from which the allow-list takes.
        passed_on: Further names of variables that the project's code gets.
    """

    scratch: Path
    identity: Identity | None
    launcher: launcher_.Launcher | None
    environ: Mapping[str, str]
    passed_on: tuple[str, ...] = ()

    @property
    def home(self) -> Path:
        """Home folder of the project's code."""
        return self.scratch / "home"

    @property
    def temporary(self) -> Path:
        """Folder for its temporary files."""
        return self.scratch / "tmp"

    @property
    def bytecode(self) -> Path:
        """Folder for what its installers compile."""
        return self.scratch / "bytecode"

    @property
    def cache(self) -> Path:
        """Where its installers keep what they have fetched and built."""
        return self.scratch / "cache"

    @property
    def python(self) -> Path:
        """The interpreter of its virtual environment."""
        return self.scratch / "environment" / "bin" / "python"

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the report must know about the runs so far."""
        return self.launcher.notes if self.launcher else ()

    def environment(self) -> dict[str, str]:
        """The whole environment of its processes."""
        return variables.environment(
            self.environ,
            home=self.home,
            temporary=self.temporary,
            executables=self.python.parent,
            names=self.passed_on,
        )


def prepare(scratch: Path, settings: Settings, environ: Mapping[str, str]) -> Host:
    """Lay out the folders of a project's code in an empty scratch folder of Hitrate's.

    Raises:
        AnalysisError: Hitrate is root, and the user to change to does not exist.
    """
    identity = isolation.project_identity()
    scratch.chmod(OPEN)
    launcher = None
    if identity is not None:
        quota = quota_for(settings.memory_limit, settings.disk_limit, folder=scratch)
        launcher = launcher_.Launcher(identity, quota, disk=scratch)
    host = Host(scratch, identity, launcher, environ, settings.pass_env)
    # The tree's history is Hitrate's, so that tests cannot change it; git must be told that this is fine.
    # Written while the folder is still Hitrate's alone.
    untrusted.write(scratch, f"{host.home.name}/.gitconfig", b"[safe]\n\tdirectory = *\n")
    for folder in (host.home, host.temporary, host.bytecode, host.cache, host.python.parent.parent):
        isolation.give(folder, identity)
    return host
