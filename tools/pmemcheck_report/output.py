# SPDX-License-Identifier: GPL-2.0-or-later
"""output.py: writes a whole file, or nothing."""

import os
import stat
import tempfile


def write(path, text):
    """RAISES: OSError; the old file at the path is then unchanged."""
    data = text.encode("utf-8", "backslashreplace")
    if _is_special(path):
        with open(path, "wb") as file:
            file.write(data)
        return
    path = os.path.realpath(path)  # a link stays a link
    handle, beside = tempfile.mkstemp(prefix=f".{os.path.basename(path)[:100]}.",
                                      dir=os.path.dirname(path))
    try:
        with open(handle, "wb") as file:
            file.write(data)
        os.chmod(beside, _mode(path))
        os.replace(beside, path)
    except BaseException:
        os.unlink(beside)
        raise


def _is_special(path):
    """RETURNS: whether the path is a device or a pipe, which cannot be replaced."""
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _mode(path):
    """RETURNS: the mode of the file at the path, or that of a new file."""
    try:
        return stat.S_IMODE(os.stat(path).st_mode)
    except OSError:
        umask = os.umask(0)
        os.umask(umask)
        return 0o666 & ~umask
