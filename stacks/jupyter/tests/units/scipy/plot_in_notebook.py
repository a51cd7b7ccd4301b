"""A notebook that plots holds the picture after it was executed."""

import pathlib
import subprocess
import tempfile

import nbformat
from nbformat import v4

folder = pathlib.Path(tempfile.mkdtemp())
code = "import pandas as pd\npd.Series([1, 4, 9]).plot();"
nbformat.write(v4.new_notebook(cells=[v4.new_code_cell(code)]), folder / "plot.ipynb")
subprocess.run(
    ["jupyter", "nbconvert", "--execute", "--to", "notebook", "--inplace", "plot.ipynb"],
    cwd=folder,
    check=True,
    timeout=200,
)
outputs = nbformat.read(folder / "plot.ipynb", as_version=4).cells[0].outputs
pictures = [o.data["image/png"] for o in outputs if "image/png" in o.get("data", {})]
assert len(pictures) == 1 and len(pictures[0]) > 2000, outputs
