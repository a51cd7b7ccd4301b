"""The questions of tags and build manifest, asked of one image in three ways."""

import json
import os
import pathlib
import shlex

import engines as engine_tools
import harness
import projects
from harness import Contender

PACKAGES = ("python3,python3-pip,python3-setuptools,jupyter-core,jupyter-client,jupyter-notebook,"
            "jupyter-nbconvert,ipython3")
# Name and command line; half of them take seconds, as with any Jupyter image.
PROBES = [("python", ["python3", "--version"]), ("pip", ["python3", "-m", "pip", "--version"]),
          ("jupyter", ["jupyter", "--version"]), ("notebook", ["jupyter-notebook", "--version"]),
          ("nbconvert", ["jupyter-nbconvert", "--version"]), ("ipython", ["ipython3", "--version"]),
          ("debian", ["cat", "/etc/debian_version"])]
SECTIONS = [["python3", "-m", "pip", "list"], ["python3", "-m", "pip", "freeze"],
            ["jupyter", "kernelspec", "list"], ["jupyter-troubleshoot"],
            ["dpkg-query", "-W"], ["apt-cache", "stats"], ["perl", "--version"]]


def root_archive(bench) -> pathlib.Path:
    folder = pathlib.Path(os.environ.get("BENCH_ENGINE_DIR", bench.work))
    archive = folder / "jupyter-root.tar"
    if not archive.exists():
        mirror = os.environ.get("CAIRN_DEBIAN_MIRROR", "http://deb.debian.org/debian")
        new = folder / "new-root.tar"
        harness.run(["mmdebstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", new,
                     mirror])
        new.rename(archive)
    return archive


def project_of(bench, root):
    probes = [f'add_docker_tag_probe({name} COMMAND {" ".join(command)} MATCH [[([0-9.]+)]])'
              for name, command in PROBES]
    commands = " ".join(f'"{" ".join(command)}"' for command in SECTIONS)
    names = " ".join(name for name, _ in PROBES)
    projects.cairn_project(root, bench.source, bench.cairn, 0, family=False)
    text = (root / "CMakeLists.txt").read_text(encoding="utf-8")
    text += "\n".join([*probes, f'add_docker_manifest_section(all TITLE "All" COMMANDS {commands})',
                       f"add_docker_image(jupyter TAG_PROBES {names} SECTIONS all)"]) + "\n"
    projects.write(root / "CMakeLists.txt", text)
    projects.write(root / "images" / "jupyter" / "Dockerfile",
                   f"FROM {projects.REGISTRY}/jupyter-root:1\n")


def peers(docker, image, environment):
    commands = [command for _, command in PROBES] + SECTIONS
    run = [*docker, "run", "--rm", "--network", "none"]
    runs = [[*run, image, *command] for command in commands]
    execs = []
    for number, group in enumerate((commands[:len(PROBES)], commands[len(PROBES):])):
        name = f"bench-inspection-{os.getpid()}-{number}"
        execs.append([*docker, "run", "-d", "--network", "none", "--name", name, image, "sleep",
                      "600"])
        execs += [[*docker, "exec", name, *command] for command in group]
        execs.append([*docker, "rm", "-f", name])
    count = len(commands)
    at_once = " & ".join(f"{shlex.join(command)} >/dev/null 2>&1" for command in commands)
    floor = [*run, image, "sh", "-c", f"{at_once} & wait"]
    return [Contender(f"{count} docker run, one a command", runs, environment),
            Contender(f"{count} docker exec one after another, two containers", execs, environment),
            Contender(f"{count} commands at once, one docker run: the floor", floor, environment)]


def measure(bench):
    file, engine, environment = bench.engines.get("docker-buildkit")
    docker = engine_tools.command(engine)
    root = bench.work / "inspection"
    engine_tools.reset(root)
    image = f"{projects.REGISTRY}/jupyter-root:1"
    harness.run([*docker, "import", root_archive(bench), image])
    project_of(bench, root)
    build = root / "build"
    bench.configure(root, build, environment, f"-DCAIRN_ENGINE_FILE={file}",
                    f"-DCAIRN_STORE={root}/store")
    harness.run([bench.ninja], environment, build)
    folder = build / "cairn" / "images" / "jupyter" / "x86_64"
    again = [bench.cairn, "inspect", folder]
    ours = Contender("cairn inspect, one container", again, environment,
                     prepare=[["rm", "-rf", root / "store" / "inspections",
                               folder / "inspection.json"]])
    contenders = [ours, *peers(docker, image, environment)]
    harness.race(contenders, 3, bench.work)
    known = Contender("cairn inspect, inspected already", again, environment)
    before = containers(docker)
    harness.race([known], 20, bench.work)
    started = containers(docker) - before
    rows = [harness.time_row(entry) for entry in [*contenders, known]]
    rows += [harness.ratio_row(contenders[1], ours), harness.ratio_row(contenders[2], ours,
                                                                       ">= 3 x", 3),
             harness.ratio_row(ours, contenders[3]),
             harness.ratio_row(contenders[2], contenders[3])]
    rows.append(harness.Row("containers of an image inspected already", str(started), "0",
                            started == 0))
    return harness.Section("Inspection of one image, 14 commands", rows, [
        f"Debian 12 with Jupyter of its packages; {engine_tools.version(engine, environment)}.",
        f"The commands need the processor nearly all the time: on these {os.cpu_count()} cores no"
        " order of them beats the floor."])


def containers(docker) -> int:
    """How many containers the engine has made since it was started."""
    events = harness.run([*docker, "events", "--since", "24h", "--until", "0s", "--filter",
                          "type=container", "--filter", "event=create", "--format", "{{json .}}"])
    return sum(1 for line in events.splitlines() if json.loads(line))
