"""A notebook that fails makes the conversion fail, and says where."""

import pathlib
import re
import subprocess
import tempfile

import nbformat
from nbformat import v4

folder = pathlib.Path(tempfile.mkdtemp())
cells = [v4.new_code_cell("raise ValueError('slate')")]
nbformat.write(v4.new_notebook(cells=cells), folder / "broken.ipynb")
result = subprocess.run(
    ["jupyter", "nbconvert", "--execute", "--to", "notebook", "--output", "out", "broken.ipynb"],
    cwd=folder,
    capture_output=True,
    text=True,
    timeout=120,
)
assert result.returncode != 0, "the error went unnoticed"
said = re.sub(r"\x1b\[[0-9;]*m", "", result.stderr)
assert "ValueError: slate" in said, said
assert not (folder / "out.ipynb").exists()
