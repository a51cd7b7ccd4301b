"""What `cairn scan` costs before it has anything to do."""

import contextlib
import os

import harness
from harness import Contender


@contextlib.contextmanager
def real_time():
    """Safe here alone: each of these processes ends by itself and waits for nobody."""
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))
    except OSError:
        yield "At the ordinary scheduling."
        return
    try:
        yield "Real-time scheduling for all three, so that other work does not count."
    finally:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


def measure(bench):
    stack = bench.work / "empty.stack.json"
    harness.write_json(stack, {"schema": "cairn/stack/1", "stack": "empty",
                               "engine": str(bench.work / "engine.json"),
                               "index": str(bench.work / "empty.index"),
                               "store": str(bench.work / "store"), "images": [], "members": []})
    contenders = [Contender("a bare C++ process", [bench.bare]),
                  Contender("cairn --version", [bench.cairn, "--version"]),
                  Contender("cairn scan, empty stack", [bench.cairn, "scan", stack])]
    with real_time() as note:
        harness.race(contenders, 200, bench.work, warm_up=5)
    rows = [harness.time_row(contenders[0]), harness.time_row(contenders[1]),
            harness.time_row(contenders[2], "<= 3 ms", 3)]
    return harness.Section("Start of the tool", rows, [note])
