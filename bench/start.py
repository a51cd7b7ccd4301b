"""What `cairn scan` costs before it has anything to do."""

import harness
from harness import Contender


def measure(bench):
    stack = bench.work / "empty.stack.json"
    harness.write_json(stack, {"schema": "cairn/stack/1", "stack": "empty",
                               "engine": str(bench.work / "engine.json"),
                               "index": str(bench.work / "empty.index"),
                               "store": str(bench.work / "store"), "images": [], "members": []})
    contenders = [Contender("a bare C++ process", [bench.bare]),
                  Contender("cairn --version", [bench.cairn, "--version"]),
                  Contender("cairn scan, empty stack", [bench.cairn, "scan", stack])]
    harness.race(contenders, 200, bench.work, warm_up=5)
    rows = [harness.time_row(contenders[0]), harness.time_row(contenders[1]),
            harness.time_row(contenders[2], "<= 3 ms", 3)]
    return harness.Section("Start of the tool", rows, [])
