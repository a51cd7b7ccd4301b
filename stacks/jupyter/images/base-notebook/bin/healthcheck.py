#!/usr/bin/python3 -I
"""Exit status 0 when the Jupyter server of this container answers, else 1 and the reason.

A running server leaves a file with its address in the runtime folder, so port, base URL and TLS
may be whatever the command line said. Only the standard library: this runs every three seconds.
"""

import glob
import json
import os
import ssl
import sys
import urllib.request

TIMEOUT_SECONDS = 0.9


def runtime_folders() -> list[str]:
    if os.environ.get("JUPYTER_RUNTIME_DIR"):
        return [os.environ["JUPYTER_RUNTIME_DIR"]]
    # The check may run as root with another HOME than the server's.
    homes = {os.environ.get("HOME", "/root"), f"/home/{os.environ.get('NB_USER', 'jovyan')}"}
    return [os.path.join(home, ".local/share/jupyter/runtime") for home in sorted(homes)]


def running_servers() -> list[dict]:
    files = [f for folder in runtime_folders() for f in glob.glob(f"{folder}/jpserver-*.json")]
    files.sort(key=os.path.getmtime, reverse=True)
    servers = []
    for name in files:
        with open(name, encoding="utf-8") as file:
            server = json.load(file)
        # A killed server leaves its file behind.
        if os.path.exists(f"/proc/{server['pid']}"):
            servers.append(server)
    return servers


def ask(url: str) -> None:
    # It is this container's own server: its certificate may be self-signed, no proxy lies between.
    trust_any = ssl._create_unverified_context() if url.startswith("https:") else None
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trust_any)
    )
    opener.open(url, timeout=TIMEOUT_SECONDS).close()


def main() -> int:
    try:
        servers = running_servers()
        if not servers:
            raise RuntimeError(f"no running server known in {', '.join(runtime_folders())}")
        url = servers[0]["url"] + "api"
        ask(url)
    except Exception as error:  # whatever it is, it is the answer
        print(f"unhealthy: {error}")
        return 1
    print(f"healthy: {url}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
