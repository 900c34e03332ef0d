# SPDX-License-Identifier: GPL-2.0-or-later
"""The client header compiles in every standard of C and C++, its numbers do not change, and its macros
yield zero without the tool."""

import re
import shlex
import shutil

import pytest

from harness import place, run

C_STANDARDS = ["c89", "c99", "c11", "c17", "gnu89"]
CXX_STANDARDS = ["c++98", "c++11", "c++14", "c++17", "c++20"]
STRICT = "-Wall -Wextra -pedantic -Werror".split()

REQUESTS = {
    "REGISTER_PMEM_MAPPING": 0x00,
    "REGISTER_PMEM_FILE": 0x01,
    "REMOVE_PMEM_MAPPING": 0x02,
    "CHECK_IS_PMEM_MAPPING": 0x03,
    "PRINT_PMEM_MAPPINGS": 0x04,
    "DO_FLUSH": 0x05,
    "DO_FENCE": 0x06,
    "RESERVED1": 0x07,
    "WRITE_STATS": 0x08,
    "RESERVED2": 0x09,
    "RESERVED3": 0x0A,
    "RESERVED4": 0x0B,
    "RESERVED5": 0x0C,
    "RESERVED7": 0x0D,
    "RESERVED8": 0x0E,
    "RESERVED9": 0x0F,
    "RESERVED10": 0x10,
    "SET_CLEAN": 0x11,
    "START_TX": 0x12,
    "START_TX_N": 0x13,
    "END_TX": 0x14,
    "END_TX_N": 0x15,
    "ADD_TO_TX": 0x16,
    "ADD_TO_TX_N": 0x17,
    "REMOVE_FROM_TX": 0x18,
    "REMOVE_FROM_TX_N": 0x19,
    "ADD_THREAD_TO_TX_N": 0x1A,
    "REMOVE_THREAD_FROM_TX_N": 0x1B,
    "ADD_TO_GLOBAL_TX_IGNORE": 0x1C,
    "RESERVED6": 0x1D,
    "EMIT_LOG": 0x1E,
    "DEEP_SYNC": 0x1F,
    "COUNT_FINDINGS": 0x20,
    "DISABLE_REPORTING": 0x21,
    "ENABLE_REPORTING": 0x22,
    "NAME_RANGE": 0x23,
    "ASSERT_DURABLE": 0x24,
    "ASSERT_DURABLE_BEFORE": 0x25,
}

EXPRESSIONS = [
    "REGISTER_PMEM_MAPPING(p, n)",
    "REGISTER_PMEM_FILE(fd, p, n, n)",
    "REMOVE_PMEM_MAPPING(p, n)",
    "CHECK_IS_PMEM_MAPPING(p, n)",
    "DO_FLUSH(p, n)",
    "SET_CLEAN(p, n)",
    "START_TX_N(id)",
    "END_TX_N(id)",
    "ADD_TO_TX(p, n)",
    "ADD_TO_TX_N(id, p, n)",
    "REMOVE_FROM_TX(p, n)",
    "REMOVE_FROM_TX_N(id, p, n)",
    "ADD_THREAD_TX_N(id)",
    "REMOVE_THREAD_FROM_TX_N(id)",
    "ADD_TO_GLOBAL_TX_IGNORE(p, n)",
    'EMIT_LOG("text")',
    "DEEP_SYNC(p, n)",
    "COUNT_FINDINGS",
    "DISABLE_REPORTING",
    "ENABLE_REPORTING",
    'NAME_RANGE(p, n, "name")',
    "ASSERT_DURABLE(p, n)",
    "ASSERT_DURABLE_BEFORE(p, n, p, n)",
]

STATEMENTS = ["PRINT_PMEM_MAPPINGS", "DO_FENCE", "WRITE_STATS", "START_TX", "END_TX"]


def program():
    lines = ["#include <valgrind/pmemcheck.h>", "int main(void) {",
             "  unsigned long sum = 0, n = 64;", "  char p[64]; int fd = 0, id = 7;", "  p[0] = 0;"]
    lines += [f"  sum |= VALGRIND_PMC_{text};" for text in EXPRESSIONS]
    # Statement macros work by themselves and as the branches of an if.
    lines += [f"  VALGRIND_PMC_{text};" for text in STATEMENTS]
    lines += [f"  if (sum) VALGRIND_PMC_{text}; else VALGRIND_PMC_{text};" for text in STATEMENTS]
    # The value of an expression macro need not be used.
    lines += [f"  VALGRIND_PMC_{text};" for text in EXPRESSIONS]
    lines += ["  return (int)sum + p[0] + fd;", "}", ""]
    return "\n".join(lines)


def compiled(native, tmp_path, compiler, *flags, suffix="c", text=None):
    source = tmp_path / f"header.{suffix}"
    source.write_text(text or program())
    done = native([*compiler, *flags, f"-I{place.SOURCE / 'include'}", source, "-o",
                   tmp_path / "header"])
    assert done.status == 0 and done.stderr == "", done
    return tmp_path / "header"


# The compiler of the build, and clang if it is installed.
C_COMPILERS = [place.CC] + ["clang"] * (shutil.which("clang") is not None)


@pytest.mark.parametrize("standard", C_STANDARDS)
@pytest.mark.parametrize("compiler", C_COMPILERS)
def test_the_header_compiles_as_c(native, tmp_path, compiler, standard):
    built = compiled(native, tmp_path, shlex.split(compiler), f"-std={standard}", *STRICT)
    done = native([built])
    assert (done.status, done.stdout, done.stderr) == (0, "", ""), done


@pytest.mark.parametrize("standard", CXX_STANDARDS)
def test_the_header_compiles_as_cxx(native, tmp_path, standard):
    built = compiled(native, tmp_path, ["g++"], f"-std={standard}", *STRICT, suffix="cpp")
    done = native([built])
    assert (done.status, done.stdout, done.stderr) == (0, "", ""), done


def test_the_macros_compile_with_nvalgrind(native, tmp_path):
    built = compiled(native, tmp_path, shlex.split(place.CC), "-DNVALGRIND", "-O1")
    assert native([built]).status == 0


def test_request_numbers_never_change(native, tmp_path):
    lines = ["#include <stdio.h>", "#include <valgrind/pmemcheck.h>", "int main(void) {"]
    lines += [f'  printf("{name} %x\\n", (unsigned)VG_USERREQ__PMC_{name});' for name in REQUESTS]
    lines += ["  return 0;", "}", ""]
    built = compiled(native, tmp_path, shlex.split(place.CC), *STRICT, text="\n".join(lines))
    found = dict(line.split() for line in native([built]).stdout.splitlines())
    assert found == {name: f"{0x50430000 + number:x}" for name, number in REQUESTS.items()}


def test_every_request_and_macro_of_the_header_is_tested_here():
    text = place.HEADER.read_text()
    assert set(re.findall(r"VG_USERREQ__PMC_(\w+) =", text)) == set(REQUESTS)
    macros = {re.match(r"\w+", macro).group() for macro in EXPRESSIONS + STATEMENTS}
    assert set(re.findall(r"#define VALGRIND_PMC_(\w+)", text)) == macros


def test_the_header_includes_only_valgrind_h():
    assert re.findall(r"#\s*include\s+(\S+)", place.HEADER.read_text()) == ["<valgrind/valgrind.h>"]


def test_requests_have_no_effect_under_another_tool(native, tmp_path):
    built = compiled(native, tmp_path, shlex.split(place.CC))
    done = run.under_valgrind([built], tmp_path, tool="none")
    assert (done.status, done.stdout, done.stderr) == (0, "", ""), done
