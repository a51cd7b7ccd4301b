"""The figures of the long stories of releases (targets release_kills, release_race and
release_faults), as their last runs left them in a build folder: this one, or BENCH_PROOFS."""

import json
import os
import pathlib

import harness

# Of each story: what it is, the figures that must be 0, and those that are shown besides.
STORIES = {
    "release_kills": ("{rounds} publishes of a family of 6 killed at random moments",
                      ["torn", "unfinished", "hung"],
                      "{early} before the first tag, {amid} between tags, {ended} after the end;"
                      " {restarts} with the registry, which left {cut} times files cut short that"
                      " were mended first"),
    "release_race": ("{rounds} rounds of two publishers with two stores",
                     ["mixed", "torn", "hung"],
                     "{both} times both came through, {none} times neither did at first"),
    "release_faults": ("{rounds} publishes through random faults", ["wrong", "hung"],
                       "{failed} failed and were run again; {requests} requests"),
}


def measure(bench):
    folder = pathlib.Path(os.environ.get("BENCH_PROOFS", bench.work.parent))
    rows, notes = [], []
    for name, (what, zeros, besides) in STORIES.items():
        path = folder / f"{name}.json"
        if not path.exists():
            notes.append(f"{name} has not been run: cmake --build <build folder> --target {name}")
            continue
        figures = json.loads(path.read_text(encoding="utf-8"))
        rows.append(harness.Row(what.format(**figures),
                                ", ".join(f"{figures[zero]} {zero}" for zero in zeros), "0",
                                all(figures[zero] == 0 for zero in zeros)))
        notes.append(f"{what.format(**figures)}: {besides.format(**figures)}.")
    return harness.Section("Releases that die, race and meet faults", rows, notes)
