# SPDX-License-Identifier: GPL-2.0-or-later
"""What the regression tests stand on; see ../README.md."""
