"""Presets: the root only includes; each visible one is named, described and has all four kinds."""

import json
import pathlib

KINDS = ("configurePresets", "buildPresets", "testPresets", "workflowPresets")
MOST_VISIBLE = 8


def load(root: pathlib.Path) -> dict[str, list[dict]]:
    """All presets of the root file's includes, each file once, by kind."""
    found = {kind: [] for kind in KINDS}
    waiting = [root / "CMakePresets.json"]
    seen = set()
    while waiting:
        path = waiting.pop(0).resolve()
        if path in seen:
            continue
        seen.add(path)
        content = json.loads(path.read_text(encoding="utf-8"))
        waiting += [path.parent / name for name in content.get("include", [])]
        for kind in KINDS:
            found[kind] += content.get(kind, [])
    return found


def stops_without_tests(preset: dict, by_name: dict[str, dict]) -> bool:
    action = preset.get("execution", {}).get("noTestsAction")
    if action:
        return action == "error"
    parents = preset.get("inherits", [])
    parents = [parents] if isinstance(parents, str) else parents
    return any(stops_without_tests(by_name[name], by_name) for name in parents)


def violations(root: pathlib.Path) -> list[str]:
    found = []
    entry = json.loads((root / "CMakePresets.json").read_text(encoding="utf-8"))
    for key in set(entry) - {"version", "cmakeMinimumRequired", "include"}:
        found.append(f"CMakePresets.json: '{key}' belongs in a file under presets/")
    presets = load(root)
    visible = {kind: [p for p in presets[kind] if not p.get("hidden")] for kind in KINDS}
    names = {p["name"] for p in visible["configurePresets"]}
    if len(names) > MOST_VISIBLE:
        found.append(f"{len(names)} visible presets, allowed are {MOST_VISIBLE}")
    for kind in KINDS:
        for missing in sorted(names ^ {p["name"] for p in visible[kind]}):
            found.append(f"preset '{missing}' is not in all of {', '.join(KINDS)}")
        for preset in visible[kind]:
            for key in ("displayName", "description"):
                if not preset.get(key):
                    found.append(f"{kind} '{preset['name']}' has no {key}")
    by_name = {p["name"]: p for p in presets["testPresets"]}
    for preset in visible["testPresets"]:
        if not stops_without_tests(preset, by_name):
            found.append(f"testPresets '{preset['name']}': noTestsAction is not error")
    return found
