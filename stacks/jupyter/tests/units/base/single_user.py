"""A single-user server talks to its hub with its token and serves under its prefix."""

import http.server
import json
import os
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request

HUB_PORT = 18081
PORT = 18888
seen: list[tuple[str, str]] = []


class Hub(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        seen.append((self.path, self.headers.get("Authorization", "")))
        user = {"version": "6.1.1", "name": "someone", "kind": "user", "scopes": []}
        body = json.dumps(user).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("X-JupyterHub-Version", "6.1.1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *arguments: object) -> None:
        pass


hub = http.server.ThreadingHTTPServer(("127.0.0.1", HUB_PORT), Hub)
threading.Thread(target=hub.serve_forever, daemon=True).start()

environment = dict(
    os.environ,
    JUPYTERHUB_API_TOKEN="granite",
    JUPYTERHUB_API_URL=f"http://127.0.0.1:{HUB_PORT}/hub/api",
    JUPYTERHUB_ACTIVITY_URL=f"http://127.0.0.1:{HUB_PORT}/hub/api/users/someone/activity",
    JUPYTERHUB_BASE_URL="/",
    JUPYTERHUB_CLIENT_ID="jupyterhub-user-someone",
    JUPYTERHUB_SERVICE_PREFIX="/user/someone/",
    JUPYTERHUB_SERVICE_URL=f"http://127.0.0.1:{PORT}/user/someone/",
    JUPYTERHUB_USER="someone",
    JUPYTERHUB_OAUTH_CALLBACK_URL="/user/someone/oauth_callback",
)
server = subprocess.Popen(["start-notebook.py"], env=environment, start_new_session=True)
try:
    deadline = time.monotonic() + 90
    answer = b""
    while not answer or not any(token == "token granite" for _, token in seen):
        assert time.monotonic() < deadline, f"within 90 s answered {answer!r}, the hub saw {seen}"
        assert server.poll() is None, f"the server ended with {server.returncode}"
        try:
            address = f"http://127.0.0.1:{PORT}/user/someone/api"
            answer = urllib.request.urlopen(address, timeout=5).read()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            pass
        time.sleep(0.1)
finally:
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()
assert "version" in json.loads(answer), answer
assert "/hub/api/users/someone/activity" in [path for path, _ in seen], seen
