"""Modules are compiled and the compiled files are not stale: else every start compiles again.

Stale is as PEP 552 has it: by the source's hash where the header says so, else by time and size.
"""

import importlib.util
import pathlib
import struct
import sysconfig

stale = []
missing = []
total = 0
for source in pathlib.Path(sysconfig.get_path("purelib")).rglob("*.py"):
    # Test data and templates may be no valid Python at all.
    if {"tests", "test", "testing", "templates", "_vendor"} & set(source.parts):
        continue
    total += 1
    compiled = pathlib.Path(importlib.util.cache_from_source(str(source)))
    if not compiled.exists():
        missing.append(str(source))
        continue
    header = compiled.read_bytes()[:16]
    flags, seconds, size = struct.unpack("<III", header[4:16])
    status = source.stat()
    if flags & 1:
        fresh = header[8:16] == importlib.util.source_hash(source.read_bytes())
    else:
        fresh = seconds == int(status.st_mtime) & 0xFFFFFFFF and size == status.st_size
    if not fresh:
        stale.append(str(source))
assert total > 100, f"only {total} modules found"
assert not stale, f"{len(stale)} stale, such as {stale[:5]}"
assert len(missing) * 100 <= total, f"{len(missing)} of {total} not compiled, such as {missing[:5]}"
print(f"{total} modules, {len(missing)} not compiled, none stale")
