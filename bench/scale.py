"""Thousands of images: what grows, and how."""

import dataclasses
import json
import os
import subprocess
import sys

import engines as engine_tools
import harness
import projects
from harness import Contender

FILES = 20
MOST_GROWTH = 12  # for ten times the images; caches of the processor do not grow with them
BUILD_SECONDS = 2400  # in which 10,000 images must be built once


class Stub:
    """The stand-in for docker of stub_engine.py: it 'builds' thousands of images in seconds."""

    def __init__(self, bench):
        program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "stub_engine.py")
        self.folder = bench.work / "stub"
        engine_tools.reset(self.folder)
        docker = self.folder / "docker"
        docker.write_text(harness.run([sys.executable, "-B", program, "program"]),
                          encoding="utf-8")
        docker.chmod(0o755)
        self.socket = self.folder / "docker.sock"
        self.file = self.folder / "engine.json"
        harness.write_json(self.file, {
            "schema": "cairn/engine/1", "kind": "docker", "builder": "buildkit",
            "program": str(docker), "url": f"unix://{self.socket}",
            "identity": "STUB:ENGINE /nowhere", "global_flags": [], "build_flags": [],
            "run_flags": [], "reason": "a stand-in of the benchmarks"})
        self.process = subprocess.Popen([sys.executable, "-B", program, "serve", self.socket],
                                        stdin=subprocess.PIPE)
        harness.wait_for(self.socket.exists, "the stand-in for docker did not start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()


def configure_contender(bench, name, source, build, *definitions):
    return Contender(name, [bench.cmake, "-G", "Ninja", "-S", source, "-B", build,
                            f"-DCMAKE_MAKE_PROGRAM={bench.ninja}", *definitions],
                     prepare=[["rm", "-rf", build]])


@dataclasses.dataclass
class Plan:
    """What is measured of so many images, and what it should come to."""

    images: int
    configure_rounds: int
    rounds: int
    no_op: int | None = None  # ms
    configure: float | None = None  # times the like-for-like peer
    memory: int | None = None  # MiB


@dataclasses.dataclass
class Measured:
    no_op: Contender
    no_op_floor: Contender
    scan: Contender
    configure: Contender
    configure_floor: Contender
    rows: list


def goal_row(what, value, unit, limit):
    number = f"{value:.2f}" if unit == "x" else f"{value:,.0f}"
    return harness.Row(what, f"{number} {unit}", f"<= {limit} {unit}" if limit else "",
                       value <= limit if limit else None)


def prepare(bench, root, images):
    engine_tools.reset(root)
    projects.write_contexts(root / "cairn", images, FILES, family=False)
    projects.age(root / "cairn")
    projects.cairn_project(root / "cairn", bench.source, bench.cairn, images, family=False)
    projects.equal_project(root / "equal", images)
    projects.bare_project(root / "bare", images)


def race_configure(bench, stub, root, plan):
    """Cairn, what it asks of CMake written down plainly, and one command and target an image."""
    definitions = [f"-DCAIRN_ENGINE_FILE={stub.file}", f"-DCAIRN_STORE={root}/store"]
    contenders = [
        configure_contender(bench, f"configure, {plan.images:,} {name}", root / folder,
                            root / folder / "build", *options)
        for folder, name, options in (
            ("cairn", "images", definitions),
            ("equal", "times Cairn's commands, targets and files, bare", []),
            ("bare", "times one bare command and target", []))]
    harness.race(contenders, plan.configure_rounds, bench.work, warm_up=0)
    ours, equal, bare = contenders
    return ours, equal, [
        *[harness.time_row(entry) for entry in contenders],
        goal_row(f"configure, {plan.images:,} images : as many bare commands and targets",
                 ours.median / equal.median, "x", plan.configure),
        goal_row(f"configure, {plan.images:,} images : one bare command and target each",
                 ours.median / bare.median, "x", None)]


def build_all(bench, root, stack, images):
    """Not timed. Every step reads the stack's file, which takes long where it lists thousands of
    images: while these are built it lists none, and the scan has been before."""
    projects.write_keys(root / "equal" / "build", images)
    for folder in ("equal", "bare"):
        harness.run([bench.ninja], None, root / folder / "build", timeout=BUILD_SECONDS)
    harness.run([bench.cairn, "scan", stack], timeout=BUILD_SECONDS)
    listed = stack.read_text(encoding="utf-8")
    harness.write_json(stack, {**json.loads(listed), "images": [], "members": []})
    harness.run([bench.ninja], None, root / "cairn" / "build", timeout=BUILD_SECONDS)
    stack.write_text(listed, encoding="utf-8")
    bench.until_no_work(root / "cairn" / "build", None)


def at(bench, stub, plan):
    root = bench.work / f"scale-{plan.images}"
    prepare(bench, root, plan.images)
    configure, configure_floor, rows = race_configure(bench, stub, root, plan)
    stack = root / "cairn" / "build" / "cairn" / "bench.stack.json"
    build_all(bench, root, stack, plan.images)
    counted = f"{plan.images:,}"
    contenders = [
        Contender(f"no-op by ninja, {counted} images", [bench.ninja],
                  folder=str(root / "cairn" / "build")),
        Contender(f"of it the scan, {counted} images", [bench.cairn, "scan", stack]),
        Contender(f"no-op by ninja, {counted} times the same bare edges and an empty scan",
                  [bench.ninja], folder=str(root / "equal" / "build")),
        Contender(f"no-op by ninja, {counted} times one bare edge", [bench.ninja],
                  folder=str(root / "bare" / "build")),
        Contender(f"stat of its {plan.images * FILES:,} files (find)",
                  ["find", root / "cairn" / "images", "-newermt", "2100-01-01"])]
    harness.race(contenders, plan.rounds, bench.work)
    no_op, scan, floor = contenders[:3]
    goal = (f"<= {plan.no_op} ms", plan.no_op) if plan.no_op else ()
    memory = int(harness.run([bench.peak_memory, bench.cairn, "scan", stack])) / 1024
    rows = [harness.time_row(no_op, *goal), *[harness.time_row(entry) for entry in contenders[1:]],
            harness.Row(f"no-op, {counted} images, above its floor",
                        harness.ms(no_op.median - floor.median)),
            *rows,
            goal_row(f"peak memory of the scan, {counted} images", memory, "MiB", plan.memory)]
    return Measured(no_op, floor, scan, configure, configure_floor, rows)


def measure(bench):
    with Stub(bench) as stub:
        small = at(bench, stub, Plan(1000, 5, 15, no_op=150, configure=2))
        try:
            large = at(bench, stub, Plan(10_000, 1, 5, memory=200))
        except subprocess.TimeoutExpired as late:
            small.rows.append(harness.Row("10,000 images",
                                          f"not built within {late.timeout:.0f} s"))
            return section(small.rows)
    rows = small.rows + large.rows
    for one, ten, limit in ((small.no_op, large.no_op, MOST_GROWTH),
                            (small.no_op_floor, large.no_op_floor, None),
                            (small.scan, large.scan, MOST_GROWTH),
                            (small.configure, large.configure, MOST_GROWTH),
                            (small.configure_floor, large.configure_floor, None)):
        name = one.name.replace(" 1,000 times", "") if limit is None else one.name.split(",")[0]
        rows.append(goal_row(f"{name}: 10,000 images : 1,000", ten.median / one.median, "x",
                             limit))
    return section(rows)


def section(rows):
    return harness.Section(f"1,000 and 10,000 images x {FILES} files", rows, [
        "The engine is a stand-in on a unix socket that keeps the images in memory and answers as"
        " docker does; ninja, the scan, the builds' records and all files are real.",
        "The bare peer of as many commands and targets has for each image two custom commands with"
        " as many files, two targets and two generated files of the size of Cairn's; its no-op,"
        " with a scan that does nothing, is the floor: what ninja itself needs for this graph.",
        f"Growth counts as linear up to {MOST_GROWTH} times for ten times the images."])
