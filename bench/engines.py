"""The private engines that are measured on, by tests/support/private_engine.sh."""

import json
import os
import pathlib
import shutil

import harness

HERE = pathlib.Path(__file__).resolve().parent
PRIVATE = HERE.parent / "tests" / "support" / "private_engine.sh"


class Engines:
    """Started when asked for, stopped at the end."""

    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        self.started = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for folder in {entry[2] for entry in self.started.values()}:
            harness.run([PRIVATE, "stop", folder], check=False)

    def get(self, kind: str):
        """(engine.json as a path, its content, environment of its command line). `kind` is one of
        private_engine.sh, or docker26."""
        if kind not in self.started:
            environment = self.docker26_environment() if kind == "docker26" else {}
            known = {"docker26": "docker-buildx"}.get(kind, kind)
            # BuildKit and legacy are two builders of one daemon.
            group = "docker20" if kind in ("docker-buildkit", "docker-legacy") else kind
            folder = self.folder / group
            text = harness.run([PRIVATE, "endpoint", known, folder, os.getpid()], environment)
            text = text[text.index("{"):]
            file = self.folder / f"{kind}.json"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            self.started[kind] = (file, environment, folder)
            self.give_priority(json.loads(text)["url"])
        file, environment, _ = self.started[kind]
        return file, json.loads(file.read_text(encoding="utf-8")), environment

    @staticmethod
    def give_priority(url: str):
        """A daemon is a session of its own, which does not get its starter's priority."""
        socket = pathlib.Path(url.removeprefix("unix://"))
        pid_file = socket.parent / "docker.pid"
        if url and pid_file.exists():
            harness.take_priority(int(pid_file.read_text(encoding="utf-8")))

    def docker26_environment(self):
        # Kept beside the work folder when told so, for it is a download.
        kept = os.environ.get("BENCH_ENGINE_DIR", self.folder)
        folder = pathlib.Path(kept) / "docker26"
        harness.run([PRIVATE.with_name("docker26.sh"), folder])
        root = folder / "root" / "usr"
        path = f"{root}/bin:{root}/sbin:{os.environ['PATH']}"
        return {"PATH": path, "DOCKER_CONFIG": str(folder / "config"),
                "CAIRN_DOCKERD": str(root / "sbin" / "dockerd")}


def command(engine: dict) -> list:
    """The engine's command line up to its verb."""
    host = ["-H", engine["url"]] if engine["url"] else []
    return [engine["program"], *engine["global_flags"], *host]


def version(engine: dict, environment: dict) -> str:
    text = harness.run([engine["program"], "--version"], environment).strip()
    return text.split(",")[0]


def reset(folder: pathlib.Path):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
