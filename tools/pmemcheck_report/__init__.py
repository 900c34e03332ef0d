# SPDX-License-Identifier: GPL-2.0-or-later
"""pmemcheck-report: reads what `valgrind --tool=pmemcheck --xml=yes` wrote, and reports it.

    reader    XML file -> Run with its Findings, and what is wrong with the file
    model     Findings of many runs -> Groups; what makes two findings the same
    table     the kinds of finding, from pmemcheck/tables/findings.def
    baseline  which Groups an earlier report had
    terminal, sarif, junit, jsonfile, page    a Report -> text

The Python standard library is all it needs, 3.9 or newer.
"""
