"""A stand-in for docker, for measuring with thousands of images: it keeps them in memory, speaks
the few requests of the API that Cairn sends, and 'builds' an image by naming one.

    stub_engine.py serve SOCKET     until its parent ends
    stub_engine.py program          prints the stand-in for docker's command line (a shell script)

The list that it answers has the form and the size of docker's own."""

import http.server
import json
import os
import socketserver
import sys
import threading
import urllib.parse

IDENTITY = {"ID": "STUB:ENGINE", "DockerRootDir": "/nowhere", "OSType": "linux",
            "Architecture": "x86_64", "Driver": "overlay2", "DriverStatus": []}

# Takes the folder that ends in .../<target>/<arch>/.recipe-xxxx/Dockerfile for the image's name.
PROGRAM = """#!/bin/sh
while [ $# -gt 0 ]; do
  case "$1" in
    --iidfile) id_file=$2; shift ;;
    --file) recipe=$2; shift ;;
  esac
  shift
done
folder=${recipe%/.recipe-*}
printf 'sha256:%s' "$(printf %s "$folder" | sha256sum | cut -c 1-64)" >"$id_file"
"""


class Images:
    def __init__(self):
        self.names = {}  # name -> ID
        self.ids = {}  # ID -> names
        self.lock = threading.Lock()
        self.listed = None

    def tag(self, image, name):
        with self.lock:
            old = self.names.get(name)
            if old:
                self.ids[old].remove(name)
            self.names[name] = image
            self.ids.setdefault(image, []).append(name)
            self.listed = None

    def list(self) -> bytes:
        with self.lock:
            if self.listed is None:
                self.listed = json.dumps(
                    [{"Containers": -1, "Created": 1_700_000_000, "Id": image, "Labels": None,
                      "ParentId": "", "RepoDigests": None, "RepoTags": names, "SharedSize": -1,
                      "Size": 25_000, "VirtualSize": 25_000}
                     for image, names in self.ids.items()]).encode()
            return self.listed

    def inspect(self, reference):
        image = reference if reference.startswith("sha256:") else self.names.get(reference)
        if image is None:
            return None
        return {"Id": image, "RepoTags": self.ids.get(image, []), "Size": 25_000,
                "Created": "2026-01-01T00:00:00Z", "Os": "linux", "Architecture": "amd64",
                "Config": {"Env": ["PATH=/bin"]}, "GraphDriver": {"Name": "overlay2", "Data": {}},
                "RootFS": {"Type": "layers", "Layers": [image]}}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    images = Images()

    def answer(self, status, body):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        path = urllib.parse.urlsplit(self.path).path
        if path == "/info":
            self.answer(200, IDENTITY)
        elif path == "/images/json":
            self.answer(200, self.images.list())
        elif path.startswith("/images/") and path.endswith("/json"):
            found = self.images.inspect(urllib.parse.unquote(path[8:-5]))
            self.answer(200 if found else 404, found or {"message": "no such image"})
        else:
            self.answer(200, [])

    def do_POST(self):
        url = urllib.parse.urlsplit(self.path)
        query = urllib.parse.parse_qs(url.query)
        name = f"{query['repo'][0]}:{query['tag'][0]}"
        self.images.tag(url.path[len("/images/"):-len("/tag")], name)
        self.answer(201, b"")

    def do_DELETE(self):
        self.answer(200, [])

    def log_message(self, *_):
        pass

    def address_string(self):
        return "local"


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = 128


def serve(path):
    with Server(path, Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        # The other end of our standard input is our parent's.
        sys.stdin.read()
    os.unlink(path)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2])
    else:
        print(PROGRAM, end="")
