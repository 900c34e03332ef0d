# SPDX-License-Identifier: GPL-2.0-or-later
"""pmemcheck-report: makes one report of the XML files of `valgrind --tool=pmemcheck --xml=yes`.

    reader    XML file -> Run with its Findings, and what is wrong with the file
    explored  the same for a JSON file of pmemcheck-explore
    model     Findings of many runs -> Groups; what makes two findings the same
    table     the kinds of finding, from pmemcheck/tables/findings.def
    baseline  which Groups an earlier report had
    terminal, sarif, junit, jsonfile, page    a Report -> text

It needs only the standard library of Python 3.9 or newer.
"""
