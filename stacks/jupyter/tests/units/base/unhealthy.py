"""The health check fails for a dead, shut or ill server, and passes for one that answers."""

import http.server
import json
import os
import pathlib
import subprocess
import tempfile
import threading

runtime = pathlib.Path(tempfile.mkdtemp())
environment = dict(os.environ, JUPYTER_RUNTIME_DIR=str(runtime))


def check(pid: int, url: str) -> tuple[int, str]:
    (runtime / "jpserver-1.json").write_text(json.dumps({"pid": pid, "url": url}))
    result = subprocess.run(["healthcheck.py"], env=environment, capture_output=True, text=True)
    return result.returncode, result.stdout


class Answer(http.server.BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/stones/api" else 404)
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}/stones/"

assert check(os.getpid(), url) == (0, f"healthy: {url}api\n"), check(os.getpid(), url)
dead = subprocess.Popen(["true"])
dead.wait()
assert check(dead.pid, url)[0] == 1, "a dead server was taken for a healthy one"
Answer.status = 500
status, text = check(os.getpid(), url)
assert (status, "500" in text) == (1, True), text
server.shutdown()
server.server_close()
status, text = check(os.getpid(), url)
assert (status, "refused" in text) == (1, True), text
(runtime / "jpserver-1.json").write_text("{")
ended = subprocess.run(["healthcheck.py"], env=environment, stdout=subprocess.DEVNULL)
assert ended.returncode == 1
