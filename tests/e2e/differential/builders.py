# SPDX-License-Identifier: BSD-3-Clause
"""The engines by their own command lines: a context in, the files that arrived out."""

import hashlib
import json
import os
import pathlib
import subprocess
import tarfile


class Builder:
    """One engine; `kind` is docker-buildkit, docker-buildx, docker-legacy, podman or buildah."""

    def __init__(self, kind: str, engine_file: pathlib.Path, scratch: pathlib.Path):
        engine = json.loads(engine_file.read_text())
        self.kind, self.scratch = kind, scratch
        self.program = [engine["program"], *engine["global_flags"]]
        if engine["kind"] == "docker":
            self.program += ["-H", engine["url"]]
        self.flags = engine["build_flags"]
        self.said = self.printed = ""

    def _run(self, *words: str) -> bool:
        environment = dict(os.environ, DOCKER_BUILDKIT="0" if self.kind == "docker-legacy" else "1")
        done = subprocess.run([*self.program, *words], capture_output=True, text=True,
                              env=environment, check=False)  # fmt: skip
        self.printed, self.said = done.stdout, done.stdout + done.stderr
        return done.returncode == 0

    def build_staged(self, context: pathlib.Path, recipe: pathlib.Path) -> dict[str, tuple] | None:
        """Like `build`, of Cairn's copy, with the recipe where Cairn lays it for this engine."""
        ignore = context / ".dockerignore"
        if self.kind != "docker-legacy" or not ignore.exists():
            return self.build(context, recipe)
        whole = ignore.read_bytes()
        inside = context / ".dockerfile.cairn"
        inside.write_bytes(recipe.read_bytes())
        ignore.write_bytes(whole + b"\n.dockerfile.cairn\n")
        # The daemon hides the recipe by two more lines: the documented difference.
        longer = hashlib.sha256(ignore.read_bytes()).hexdigest()
        found = self.build(context, inside)
        expected = hashlib.sha256(whole).hexdigest()
        return found and {
            name: (*what[:2], expected) if what[-1] == longer else what
            for name, what in found.items()
        }

    def build(self, context: pathlib.Path, recipe: pathlib.Path) -> dict[str, tuple] | None:
        """Path below /o -> type, mode and content; nothing when the engine refuses."""
        out = self.scratch / "out.tar"
        out.unlink(missing_ok=True)
        where = ["-f", str(recipe), str(context)]
        if self.kind == "docker-legacy":
            built = self._build_and_export(where, out)
        elif self.kind in ("docker-buildkit", "docker-buildx"):
            built = self._run("build", *self.flags, "-o", f"type=tar,dest={out}", *where)
        else:
            built = self._run("build", *self.flags, "--pull=never", "--layers=false",
                              "--output", f"type=tar,dest={out}", *where)  # fmt: skip
        return self._read(out) if built else None

    def _build_and_export(self, where: list[str], out: pathlib.Path) -> bool:
        if not self._run("build", "-q", *self.flags, *where):
            return False
        image = self.printed.strip().split("\n")[-1]
        if not self._run("create", image, "none"):
            return False
        container = self.printed.strip()
        exported = self._run("export", "-o", str(out), container)
        self._run("rm", container)
        self._run("rmi", "-f", image)
        return exported

    @staticmethod
    def _read(path: pathlib.Path) -> dict[str, tuple]:
        found = {}
        with tarfile.open(path) as archive:
            for item in archive:
                name = item.name.strip("/").removeprefix("./")
                if not name.startswith("o/"):
                    continue
                if item.isdir():
                    found[name] = ("folder", item.mode & 0o7777)
                elif item.issym():
                    found[name] = ("link", item.linkname)
                else:
                    source = archive.extractfile(item)
                    content = source.read() if source else b"?"
                    found[name] = ("file", item.mode & 0o7777, hashlib.sha256(content).hexdigest())
        return found
