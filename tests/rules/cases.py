"""Every public CMake function stands in its own file, is documented, and has its cases.

`cmake/cairn/<function>.cmake` defines that one function with an rst block above it;
`tests/cmake/<function>/` has a case that works and cases of a missing and of an unknown argument.
"""

import pathlib
import re

import tree

FUNCTION = re.compile(r"^\s*(?:function|macro)\(\s*(\w+)", re.MULTILINE)
SHAPE = re.compile(r"^(?:add_docker_\w+|docker_image_\w+|docker_stack_\w+|get_docker_image_\w+)$")
WANTED = ("ok", "missing", "unknown")


def module(path: pathlib.Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    name = path.stem
    found = []
    if not SHAPE.match(name):
        found.append(f"{path.name}: '{name}' has none of the shapes of a public name")
    public = [f for f in FUNCTION.findall(text) if not f.startswith("_")]
    if public != [name]:
        found.append(f"{path.name}: defines {', '.join(public) or 'nothing'}, not '{name}' alone")
    if not re.match(rf"#\[=+\[\.rst:\n{name}\n", text):
        found.append(f"{path.name}: does not open with its rst block")
    return found


def violations(root: pathlib.Path) -> list[str]:
    found = []
    for path in sorted((root / "cmake/cairn").glob("*.cmake")):
        found += module(path)
        folder = root / "tests/cmake" / path.stem
        cases = [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
        for wanted in WANTED:
            if not any(re.match(rf"{wanted}(?:[-_.]|$)", case) for case in cases):
                found.append(f"tests/cmake/{path.stem}: no case '{wanted}' or '{wanted}-…'")
    for entry in sorted((root / "tests/cmake").glob("*")):
        if SHAPE.match(entry.name) and not (root / "cmake/cairn" / f"{entry.name}.cmake").exists():
            found.append(f"tests/cmake/{entry.name}: there is no such function")
    return found
