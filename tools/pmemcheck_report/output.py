# SPDX-License-Identifier: GPL-2.0-or-later
"""output.py: writes a file as a whole or not at all."""

import os
import stat
import tempfile


def write(path, text):
    """RAISES: OSError; then what stood at the path stands there still."""
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
    """A device or a pipe is written to, not replaced."""
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _mode(path):
    """RETURNS: the mode of the file that is replaced, or the one that a new file gets."""
    try:
        return stat.S_IMODE(os.stat(path).st_mode)
    except OSError:
        umask = os.umask(0)
        os.umask(umask)
        return 0o666 & ~umask
