"""What a release of a Jupyter-size family asks of a registry, and how long its parts take."""

import collections
import json
import os
import pathlib
import shutil
import statistics
import sys
import time

import engines as engine_tools
import harness
import projects
import registries
from harness import Contender

SIZES = {"images": 14, "tags": 20, "rounds": 9, "push_mb": 300, "export_mb": 350}
# For trying the benchmark itself: BENCH_RELEASE="images=2 rounds=1 push_mb=5 export_mb=5"
SIZES.update({name: int(value) for name, _, value in
              (word.partition("=") for word in os.environ.get("BENCH_RELEASE", "").split())})
GOALS = {"nothing new, every tag verified": 560, "only tags new": 1080,
         "empty repositories": 1050, "everything rebuilt, 3 own layers an image": 1700}
# Long enough that taking the lease is quicker: all is looked at again otherwise.
LEASE_SETTLE = 0.5  # seconds
IMPATIENT = ["--settle", "1"]


def make_family(bench, folder, *arguments):
    engine_tools.reset(folder)
    program = bench.source / "tests/support/make_family.py"
    harness.run([sys.executable, "-B", program, "make", folder, *arguments])
    return folder


def describe_otherwise(family, **members):
    path = next((family / "build/cairn").glob("*.release.json"))
    harness.write_json(path, {**json.loads(path.read_text(encoding="utf-8")), **members})


def command(bench, verb, family, place, *arguments):
    host = place.partition("/")[0]
    return [bench.cairn, *verb.split(), "-C", family / "build", "--to", place, "--plain-http", host,
            *(["--lease-settle", LEASE_SETTLE] if verb.startswith("release") else []), *IMPATIENT,
            *arguments]


def counted(registry, words, folder="/") -> list:
    registry.requests()
    harness.run(words, {"DOCKER_CONFIG": "/nonexistent"}, folder)
    return registry.requests()


def kinds_of(requests) -> str:
    """`495 HEAD manifests, 42 PUT manifests`: what they are for."""
    found = collections.Counter()
    for line in requests:
        method, path, _ = line.split()
        noun = next((word for word in ("manifests", "uploads", "blobs", "tags") if
                     f"/{word}/" in path), "/v2/")
        found[f"{method} {noun}"] += 1
    return ", ".join(f"{count} {name}" for name, count in found.most_common())


def request_rows(bench, root):
    """Counts in the registry's own log; there are no token requests without a login."""
    images = ["--images", SIZES["images"], "--own-layers", 3]
    one = make_family(bench, root / "one", *images)
    two = make_family(bench, root / "two", *images, "--generation", 2)
    tags = len(json.loads((one / "family.json").read_text(encoding="utf-8"))["tags"])
    found = {}
    with registries.Registry(root / "registry") as registry:
        place = registry.host
        publish = "release publish"
        found["empty repositories"] = counted(registry, command(bench, publish, one, place))
        found["nothing new, every tag verified"] = counted(
            registry, command(bench, publish, one, place))
        harness.run(command(bench, "push", one, place + "/pushed"))
        found["only tags new"] = counted(registry, command(bench, publish, one, place + "/pushed"))
        found["everything rebuilt, 3 own layers an image"] = counted(
            registry, command(bench, publish, two, place))
    rows, notes = [], [f"{SIZES['images']} images x 2 platforms, {tags} tags; of 3 layers the first"
                       " one and of 3 more than its parent's every other, 12.6 on average when"
                       " there are 14. No login, so no token requests. " + registries.version()]
    for name, goal in GOALS.items():
        count = len(found[name])
        rows.append(harness.Row(f"requests: {name}", f"{count:,}", f"<= {goal:,}", count <= goal))
        notes.append(f"{name}: {kinds_of(found[name])}.")
    return rows, notes


def time_floor(host, tags, number) -> float:
    """Milliseconds of one HEAD and one PUT a tag on one kept connection, and of nothing else. By
    a program of its own, so that it starts as the others do; it says what it measured."""
    text = harness.run([sys.executable, "-B", pathlib.Path(__file__).with_name("tag_floor.py"),
                        host, "floor/base", tags, f"floor-{number}"])
    return float(text)


def tag_family(bench, root):
    """One image whose merged tags are SIZES['tags'], and no others."""
    family = make_family(bench, root / "tags", "--images", 1)
    probed = 5
    names = ["latest"] + [f"t{number}" for number in range(SIZES["tags"] - probed - 1)]
    describe_otherwise(family, tags=names, pinned=[], arch_tags=False)
    return family


def docker_manifest(host, repository, digests, tags) -> list:
    commands = []
    for tag in tags:
        name = f"{host}/{repository}:{tag}"
        commands.append(["docker", "manifest", "create", "--insecure", name,
                         *(f"{host}/{repository}@{digest}" for digest in digests)])
        commands.append(["docker", "manifest", "push", "--insecure", name])
    return commands


def tag_rows(bench, root):
    family = tag_family(bench, root)
    known = json.loads((family / "family.json").read_text(encoding="utf-8"))["tags"]
    digests = known["jupyter/docker-stacks-foundation:latest"]
    floor, ours, peer = [], [], []
    with registries.Registry(root / "tag-registry") as registry:
        host = registry.host
        environment = {"DOCKER_CONFIG": str(root / "docker-config")}
        for number in range(-1, SIZES["rounds"]):  # the first one warms up
            place = f"{host}/round{number + 1}"
            harness.run(command(bench, "push", family, place))
            contender = Contender("ours", command(bench, "release publish", family, place))
            took = _once(contender, root) - LEASE_SETTLE * 1000
            took_floor = time_floor(host, SIZES["tags"], number)
            if number >= 0:
                ours.append(took)
                floor.append(took_floor)
            if number < 0 or number % 4 == 0 and shutil.which("docker"):
                shutil.rmtree(root / "docker-config", ignore_errors=True)
                repository = f"round{number + 1}/docker-stacks-foundation"
                tags = [f"docker-{it}" for it in range(SIZES["tags"])]
                took = _once(Contender("docker", docker_manifest(host, repository, digests, tags),
                                       environment), root)
                if number >= 0:
                    peer.append(took)
    return _tag_rows(floor, ours, peer)


def _once(contender, root) -> float:
    with open(root / "output.txt", "w+b") as sink:
        return harness.time_once(contender, sink)


def _row(name, times, goal="", limit=None):
    return harness.time_row(Contender(name, [], times=times), goal, limit)


def _tag_rows(floor, ours, peer):
    what = f"index of {SIZES['tags']} tags x 2 platforms"
    limit = 1.3 * statistics.median(floor)
    rows = [_row(f"{SIZES['tags']} HEAD and {SIZES['tags']} PUT on one kept connection", floor),
            _row(f"{what}: cairn release publish", ours, f"<= 1.3 x the floor: {limit:.1f} ms",
                 limit)]
    if peer:
        rows.append(_row(f"{what}: docker manifest create and push, one tag after another", peer))
    return rows, ["The floor is python's http.client, TCP_NODELAY set, from the first request to"
                  " the last answer; Cairn's time is that of the process, with the gate, the plan"
                  f" and the release document, less the {LEASE_SETTLE} s that the lease settles."]


def layout_of(family, folder):
    """An image layout of the store's blobs whose index names the first image."""
    store = family / "store/oci"
    record = next((family / "build/cairn/images").glob("*/*/export.json"))
    manifest = json.loads(record.read_text(encoding="utf-8"))["manifest"]
    folder.mkdir(parents=True)
    shutil.copy(store / "oci-layout", folder)
    (folder / "blobs").symlink_to(store / "blobs")
    harness.write_json(folder / "index.json", {"schemaVersion": 2, "manifests": [
        {"mediaType": manifest["media_type"], "digest": manifest["digest"],
         "size": manifest["size"],
         "annotations": {"org.opencontainers.image.ref.name": "x"}}]})
    return f"oci:{folder}:x"


def push_rows(bench, root):
    layers = 6
    family = make_family(bench, root / "large", "--images", 1, "--platforms", "linux/amd64",
                         "--own-layers", layers, "--layer-bytes",
                         SIZES["push_mb"] * 1_000_000 // layers)
    layout = layout_of(family, root / "large-layout")
    ours, skopeo = [], []
    if not shutil.which("skopeo"):
        return [], ["skopeo is not installed: nothing to push beside."]
    with registries.Registry(root / "push-registry") as registry:
        for number in range(-1, SIZES["rounds"]):
            place = f"{registry.host}/round{number + 1}"
            pair = [(ours, command(bench, "push", family, place)),
                    (skopeo, ["skopeo", "copy", "--quiet", "--dest-tls-verify=false", layout,
                              f"docker://{place}/skopeo:x"])]
            for times, words in pair if number % 2 else pair[::-1]:
                # What the other one pushed is not to be found.
                shutil.rmtree(registry.folder / "data", ignore_errors=True)
                took = _once(Contender("push", words), root)
                if number >= 0:
                    times.append(took)
    what = f"push of an exported image, {SIZES['push_mb']} MB in {layers} layers"
    limit = 1.3 * statistics.median(skopeo)
    version = harness.run(["skopeo", "--version"]).strip()
    return [_row(f"{what}: skopeo copy", skopeo),
            _row(f"{what}: cairn push", ours, f"<= 1.3 x skopeo: {harness.ms(limit)}", limit)], [
                f"{version}, of the same layout; the registry is emptied before each push."]


def export_project(bench, root):
    """One image that stands alone and one of the same size that is mostly its parent's."""
    projects.cairn_project(root, bench.source, bench.cairn, 0, family=False)
    text = (root / "CMakeLists.txt").read_text(encoding="utf-8")
    projects.write(root / "CMakeLists.txt", text + "add_docker_image(alone)\n"
                   "add_docker_image(parent)\nadd_docker_image(child PARENTS parent)\n")
    size = SIZES["export_mb"]
    for name, base, megabytes in (("alone", "scratch", size), ("parent", "scratch", size * 6 // 7),
                                  ("child", f"{projects.REGISTRY}/parent", size // 7)):
        projects.write(root / "images" / name / "Dockerfile", f"FROM {base}\nCOPY data /{name}/\n")
        write_data(root / "images" / name / "data", megabytes)


def write_data(folder, megabytes):
    """Files of this machine's own libraries and programs, as images have them: what compresses
    like an image."""
    folder.mkdir(parents=True, exist_ok=True)
    left, number = megabytes * 1_000_000, 0
    for path in sorted(pathlib.Path("/usr/lib").rglob("*")):
        if left <= 0:
            break
        if path.is_symlink() or not path.is_file():
            continue
        data = path.read_bytes()[:left]
        (folder / f"{number:06d}").write_bytes(data)
        left, number = left - len(data), number + 1


def export_rows(bench, root):
    file, engine, environment = bench.engines.get("docker-buildkit")
    docker = engine_tools.command(engine)
    project = root / "export"
    engine_tools.reset(project)
    export_project(bench, project)
    build, store = project / "build", project / "store"
    bench.configure(project, build, environment, f"-DCAIRN_ENGINE_FILE={file}",
                    f"-DCAIRN_STORE={store}")
    harness.run([bench.ninja, "images"], environment, build)
    images = build / "cairn/images"
    clean = ["sh", "-c",
             f"rm -rf {store}/oci/blobs/sha256/* {store}/layers {images}/*/*/export.json"]
    folders = {name: images / name / "x86_64" for name in ("alone", "parent", "child")}
    records = {name: json.loads((folder / "image.json").read_text(encoding="utf-8"))
               for name, folder in folders.items()}

    def save(name):
        return Contender(f"docker save of {name} to /dev/null", ["sh", "-c", (
            f"{' '.join(docker)} save {records[name]['engine_id']} >/dev/null")], environment)

    def export(title, name, *prepare):
        return Contender(title, [bench.cairn, "export", folders[name]], environment,
                         prepare=[clean, *prepare])

    saves = save("alone"), save("child")
    alone = export("cairn export of alone, nothing in the store", "alone")
    child = export("cairn export of child, its parent in the store", "child",
                   [bench.cairn, "export", folders["parent"]])
    harness.race([saves[0], alone, saves[1], child], SIZES["rounds"], root)
    harness.run(clean)
    memory = int(harness.run([bench.peak_memory, *alone.command],
                             environment).split()[-1]) / 1024
    made_by = {layer["made_by"] for layer in json.loads(
        (folders["alone"] / "export.json").read_text(encoding="utf-8"))["layers"]}
    rows = [harness.time_row(saves[0]),
            harness.time_row(alone, "<= 1.3 x docker save", 1.3 * saves[0].median),
            harness.time_row(saves[1]),
            harness.time_row(child, "<= 1.15 x docker save", 1.15 * saves[1].median),
            harness.Row("peak memory of the export of alone", f"{memory:.0f} MiB", "<= 200 MiB",
                        memory <= 200)]
    sizes = ", ".join(f"{name} {record['size'] / 1e6:.0f} MB" for name, record in records.items())
    return rows, [f"Exports: {sizes}, of this machine's own libraries; child is parent and its own;"
                  f" {engine_tools.version(engine, environment)}, private; compressed by"
                  f" {', '.join(sorted(made_by))}."]


def measure(bench):
    root = bench.work / "release"
    engine_tools.reset(root)
    began = time.monotonic()
    rows, notes = [], []
    for part in (request_rows, tag_rows, push_rows, export_rows):
        more, said = part(bench, root)
        rows += more
        notes += said
    notes.append(f"All of it took {time.monotonic() - began:.0f} s.")
    return harness.Section("Releases", rows, notes)
