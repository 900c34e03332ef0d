# SPDX-License-Identifier: GPL-2.0-or-later
import pytest

from harness import run
from harness.explored_case import CHECK, GUEST


@pytest.fixture
def recorded(guest, pmemcheck, tmp_path):
    """RETURNS: a directory with run.trace, a recording of the guest, the checker `check`, and check.so."""
    done = pmemcheck([guest(GUEST, cflags=["-DLINES=6"])],
                     options=["--trace=run.trace", "--print-summary=no"])
    assert done.status == 0, done
    (tmp_path / "check.c").write_text(CHECK)
    run.build(tmp_path / "check.c", tmp_path / "check")
    run.build(tmp_path / "check.c", tmp_path / "check.so", cflags=["-shared", "-fPIC"])
    return tmp_path
