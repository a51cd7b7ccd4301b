"""The corpus's page and its files say the same, and no clause is without a case.

`tests/corpus/README.md` has a row a clause: `| dockerfile/<clause> | what it says | cases |`. Each
case is a file of the clause's folder, with its `.expected` beside it.
"""

import pathlib
import re

CASE = {"dockerfile": ".Dockerfile", "ignore": ".dockerignore"}
ROW = re.compile(r"^\| ((?:dockerfile|ignore)/[\w-]+) \|.*\| ([^|]*) \|$", re.MULTILINE)


def clause(folder: pathlib.Path, name: str, listed: list[str]) -> list[str]:
    suffix = CASE[name.split("/")[0]]
    there = sorted(path.stem for path in folder.glob("*" + suffix)) if folder.is_dir() else []
    found = [] if there else [f"tests/corpus/{name}: no case"]
    found += [f"tests/corpus/README.md: '{name}' has no case '{case}'"
              for case in listed if case not in there]
    found += [f"tests/corpus/README.md: '{name}' does not list '{case}'"
              for case in there if case not in listed]
    found += [f"tests/corpus/{name}/{case}: no '.expected' beside it"
              for case in there if not (folder / f"{case}.expected").is_file()]
    return found


def violations(root: pathlib.Path) -> list[str]:
    corpus = root / "tests/corpus"
    rows = {row[1]: [case for case in row[2].split(", ") if case]
            for row in ROW.finditer((corpus / "README.md").read_text(encoding="utf-8"))}
    found = []
    for name, listed in rows.items():
        found += clause(corpus / name, name, listed)
    for kind in CASE:
        for folder in sorted((corpus / kind).iterdir()):
            if f"{kind}/{folder.name}" not in rows:
                found.append(f"tests/corpus/README.md: no row '{kind}/{folder.name}'")
    return found
