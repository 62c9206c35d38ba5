"""Functions that ask what a file is through the standard library, which calls the path by many names."""

import glob
import os
import pkgutil
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.unit.probe.zoo import Keeper, specimen

harmless = specimen(None)
doubtful = specimen("doubt")

PACKAGE = Path(__file__).parent
QUESTIONS: tuple[Callable[[str], object], ...] = (
    os.path.isdir,
    os.path.isfile,
    os.path.exists,
    os.path.islink,
    os.path.getsize,
    lambda name: os.path.samefile(name, name),
    lambda name: shutil.which(name, path=""),
    lambda name: sorted(glob.glob(f"{name}*/")),
    lambda name: Path(name).is_dir(),
    lambda name: Path(name).is_symlink(),
)


def _asked(keeper: Keeper, name: str) -> None:
    def answers(name: str) -> list[object]:
        return [question(name) for question in QUESTIONS]

    observed = keeper.observe(answers)
    for _ in range(3):
        observed(name)


@harmless
def what_a_file_that_comes_with_the_code_is(keeper: Keeper) -> None:
    _asked(keeper, str(PACKAGE / "looks.py"))


@harmless
def what_a_folder_that_comes_with_the_code_is(keeper: Keeper) -> None:
    _asked(keeper, str(PACKAGE))


@harmless
def modules_of_its_own_package(keeper: Keeper) -> None:
    def names(folder: str) -> list[str]:
        return [module.name for module in pkgutil.iter_modules([folder])]

    observed = keeper.observe(names)
    for _ in range(3):
        observed(str(PACKAGE))


@doubtful
def whether_a_folder_is_there(keeper: Keeper) -> None:
    observed = keeper.observe(lambda name: os.path.isdir(name))
    for _ in range(3):
        observed(str(keeper.path))


@doubtful
def whether_a_program_can_be_run(keeper: Keeper) -> None:
    program = keeper.path / "program"
    program.write_text("")
    program.chmod(0o755)
    observed = keeper.observe(lambda name: shutil.which(name))
    for _ in range(3):
        observed(str(program))
