#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""forms.py: every way to write a flush or a fence, as the assembler encodes it.

Writes a C++ include file for tests/decode/test_persist_insn.cpp.  What each row expects is known
here from the source text of the instruction, never from our decoder; its bytes and its length come
from the assembler.

    forms.py --cc CC --output FILE [--objcopy OBJCOPY]
"""
import argparse
import itertools
import pathlib
import random
import shlex
import subprocess
import tempfile
from dataclasses import dataclass, replace

LOW_NAMES = ["ax", "cx", "dx", "bx", "sp", "bp", "si", "di"]
NAMES_64 = ["r" + n for n in LOW_NAMES] + [f"r{n}" for n in range(8, 16)]
NAMES_32 = ["e" + n for n in LOW_NAMES] + [f"r{n}d" for n in range(8, 16)]
RSP = 4  # can be no index
FLUSHES = ["clflush", "clflushopt", "clwb"]
FENCES = ["sfence", "mfence"]
NONE = "kNoRegister"
MASK = (1 << 64) - 1

# The machine that the expected addresses are computed in: any numbers, but always the same.
RNG = random.Random("pmemcheck")
REGS = [RNG.getrandbits(64) for _ in range(16)]
NEXT_RIP, FS, GS = (RNG.getrandbits(64) for _ in range(3))


@dataclass(frozen=True)
class Form:
    """One instruction as written; None is "not written"."""
    op: str
    base: int | None = None
    index: int | None = None
    shift: int = 0
    disp: int | None = None
    rip: bool = False
    segment: str = "None"
    address_32: bool = False
    before: str = ""  # what the assembler is told in front of the mnemonic

    def text(self) -> str:
        if self.op in FENCES:
            return f"{self.before} {self.op}"
        names = NAMES_32 if self.address_32 else NAMES_64
        words, before = [], self.before
        if self.rip:
            words.append("%eip" if self.address_32 else "%rip")
        elif self.base is not None or self.index is not None:
            words.append("" if self.base is None else "%" + names[self.base])
            if self.index is not None:
                words += ["%" + names[self.index], str(1 << self.shift)]
        elif self.address_32:
            before += " addr32"  # no register says how wide the address is
        disp = "" if self.disp is None else str(self.disp)
        segment = "" if self.segment == "None" else f"%{self.segment.lower()}:"
        operand = f"({','.join(words)})" if words else ""
        return f"{before} {self.op} {segment}{disp}{operand}"

    def address(self) -> int:
        if self.op in FENCES:
            return 0
        total = self.disp or 0
        if self.rip:
            total += NEXT_RIP
        if self.base is not None:
            total += REGS[self.base]
        if self.index is not None:
            total += REGS[self.index] * (1 << self.shift)
        if self.address_32:
            total %= 1 << 32
        return (total + {"None": 0, "FS": FS, "GS": GS}[self.segment]) & MASK

    def row(self, code: bytes) -> str:
        def register(number: int | None) -> str:
            return NONE if number is None else str(number)

        operand = ", ".join([str(self.disp or 0), register(self.base), register(self.index),
                             str(self.shift), str(self.rip).lower(),
                             str(self.address_32).lower(), f"Segment::{self.segment}"])
        return (f'{{"{self.text().strip()}", {{{",".join(map(str, code))}}}, '
                f"{{PersistOp::{self.op}, {len(code)}, {{{operand}}}}}, {self.address():#x}u}},")


def operands(op: str):
    """Every base, index, scale and width of displacement, and what has no base."""
    indexes = [(None, 0)] + [(i, s) for i in range(16) if i != RSP for s in range(4)]
    disps = [None, 0x7f, -0x80, 0x12345678, -0x80000000]
    for base, (index, shift), disp in itertools.product(range(16), indexes, disps):
        yield Form(op, base, index, shift, disp)
    for (index, shift), disp in itertools.product(indexes, [0x10, -0x10, 0x7fffffff]):
        yield Form(op, None, index, shift, disp)
    for disp in [0, 0x10, -0x10, 0x7fffffff, -0x80000000]:
        yield Form(op, disp=disp, rip=True)


def forms():
    variants = list(itertools.product(["None", "FS", "GS"], [False, True]))
    for op in FLUSHES:
        for number, form in enumerate(operands(op)):
            yield form
            # All segments and address sizes where the encoding has a corner, else one in turn.
            corner = form.rip or form.base is None or form.index is None
            chosen = variants[1:] if corner else [variants[1 + number % 5]]
            for segment, address_32 in chosen:
                yield replace(form, segment=segment, address_32=address_32)
        # Encodings that are longer than they need be, and prefixes that mean nothing.
        for base in range(16):
            plain = Form(op, base, disp=0)
            for before in ["{disp8}", "{disp32}", ".byte 0x2e;", ".byte 0x3e;", ".byte 0x26,0x36;"]:
                yield replace(plain, before=before)
            if base < 8:
                yield replace(plain, before="rex64")
    for op in FENCES:
        for before in ["", ".byte 0x40;", ".byte 0x47;", ".byte 0x2e;", ".byte 0x67;"]:
            yield Form(op, before=before)


def assemble(all_forms: list[Form], cc: list[str], objcopy: list[str]) -> list[bytes]:
    """The bytes of each form.  The assembler itself writes down the length of each."""
    lines = []
    for form in all_forms:
        lines += [".section .forms", "1:", form.text(), "2:", ".section .lengths", ".byte 2b - 1b"]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "forms.s").write_text("\n".join(lines) + "\n")
        subprocess.run([*cc, "-c", folder / "forms.s", "-o", folder / "forms.o"], check=True)

        def section(which: str) -> bytes:
            # objcopy leaves out sections that a program would not load, unless told otherwise.
            subprocess.run([*objcopy, "-O", "binary", f"--only-section={which}",
                            f"--set-section-flags={which}=alloc,load", folder / "forms.o",
                            folder / "out"], check=True)
            return (folder / "out").read_bytes()

        code, lengths = section(".forms"), section(".lengths")
    if len(lengths) != len(all_forms) or sum(lengths) != len(code):
        raise SystemExit(f"forms.py: {len(all_forms)} forms gave {len(lengths)} lengths that sum "
                         f"to {sum(lengths)}, and {len(code)} bytes: want them to agree")
    ends = list(itertools.accumulate(lengths))
    return [code[end - length:end] for end, length in zip(ends, lengths)]


def main() -> None:
    parser = argparse.ArgumentParser(description="writes the forms of flushes and fences")
    parser.add_argument("--cc", required=True, help="the compiler, to assemble with")
    parser.add_argument("--objcopy", default="objcopy")
    parser.add_argument("--output", required=True, type=pathlib.Path)
    options = parser.parse_args()
    all_forms = list(forms())
    codes = assemble(all_forms, shlex.split(options.cc), shlex.split(options.objcopy))
    registers = ", ".join(f"{r:#x}u" for r in REGS)
    lines = ["// Written by tests/decode/forms.py; do not edit.",
             f"constexpr std::uint64_t kRegs[16] = {{{registers}}};",
             f"constexpr std::uint64_t kNextRip = {NEXT_RIP:#x}u;",
             f"constexpr std::uint64_t kFs = {FS:#x}u, kGs = {GS:#x}u;",
             "constexpr Form kForms[] = {",
             *(form.row(code) for form, code in zip(all_forms, codes)), "};"]
    # A run that is interrupted leaves no half-written file for make to trust.
    options.output.parent.mkdir(parents=True, exist_ok=True)
    unfinished = options.output.with_suffix(".tmp")
    unfinished.write_text("\n".join(lines) + "\n")
    unfinished.replace(options.output)


if __name__ == "__main__":
    main()
