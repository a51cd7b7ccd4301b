"""Runs one rule over a source tree: `run.py <rule> <root>`. Prints what breaks it; exits 1 then."""

import importlib
import pathlib
import sys


def main() -> int:
    name, root = sys.argv[1], pathlib.Path(sys.argv[2])
    found = importlib.import_module(name).violations(root)
    for line in found:
        print(line)
    print(f"rules.{name}: {len(found)} to mend" if found else f"rules.{name}: holds")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
