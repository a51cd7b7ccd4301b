"""A page with a plot is made."""

from bokeh.embed import file_html
from bokeh.plotting import figure
from bokeh.resources import INLINE

plot = figure(title="Stones")
plot.line([1, 2, 3], [4, 5, 6])
page = file_html(plot, INLINE, "Stones")
assert "<title>Stones</title>" in page and len(page) > 100_000, len(page)
