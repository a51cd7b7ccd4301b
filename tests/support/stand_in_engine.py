#!/usr/bin/env python3
"""A stand-in for docker: it keeps images as files and runs none of their commands. An image's one
layer is a hash of what the build was given, so equal inputs give equal images. For showing what
Cairn says of a family whose real build would take gigabytes.

    stand_in_engine.py make FOLDER PID   writes FOLDER/engine.json and serves FOLDER/socket until
                                         the process PID ends
    stand_in_engine.py docker FOLDER …   docker's command line, as FOLDER/docker calls it

FOLDER/base holds the names of images that are there from the start, one a line. The scripts that
look into images run on this machine, with FOLDER/bin in front of PATH.
"""

import fcntl
import hashlib
import http.server
import json
import os
import pathlib
import re
import shlex
import socketserver
import subprocess
import sys
import threading
import time
import urllib.parse

INFO = {"ID": "STAND:IN", "DockerRootDir": "/nowhere", "OSType": "linux",
        "Architecture": "x86_64", "Driver": "overlay2", "DriverStatus": []}


def sha256(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


class State:
    """Images and their names, in one file under a lock."""

    def __init__(self, folder: pathlib.Path):
        self.path = folder / "images.json"
        self.lock = folder / "lock"

    def __enter__(self):
        self.stream = self.lock.open("w", encoding="utf-8")
        fcntl.flock(self.stream, fcntl.LOCK_EX)
        self.images = json.loads(self.path.read_text()) if self.path.exists() else {}
        return self

    def __exit__(self, *_):
        new = self.path.with_suffix(".new")
        new.write_text(json.dumps(self.images), encoding="utf-8")
        new.rename(self.path)
        self.stream.close()

    def find(self, reference: str):
        if reference in self.images:
            return reference
        name = reference if ":" in reference.split("/")[-1] else reference + ":latest"
        for prefix in ("", "docker.io/", "docker.io/library/"):
            short = name.removeprefix(prefix)
            for image, value in self.images.items():
                if short in value["names"] or name in value["names"]:
                    return image
        return None

    def tag(self, image: str, name: str):
        for value in self.images.values():
            if name in value["names"]:
                value["names"].remove(name)
        self.images[image]["names"].append(name)

    def add(self, layers: list, platform: str) -> str:
        image = sha256(json.dumps([layers, platform]))
        self.images.setdefault(image, {"names": [], "layers": layers, "platform": platform})
        return image


def shown(image: str, value: dict) -> dict:
    system, architecture = value["platform"].split("/")[:2]
    return {"Id": image, "RepoTags": value["names"], "Size": 25_000 * len(value["layers"]),
            "Created": "2026-01-01T00:00:00Z", "Os": system, "Architecture": architecture,
            "Config": {"Env": ["PATH=/bin"]}, "GraphDriver": {"Name": "overlay2", "Data": {}},
            "RootFS": {"Type": "layers", "Layers": value["layers"]}}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    folder = pathlib.Path()

    def answer(self, status: int, body):
        data = json.dumps(body).encode() if body is not None else b""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)
        if path == "/info":
            self.answer(200, INFO)
        elif path == "/_ping":
            self.answer(200, "OK")
        elif path == "/images/json":
            with State(self.folder) as state:
                self.answer(200, [{"Id": image, "RepoTags": value["names"], "Size": 25_000}
                                  for image, value in state.images.items()])
        elif path.startswith("/images/") and path.endswith("/json"):
            with State(self.folder) as state:
                image = state.find(path[8:-5])
                found = shown(image, state.images[image]) if image else None
            self.answer(200 if found else 404, found or {"message": "no such image"})
        else:
            self.answer(404, {"message": "nothing here"})

    def do_POST(self):
        url = urllib.parse.urlsplit(self.path)
        query = urllib.parse.parse_qs(url.query)
        with State(self.folder) as state:
            image = state.find(urllib.parse.unquote(url.path[len("/images/"):-len("/tag")]))
            if image:
                state.tag(image, f"{query['repo'][0]}:{query['tag'][0]}")
        self.answer(201 if image else 404, None)

    def do_DELETE(self):
        name = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)[8:]
        with State(self.folder) as state:
            image = state.find(name)
            if image and image != name and len(state.images[image]["names"]) > 1:
                state.images[image]["names"].remove(name)
            elif image:
                del state.images[image]
        self.answer(200 if image else 404, [])

    def log_message(self, *_):
        pass

    def address_string(self):
        return "local"


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


def make(folder: pathlib.Path, owner: int):
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "docker"
    words = shlex.join([sys.executable, "-B", os.path.abspath(__file__), "docker", str(folder)])
    program.write_text(f'#!/bin/sh\nexec {words} "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    with State(folder) as state:
        base = folder / "base"
        for name in base.read_text(encoding="utf-8").split() if base.exists() else []:
            state.tag(state.add([sha256(name)], "linux/amd64"), name)
    Handler.folder = folder
    with Server(str(folder / "socket"), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        engine = {"schema": "cairn/engine/1", "kind": "docker", "builder": "buildkit",
                  "program": str(program), "url": f"unix://{folder}/socket",
                  "identity": "STAND:IN /nowhere", "global_flags": [], "build_flags": [],
                  "run_flags": [], "reason": "a stand-in that runs nothing"}
        new = folder / "engine.json.new"
        new.write_text(json.dumps(engine), encoding="utf-8")
        new.rename(folder / "engine.json")  # last: who waits for it may start
        while os.path.exists(f"/proc/{owner}"):
            time.sleep(0.2)


def option(words: list, name: str):
    return [words[i + 1] for i, word in enumerate(words[:-1]) if word == name]


def build(folder: pathlib.Path, words: list):
    recipe = pathlib.Path(option(words, "--file")[0]).read_text(encoding="utf-8")
    base = re.findall(r"^FROM (\S+)", recipe, re.MULTILINE)[-1]
    given = [re.sub(r"^FROM .*", "", recipe, flags=re.MULTILINE), *option(words, "--build-arg")]
    context = pathlib.Path(words[-1])
    for path in sorted(context.rglob("*")):
        given.append(f"{path.relative_to(context)} {path.lstat().st_mode}")
        if path.is_file():
            given.append(hashlib.sha256(path.read_bytes()).hexdigest())
    with State(folder) as state:
        below = state.find(base)
        if base != "scratch" and not below:
            sys.exit(f"no image '{base}' here, and nowhere to pull it from")
        layers = state.images[below]["layers"] if below else []
        image = state.add([*layers, sha256("\n".join(given))], option(words, "--platform")[0])
    pathlib.Path(option(words, "--iidfile")[0]).write_text(image, encoding="utf-8")


def run(folder: pathlib.Path, words: list):
    for path in option(words, "--cidfile"):
        pathlib.Path(path).write_text("0" * 64, encoding="utf-8")
    if words[-2] != "-c":
        return 0
    path = f"{folder}/bin:{os.environ.get('PATH', '/usr/bin:/bin')}"
    return subprocess.run(["/bin/sh", "-c", words[-1]], env={**os.environ, "PATH": path},
                          check=False).returncode


def main():
    verb, folder = sys.argv[1], pathlib.Path(sys.argv[2]).absolute()
    words = sys.argv[3:]
    if verb == "make":
        make(folder, int(words[0]))
    elif "build" in words:
        build(folder, words)
    elif "run" in words:
        sys.exit(run(folder, words))


if __name__ == "__main__":
    main()
