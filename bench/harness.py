"""Measures commands side by side: in every round each contender runs once, so that what else the
machine does falls on all of them alike. Figures are medians of wall time in milliseconds."""

import atexit
import dataclasses
import json
import os
import pathlib
import statistics
import subprocess
import time


@dataclasses.dataclass
class Contender:
    name: str
    command: list  # one command, or a list of commands that run one after another
    environment: dict = dataclasses.field(default_factory=dict)
    folder: str = "/"
    every: int = 1  # runs only in each so-many-th round: for peers that take seconds
    prepare: list = dataclasses.field(default_factory=list)  # before each run, not timed
    times: list = dataclasses.field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.times)


@dataclasses.dataclass
class Row:
    """One line of the results. `goal` is said in words; `met` is None where there is none."""

    what: str
    value: str
    goal: str = ""
    met: bool | None = None


@dataclasses.dataclass
class Section:
    title: str
    rows: list
    notes: list


class Failed(Exception):
    pass


def take_priority(pid: int = 0) -> bool:
    """Runs a process (this one by default) and all that it starts before other work, where that is
    allowed: on a busy machine the figures are noise otherwise. Never real-time: an engine that
    waits for an ordinary process would stop the machine."""
    try:
        os.setpriority(os.PRIO_PROCESS, pid, -15)
        # Linux weighs sessions against each other first.
        group = pathlib.Path(f"/proc/{pid or 'self'}/autogroup")
        before = group.read_text(encoding="ascii").split()[-1]
        group.write_text("-15", encoding="ascii")
        if not pid:
            # The session is also the one of the shell that called us.
            atexit.register(group.write_text, before, encoding="ascii")
    except OSError:
        return False
    return True


def run(command, environment=None, folder="/", check=True, **options):
    """Runs `command` and returns its output; a failure shows what it printed."""
    done = subprocess.run([str(word) for word in command], cwd=folder, text=True,
                          env={**os.environ, **(environment or {})}, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **options)
    if check and done.returncode != 0:
        raise Failed(f"{' '.join(map(str, command))}\n{done.stdout[-4000:]}")
    return done.stdout


def _commands(command):
    return command if isinstance(command[0], (list, tuple)) else [command]


def time_once(contender, sink) -> float:
    """Milliseconds of one run. posix_spawn, because a fork of an interpreter costs more than what
    is measured here."""
    environment = {**os.environ, **contender.environment}
    files = [(os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
             (os.POSIX_SPAWN_DUP2, sink.fileno(), 1), (os.POSIX_SPAWN_DUP2, sink.fileno(), 2)]
    os.chdir(contender.folder)
    begin = time.perf_counter_ns()
    for command in _commands(contender.command):
        pid = os.posix_spawnp(command[0], [str(word) for word in command], environment,
                              file_actions=files)
        _, status = os.waitpid(pid, 0)
        if status != 0:
            sink.flush()
            with open(sink.name, encoding="utf-8", errors="replace") as file:
                raise Failed(f"{contender.name}: {' '.join(map(str, command))}\n"
                             f"{file.read()[-4000:]}")
    return (time.perf_counter_ns() - begin) / 1e6


def race(contenders, rounds, work, warm_up=1):
    """`rounds` rounds of all contenders, the order turned by one in each round."""
    with open(os.path.join(work, "output.txt"), "w+b") as sink:
        for number in range(rounds + warm_up):
            turn = number % len(contenders)
            for contender in contenders[turn:] + contenders[:turn]:
                if number >= warm_up and (number - warm_up) % contender.every != 0:
                    continue
                for command in contender.prepare:
                    run(command, contender.environment, contender.folder)
                sink.seek(0)
                sink.truncate()
                elapsed = time_once(contender, sink)
                if number >= warm_up:
                    contender.times.append(elapsed)
    return {contender.name: contender for contender in contenders}


def output_of_once(contender, work) -> str:
    with open(os.path.join(work, "output.txt"), "w+b") as sink:
        time_once(contender, sink)
        sink.seek(0)
        return sink.read().decode(errors="replace")


def ms(value: float) -> str:
    if value >= 10_000:
        return f"{value / 1000:.1f} s"
    return f"{value:.1f} ms" if value < 100 else f"{value:,.0f} ms"


def time_row(contender, goal="", limit=None) -> Row:
    spread = f"{ms(min(contender.times))} to {ms(max(contender.times))}, n = {len(contender.times)}"
    met = None if limit is None else contender.median <= limit
    return Row(contender.name, f"{ms(contender.median)} ({spread})", goal, met)


def ratio_row(slow, fast, goal="", at_least=None) -> Row:
    ratio = slow.median / fast.median
    met = None if at_least is None else ratio >= at_least
    return Row(f"{slow.name} : {fast.name}", f"{ratio:.1f} x", goal, met)


def print_section(section: Section):
    print(f"\n{section.title}")
    width = max((len(row.what) for row in section.rows), default=0)
    for row in section.rows:
        verdict = "" if row.met is None else ("  reached" if row.met else "  MISSED")
        goal = f"  (goal {row.goal})" if row.goal else ""
        print(f"  {row.what:<{width}}  {row.value}{goal}{verdict}")
    for note in section.notes:
        print(f"  - {note}")


def write_json(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")


def wait_for(condition, complaint, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise Failed(complaint)
        time.sleep(0.01)
