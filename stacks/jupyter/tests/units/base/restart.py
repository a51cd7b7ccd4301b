"""RESTARTABLE=yes starts an ended server again."""

import os
import pathlib
import signal
import subprocess
import tempfile
import time

folder = pathlib.Path(tempfile.mkdtemp())
starts = folder / "starts"
fake = folder / "jupyter"
fake.write_text(f"#!/bin/sh\necho \"$@\" >> {starts}\n")
fake.chmod(0o755)
environment = dict(os.environ, RESTARTABLE="yes", PATH=f"{folder}:{os.environ['PATH']}")
process = subprocess.Popen(
    ["start-notebook.py", "--flag"], env=environment, start_new_session=True, stderr=subprocess.PIPE
)
try:
    deadline = time.monotonic() + 30
    while not starts.exists() or len(starts.read_text().splitlines()) < 3:
        assert time.monotonic() < deadline, "not started three times within 30 s"
        assert process.poll() is None, f"ended with {process.returncode}"
        time.sleep(0.05)
finally:
    os.killpg(process.pid, signal.SIGKILL)
log = process.communicate()[1].decode()
assert set(starts.read_text().splitlines()) == {"lab --flag"}, starts.read_text()
assert "ended with status 0, starting again: jupyter lab --flag" in log, log
