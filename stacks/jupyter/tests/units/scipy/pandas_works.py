"""Tables are read, grouped and written."""

import io

import pandas as pd

text = "stone,weight\ngranite,2\nslate,3\ngranite,4\n"
table = pd.read_csv(io.StringIO(text))
sums = table.groupby("stone")["weight"].sum()
assert sums.to_dict() == {"granite": 6, "slate": 3}, sums
assert table.to_csv(index=False) == text
assert pd.date_range("2024-02-28", periods=3)[-1] == pd.Timestamp("2024-03-01")
