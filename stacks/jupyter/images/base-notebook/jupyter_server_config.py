"""How Jupyter servers behave in a container. Command line arguments win over this."""

import os
import stat
import subprocess
from pathlib import Path

from jupyter_core.paths import jupyter_data_dir

c = get_config()  # noqa: F821

# All addresses, of IPv4 and IPv6: who reaches them is decided outside of the container.
c.ServerApp.ip = "*"
c.ServerApp.port = int(os.environ.get("JUPYTER_PORT", "8888"))
# Published to a fixed port outside: rather fail than move on to the next one.
c.ServerApp.port_retries = 0
c.ServerApp.open_browser = False

# Moving to the trash fails between file systems, and volumes are other file systems.
c.FileContentsManager.delete_to_trash = False


def self_signed_certificate() -> str:
    """One file with key and certificate, made once per home directory; its path."""
    folder = Path(jupyter_data_dir())
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "notebook.pem"
    if not file.exists():
        file.touch(mode=stat.S_IRUSR | stat.S_IWUSR)
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-sha256", "-nodes", "-days", "365"]
            + ["-subj", "/CN=localhost", "-keyout", str(file), "-out", f"{file}.crt"],
            check=True,
            stderr=subprocess.DEVNULL,
        )
        certificate = Path(f"{file}.crt")
        with file.open("a", encoding="ascii") as both:
            both.write(certificate.read_text(encoding="ascii"))
        certificate.unlink()
    return str(file)


if os.environ.get("GEN_CERT"):
    c.ServerApp.certfile = self_signed_certificate()
