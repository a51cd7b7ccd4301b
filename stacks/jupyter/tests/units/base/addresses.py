"""The server listens on every address of both IPv4 and IPv6."""

import os
import signal
import socket
import subprocess
import time

PORT = 18889
LISTEN = "0A"


def listens(table: str, anyone: str) -> bool:
    """Read from the kernel's table: a container without an IPv6 address can still listen."""
    with open(f"/proc/net/{table}") as file:
        rows = [line.split() for line in file][1:]
    return any(row[1] == f"{anyone}:{PORT:04X}" and row[3] == LISTEN for row in rows)


environment = dict(os.environ, JUPYTER_PORT=str(PORT), DOCKER_STACKS_JUPYTER_CMD="server")
server = subprocess.Popen(["start-notebook.py"], env=environment, start_new_session=True)
try:
    deadline = time.monotonic() + 60
    while not (listens("tcp", "0" * 8) and listens("tcp6", "0" * 32)):
        assert time.monotonic() < deadline, "not listening on both within 60 s"
        assert server.poll() is None, f"the server ended with {server.returncode}"
        time.sleep(0.1)
    socket.create_connection(("127.0.0.1", PORT), timeout=5).close()
finally:
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()
