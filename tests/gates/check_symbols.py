#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""check_symbols.py: the pure floors use only functions that a Valgrind tool has, and nothing needs to
run before the tool starts.

A tool has neither a C library nor a C++ runtime, and nothing runs its initialisers: `int g = f();`
stays 0 without any diagnostic.
"""
import os
import re
import shlex
import subprocess

import gate

# All symbols that floors 0 to 3 may leave undefined.
MAY_LEAVE_UNDEFINED = {
    # pmemcheck/base/host.h
    "pmemcheck::host_allocate(unsigned long, char const*)",
    "pmemcheck::host_free(void*)",
    "pmemcheck::host_check_failed(char const*, int, char const*)",
    # the compiler generates calls to these; Valgrind's core defines them
    "memcpy", "memmove", "memset",
    # pmemcheck/valgrind/host.cpp defines them, for == on string_view and array, and for find
    "memcmp", "strlen", "memchr",
    # libgcc defines it, for std::popcount without the instruction
    "__popcountdi2",
    # the linker defines it
    "_GLOBAL_OFFSET_TABLE_",
}
# Sections with code and pointers that a runtime would have to run, or data that it would have to set up.
FORBIDDEN_SECTIONS = re.compile(r"\s(\.(?:pre)?init_array\S*|\.fini_array\S*|\.[cd]tors\S*|\.t(?:data|bss)\S*"
                                r"|\.interp|\.dynamic)\s")
WHY = ("a Valgrind tool has no runtime for this: use constinit (initialised at compile time), no "
       "thread_local, and no global with a destructor")


def tool(variable, fallback, *arguments):
    command = shlex.split(os.environ.get(variable) or fallback)
    return subprocess.run([*command, *map(str, arguments)], check=True, text=True,
                          stdout=subprocess.PIPE).stdout


def undefined(path):
    """RETURNS: the symbols that path leaves undefined, as [(demangled name, where it is used)]."""
    defined = set()
    wanted = []
    # One line: [archive:]member: [address] type name [TAB file:line]
    for line in tool("NM", "nm", "-A", "-l", "-C", path).splitlines():
        head, _, where = line.partition("\t")
        match = re.fullmatch(r"(.*?):\s*([0-9a-f]+)? +(\w) (.*)", head)
        if not match:
            continue
        file, _, kind, name = match.groups()
        if kind in "Uw":
            wanted.append((name, where or f"{file}:1"))
        else:
            defined.add(name)
    return [(name, where) for name, where in wanted if name not in defined]


def check_sections(path, findings):
    member = path
    for line in tool("READELF", "readelf", "-S", "-W", path).splitlines():
        if line.startswith("File: "):
            member = line.removeprefix("File: ")
        match = FORBIDDEN_SECTIONS.search(line)
        if match:
            findings.add(member, 1, f"has a section {match[1]}: {WHY}")


def check_core(archive):
    findings = gate.Findings()
    for name, where in undefined(archive):
        if name not in MAY_LEAVE_UNDEFINED:
            path, _, line = where.rpartition(":")
            findings.add(path, line, f"uses {name}, which the tool does not have")
    check_sections(archive, findings)
    return findings


def check_tool(program):
    findings = gate.Findings()
    for name, where in undefined(program):
        findings.add(program, 1, f"{name} is undefined")
    check_sections(program, findings)
    return findings


def check():
    build = gate.build_root()
    findings = gate.Findings()
    for path, check_file in ((build / "libpmemcheck_core.a", check_core),
                             (build / "unstripped/pmemcheck-amd64-linux", check_tool)):
        if path.exists():
            findings.lines += check_file(path).lines
        else:
            findings.add(path, 1, "not built: run `make` first")
    return findings


def self_test(plant):
    def archive(name, text):
        source = plant.write(f"{name}.cpp", text)
        target = source.with_suffix(".o")
        flags = "-g -ffreestanding -fno-exceptions -fno-rtti -fno-threadsafe-statics -fno-pie".split()
        subprocess.run([*shlex.split(os.environ.get("CXX") or "g++"), *flags, "-c", source, "-o", target],
                       check=True)
        subprocess.run(["ar", "crD", plant.root / f"{name}.a", target], check=True)
        return plant.root / f"{name}.a"

    good = archive("good", "namespace pmemcheck { void host_free(void*); }\nint counter = 1;\n"
                   "void f(void* p) { pmemcheck::host_free(p); }\n")
    gate.expect("good code", check_core(good).lines)
    gate.expect("a program with an undefined symbol", check_tool(good).lines,
                f"{good}:1: pmemcheck::host_free")
    calls = archive("calls", 'extern "C" int puts(const char*);\n\nint f() { return puts("x"); }\n')
    gate.expect("a call of puts", check_core(calls).lines, f"{plant.root}/calls.cpp:3: uses puts")
    dynamic = archive("dynamic", "int f();\nint f() { return 1; }\nint g = f();\n")
    gate.expect("an initialiser", check_core(dynamic).lines, f"{dynamic}(dynamic.o):1: has a section .init_array")
    lazy = archive("thread", "thread_local int mine = 3;\n")
    gate.expect("a thread_local", check_core(lazy).lines, f"{lazy}(thread.o):1: has a section .tdata")


if __name__ == "__main__":
    gate.run(check, self_test)
