#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""A family of images that was never built: a build tree with all its records, and a store.

    make_family.py make FOLDER [options]

writes FOLDER/build (for `cairn release publish -C`), FOLDER/store, and FOLDER/family.json: for each
tag of the release the digests that it must lead to, for check_family.py. The images are the first
--images of the Jupyter Docker Stacks: 14 in 11 repositories are all, and have, with --platforms of
two, 330 tags of a platform and 165 merged ones. Each has --own-layers of its own on its parent's.

A later --generation has other bytes in all own layers and higher versions; --maker gives other
bytes alone. The same arguments give the same bytes wherever FOLDER is.
"""

import argparse
import datetime
import gzip
import hashlib
import io
import json
import pathlib
import random
import tarfile

# image, variant, the target that it stands on, probes of its own
IMAGES = [
    ("docker-stacks-foundation", "", "", ["ubuntu", "python", "mamba", "conda"]),
    ("base-notebook", "", "docker-stacks-foundation", ["notebook", "lab", "hub"]),
    ("minimal-notebook", "", "base-notebook", []),
    ("scipy-notebook", "", "minimal-notebook", []),
    ("pytorch-notebook", "", "scipy-notebook", ["pytorch"]),
    ("pytorch-notebook", "cuda12", "scipy-notebook", ["pytorch"]),
    ("r-notebook", "", "minimal-notebook", ["r"]),
    ("julia-notebook", "", "minimal-notebook", ["julia"]),
    ("tensorflow-notebook", "", "scipy-notebook", ["tensorflow"]),
    ("tensorflow-notebook", "cuda", "scipy-notebook", ["tensorflow"]),
    ("pytorch-notebook", "cuda13", "scipy-notebook", ["pytorch"]),
    ("datascience-notebook", "", "scipy-notebook", ["r", "julia"]),
    ("pyspark-notebook", "", "scipy-notebook", ["spark", "java"]),
    ("all-spark-notebook", "", "pyspark-notebook", ["r"]),
]
# {n} is the generation. Some stay, so that their tags move; the others' tags are new each time.
VERSIONS = {"ubuntu": "24.04", "python": "3.11.{n}", "mamba": "2.{n}.0", "conda": "26.1.0",
            "notebook": "7.5.{n}", "lab": "4.{n}.0", "hub": "5.4.0", "pytorch": "2.9.{n}",
            "r": "4.5.{n}", "julia": "1.12.{n}", "tensorflow": "2.20.{n}", "spark": "4.1.1",
            "java": "21.0.{n}"}
RELEASE_TAGS = ["latest", "{version}", "stable"]
TESTS = ["starts", "version"]
ARCHES = {"linux/amd64": "x86_64", "linux/arm64": "aarch64", "linux/arm/v7": "armv7"}
MEDIA_TYPES = {
    "oci": ("application/vnd.oci.image.manifest.v1+json",
            "application/vnd.oci.image.config.v1+json",
            "application/vnd.oci.image.layer.v1.tar+gzip"),
    "docker": ("application/vnd.docker.distribution.manifest.v2+json",
               "application/vnd.docker.container.image.v1+json",
               "application/vnd.docker.image.rootfs.diff.tar.gzip")}
EPOCH = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)


def canonical(value) -> bytes:
    """As canonical_json (base/json.cpp)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def hex_of(text) -> str:
    return hashlib.sha256(text if isinstance(text, bytes) else text.encode()).hexdigest()


def digest_of(text) -> str:
    return "sha256:" + hex_of(text)


def write(path: pathlib.Path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True, indent=2) + "\n"
    path.write_text(text, encoding="utf-8")


class Store:
    """The image layout of CAIRN_STORE."""

    def __init__(self, folder: pathlib.Path):
        self.blobs = folder / "oci/blobs/sha256"
        self.blobs.mkdir(parents=True, exist_ok=True)
        write(folder / "oci/oci-layout", '{"imageLayoutVersion":"1.0.0"}\n')
        write(folder / "oci/index.json", {
            "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json",
            "manifests": []})

    def put(self, media_type: str, data: bytes) -> dict:
        path = self.blobs / hex_of(data)
        if not path.exists():
            path.write_bytes(data)
        return {"media_type": media_type, "digest": digest_of(data), "size": len(data)}

    def layer(self, media_type: str, name: str, content: bytes) -> dict:
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
        return {**self.put(media_type, gzip.compress(packed.getvalue(), 1, mtime=0)),
                "diff_id": digest_of(packed.getvalue()), "made_by": "zlib"}


def described(blob: dict) -> dict:
    """A descriptor as documents have it."""
    return {"mediaType": blob["media_type"], "digest": blob["digest"], "size": blob["size"]}


class Image:
    """One image of the family: what it has on every platform."""

    def __init__(self, row, number: int, family):
        self.image, self.variant, self.parent, own = row
        self.target = self.image + (f"-{self.variant}" if self.variant else "")
        self.number, self.options = number, family.options
        self.repository = f"{family.options.registry}/{self.image}"
        above = family.images.get(self.parent)
        self.parents = [above] if above else []
        self.probes = (above.probes if above else []) + [(name, self.target) for name in own]
        self.tests = [(name, above.target if above and name == TESTS[0] else self.target)
                      for name in TESTS]
        self.source_key = hex_of("source " + self.state())

    def state(self) -> str:
        above = self.parents[0].state() + " " if self.parents else ""
        return f"{above}{self.target} {self.options.generation} {self.options.maker}"

    def version(self, probe: str, platform: str) -> str:
        given = self.options.versions
        text = given.get(f"{platform}:{probe}") or given.get(probe) or VERSIONS[probe]
        return text.replace("{n}", str(self.options.generation))

    def probe_descriptions(self) -> list:
        return [{"name": name, "command": [name, "--version"], "match": "", "from": target,
                 "tags": (["python-{major}.{minor}"] if name == "python" else [])
                 + [name + "-{version}"]} for name, target in self.probes]

    def probe_results(self, platform: str) -> list:
        found = []
        for probe in self.probe_descriptions():
            version = self.version(probe["name"], platform)
            major, minor, patch = (version.split(".") + ["", ""])[:3]
            parts = {"version": version, "major": major, "minor": minor, "patch": patch}
            found.append({"name": probe["name"], **parts, "command": probe["command"],
                          "tags": [tag.format(**parts) for tag in probe["tags"]],
                          "from": probe["from"]})
        return found

    def tags(self, platform: str) -> list:
        release = [tag.replace("{version}", self.options.release) for tag in RELEASE_TAGS]
        return release + [tag for probe in self.probe_results(platform) for tag in probe["tags"]]

    def prefixed(self, tag: str) -> str:
        return f"{self.variant}-{tag}" if self.variant else tag


class Member:
    """An image on one platform: its blobs and its records."""

    def __init__(self, image: Image, platform: str, family):
        self.image, self.platform, self.family = image, platform, family
        self.options, self.arch = family.options, ARCHES[platform]
        self.folder = family.cairn / "images" / image.target / self.arch
        self.above = [family.members[above.target, platform] for above in image.parents]
        moment = EPOCH + datetime.timedelta(hours=self.options.generation, seconds=image.number)
        self.created = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        self.input_key = hex_of(f"input {platform} {image.state()}")
        self.build_key = hex_of("build " + self.input_key)
        self.revision = hex_of(f"commit {self.options.generation}")[:40]
        self.compose()

    def compose(self):
        manifest_type, config_type, layer_type = MEDIA_TYPES[self.options.config]
        source = random.Random(f"{self.platform} {self.image.state()}")
        self.layers = list(self.above[0].layers) if self.above else []
        for number in range(self.options.own_layers):
            self.layers.append(self.family.store.layer(
                layer_type, f"{self.image.target}-{number}",
                source.randbytes(self.options.layer_bytes)))
        os_name, architecture, *variant = self.platform.split("/")
        labels = {"generation": f"{self.options.generation}{self.options.maker}",
                  "target": self.image.target}
        config = {"architecture": architecture, "os": os_name, "created": self.created,
                  "config": {"Cmd": ["/none"], "Labels": labels},
                  "history": [{"created_by": "a test", "created": self.created}] * len(self.layers),
                  "rootfs": {"type": "layers", "diff_ids": [it["diff_id"] for it in self.layers]}}
        if variant:
            config["variant"] = variant[0]
        self.config = self.family.store.put(config_type, canonical(config))
        self.identity = hex_of("identity " + self.config["digest"])
        self.manifest = self.family.store.put(manifest_type, canonical(
            {"schemaVersion": 2, "mediaType": manifest_type, "config": described(self.config),
             "layers": [described(layer) for layer in self.layers],
             "annotations": self.annotations()}))

    def base(self) -> tuple:
        """Name and digest of what the image stands on."""
        if not self.above:
            return "docker.io/library/ubuntu:24.04", digest_of("a base of a test")
        above = self.above[0]
        tag = above.image.prefixed("latest")
        return f"{above.image.repository}:{tag}", above.manifest["digest"]

    def annotations(self) -> dict:
        name, digest = self.base()
        return {"org.opencontainers.image." + key: value for key, value in {
            "created": self.created, "revision": self.revision, "base.name": name,
            "base.digest": digest}.items()}

    def names(self) -> dict:
        return {"stack": self.options.stack, "target": self.image.target,
                "image": self.image.image, "variant": self.image.variant,
                "repository": self.image.repository, "platform": self.platform}

    def write_all(self):
        self.write_descriptions()
        self.write_build()
        self.write_inspection()
        self.write_tests()
        above = self.above[0] if self.above else None
        write(self.folder / "export.json", {
            "schema": "cairn/export/1", **self.names(), "arch": self.arch,
            "engine_id": self.config["digest"], "config_digest": self.config["digest"],
            "identity": self.identity, "manifest": self.manifest, "config": self.config,
            "layers": self.layers, "annotations": self.annotations(),
            "parent": above.image.target if above else "",
            "parent_manifest": above.manifest["digest"] if above else ""})

    def write_descriptions(self):
        source = self.family.source / "images" / self.image.target
        registry, _, owner = self.options.registry.partition("/")
        write(self.folder / "build.json", {
            "schema": "cairn/build-description/1", **self.names(), "registry": registry,
            "owner": owner, "native": True,  # each has a machine of its own
            "stack_file": str(self.family.stack_file), "context": str(source),
            "dockerfile": str(source / "Dockerfile"), "build_args": {}, "labels": {},
            "parents": [{"target": it.image.target, "directory": str(it.folder),
                         "repository": it.image.repository, "variant": it.image.variant}
                        for it in self.above],
            "declared_at": str(self.family.source / "CMakeLists.txt")})
        write(self.folder / "inspect.json", {
            "schema": "cairn/inspect-description/1", "target": self.image.target,
            "probes": self.image.probe_descriptions(), "sections": [], "time_limit": 300,
            "repository_url": "", "source_dir": str(self.family.source)})
        write(self.folder / "test.json", {
            "schema": "cairn/test-description/1", "target": self.image.target,
            "tests": [{"name": name, "kind": "command", "from": target, "command": [name]}
                      for name, target in self.image.tests]
            + [{"name": "weight", "kind": "command", "command": ["weight"], "report": True}]})

    def write_build(self):
        write(self.folder / "key", f"cairn-key 1\ninput {self.input_key}\nsource "
                                   f"{self.image.source_key}\nabsent 0\n")
        write(self.folder / "identity", self.identity + "\n")
        write(self.folder / "config", self.config["digest"] + "\n")
        name, digest = self.base()
        bases = [] if self.above else [{"reference": name, "identity": hex_of(digest)}]
        write(self.folder / "image.json", {
            "schema": "cairn/image-record/1", **self.names(), "arch": self.arch,
            "engine_id": self.config["digest"], "config_digest": self.config["digest"],
            "identity": self.identity, "build_key": self.build_key, "input_key": self.input_key,
            "source_key": self.image.source_key, "endpoint": f"a test {self.arch}",
            "created": self.created, "size": sum(layer["size"] for layer in self.layers),
            "bound_name": "", "local_name": "", "seconds": 1.5, "revision": self.revision,
            "parents": [{"target": it.image.target, "identity": it.identity,
                         "config_digest": it.config["digest"], "build_key": it.build_key}
                        for it in self.above],
            "bases": bases, "base": self.image.parent or f"{name}@{digest}",
            "healthcheck": False})

    def write_inspection(self):
        probes = self.image.probe_results(self.platform)
        asked = {"format": 1, "target": self.image.target, "sections": [],
                 "probes": [[it["name"], it["command"], it["match"], it["tags"], it["from"]]
                            for it in self.image.probe_descriptions()]}
        write(self.folder / "inspection.json", {
            "schema": "cairn/inspection/1", "target": self.image.target,
            "config_digest": self.config["digest"], "platform": self.platform, "probes": probes,
            "sections": [], "tags": [tag for probe in probes for tag in probe["tags"]],
            "seconds": 0.5, "description": hex_of(canonical(asked))})

    def write_tests(self):
        lines = ["cairn-tests-key 1"]
        for name in TESTS + ["weight"]:
            key = hex_of(f"test {name} {self.config['digest']}")
            lines.append(f"{key} {name}")
            write(self.folder / "tests" / f"{name}.json", {
                "schema": "cairn/test-record/1", "target": self.image.target, "test": name,
                "kind": "command", "config_digest": self.config["digest"], "test_key": key,
                # What a report says gates nothing.
                "status": "failed" if name == "weight" else "passed",
                "seconds": 0.1, "reason": "", "results": []})
        write(self.folder / "tests.key", "\n".join(lines) + "\n")


class Family:
    def __init__(self, folder: pathlib.Path, options):
        self.options, self.folder = options, folder
        self.cairn, self.source = folder / "build/cairn", folder / "src"
        self.source.mkdir(parents=True, exist_ok=True)
        self.stack_file = self.cairn / f"{options.stack}.stack.json"
        self.store = Store(folder / "store")
        self.images, self.members = {}, {}
        for number, row in enumerate(IMAGES[:options.images]):
            image = Image(row, number, self)
            self.images[image.target] = image
            for platform in options.platforms:
                self.members[image.target, platform] = Member(image, platform, self)

    def write_all(self):
        recorded = [member for (_, platform), member in self.members.items()
                    if platform in self.options.records_of]
        for member in recorded:
            member.write_all()
        engines = [("engine.json", self.options.records_of[0])] + [
            (f"engine-{ARCHES[it]}.json", it) for it in self.options.records_of[1:]]
        for name, platform in engines:
            write(self.cairn / name, {
                "schema": "cairn/engine/1", "kind": "docker", "builder": "buildkit",
                "program": "/none/docker", "url": "unix:///none/docker.sock",
                "identity": f"a test {ARCHES[platform]}", "global_flags": [], "build_flags": [],
                "run_flags": [], "reason": "a test says so"})
        write(self.stack_file, {
            "schema": "cairn/stack/1", "stack": self.options.stack,
            "engine": str(self.cairn / "engine.json"), "store": str(self.folder / "store"),
            "engines": {ARCHES[it]: str(self.cairn / name) for name, it in engines[1:]},
            "index": str(self.cairn / f"{self.options.stack}.index"),
            "images": [str(member.folder) for member in recorded],
            "members": [{"repository": it.repository, "variant": it.variant, "target": it.target}
                        for it in self.images.values()]})
        self.write_release()

    def write_release(self):
        first = next(iter(self.images.values()))
        write(self.cairn / f"{self.options.stack}.release.json", {
            "schema": "cairn/release-description/1", "stack": self.options.stack,
            "stack_file": str(self.stack_file), "store": str(self.folder / "store"),
            "source_dir": str(self.source), "root_repository": first.repository,
            "version": self.options.release, "tags": RELEASE_TAGS, "pinned": ["{version}"],
            "records": [str(self.cairn), *self.options.records_from],
            "images": [{"target": it.target, "image": it.image, "variant": it.variant,
                        "repository": it.repository, "platforms": self.options.platforms,
                        "skew": self.options.skew} for it in self.images.values()]})
        write(self.folder / "family.json", {
            "generation": f"{self.options.generation}{self.options.maker}",
            "platforms": self.options.platforms, "tags": self.expected()})

    def expected(self) -> dict:
        """Digests of platform manifests by repository and tag, those of skewed tags left out."""
        found = {}
        for image in self.images.values():
            name = image.repository.partition("/")[2] + ":"
            merged = {}
            for platform in self.options.platforms:
                digest = self.members[image.target, platform].manifest["digest"]
                for tag in image.tags(platform):
                    found[f"{name}{ARCHES[platform]}-{image.prefixed(tag)}"] = [digest]
                    merged.setdefault(image.prefixed(tag), []).append(digest)
            found.update({name + tag: digests for tag, digests in merged.items()
                          if len(digests) == len(self.options.platforms)})
        return found


def parse_options():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("verb", choices=["make"])
    parser.add_argument("folder", type=lambda text: pathlib.Path(text).absolute())
    parser.add_argument("--images", type=int, default=6, choices=range(1, len(IMAGES) + 1))
    parser.add_argument("--platforms", default="linux/amd64,linux/arm64")
    parser.add_argument("--records-of", help="platforms that have records; default: all")
    parser.add_argument("--records-from", action="append", default=[], help="a folder of more")
    parser.add_argument("--generation", type=int, default=1)
    parser.add_argument("--maker", default="", help="a word that changes all bytes, no version")
    parser.add_argument("--release", help="version of the project; default: 1.GENERATION.0")
    parser.add_argument("--version-of", action="append", default=[],
                        help="[PLATFORM:]PROBE=VERSION, {n} being the generation")
    parser.add_argument("--own-layers", type=int, default=1)
    parser.add_argument("--layer-bytes", type=int, default=2000)
    parser.add_argument("--config", choices=MEDIA_TYPES, default="oci")
    parser.add_argument("--skew", choices=["withhold", "partial"], default="withhold")
    parser.add_argument("--stack", default="jupyter")
    parser.add_argument("--registry", default="quay.io/jupyter")
    options = parser.parse_args()
    options.platforms = options.platforms.split(",")
    options.records_of = (options.records_of or ",".join(options.platforms)).split(",")
    options.release = options.release or f"1.{options.generation}.0"
    options.versions = dict(text.split("=", 1) for text in options.version_of)
    return options


def main():
    options = parse_options()
    Family(options.folder, options).write_all()


if __name__ == "__main__":
    main()
