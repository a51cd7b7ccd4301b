"""The example of README.md is the one that the tutorial's test builds."""

import pathlib
import re

EXAMPLE = re.compile(r"```cmake\n(.*?)```", re.DOTALL)
BUILT = re.compile(r"<!-- file: CMakeLists.txt -->\n```cmake\n(.*?)```", re.DOTALL)


def violations(root: pathlib.Path) -> list[str]:
    shown = EXAMPLE.search((root / "README.md").read_text(encoding="utf-8"))
    page = "docs/tutorial/your-own-family.md"
    built = BUILT.search((root / page).read_text(encoding="utf-8"))
    if not shown:
        return ["README.md: shows no CMake example"]
    if not built:
        return [f"{page}: has no CMakeLists.txt"]
    return [] if shown[1] == built[1] else [f"README.md: the example is not the one of {page}"]
