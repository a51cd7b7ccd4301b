"""The font cache was made when the image was built: the first plot does not make it."""

import pathlib

import matplotlib

files = list(pathlib.Path(matplotlib.get_cachedir()).glob("fontlist-*.json"))
assert files, f"no font cache in {matplotlib.get_cachedir()}"
before = [file.stat().st_mtime_ns for file in files]
matplotlib.use("Agg")
import matplotlib.pyplot  # noqa: E402

after = [file.stat().st_mtime_ns for file in files]
assert before == after, "the font cache was written again"
