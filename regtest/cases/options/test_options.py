# SPDX-License-Identifier: GPL-2.0-or-later
"""The command line: --help, and which values each option accepts and refuses."""

import re

import pytest

# Name: default.
SWITCHES = {
    "--print-summary": "yes",
    "--flush-align": "no",
    "--isa-rec": "yes",
    "--error-summary": "yes",
    "--expect-fence-after-clflush": "no",
    "--mult-stores": "no",
    "--flush-check": "no",
    "--tx-only": "no",
    "--explain": "no",
    "--log-stores": "no",
    "--log-stores-stacktraces": "no",
}
GOOD_SWITCHES = [(option, value) for option in SWITCHES for value in ("yes", "no")]
BAD_SWITCHES = [(option, value) for option in SWITCHES
                for value in ("maybe", "", "YES", "1", "yes ")]

# Name: default, range.
NUMBERS = {
    "--indiff": ("0", "0 or more"),
    "--log-stores-stacktraces-depth": ("1", "1 to 500"),
}
# Name: values as --help shows them, default, values as a refusal names them.
CHOICES = {
    "--report": ("exit|now|both", "exit", "exit or now or both"),
    "--group": ("no|yes|auto", "auto", "no or yes or auto"),
    "--domain": ("adr|eadr", "adr", "adr or eadr"),
    "--fence-scope": ("thread|process", "thread", "thread or process"),
    "--cpu-flush": ("clflush|clflushopt|clwb", "clwb", "clflush or clflushopt or clwb"),
}
GOOD_CHOICES = [(o, v) for o, (values, _, _) in CHOICES.items() for v in values.split("|")]
NO_CHOICES = ["maybe", "", "EADR", "adr,eadr", "yes", "YES", "1", "yes "]
BAD_CHOICES = [(o, v) for o in CHOICES for v in NO_CHOICES if (o, v) not in GOOD_CHOICES]
GOOD_FILES = ["/mnt/pmem/*", "*.pool", "/a=b", "/cxl/*=eadr", "/x[0-9]=adr"]
BAD_FILES = ["", "pool", "./pool", "=eadr", "[a]/x"]
GOOD_NUMBERS = [("--indiff", n) for n in ("0", "1", "3", "1000000", "4294967296")]
GOOD_NUMBERS += [("--log-stores-stacktraces-depth", n) for n in ("1", "2", "499", "500")]
NO_NUMBERS = ["x", "", "-1", "-3", "3x", "1.5", "0x", "99999999999999999999", " ", "--"]
BAD_NUMBERS = [(option, n) for option in NUMBERS for n in NO_NUMBERS]
BAD_NUMBERS += [("--log-stores-stacktraces-depth", n) for n in ("0", "501", "4294967297")]


def for_each(rows):
    return pytest.mark.parametrize("option,value", rows, ids=["=".join(row) for row in rows])


def is_accepted(done):
    return (done.status, done.stderr) == (0, "")


def is_refused(done, words):
    """RETURNS: whether Valgrind stopped with `words`, which "valgrind: " may precede."""
    return done.status == 1 and any(line.endswith(words) for line in done.stderr.splitlines())


def test_help_exits_with_0_and_names_the_tool(pmemcheck):
    done = pmemcheck(["--help"])
    assert done.status == 0, done
    assert done.stderr == "", done
    assert "pmemcheck is Copyright (c)" in done.stdout, done
    assert "expect-fence-after-clflush" in done.stdout, done


@pytest.mark.parametrize("option", SWITCHES)
def test_help_lists_the_switch_with_its_values_and_default(pmemcheck, option):
    text = pmemcheck(["--help"]).stdout
    wanted = rf"^ +{option}=(no\|yes|yes\|no)\b[^\[]*\[{SWITCHES[option]}\]$"
    assert re.search(wanted, text, re.MULTILINE), text


@for_each(BAD_SWITCHES)
def test_a_switch_refuses_any_value_but_yes_and_no(pmemcheck, option, value):
    done = pmemcheck(["/bin/true"], options=[f"{option}={value}"])
    assert is_refused(done, f"{option}={value}: want yes or no"), done


@pytest.mark.parametrize("option", ["--no-such-option", "--print-summery=yes", "--indif=3"])
def test_an_unknown_option_is_named(pmemcheck, option):
    done = pmemcheck(["/bin/true"], options=[option])
    assert done.status == 1, done
    assert option in done.stderr, done


@pytest.mark.parametrize("option", NUMBERS)
def test_help_lists_the_number_with_its_range_and_default(pmemcheck, option):
    text = pmemcheck(["--help"]).stdout
    default, wanted = NUMBERS[option]
    pattern = rf"^ +{option}=<number>[^\[]*\[{default}; {wanted}\]$"
    assert re.search(pattern, text, re.MULTILINE), text


@for_each(BAD_NUMBERS)
def test_a_number_out_of_range_is_refused(pmemcheck, option, value):
    done = pmemcheck(["/bin/true"], options=[f"{option}={value}"])
    assert is_refused(done, f"{option}={value}: want a whole number, {NUMBERS[option][1]}"), done


@pytest.mark.parametrize("option", CHOICES)
def test_help_lists_the_choice_with_its_values_and_default(pmemcheck, option):
    text = pmemcheck(["--help"]).stdout
    values, default, _ = CHOICES[option]
    pattern = rf"^ +{option}={re.escape(values)}\s[^\[]*\[{default}\]$"
    assert re.search(pattern, text, re.MULTILINE), text


@for_each(BAD_CHOICES)
def test_a_value_that_is_not_among_the_choices_is_refused(pmemcheck, option, value):
    done = pmemcheck(["/bin/true"], options=[f"{option}={value}"])
    assert is_refused(done, f"{option}={value}: want {CHOICES[option][2]}"), done


@for_each(GOOD_SWITCHES + GOOD_NUMBERS + GOOD_CHOICES)
def test_a_value_of_the_option_is_accepted(pmemcheck, option, value):
    done = pmemcheck(["/bin/true"], options=[f"{option}={value}"])
    assert is_accepted(done), done


@pytest.mark.parametrize("value", BAD_FILES, ids="--pmem-file={}".format)
def test_a_pattern_that_no_absolute_path_matches_is_refused(pmemcheck, value):
    done = pmemcheck(["/bin/true"], options=[f"--pmem-file={value}"])
    wanted = f"--pmem-file={value}: want a pattern of absolute paths, which begins with / or *"
    assert is_refused(done, wanted), done


def test_pmem_file_may_be_given_several_times(pmemcheck):
    done = pmemcheck(["/bin/true"], options=[f"--pmem-file={value}" for value in GOOD_FILES])
    assert is_accepted(done), done
    text = pmemcheck(["--help"]).stdout
    assert re.search(r"^ +--pmem-file=<glob>\[=adr\|=eadr\]\s[^\[]*\[none\]$", text, re.MULTILINE), text


def test_every_option_in_the_help_is_tested_here(pmemcheck):
    text = pmemcheck(["--help"]).stdout
    ours = text.split("user options for pmemcheck:")[1].split("Extra options read")[0]
    assert set(re.findall(r"(--[a-z-]+)=", ours)) == set(SWITCHES) | set(NUMBERS) | set(CHOICES) | {
        "--pmem-file",
        "--trace",  # in cases/explore
    }


ALL = [f"{option}={default}" for option, default in SWITCHES.items()]
ALL += [f"{option}={default}" for option, (default, _) in NUMBERS.items()]
ALL += [f"{option}={default}" for option, (_, default, _) in CHOICES.items()]


def test_stating_every_default_changes_nothing(guest, pmemcheck):
    program = guest(r"""
#include "guest.h"
int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1;
  PM(uint64_t, 0) = 1;
  CLWB(PM_BASE);
  CLWB(PM_BASE);
  END();
}
""")
    one, other = pmemcheck([program]).parsed(), pmemcheck([program], options=ALL).parsed()
    assert one.reports[0].found() == other.reports[0].found() == {"lost": 1}
