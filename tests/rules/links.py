"""Every relative link of a Markdown page leads to a file, and to a heading where it names one."""

import pathlib
import re

import tree

LINK = re.compile(r"\[[^\]\n]+\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+\s+(.*?)\s*#*$")
FENCE = re.compile(r"^\s*(```|~~~)")


def prose(path: pathlib.Path) -> list[tuple[int, str]]:
    """The numbered lines outside code fences, inline code taken out."""
    kept, fenced = [], False
    for number, line in enumerate(tree.lines(path), 1):
        if FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            kept.append((number, re.sub(r"`[^`]*`", "", line)))
    return kept


def anchors(path: pathlib.Path) -> set[str]:
    found = set()
    for line in tree.lines(path):
        match = HEADING.match(line)
        if match:
            text = re.sub(r"[^\w\- ]", "", match[1].lower())
            found.add(text.replace(" ", "-"))
    return found


def violations(root: pathlib.Path) -> list[str]:
    found = []
    for path in tree.files(root, ".md"):
        for number, line in prose(path):
            for link in LINK.findall(line):
                if re.match(r"[a-z]+:", link):
                    continue
                file, _, anchor = link.partition("#")
                target = (path.parent / file).resolve() if file else path
                where = f"{path.relative_to(root).as_posix()}:{number}"
                if not target.exists():
                    found.append(f"{where}: '{link}' leads nowhere")
                elif anchor and target.suffix == ".md" and anchor not in anchors(target):
                    found.append(f"{where}: '{link}': no such heading")
    return found
