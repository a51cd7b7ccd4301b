"""An extension is compiled by cythonize and used."""

import pathlib
import subprocess
import sys
import tempfile

folder = pathlib.Path(tempfile.mkdtemp())
(folder / "pebbles.pyx").write_text(
    "def total(int n):\n"
    "    cdef long long sum = 0\n"
    "    cdef int i\n"
    "    for i in range(n):\n"
    "        sum += i\n"
    "    return sum\n"
)
subprocess.run(["cythonize", "--inplace", "pebbles.pyx"], cwd=folder, check=True, timeout=200)
assert list(folder.glob("pebbles.*.so")), "no extension was built"
code = "import pebbles; assert pebbles.total(100000) == 4999950000; print(pebbles.__file__)"
result = subprocess.run([sys.executable, "-c", code], cwd=folder, check=True,
                        capture_output=True, text=True)
assert result.stdout.strip().endswith(".so"), result.stdout
