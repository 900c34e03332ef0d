# SPDX-License-Identifier: GPL-2.0-or-later
"""The paths of the source tree, the build under test, Valgrind and the compiler.

    PMEMCHECK_SOURCE   the source tree            (this file's tree)
    PMEMCHECK_BUILD    the build directory        (build/ in the source tree)
    VALGRIND           the valgrind program       (valgrind, from PATH)
    CC                 the C compiler for guests (gcc)
"""

import os
import shutil
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
SOURCE = Path(os.environ.get("PMEMCHECK_SOURCE") or HERE.parent).resolve()
BUILD = Path(os.environ.get("PMEMCHECK_BUILD") or SOURCE / "build").resolve()
VALGRIND = os.environ.get("VALGRIND") or "valgrind"
if os.sep in VALGRIND:
    VALGRIND = os.path.abspath(VALGRIND)
CC = os.environ.get("CC") or "gcc"

VALGRIND_LIB = BUILD / "libexec" / "valgrind"
TOOL = VALGRIND_LIB / "pmemcheck-amd64-linux"
COMMAND = BUILD / "bin" / "pmemcheck"
EXPLORE = BUILD / "bin" / "pmemcheck-explore"
HEADER = SOURCE / "include" / "valgrind" / "pmemcheck.h"


def what_is_missing():
    """RETURNS: a sentence for each missing thing that every test needs."""
    missing = []
    if not os.access(TOOL, os.X_OK):
        missing.append(f"no tool at {TOOL}: build it first, or name the build directory in "
                       "PMEMCHECK_BUILD")
    if not HEADER.is_file():
        missing.append(f"no header at {HEADER}: name the source tree in PMEMCHECK_SOURCE")
    if shutil.which(VALGRIND) is None:
        missing.append(f"no program {VALGRIND}: install valgrind, or name it in VALGRIND")
    if shutil.which(CC.split()[0]) is None:
        missing.append(f"no compiler {CC}: install gcc, or name one in CC")
    return missing
