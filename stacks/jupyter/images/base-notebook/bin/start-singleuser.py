#!/usr/bin/python3 -I
"""Starts the server of one user of a JupyterHub, which configures it by JUPYTERHUB_* variables."""

import os
import shlex
import sys


def main() -> None:
    given = shlex.split(os.environ.get("NOTEBOOK_ARGS", "")) + sys.argv[1:]
    # The hub is outside of the container: listening on the loopback would shut it out.
    if not any(argument.split("=")[0] == "--ip" for argument in given):
        given.insert(0, "--ip=0.0.0.0")
    command = ["jupyterhub-singleuser", *given]
    if not os.environ.get("JUPYTER_DOCKER_STACKS_QUIET"):
        said = f"INFO: start-singleuser.py: starting: {shlex.join(command)}"
        print(said, file=sys.stderr, flush=True)
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
