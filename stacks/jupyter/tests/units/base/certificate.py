"""GEN_CERT makes a key and a self-signed certificate that only the user may read, once."""

import os
import pathlib
import signal
import socket
import ssl
import subprocess
import time

PORT = 18443
pem = pathlib.Path.home() / ".local/share/jupyter/notebook.pem"


def serve() -> bytes:
    """Starts a server, returns the certificate it shows, stops it."""
    environment = dict(os.environ, GEN_CERT="yes", JUPYTER_PORT=str(PORT),
                       DOCKER_STACKS_JUPYTER_CMD="server")
    server = subprocess.Popen(["start-notebook.py"], env=environment, start_new_session=True)
    context = ssl._create_unverified_context()
    deadline = time.monotonic() + 60
    try:
        while True:
            assert time.monotonic() < deadline, "no TLS within 60 s"
            assert server.poll() is None, f"the server ended with {server.returncode}"
            try:
                with socket.create_connection(("127.0.0.1", PORT), timeout=5) as plain:
                    with context.wrap_socket(plain) as tls:
                        return tls.getpeercert(binary_form=True) or b""
            except OSError:
                time.sleep(0.1)
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


shown = serve()
text = subprocess.run(
    ["openssl", "x509", "-inform", "DER", "-noout", "-subject", "-issuer"],
    input=shown, capture_output=True, check=True,
).stdout.decode()
assert text.replace(" ", "") == "subject=CN=localhost\nissuer=CN=localhost\n", text
assert pem.stat().st_mode & 0o777 == 0o600, oct(pem.stat().st_mode)
assert not pem.with_name("notebook.pem.crt").exists()
assert serve() == shown, "the second start made another certificate"
