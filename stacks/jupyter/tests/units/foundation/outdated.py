"""Prints which requested packages have a newer version. Fails only when it cannot be found out."""

import json
import subprocess
import sys

command = [sys.executable, "-m", "pip", "list", "--outdated", "--not-required", "--format", "json"]
result = subprocess.run(command, capture_output=True, text=True)
if result.returncode != 0:
    sys.exit(f"cannot ask for newer versions: {result.stderr}")
for package in json.loads(result.stdout.splitlines()[0]):
    print(f"{package['name']}: {package['version']} -> {package['latest_version']}")
print("done")
