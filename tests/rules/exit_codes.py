"""docs/reference/exit-codes.md is the enum ExitCode of tools/cairn/base/error.hpp."""

import pathlib
import re

import tree

ENUM = re.compile(r"enum class ExitCode \{(.*?)\};", re.DOTALL)
VALUE = re.compile(r"(\w+) = (\d+)")
ROW = re.compile(r"^\| (\d+) \| (\w+) \|")


def violations(root: pathlib.Path) -> list[str]:
    source = (root / "tools/cairn/base/error.hpp").read_text(encoding="utf-8")
    match = ENUM.search(source)
    if not match:
        return ["tools/cairn/base/error.hpp: no enum class ExitCode"]
    declared = {(int(number), name) for name, number in VALUE.findall(match[1])}
    rows = (ROW.match(line) for line in tree.lines(root / "docs/reference/exit-codes.md"))
    told = {(int(row[1]), row[2]) for row in rows if row}
    found = [f"exit-codes.md lacks {number} '{name}'" for number, name in sorted(declared - told)]
    return found + [
        f"exit-codes.md has {number} '{name}', error.hpp does not"
        for number, name in sorted(told - declared)
    ]
