"""Imports every package that was asked for when the image and its parents were built."""

import concurrent.futures
import glob
import re
import subprocess
import sys
from importlib import metadata

def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


modules: dict[str, list[str]] = {}
for module, distributions in metadata.packages_distributions().items():
    for name in distributions:
        modules.setdefault(canonical(name), []).append(module)

def import_failure(module: str) -> str:
    """Empty, or why the import failed; in a process of its own, as some imports disturb others."""
    command = [sys.executable, "-c", f"import {module}"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120)
    return result.stderr if result.returncode != 0 else ""


names = {n.strip() for f in glob.glob("/usr/local/share/stack/requested.d/*.txt") for n in open(f)}
assert names, "no requested packages are known"
wanted = []
for name in sorted(names):
    candidates = [m for m in modules.get(canonical(name), []) if m.isidentifier()]
    public = [m for m in candidates if not m.startswith("_")] or candidates
    assert public, f"{name}: no module found"
    wanted += [(name, module) for module in public]
with concurrent.futures.ThreadPoolExecutor() as pool:
    failures = [f for f in pool.map(import_failure, [module for _, module in wanted]) if f]
assert not failures, "\n".join(failures)
print(", ".join(module for _, module in wanted))
