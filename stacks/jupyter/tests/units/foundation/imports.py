"""Imports every package that was asked for when the image and its parents were built."""

import glob
import importlib
import re
from importlib import metadata

# Extensions that bring no module of their own to import.
WITHOUT_MODULE: set[str] = set()


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


modules: dict[str, list[str]] = {}
for module, distributions in metadata.packages_distributions().items():
    for name in distributions:
        modules.setdefault(canonical(name), []).append(module)

failures = []
names = [n.strip() for f in glob.glob("/usr/local/share/stack/requested.d/*.txt") for n in open(f)]
assert names, "no requested packages are known"
for name in sorted(set(names)):
    candidates = [m for m in modules.get(canonical(name), []) if m.isidentifier()]
    public = [m for m in candidates if not m.startswith("_")] or candidates
    if not public and name not in WITHOUT_MODULE:
        failures.append(f"{name}: no module found")
    for module in public:
        try:
            importlib.import_module(module)
            print(f"{name}: {module}")
        except Exception as error:  # whatever it is, the package cannot be used
            failures.append(f"{name}: import {module}: {error!r}")
assert not failures, "\n".join(failures)
