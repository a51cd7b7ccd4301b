"""run.py NAME: runs one benchmark, or all of them and then writes bench/RESULTS.md."""

import argparse
import datetime
import importlib
import os
import pathlib
import platform
import sys
import tempfile

import engines as engine_tools
import harness

NAMES = ["start", "noop", "daemonless", "scale", "inspection", "overhead",
         "release", "proofs"]
SOURCE = pathlib.Path(__file__).resolve().parent.parent


class Bench:
    """What a benchmark needs: the programs, a folder to work in, and engines."""

    def __init__(self, options, engines):
        self.cairn, self.bare = options.cairn, options.bare
        self.peak_memory, self.cmake, self.ninja = (options.peak_memory, options.cmake,
                                                    options.ninja)
        self.work = pathlib.Path(options.work)
        self.source = SOURCE
        self.engines = engines

    def configure(self, source, build, environment=None, *definitions):
        harness.run([self.cmake, "-G", "Ninja", "-S", source, "-B", build,
                     f"-DCMAKE_MAKE_PROGRAM={self.ninja}", *definitions], environment)

    def until_no_work(self, build, environment):
        """Runs ninja until it has only the scan to run, and the scan says that nothing changed."""
        for _ in range(3):
            text = harness.run([self.ninja], environment, build)
            if "Building image" not in text and "Inspecting image" not in text:
                scan = harness.run([self.cairn, "scan", "--json", build], environment)
                if '"rewritten": []' in scan and '"absent": []' in scan:
                    return
        raise harness.Failed(f"there is always work to do in '{build}':\n{text}\n{scan}")

    def empty_ninja(self):
        path = self.work / "empty.ninja"
        path.write_text("build all: phony\n", encoding="utf-8")
        return path


def machine() -> str:
    model = "unknown processor"
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    with open("/proc/meminfo", encoding="utf-8") as file:
        memory = int(file.readline().split()[1]) / 1024 / 1024
    return (f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} "
            f"{platform.release().split('-')[0]}")


def to_markdown(sections, loads, priority, tool) -> str:
    now = datetime.datetime.now(datetime.timezone.utc)
    lines = ["# Results of the benchmarks", "",
             "Written by the target `bench-all`. Medians of wall time, least and most behind them;"
             " peers ran in the same rounds as Cairn.", "",
             f"- Date: {now:%Y-%m-%d %H:%M} UTC",
             f"- Tool: {tool}",
             f"- Machine: {machine()}",
             f"- Load when the benchmarks began and ended: {', '.join(loads)}"]
    if priority:
        lines.append("- All that was measured, peers and engines alike, ran at the same raised"
                     " priority (`nice -15`).")
    for section in sections:
        lines += ["", f"## {section.title}", ""]
        lines += ["| what | measured | goal |", "| --- | --- | --- |"]
        for row in section.rows:
            verdict = "" if row.met is None else (", reached" if row.met else ", **missed**")
            lines.append(f"| {row.what} | {row.value} | {row.goal}{verdict} |")
        if section.notes:
            lines.append("")
            lines += [f"- {note}" for note in section.notes]
    return "\n".join(lines) + "\n"


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=[*NAMES, "all"])
    for option in ("cairn", "bare", "peak-memory", "cmake", "ninja", "work", "build-type"):
        parser.add_argument(f"--{option}", required=True)
    parser.add_argument("--results", default=str(SOURCE / "bench" / "RESULTS.md"))
    return parser.parse_args()


def main() -> int:
    options = parse_options()
    pathlib.Path(options.work).mkdir(parents=True, exist_ok=True)
    tool = f"{options.build_type} build"
    if options.build_type == "Debug":
        tool += ", some two times slower than the optimised one that people run"
    print(f"Tool: {tool}.")
    priority = harness.take_priority()
    names = NAMES if options.name == "all" else [options.name]
    failed, sections, loads = [], [], [f"{os.getloadavg()[0]:.1f}"]
    # Not in the build folder: private engines refuse to lie below the source tree.
    with tempfile.TemporaryDirectory(prefix="cairn-bench-", dir="/var/tmp",
                                     ignore_cleanup_errors=True) as folder, \
            engine_tools.Engines(pathlib.Path(folder)) as engines:
        bench = Bench(options, engines)
        for name in names:
            try:
                section = importlib.import_module(name).measure(bench)
            except harness.Failed as failure:
                # The others' figures are not lost with one's.
                print(f"run.py: {name}: {failure}", file=sys.stderr)
                failed.append(name)
                section = harness.Section(name, [], ["This benchmark failed."])
            harness.print_section(section)
            sections.append(section)
    loads.append(f"{os.getloadavg()[0]:.1f}")
    if options.name == "all":
        pathlib.Path(options.results).write_text(
            to_markdown(sections, loads, priority, tool), encoding="utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
