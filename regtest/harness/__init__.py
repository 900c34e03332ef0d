# SPDX-License-Identifier: GPL-2.0-or-later
"""Common code of the regression tests; see ../README.md."""
