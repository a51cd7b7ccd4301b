#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What arrives in an image from a whole context against what arrives from what Cairn keys.

run.py KIND ENGINE_FILE SCRATCH [--cases N] [--seed S] [--edits N] [--figures FILE]

Every case is a random context, ignore file and Dockerfile. The engine builds it from the whole
context and from Cairn's copy: the files that arrive must be the same. Then the context is edited
at random: Cairn's digest must change exactly when what arrives does.
"""

import argparse
import collections
import json
import pathlib
import shutil
import subprocess
import sys

import builders
import cases

ENGINES = {"docker-buildkit": "docker"}


def keyed(case: cases.Case, engine: str, copy_to: pathlib.Path | None = None) -> dict | None:
    """What Cairn says of a context; nothing when it refuses it, with its words on `case.said`."""
    command = ["cairn", "context", str(case.root), "--engine", engine, "--json"]
    if copy_to:
        command += ["--copy-to", str(copy_to)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    case.said = done.stderr
    return json.loads(done.stdout) if done.returncode == 0 else None


def difference(one: dict, other: dict) -> str:
    lines = [f"  {p}: {one.get(p)} / {other.get(p)}" for p in sorted({*one, *other})
             if one.get(p) != other.get(p)]  # fmt: skip
    return "\n".join(lines[:10])


class Run:
    def __init__(self, options: argparse.Namespace):
        self.options = options
        self.engine = ENGINES.get(options.kind, options.kind)
        self.builder = builders.Builder(options.kind, options.engine_file, options.scratch)
        self.figures = collections.Counter()

    def complain(self, what: str, seed: int, case: cases.Case, detail: str) -> None:
        self.figures[what] += 1
        print(f"{what.upper()}: seed {seed} on {self.options.kind}", detail, sep="\n")
        print((case.root / "Dockerfile").read_text(), end="")
        ignore = case.root / ".dockerignore"
        print(f"ignore: {ignore.read_text().split(chr(10)) if ignore.exists() else 'none'}")

    def one(self, seed: int) -> None:
        root = self.options.scratch / "case"
        shutil.rmtree(root, ignore_errors=True)
        case = cases.Case(root, seed, self.options.kind)
        case.make()
        whole = self.builder.build(root, root / "Dockerfile")
        refused = self.builder.said
        # BuildKit takes a file for the one that it was sent from a folder of this name before when
        # size and time are equal, and all copies have one time: as in a build, no name comes twice.
        copy = self.options.scratch / f"copy-{seed}"
        answer = keyed(case, self.engine, copy)
        self.figures["cases"] += 1
        if answer is None:
            shutil.rmtree(copy, ignore_errors=True)
            self.figures["refused by both" if whole is None else "refused by cairn"] += 1
            if whole is not None:
                self.complain("disagreements", seed, case, case.said)
            return
        self.figures["in doubt"] += 1 if answer["doubts"] else 0
        recipe = self.options.scratch / "Dockerfile"
        shutil.copy(root / "Dockerfile", recipe)
        (self.options.scratch / "Dockerfile.dockerignore").write_text("")
        staged = self.builder.build_staged(copy, recipe)
        shutil.rmtree(copy)
        if whole is None:
            # Less is given to the engine than lies there: what it stumbles over may be gone.
            self.figures["refused by the engine" if staged is None else "mended"] += 1
            if staged is not None and self.options.verbose:
                print(f"mended: seed {seed}: {refused[-300:]}")
            return
        if staged is None:
            return self.complain("disagreements", seed, case, self.builder.said[-600:])
        if staged != whole:
            return self.complain("disagreements", seed, case, difference(whole, staged))
        self.figures["files"] += len(whole)
        for _ in range(self.options.edits):
            whole, answer = self.edit(seed, case, whole, answer)
            if whole is None:
                return

    def edit(self, seed: int, case: cases.Case, before: dict, old: dict) -> tuple:
        what = case.edit()
        new = keyed(case, self.engine)
        after = self.builder.build(case.root, case.root / "Dockerfile")
        if after is None or new is None:
            self.figures["edits that broke the build"] += 1
            return None, None
        self.figures["edits"] += 1
        same_key = old["digest"] == new["digest"]
        if same_key and before != after:
            self.complain("stale", seed, case, what + "\n" + difference(before, after))
        if not same_key and before == after:
            self.complain(self.why_needless(what, case, new), seed, case, what)
        self.figures["rebuilds decided"] += 0 if same_key else 1
        return after, new


    @staticmethod
    def why_needless(edit: str, case: cases.Case, answer: dict) -> str:
        if answer["doubts"]:
            return "needless in doubt"
        # An empty folder adds no file, but one more match can make a folder of the destination or
        # save a wildcard that matches nothing else: it counts (docs/explanation/staleness.md).
        recipe = (case.root / "Dockerfile").read_text()
        if edit.startswith("folder") and any(sign in recipe for sign in "*?["):
            return "needless by an empty folder that a wildcard matches"
        return "needless"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind")
    parser.add_argument("engine_file", type=pathlib.Path)
    parser.add_argument("scratch", type=pathlib.Path)
    parser.add_argument("--cases", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--edits", type=int, default=1)
    parser.add_argument("--figures", type=pathlib.Path)
    parser.add_argument("--verbose", action="store_true")
    run = Run(parser.parse_args())
    for seed in range(run.options.seed, run.options.seed + run.options.cases):
        run.one(seed)
    figures = {"kind": run.options.kind, "first seed": run.options.seed, **run.figures}
    print(json.dumps(figures, sort_keys=True))
    if run.options.figures:
        run.options.figures.write_text(json.dumps(figures, indent=2, sort_keys=True) + "\n")
    bad = sum(run.figures[x] for x in ("disagreements", "stale", "needless"))
    # A run that compares nothing proves nothing.
    return 1 if bad or run.figures["files"] < run.options.cases else 0


if __name__ == "__main__":
    sys.exit(main())
