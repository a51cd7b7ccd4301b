#!/bin/bash
# The user installs a package of their own, without network and without root.
set -euo pipefail
folder=$(mktemp -d)
cd "$folder"
mkdir pebble
printf 'GREETING = "pebble"\n' > pebble/__init__.py
cat > pyproject.toml << 'TOML'
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "pebble"
version = "1.0"
[tool.setuptools]
packages = ["pebble"]
TOML
pip install --quiet --no-index --no-build-isolation --disable-pip-version-check .
cd /
[[ "$(python -c 'import pebble; print(pebble.GREETING)')" == pebble ]]
[[ "$(python -c 'import pebble; print(pebble.__file__)')" == /opt/venv/* ]]
pip uninstall --quiet --yes pebble
rm -rf "$folder"
