"""A plot is drawn into a file, without a display."""

import pathlib
import tempfile

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

figure, axes = plt.subplots()
axes.plot([1, 4, 9])
axes.set_title("Stones $x^2$")
file = pathlib.Path(tempfile.mkdtemp()) / "stones.png"
figure.savefig(file)
assert file.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n", "no PNG"
assert plt.imread(file).std() > 0.01, "the picture is empty"
