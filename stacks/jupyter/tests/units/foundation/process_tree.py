"""A command started as root becomes the user without a process between it and the start."""

import os
import subprocess

environment = dict(os.environ, JUPYTER_DOCKER_STACKS_QUIET="1")
child = subprocess.Popen(
    ["start.sh", "sh", "-c", "echo $$ $(id -u); echo NoNewPrivs $(grep CapEff /proc/self/status)"],
    env=environment,
    stdout=subprocess.PIPE,
    text=True,
)
output = child.communicate(timeout=60)[0]
numbers, capabilities = output.splitlines()
assert numbers == f"{child.pid} 1000", f"expected pid {child.pid} as uid 1000, got: {numbers}"
assert capabilities.split()[-1] == "0" * 16, f"the user has capabilities: {capabilities}"
print("one process, no capabilities")
