"""What a target of a Makefile or justfile runs, as far as its text says it."""

import re
from pathlib import Path

from hitrate.environment import manifest

_NAMES = ("GNUmakefile", "makefile", "Makefile")
_RULE = re.compile(r"([\w.-]+(?:[ \t]+[\w.-]+)*)[ \t]*::?(?!=)[ \t]*([^#\n]*)")
_SET = re.compile(r"(\w+)[ \t]*[:?]?=[ \t]*([^#\n]*)")
_VARIABLE = re.compile(r"\$[({](\w+)[)}]")
_JUST_NAMES = ("justfile", "Justfile", ".justfile")
_JUST_RULE = re.compile(r"@?([\w-]+)(?:[ \t]+[^:=\n]*)?:(?!=)[ \t]*([^#\n]*)")
_JUST_VALUE = re.compile(r"\{\{[^{}]*\}\}")
_DEPTH = 4


def recipe(folder: Path, target: str, depth: int = _DEPTH) -> list[str]:
    """Command lines of a target, after those of the targets that it needs; none if it is not there."""
    text = next((found for name in _NAMES if (found := manifest.text(folder / name))), "").replace(
        "\\\n", " "
    )
    values = {one[1]: one[2].strip() for line in text.splitlines() if (one := _SET.match(line))}
    needed, lines = _rule(text, target)
    before = [line for name in needed if depth for line in recipe(folder, name, depth - 1)]
    return [*before, *(_VARIABLE.sub(lambda found: values.get(found[1], ""), line) for line in lines)]


def _rule(text: str, target: str) -> tuple[list[str], list[str]]:
    """What a target needs, and its own lines."""
    needed: list[str] = []
    lines: list[str] = []
    within = False
    for line in text.splitlines():
        if line.startswith("\t"):
            lines += [line.strip().lstrip("@-+ ")] if within else []
        elif found := _RULE.match(line):
            within = target in found[1].split()
            needed += found[2].split() if within else []
    return needed, [line for line in lines if line]


def just_recipe(folder: Path, target: str, depth: int = _DEPTH) -> list[str]:
    """Command lines of a recipe of a justfile, after those of the recipes that it needs.

    What the user may add is left out.
    """
    text = next((found for name in _JUST_NAMES if (found := manifest.text(folder / name))), "")
    needed: list[str] = []
    lines: list[str] = []
    within = False
    for line in text.replace("\\\n", " ").splitlines():
        if line[:1] in (" ", "\t"):
            lines += [line.strip().lstrip("@-+ ")] if within else []
        elif rule := _JUST_RULE.match(line):
            within = rule[1] == target
            needed += re.findall(r"[\w-]+", rule[2]) if within else []
    before = [line for name in needed if depth for line in just_recipe(folder, name, depth - 1)]
    return [*before, *(_JUST_VALUE.sub("", line) for line in lines if line)]
