"""Functions that compile text that may be no Python, as if they read the file that it is named after."""

import ast
import os

from tests.unit.probe.zoo import Keeper, specimen

harmless = specimen(None)
doubtful = specimen("doubt")

WRONG = "return 1"
"""The interpreter looks for the line of this error in a file, whatever the version."""


def _says(name: str) -> "str | None":
    try:
        compile(WRONG, name, "exec")
    except SyntaxError as error:
        return error.msg
    return None


@harmless
def text_without_a_name_that_is_no_python(keeper: Keeper) -> None:
    def normalized(text: str) -> str:
        try:
            return ast.dump(ast.parse(text))
        except SyntaxError:
            return text

    observed = keeper.observe(normalized)
    for text in ("two words", " x", "if 1:\n\ta\n        b", "1 + 1") * 3:
        observed(text)


@harmless
def text_of_a_template_that_is_no_python(keeper: Keeper) -> None:
    observed = keeper.observe(_says)
    for name in ("<template>", "page.html", "", "nul\0byte") * 3:
        try:
            observed(name)
        except ValueError:
            continue


@harmless
def text_that_is_run_and_is_no_python(keeper: Keeper) -> None:
    def run(text: str) -> bool:
        try:
            exec(text, {})
        except SyntaxError:
            return False
        return True

    observed = keeper.observe(run)
    for text in (WRONG, "def f(a, a): pass", "x = 1") * 3:
        observed(text)


@doubtful
def text_of_a_file_that_is_there(keeper: Keeper) -> None:
    path = keeper.path / "page.py"
    path.write_text("the line that the error shows\n")
    observed = keeper.observe(lambda name: _says(name))
    for _ in range(3):
        observed(str(path))


@doubtful
def looks_for_a_file_that_is_not_there(keeper: Keeper) -> None:
    def found(name: str) -> bool:
        try:
            with open(name, "rb"):
                return True
        except OSError:
            return False

    observed = keeper.observe(found)
    for _ in range(3):
        observed(str(keeper.path / "<template>"))


@doubtful
def reads_a_file_with_the_name_of_none(keeper: Keeper) -> None:
    path = keeper.path / "<string>"
    path.write_bytes(b"1")

    def number(name: str) -> int:
        handle = os.open(name, os.O_RDONLY)
        try:
            return int(os.read(handle, 1))
        finally:
            os.close(handle)

    observed = keeper.observe(number)
    for _ in range(3):
        observed(str(path))
