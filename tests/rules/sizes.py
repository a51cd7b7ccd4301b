"""Sizes: lines of a file by its kind, lines of a CMake function, width of a line.

The sizes of C++ functions are clang-tidy's (`.clang-tidy`).
"""

import pathlib
import re

import tree

WIDTH = 100
FUNCTION_LINES = 100
STACK_LINES = 250  # a stack's list of tests is data, not a module
FILE_LINES = {".cpp": 400, ".hpp": 150, ".cmake": 150, ".py": 400, ".sh": 400}
ONE_FILE = {"README.md": 100, "CMakeLists.txt": 80, "CMakePresets.json": 20,
            "tools/cairn/main.cpp": 30}
# CMake cannot put a long text together from pieces; such a text stands on a line of its own, or
# behind its keyword.
ONE_TEXT = re.compile(r'^\s*(?:[A-Z_]+ )?"(?:[^"\\]|\\.)*"\)?$')
AS_USERS_WRITE = "tests/cmake/family/"  # whole projects, laid out for their readers
FUNCTION = re.compile(r"^\s*(?:function|macro)\(\s*(\S+?)[\s)]")
FUNCTION_END = re.compile(r"^\s*end(?:function|macro)\(")


def limit(name: str, path: pathlib.Path) -> int:
    if name in ONE_FILE:
        return ONE_FILE[name]
    if name.startswith("stacks/") and path.suffix == ".cmake":
        return STACK_LINES
    if path.name == "CMakeLists.txt":
        return FILE_LINES[".cmake"]
    if not path.suffix and tree.is_script(path):
        return FILE_LINES[".sh"]
    return FILE_LINES.get(path.suffix, 0)


def long_functions(name: str, text: list[str]) -> list[str]:
    found = []
    start, title = 0, ""
    for number, line in enumerate(text, 1):
        match = FUNCTION.match(line)
        if match:
            start, title = number, match[1]
        elif FUNCTION_END.match(line) and number - start + 1 > FUNCTION_LINES:
            found.append(f"{name}:{start}: '{title}' has {number - start + 1} lines, "
                         f"allowed are {FUNCTION_LINES}")
    return found


def violations(root: pathlib.Path) -> list[str]:
    found = []
    for path in tree.files(root):
        name = path.relative_to(root).as_posix()
        allowed = limit(name, path)
        if not allowed:
            continue
        text = tree.lines(path)
        if len(text) > allowed:
            found.append(f"{name}: {len(text)} lines, allowed are {allowed}")
        if path.suffix == ".md" or name.startswith(AS_USERS_WRITE):
            continue
        is_cmake = path.suffix == ".cmake" or path.name == "CMakeLists.txt"
        for number, line in enumerate(text, 1):
            if len(line) > WIDTH and not (is_cmake and ONE_TEXT.match(line)):
                found.append(f"{name}:{number}: {len(line)} columns, allowed are {WIDTH}")
        if is_cmake:
            found += long_functions(name, text)
    return found
