"""All Lab and server extensions are enabled and load."""

import re
import subprocess


def listing(*command: str) -> str:
    result = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr
    return re.sub(r"\x1b\[[0-9;]*m", "", result.stdout + result.stderr)


lab = listing("jupyter", "labextension", "list")
rows = [line for line in lab.splitlines() if re.match(r"\s+\S+ v\S+", line)]
assert rows, f"no Lab extensions:\n{lab}"
bad = [row for row in rows if "enabled" not in row or "OK" not in row]
assert not bad, bad

server = listing("jupyter", "server", "extension", "list")
for name in ("jupyterlab", "notebook", "nbclassic", "jupyter_server_terminals"):
    loads = re.search(rf"^\s+{name} \S+.*OK$", server, re.MULTILINE)
    assert loads, f"{name} does not load:\n{server}"
assert "disabled" not in server, server
