# SPDX-License-Identifier: GPL-2.0-or-later
"""The command line: help, and what is refused."""

import re

import pytest

# Name, default, and the values it takes, as --help shows them.
SWITCHES = {
    "--print-summary": "yes",
    "--flush-align": "no",
    "--isa-rec": "yes",
    "--error-summary": "yes",
    "--expect-fence-after-clflush": "no",
}


def test_help(pmemcheck):
    done = pmemcheck(["--help"])
    assert done.status == 0, done
    assert done.stderr == "", done
    assert "pmemcheck is Copyright (c)" in done.stdout, done
    assert "expect-fence-after-clflush" in done.stdout, done


@pytest.mark.parametrize("option", SWITCHES)
def test_help_lists_the_option_with_its_range_and_default(pmemcheck, option):
    text = pmemcheck(["--help"]).stdout
    wanted = rf"^ +{option}=(no\|yes|yes\|no)\b[^\[]*\[{SWITCHES[option]}\]$"
    assert re.search(wanted, text, re.MULTILINE), text


@pytest.mark.parametrize("option", SWITCHES)
@pytest.mark.parametrize("value", ["maybe", "", "YES", "1", "yes "])
def test_a_bad_value_is_refused_in_words(pmemcheck, option, value):
    done = pmemcheck(["/bin/true"], options=[f"{option}={value}"])
    assert done.status == 1, done
    wanted = f"{option}={value}: want yes or no"  # "valgrind: " may come before it
    assert any(line.endswith(wanted) for line in done.stderr.splitlines()), done


@pytest.mark.parametrize("option", ["--no-such-option", "--print-summery=yes", "--indif=3"])
def test_an_unknown_option_is_named(pmemcheck, option):
    done = pmemcheck(["/bin/true"], options=[option])
    assert done.status == 1, done
    assert option in done.stderr, done


@pytest.mark.parametrize("option", SWITCHES)
@pytest.mark.parametrize("value", ["yes", "no"])
def test_both_values_are_taken(pmemcheck, option, value):
    done = pmemcheck(["/bin/true"], options=[f"{option}={value}"])
    assert done.status == 0 and done.stderr == "", done
