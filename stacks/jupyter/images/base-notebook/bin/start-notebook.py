#!/usr/bin/python3 -I
"""Starts the server that the environment asks for; arguments are handed on.

JUPYTERHUB_API_TOKEN          the container belongs to a hub: start-singleuser.py
DOCKER_STACKS_JUPYTER_CMD     which Jupyter command: lab (default), notebook, nbclassic, server ...
RESTARTABLE=yes               start it again whenever it ends
NOTEBOOK_ARGS                 further arguments, split as a shell would
"""

import os
import shlex
import subprocess
import sys
import time

RESTART_SECONDS = 1.0


def log(text: str) -> None:
    if not os.environ.get("JUPYTER_DOCKER_STACKS_QUIET"):
        print(f"INFO: start-notebook.py: {text}", file=sys.stderr, flush=True)


def server_command(arguments: list[str]) -> list[str]:
    if os.environ.get("JUPYTERHUB_API_TOKEN"):
        return ["start-singleuser.py", *arguments]
    command = os.environ.get("DOCKER_STACKS_JUPYTER_CMD") or "lab"
    given = shlex.split(os.environ.get("NOTEBOOK_ARGS", ""))
    return ["jupyter", command, *given, *arguments]


def keep_running(command: list[str]) -> None:
    """Returns never. tini signals the whole group, so a stop ends this process as well."""
    while True:
        status = subprocess.call(command)
        log(f"ended with status {status}, starting again: {shlex.join(command)}")
        time.sleep(RESTART_SECONDS)


def main() -> None:
    command = server_command(sys.argv[1:])
    log(f"starting: {shlex.join(command)}")
    if os.environ.get("RESTARTABLE") == "yes":
        keep_running(command)
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
