"""Every requested package, and all that these brought along, has the version it was pinned to."""

import glob
import re
from importlib import metadata

DATA = "/usr/local/share/stack"


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def lines(pattern: str) -> list[str]:
    return [line.strip() for name in glob.glob(pattern) for line in open(name) if line.strip()]


pins = dict(line.split("==") for line in lines(f"{DATA}/constraints.d/*.txt"))
pins = {canonical(name): version for name, version in pins.items()}
installed = {canonical(d.metadata["Name"]): d.version for d in metadata.distributions()}

requested = [canonical(line) for line in lines(f"{DATA}/requested.d/*.txt")]
assert requested, "nothing was requested"
missing = [name for name in requested if name not in installed]
assert not missing, f"requested and not installed: {missing}"
unpinned = [name for name in installed if name not in pins]
assert not unpinned, f"installed and not pinned: {unpinned}"
others = {n: (v, pins[n]) for n, v in installed.items() if v != pins[n]}
assert not others, f"installed in another version than pinned: {others}"
print(f"{len(requested)} requested packages, {len(installed)} installed, all as pinned")
