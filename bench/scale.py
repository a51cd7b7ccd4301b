"""Thousands of images: what grows, and how."""

import os
import subprocess
import sys

import engines as engine_tools
import harness
import projects
from harness import Contender

FILES = 20


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


def at(bench, stub, images, goals, rounds):
    root = bench.work / f"scale-{images}"
    engine_tools.reset(root)
    projects.write_contexts(root / "cairn", images, FILES, family=False)
    projects.age(root / "cairn")
    projects.cairn_project(root / "cairn", bench.source, bench.cairn, images, family=False)
    projects.bare_project(root / "bare", images)
    definitions = [f"-DCAIRN_ENGINE_FILE={stub.file}", f"-DCAIRN_STORE={root}/store"]
    build, bare = root / "cairn" / "build", root / "bare" / "build"
    ours = configure_contender(bench, f"configure, {images:,} images", root / "cairn", build,
                               *definitions)
    theirs = configure_contender(bench, f"configure, {images:,} custom commands and targets",
                                 root / "bare", bare)
    harness.race([ours, theirs], rounds[0], bench.work, warm_up=0)
    harness.run([bench.ninja], None, build)
    harness.run([bench.ninja], None, bare)
    bench.until_no_work(build, None)
    stack = build / "cairn" / "bench.stack.json"
    contenders = [
        Contender(f"no-op by ninja, {images:,} images", [bench.ninja], folder=str(build)),
        Contender(f"of it the scan, {images:,} images", [bench.cairn, "scan", stack]),
        Contender(f"no-op by ninja, {images:,} custom commands", [bench.ninja], folder=str(bare)),
        Contender(f"stat of its {images * FILES:,} files (find)",
                  ["find", root / "cairn" / "images", "-newermt", "2100-01-01"])]
    harness.race(contenders, rounds[1], bench.work)
    memory = int(harness.run([bench.peak_memory, bench.cairn, "scan", stack])) / 1024
    rows = [harness.time_row(contenders[0], *goals.get("no-op", ())),
            *[harness.time_row(entry) for entry in contenders[1:]],
            harness.time_row(ours), harness.time_row(theirs)]
    ratio = ours.median / theirs.median
    limit = goals.get("configure")
    rows.append(harness.Row(f"configure, {images:,} images : bare commands and targets",
                            f"{ratio:.2f} x", f"<= {limit} x" if limit else "",
                            ratio <= limit if limit else None))
    limit = goals.get("memory")
    rows.append(harness.Row(f"peak memory of the scan, {images:,} images", f"{memory:.0f} MiB",
                            f"<= {limit} MiB" if limit else "",
                            memory <= limit if limit else None))
    return rows, contenders


def measure(bench):
    with Stub(bench) as stub:
        rows, small = at(bench, stub, 1000, {"no-op": ("<= 150 ms", 150), "configure": 2}, (5, 15))
        more, large = at(bench, stub, 10_000, {"memory": 200}, (1, 5))
    rows += more
    for one, ten in zip(small[:2], large[:2]):
        growth = ten.median / one.median
        rows.append(harness.Row(f"{one.name.split(',')[0]}: 10,000 images : 1,000",
                                f"{growth:.1f} x", "linear: <= 12 x", growth <= 12))
    return harness.Section(f"1,000 and 10,000 images x {FILES} files", rows, [
        "The engine is a stand-in on a unix socket that keeps the images in memory and answers as"
        " docker does; ninja, the scan, the builds' records and all files are real."])
