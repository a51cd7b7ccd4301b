"""Words that must not stand in the tree: paths of one machine, hosts of package registries."""

import pathlib
import re

import tree

# Put together from pieces, so that this file may be read by its own rule.
HOSTS = [
    "pypi" + ".org",
    "python" + "hosted.org",
    "registry." + "npmjs",
    "crates" + ".io",
    "proxy.golang" + ".org",
    "snapshot." + "debian.org",
    "archive." + "ubuntu.com",
    "conda." + "anaconda.org",
]
MACHINE_PATH = r"(?<![\w.])/" + r"work/"
FORBIDDEN = re.compile("|".join([re.escape(host) for host in HOSTS] + [MACHINE_PATH]))
# The one host that may be named: the default of the variable that holds Debian's mirror.
MIRROR = re.compile(r"(?:deb|security)\." + r"debian\.org")
MIRROR_PLACES = re.compile(r"CAIRN_DEBIAN_MIRROR|MIRROR")
TEXT = (".cpp", ".hpp", ".cmake", ".txt", ".md", ".json", ".py", ".sh", ".in", ".yaml", ".yml",
        "Dockerfile", ".dockerignore", "run", "lint")


def violations(root: pathlib.Path) -> list[str]:
    found = []
    for path in tree.files(root, *TEXT):
        name = path.relative_to(root).as_posix()
        before = ""
        for number, line in enumerate(tree.lines(path), 1):
            match = FORBIDDEN.search(line)
            if match:
                found.append(f"{name}:{number}: '{match[0]}' must not stand here")
            mirror = MIRROR.search(line)
            if mirror and not MIRROR_PLACES.search(before + line):
                found.append(f"{name}:{number}: '{mirror[0]}' may only be a default of MIRROR")
            before = line
    return found
