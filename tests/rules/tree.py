"""The project's own files: everything but what git ignores and what builds make."""

import pathlib
from typing import Iterator

SKIPPED = {".git", "build", "__pycache__", ".venv"}


def files(root: pathlib.Path, *suffixes: str) -> Iterator[pathlib.Path]:
    """Files under `root` whose name ends in one of `suffixes` (all without any), sorted."""
    for path in sorted(root.iterdir()):
        if path.name in SKIPPED or path.is_symlink():
            continue
        if path.is_dir():
            yield from files(path, *suffixes)
        elif not suffixes or path.name.endswith(suffixes):
            yield path


def lines(path: pathlib.Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="surrogateescape").splitlines()


def is_script(path: pathlib.Path) -> bool:
    """A shell script: by its name or by its first line."""
    if path.suffix in (".sh", ".bash"):
        return True
    if path.suffix:
        return False
    with path.open("rb") as stream:
        return stream.read(64).split(b"\n")[0].endswith((b"bash", b"/sh"))
