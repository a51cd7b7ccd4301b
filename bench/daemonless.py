"""The same no-op without a daemon: podman and buildah are asked by their command lines."""

import engines as engine_tools
import harness
from harness import Contender
from noop import FILES, IMAGES, Family


def on_engine(bench, kind):
    family = Family(bench, kind)
    listing = Contender(f"a bare listing by {kind}",
                        [*engine_tools.command(family.engine), "images", "-q"],
                        family.environment)
    builds = family.builds(f"28 x {kind} build", 8)
    harness.output_of_once(builds, bench.work)
    contenders = [family.ninja(), listing, builds]
    harness.race(contenders, 8, bench.work)
    over = contenders[0].median - listing.median
    rows = [harness.time_row(entry) for entry in contenders]
    rows.append(harness.Row(f"ninja over the bare listing ({kind})", harness.ms(over),
                            "<= 40 ms", over <= 40))
    rows.append(harness.ratio_row(builds, contenders[0], ">= 20 x", 20))
    return rows, [family.version()]


def measure(bench):
    rows, notes = [], []
    for kind in ("podman", "buildah"):
        more, note = on_engine(bench, kind)
        rows += more
        notes += note
    return harness.Section(f"No-op of {IMAGES} images x {FILES} files, podman and buildah", rows,
                           notes)
