#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""A proxy before a registry that misbehaves as a test tells it, and counts what it is asked.

    fault_proxy.py FOLDER UPSTREAM [--tls CERTIFICATE KEY] [--upstream-ca FILE] [--seed N]

Listens on a free port of 127.0.0.1 and writes it to FOLDER/port; passes requests to UPSTREAM
(host:port); writes a line of JSON a request to FOLDER/requests: method, path, status, fault, host,
and whether credentials came along. The rules are FOLDER/faults, a JSON list, read anew when it
changes. A request meets the first rule with a fault that applies:

    {"match": "^PUT .*/blobs/uploads/", "fault": "reset", "times": 2, "chance": 0.1}

`match` is a regular expression on `METHOD path`; `times` (no limit by default) counts from when
the rule appears; `chance` is 1 by default. Faults:

    status        answers `status` with `headers` and `body`, without asking the registry
    reset         the connection is reset before the registry hears of the request
    reset-mid     the registry gets half of the body, then both connections are reset
    reset-after   the registry answers, the client gets a reset instead
    cut           the client gets half of the answer's body, and the end of the connection
    slow          `seconds` pass before the answer
    wrong-digest  Docker-Content-Digest is another's
    wrong-length  Content-Length of the answer is one more than it is
    flip-body     one bit of the request's body is turned
    flip-answer   one bit of the answer's body is turned
    redirect      307 to the same path at `to` (scheme://host:port)
    elsewhere     an answer's Location is moved to `to`
    expire        the registry does not get the request's credentials
    set-tags      no fault: of the tags that a PUT of a manifest asks for by its query, those that
                  `only` matches are set and named in the answer, as registries do that know it
"""

import argparse
import http.client
import http.server
import json
import os
import pathlib
import random
import re
import socket
import ssl
import struct
import threading
import time
import urllib.parse

PIECE = 1 << 16
OWN = {"connection", "transfer-encoding", "keep-alive", "proxy-connection"}


class Reset(Exception):
    """The client's connection is to be reset."""


class Rules:
    """The faults that are asked for, with what is left of them."""

    def __init__(self, path: pathlib.Path, seed: int):
        self.path, self.lock, self.random = path, threading.Lock(), random.Random(seed)
        self.stamp, self.rules, self.used = None, [], []

    def reload(self):
        try:
            info = self.path.stat()
        except FileNotFoundError:
            self.stamp, self.rules, self.used = None, [], []
            return
        stamp = (info.st_mtime_ns, info.st_ino, info.st_size)
        if stamp != self.stamp:
            self.rules = json.loads(self.path.read_text(encoding="utf-8") or "[]")
            self.stamp, self.used = stamp, [0] * len(self.rules)

    def take(self, request: str) -> dict:
        with self.lock:
            self.reload()
            for number, rule in enumerate(self.rules):
                if not re.search(rule.get("match", ""), request):
                    continue
                if self.used[number] >= rule.get("times", float("inf")):
                    continue
                if self.random.random() >= rule.get("chance", 1):
                    continue
                self.used[number] += 1
                return rule
        return {}


def flipped(piece: bytes) -> bytes:
    return bytes([piece[0] ^ 1]) + piece[1:] if piece else piece


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # Go's and curl's do the same: 40 ms an answer otherwise
    wbufsize = 1 << 16
    timeout = 60

    def log_message(self, *args):
        pass

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except (Reset, ConnectionError, ssl.SSLError, http.client.HTTPException, OSError):
            self.reset()

    def reset(self):
        self.close_connection = True
        try:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            # Closed here: a handler that ends in order would say goodbye first.
            os.close(self.connection.detach())
        except OSError:
            pass
        self.wfile = open(os.devnull, "wb")

    def serve(self):
        self.rule = self.server.rules.take(f"{self.command} {self.path}")
        self.fault = self.rule.get("fault", "")
        self.status = 0
        try:
            self.forward()
            self.wfile.flush()
        finally:
            self.server.note(self)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = serve

    def forward(self):
        length = int(self.headers.get("Content-Length") or 0)
        if self.fault == "reset":
            raise Reset
        if self.fault in ("status", "redirect"):
            self.discard(length)
            self.answer_ourselves()
            return
        if self.fault == "set-tags":
            self.set_tags(self.rfile.read(length))
            return
        upstream = self.server.connect()
        try:
            self.send_request(upstream, length)
            answer = upstream.getresponse()
            self.status = answer.status
            if self.fault == "reset-after":
                answer.read()
                raise Reset
            if self.fault == "slow":
                time.sleep(self.rule.get("seconds", 1))
            self.pass_answer(answer)
        finally:
            upstream.close()

    def set_tags(self, body: bytes):
        path, _, query = self.path.partition("?")
        folder, digest = path.rsplit("/", 1)
        tags = [tag for tag in urllib.parse.parse_qs(query).get("tag", [])
                if re.search(self.rule.get("only", ""), tag)]
        headers = {name: value for name, value in self.headers.items()
                   if name.lower() not in OWN | {"host", "content-length"}}
        for name in [digest, *tags]:
            upstream = self.server.connect()
            upstream.request("PUT", f"{folder}/{name}", body, headers)
            answer = upstream.getresponse()
            text = answer.read()
            upstream.close()
            if answer.status != 201:
                tags = []
                break
        self.status = answer.status
        self.send_response_only(answer.status)
        self.send_header("Docker-Content-Digest", answer.getheader("Docker-Content-Digest", ""))
        for tag in tags:
            self.send_header("OCI-Tag", tag)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def discard(self, length: int):
        while length > 0:
            length -= len(self.rfile.read(min(PIECE, length))) or length

    def answer_ourselves(self):
        self.status = self.rule.get("status", 307 if self.fault == "redirect" else 503)
        body = self.rule.get("body", "").encode()
        self.send_response_only(self.status)
        for name, value in self.rule.get("headers", {}).items():
            self.send_header(name, value)
        if self.fault == "redirect":
            self.send_header("Location", self.rule["to"] + self.path)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def send_request(self, upstream, length: int):
        upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() in OWN or (self.fault == "expire" and name.lower() == "authorization"):
                continue
            upstream.putheader(name, value)
        upstream.putheader("X-Forwarded-Proto", self.server.scheme)
        upstream.endheaders()
        left = length // 2 if self.fault == "reset-mid" else length
        first = True
        while left > 0:
            piece = self.rfile.read(min(PIECE, left))
            if not piece:
                raise Reset
            left -= len(piece)
            upstream.send(flipped(piece) if first and self.fault == "flip-body" else piece)
            first = False
        if self.fault == "reset-mid":
            raise Reset

    def pass_answer(self, answer):
        self.send_response_only(answer.status)
        length = answer.getheader("Content-Length")
        for name, value in answer.getheaders():
            if name.lower() in OWN:
                continue
            if name.lower() == "content-length" and self.fault == "wrong-length":
                value = str(int(value) + 1)
            if name.lower() == "docker-content-digest" and self.fault == "wrong-digest":
                value = "sha256:" + "0" * 64
            if name.lower() == "location" and self.fault == "elsewhere":
                parts = urllib.parse.urlsplit(value)
                value = self.rule["to"] + parts.path + (f"?{parts.query}" if parts.query else "")
            self.send_header(name, value)
        if self.command != "HEAD" and length is None and answer.status not in (204, 304):
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        if self.command == "HEAD":
            return
        left = int(length or 0) // 2 if self.fault == "cut" else float("inf")
        first = True
        while left > 0 and (piece := answer.read(int(min(PIECE, left)))):
            left -= len(piece)
            self.wfile.write(flipped(piece) if first and self.fault == "flip-answer" else piece)
            first = False
        if self.fault in ("cut", "wrong-length"):
            self.close_connection = True


class Proxy(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, options):
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder = pathlib.Path(options.folder)
        self.rules = Rules(self.folder / "faults", options.seed)
        self.upstream, self.upstream_ca = options.upstream, options.upstream_ca
        self.scheme = "https" if options.tls else "http"
        self.log = open(self.folder / "requests", "a", encoding="utf-8")
        self.lock = threading.Lock()
        self.context = None
        if options.tls:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*options.tls)

    def finish_request(self, request, client_address):
        if self.context:  # in the connection's own thread: a handshake may take its time
            request.settimeout(10)
            try:
                request = self.context.wrap_socket(request, server_side=True)
            except (OSError, ssl.SSLError):
                return
        super().finish_request(request, client_address)
        if self.context:
            request.close()

    def connect(self):
        if self.upstream_ca:
            context = ssl.create_default_context(cafile=self.upstream_ca)
            return http.client.HTTPSConnection(self.upstream, timeout=60, context=context)
        return http.client.HTTPConnection(self.upstream, timeout=60)

    def note(self, handler):
        line = {"method": handler.command, "path": handler.path, "status": handler.status,
                "fault": handler.fault, "host": handler.headers.get("Host", ""),
                "credentials": "Authorization" in handler.headers}
        with self.lock:
            self.log.write(json.dumps(line) + "\n")
            self.log.flush()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("upstream")
    parser.add_argument("--tls", nargs=2)
    parser.add_argument("--upstream-ca")
    parser.add_argument("--seed", type=int, default=1)
    proxy = Proxy(parser.parse_args())
    ready = proxy.folder / "port.new"
    ready.write_text(f"{proxy.server_port}\n", encoding="utf-8")
    ready.rename(proxy.folder / "port")
    proxy.serve_forever()


if __name__ == "__main__":
    main()
