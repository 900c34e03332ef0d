# SPDX-License-Identifier: GPL-2.0-or-later
"""Builds mapcli, the command line of PMDK's example maps, with or without a planted bug."""

from pathlib import Path

from example_table import MAP_DIRECTORIES, MAP_SOURCES, STAND_INS

from harness import run

ROOT = Path("/usr/share/doc/libpmemobj-dev/examples")


def build_mapcli(directory, replaced):
    """Builds mapcli in `directory`.  replaced: {source: the file that replaces it}.
    RETURNS: the program."""
    (directory / "ex_common.h").write_text(STAND_INS["ex_common.h"])
    sources = [replaced.get(s, ROOT / s) for s in f"map/mapcli.c {MAP_SOURCES}".split()]
    made = run.execute(["gcc", "-w", "-g", "-O0", f"-I{directory}",
                        *(f"-I{ROOT / d}" for d in MAP_DIRECTORIES.split()), "-o",
                        directory / "mapcli", *sources, "-lpmemobj", "-lpmem", "-lpthread"], directory)
    if made.status != 0:
        raise run.BuildFailed(str(made))
    return directory / "mapcli"
