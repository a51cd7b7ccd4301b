"""What `cairn build` adds to the engine's own build command."""

import engines as engine_tools
import harness
import projects
from harness import Contender

FILES = 20


def measure(bench):
    file, engine, environment = bench.engines.get("docker-buildkit")
    root = bench.work / "overhead"
    engine_tools.reset(root)
    projects.write_contexts(root, 1, FILES, family=False)
    projects.age(root)
    projects.cairn_project(root, bench.source, bench.cairn, 1, family=False)
    build = root / "build"
    bench.configure(root, build, environment, f"-DCAIRN_ENGINE_FILE={file}",
                    f"-DCAIRN_STORE={root}/store")
    harness.run([bench.ninja], environment, build)
    bench.until_no_work(build, environment)
    name = projects.name_of(0)
    context, copy = root / "images" / name, root / "copy"
    bare = Contender("docker build, everything cached",
                     [*engine_tools.command(engine), "build", "--progress=plain", "--iidfile",
                      root / "id", "--file", context / "Dockerfile", "--platform", "linux/amd64",
                      "-t", f"{projects.REGISTRY}/bare:latest", context], {"DOCKER_BUILDKIT": "1"})
    ours = Contender("cairn build --force, everything cached",
                     [bench.cairn, "build", "--force", build / "cairn" / "images" / name /
                      "x86_64"], environment)
    staging = Contender(f"a copy of its {FILES} files (cp -r)", ["cp", "-r", context, copy],
                        prepare=[["rm", "-rf", copy]])
    known = Contender("cairn build, record known", [word for word in ours.command if word !=
                                                     "--force"], environment)
    contenders = [bare, ours, known, staging, Contender("a bare C++ process", [bench.bare])]
    harness.race(contenders, 25, bench.work, warm_up=2)
    over = ours.median - bare.median
    limit = 25 + staging.median
    rows = [harness.time_row(entry) for entry in contenders]
    rows.append(harness.Row("cairn build over docker build", harness.ms(over),
                            f"<= 25 ms and the copy: {harness.ms(limit)}", over <= limit))
    return harness.Section("Overhead of a build", rows,
                           [engine_tools.version(engine, environment) + ", BuildKit, private."])
