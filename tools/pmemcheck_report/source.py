# SPDX-License-Identifier: GPL-2.0-or-later
"""source.py: the source files of frames: which are the reader's own, and their lines."""

import os.path
import pathlib
from urllib.parse import quote

MAX_FILE = 8 << 20  # bytes; nobody writes longer files by hand
MAX_LINE = 300  # characters


class Sources:
    def __init__(self, root):
        self.root = os.path.abspath(root)
        self._lines = {}
        self._own = {}

    def relative(self, frame):
        """RETURNS: the frame's file relative to the root, or None if it lies elsewhere."""
        path = frame.path
        if path not in self._own:
            self._own[path] = self._relative(path)
        return self._own[path]

    def _relative(self, path):
        if not path:
            return None
        whole = os.path.normpath(os.path.join(self.root, path))
        if not os.path.isabs(path) and not os.path.exists(whole):
            return None
        for path, root in ((whole, self.root), (os.path.realpath(whole), os.path.realpath(self.root))):
            inside = os.path.relpath(path, root)
            if inside.split(os.sep)[0] != os.pardir:
                return inside
        return None

    def home(self, stack):
        """RETURNS: the index of the frame to show: the innermost one in a file below the root, else the
        innermost one with a file, else the first."""
        for wanted in (lambda f: self.relative(f) is not None, lambda f: f.file):
            for index, frame in enumerate(stack):
                if wanted(frame):
                    return index
        return 0

    def uri(self, frame):
        """RETURNS: (URI, whether it is relative to the root)."""
        inside = self.relative(frame)
        if inside is not None:
            return quote(inside), True
        path = frame.path
        return (pathlib.PurePosixPath(path).as_uri() if path.startswith("/") else quote(path)), False

    def root_uri(self):
        return pathlib.PurePosixPath(self.root).as_uri().rstrip("/") + "/"

    def lines(self, frame):
        """RETURNS: the lines of the frame's file; none if it cannot be read."""
        path = os.path.join(self.root, frame.path)
        if path not in self._lines:
            self._lines[path] = self._read(path) if frame.file else []
        return self._lines[path]

    @staticmethod
    def _read(path):
        try:
            if not os.path.isfile(path) or os.path.getsize(path) > MAX_FILE:
                return []
            with open(path, encoding="utf-8", errors="replace", newline=None) as file:
                return [line.rstrip("\n").expandtabs(8)[:MAX_LINE] for line in file]
        except (OSError, ValueError):
            return []
