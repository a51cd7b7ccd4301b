#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""A token server for a registry of a test (distribution, "Token Authentication").

    token_server.py FOLDER KEY CERTIFICATE

Listens on a free port of 127.0.0.1 and writes it to FOLDER/port; a line of JSON a request goes to
FOLDER/requests. FOLDER/users, read at each request, says who may what, "" being everyone:

    {"": {"actions": ["pull"]}, "me": {"password": "pw", "actions": ["pull", "push"],
     "except": ["private/"], "identity": "an identity token"}}

Repositories that begin with one of `except` are given nothing. Issuer and service are `cairn-test`.
Tokens are signed by openssl with KEY (RSA) and carry CERTIFICATE.
"""

import base64
import http.server
import json
import pathlib
import subprocess
import sys
import threading
import time
import urllib.parse

NAME = "cairn-test"


def packed(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60

    def log_message(self, *args):
        pass

    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        user, password = "", ""
        header = self.headers.get("Authorization", "")
        if header.startswith("Basic "):
            user, _, password = base64.b64decode(header[6:]).decode().partition(":")
        self.answer(user, password, query.get("scope", []))

    def do_POST(self):
        form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        token = form.get("refresh_token", [""])[0]
        users = self.server.users()
        user = next((name for name, it in users.items() if it.get("identity") == token), None)
        password = users[user].get("password", "") if user is not None else ""
        self.answer(user, password, form.get("scope", [""])[0].split())

    def answer(self, user, password, scopes):
        its = self.server.users().get(user)
        known = its is not None and its.get("password", "") == password
        access = []
        for scope in scopes if known else []:
            kind, name, actions = scope.split(":", 2)
            granted = [one for one in actions.split(",") if one in its.get("actions", [])]
            if any(name.startswith(prefix) for prefix in its.get("except", [])):
                granted = []
            access.append({"type": kind, "name": name, "actions": granted})
        self.server.note({"user": user, "known": known, "scopes": scopes})
        body = json.dumps({"token": self.server.token(user, access)} if known else {}).encode()
        self.send_response(200 if known else 401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class TokenServer(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, folder: str, key: str, certificate: str):
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder, self.key = pathlib.Path(folder), key
        lines = pathlib.Path(certificate).read_text(encoding="ascii").splitlines()
        self.certificate = "".join(line for line in lines if "-----" not in line)
        self.log = open(self.folder / "requests", "a", encoding="utf-8")
        self.lock = threading.Lock()

    def users(self) -> dict:
        return json.loads((self.folder / "users").read_text(encoding="utf-8"))

    def note(self, line: dict):
        with self.lock:
            self.log.write(json.dumps(line) + "\n")
            self.log.flush()

    def token(self, user: str, access: list) -> str:
        now = int(time.time())
        head = {"typ": "JWT", "alg": "RS256", "x5c": [self.certificate]}
        claims = {"iss": NAME, "aud": NAME, "sub": user, "nbf": now - 10, "iat": now,
                  "exp": now + 300, "jti": str(now), "access": access}
        text = ".".join(packed(json.dumps(part).encode()) for part in (head, claims))
        signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.key],
                                   input=text.encode(), stdout=subprocess.PIPE, check=True).stdout
        return text + "." + packed(signature)


def main():
    server = TokenServer(*sys.argv[1:4])
    ready = server.folder / "port.new"
    ready.write_text(f"{server.server_port}\n", encoding="utf-8")
    ready.rename(server.folder / "port")
    server.serve_forever()


if __name__ == "__main__":
    main()
