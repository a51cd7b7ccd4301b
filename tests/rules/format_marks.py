"""Marks of form that no formatter sets: SPDX lines, #pragma once, include guards, endings."""

import pathlib

import tree

SPDX = "// SPDX-License-Identifier: BSD-3-Clause"


def cpp_marks(name: str, text: list[str]) -> list[str]:
    found = []
    if not text or text[0] != SPDX:
        found.append(f"{name}:1: the first line must be '{SPDX}'")
    if name.endswith(".hpp") and "#pragma once" not in text[:2]:
        found.append(f"{name}:2: '#pragma once' is missing")
    return found


def violations(root: pathlib.Path) -> list[str]:
    found = []
    for path in tree.files(root, ".cpp", ".hpp"):
        # Examples are written as their readers would write them.
        if path.relative_to(root).parts[0] in ("tools", "tests", "bench"):
            if "fixtures" not in path.parts and "project" not in path.parts:
                found += cpp_marks(path.relative_to(root).as_posix(), tree.lines(path))
    for path in tree.files(root / "cmake", ".cmake"):
        if path.name.startswith("Find"):
            continue  # find_package includes these, as often as it is called
        name = path.relative_to(root).as_posix()
        text = tree.lines(path)
        if "include_guard(GLOBAL)" not in text and "cmake_minimum_required" not in "".join(text):
            found.append(f"{name}: neither include_guard(GLOBAL) nor an entry point")
    for path in tree.files(root, ".cpp", ".hpp", ".cmake", ".md", ".json", ".py", ".sh"):
        raw = path.read_bytes()
        name = path.relative_to(root).as_posix()
        if raw and not raw.endswith(b"\n"):
            found.append(f"{name}: no newline at the end")
        if b"\r\n" in raw:
            found.append(f"{name}: lines end in CR LF")
        if b"\t" in raw and path.suffix != ".md":
            found.append(f"{name}: holds tabs")
    return found
