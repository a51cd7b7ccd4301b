"""Every #include in tools/cairn, and every DEPENDS of a layer, keeps to ARCHITECTURE.md's table."""

import pathlib
import re

import tree

ROW = re.compile(r"^\| ([\w/]+) \| ([\w/ -]+) \|")
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')
DEPENDS = re.compile(r"\bDEPENDS\s+([\w\s]+?)\s*\)")


def table(root: pathlib.Path) -> dict[str, set[str]]:
    """Layer -> the layers it may include."""
    rows = {}
    for line in tree.lines(root / "ARCHITECTURE.md"):
        match = ROW.match(line)
        if match and match[1] != "layer":
            rows[match[1]] = set(match[2].replace("-", " ").split())
    return rows


def included(layer: str, path: pathlib.Path, root: pathlib.Path, allowed: set[str]) -> list[str]:
    found = []
    for number, line in enumerate(tree.lines(path), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        where = f"{path.relative_to(root)}:{number}"
        target = match[1]
        if not (root / "tools/cairn" / target).exists():
            found.append(f"{where}: '{target}' is not a path from tools/cairn")
        elif target.rpartition("/")[0] not in allowed | {layer}:
            found.append(f"{where}: layer '{layer}' may not include '{target}'")
    return found


def violations(root: pathlib.Path) -> list[str]:
    rows = table(root)
    if not rows:
        return ["ARCHITECTURE.md: the table of layers is missing"]
    found = []
    tool = root / "tools/cairn"
    sources = list(tree.files(tool, ".cpp", ".hpp"))
    folders = {path.parent.relative_to(tool).as_posix() for path in sources}
    for folder in sorted(folders - {"."} - rows.keys()):
        found.append(f"tools/cairn/{folder}: not in the table of ARCHITECTURE.md")
    for path in sources:
        layer = path.relative_to(tool).as_posix().rpartition("/")[0] or "main"
        found += included(layer, path, root, rows.get(layer, set()))
    for path in tree.files(tool, "CMakeLists.txt"):
        layer = path.parent.relative_to(tool).as_posix()
        match = DEPENDS.search(path.read_text(encoding="utf-8"))
        for name in match[1].split() if match and layer in rows else []:
            if name.replace("_", "/") not in rows[layer]:
                where = path.relative_to(root)
                found.append(f"{where}: layer '{layer}' may not depend on '{name}'")
    return found
