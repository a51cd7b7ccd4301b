"""Nothing has changed in a family of 28 images: what does it cost to find out?"""

import engines as engine_tools
import harness
import projects
from harness import Contender

IMAGES = 28
FILES = 100


def build_command(kind, engine, name):
    words = engine_tools.command(engine)
    if engine["kind"] == "docker":
        return [*words, "build", "-q", "-t", f"{projects.REGISTRY}/{name}:latest", f"images/{name}"]
    flags = ["--layers", "--format", "docker", "--pull=never", "-q"]
    return [*words, "build", *engine["build_flags"], *flags, "-t",
            f"{projects.REGISTRY}/{name}:latest", f"images/{name}"]


class Family:
    """The family on one engine, built by Cairn until there is nothing to do."""

    def __init__(self, bench, kind):
        self.bench, self.kind = bench, kind
        self.file, self.engine, self.environment = bench.engines.get(kind)
        self.root = bench.work / f"noop-{kind}"
        engine_tools.reset(self.root)
        projects.write_contexts(self.root, IMAGES, FILES, family=True)
        projects.age(self.root)
        projects.cairn_project(self.root, bench.source, bench.cairn, IMAGES, family=True)
        self.build = self.root / "build"
        bench.configure(self.root, self.build, self.environment,
                        f"-DCAIRN_ENGINE_FILE={self.file}", f"-DCAIRN_STORE={self.root}/store")
        harness.run([bench.ninja], self.environment, self.build)
        # Twice, as the second scan may trust what the first one read.
        bench.until_no_work(self.build, self.environment)

    def version(self):
        return engine_tools.version(self.engine, self.environment)

    def ninja(self):
        return Contender(f"ninja, Cairn on {self.kind}", [self.bench.ninja], self.environment,
                         str(self.build))

    def scan(self):
        return Contender(f"of it the scan ({self.kind})",
                         [self.bench.cairn, "scan", self.build / "cairn" / "bench.stack.json"],
                         self.environment, str(self.build))

    def builds(self, title, every, environment=None):
        commands = [build_command(self.kind, self.engine, projects.name_of(number))
                    for number in range(IMAGES)]
        return Contender(title, commands, {**self.environment, **(environment or {})},
                         str(self.root), every)


def on_docker(bench):
    old, new = Family(bench, "docker-buildkit"), Family(bench, "docker26")
    projects.bake_file(new.root, IMAGES)
    legacy = engine_tools.command(bench.engines.get("docker-legacy")[1])
    bake = Contender("docker buildx bake (docker 26)",
                     [*engine_tools.command(new.engine), "buildx", "bake", "--builder", "default"],
                     new.environment, str(new.root), every=4)
    contenders = [
        Contender("a bare C++ process", [bench.bare]),
        Contender("ninja, nothing to do at all", [bench.ninja, "-f", bench.empty_ninja()]),
        old.ninja(), old.scan(), new.ninja(), new.scan(),
        old.builds("28 x docker build, BuildKit 20.10", 8, {"DOCKER_BUILDKIT": "1"}),
        old.builds("28 x docker build, legacy 20.10", 8, {"DOCKER_BUILDKIT": "0"}),
        new.builds("28 x docker build, buildx on docker 26", 8), bake]
    contenders[7].command = [[*legacy, *command[len(legacy):]] for command in
                             contenders[7].command]
    # The peers' own first builds are not what is measured.
    for contender in contenders[6:]:
        harness.output_of_once(contender, bench.work)
    found = harness.race(contenders, 16, bench.work)
    ours, on_new = contenders[2], contenders[4]
    rows = [harness.time_row(entry) for entry in contenders[:2]]
    rows += [harness.time_row(ours, "<= 40 ms", 40), harness.time_row(contenders[3]),
             harness.time_row(on_new, "<= 40 ms", 40), harness.time_row(contenders[5])]
    rows += [harness.time_row(found[entry.name]) for entry in contenders[6:]]
    for peer, fast in zip(contenders[6:], (ours, ours, on_new, on_new)):
        rows.append(harness.ratio_row(peer, fast, ">= 20 x", 20))
    return rows, [f"Engines: {old.version()} and {new.version()}, both private, overlay2."]


def measure(bench):
    rows, notes = on_docker(bench)
    notes.append("Cairn's run asks the engine which images it holds; the plain builds and bake are"
                 " cached in full. Plain builds run one after another, bake as it orders them.")
    return harness.Section(f"No-op of {IMAGES} images x {FILES} files, docker", rows, notes)
