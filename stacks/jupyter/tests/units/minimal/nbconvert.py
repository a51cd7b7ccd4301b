"""A notebook is executed and converted to FORMAT."""

import os
import pathlib
import subprocess
import tempfile

import nbformat
from nbformat import v4

SUFFIXES = {"html": "html", "markdown": "md", "notebook": "ipynb"}
kind = os.environ["FORMAT"]
folder = pathlib.Path(tempfile.mkdtemp())
cells = [v4.new_markdown_cell("# Stones"), v4.new_code_cell("print('gran' + 'ite', 6 * 7)")]
nbformat.write(v4.new_notebook(cells=cells), folder / "stones.ipynb")
subprocess.run(
    ["jupyter", "nbconvert", "--execute", "--to", kind, "--output", "converted", "stones.ipynb"],
    cwd=folder,
    check=True,
    timeout=120,
)
result = folder / f"converted.{SUFFIXES[kind]}"
text = result.read_text()
assert "granite 42" in text, f"the output is not in {result}:\n{text[-2000:]}"
if kind == "html":
    assert "<h1" in text and "Stones" in text, "the heading is not in the page"
elif kind == "markdown":
    assert text.lstrip().startswith("# Stones"), text
else:
    cell = nbformat.read(result, as_version=4).cells[1]
    assert cell.execution_count == 1, cell
