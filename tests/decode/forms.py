#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""forms.py: every way to write the instructions that we decode, as the assembler encodes them.

Writes a C++ include file for the tests in tests/decode.  The expected result of each row is derived
from the source text of the instruction, never from our decoders; its bytes and its length come from
the assembler.

    forms.py --cc CC --output FILE [--objcopy OBJCOPY]

The file holds a table for each test.  Before it includes the file, a test defines Form (see
decoder_test.h) and the macro of TABLES that selects its table.
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
RSP = 4  # cannot be an index
NONE = "kNoRegister"
MASK = (1 << 64) - 1

# The machine in which the expected addresses are computed: arbitrary numbers, the same in each run.
RNG = random.Random("pmemcheck")
REGS = [RNG.getrandbits(64) for _ in range(16)]
NEXT_RIP, FS, GS = (RNG.getrandbits(64) for _ in range(3))


# ---- operands ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Operand:
    """A memory operand as written; None is "not written"."""
    base: int | None = None
    index: int | None = None
    shift: int = 0
    disp: int | None = None
    rip: bool = False
    segment: str = "None"
    address_32: bool = False

    def shows_width(self) -> bool:
        """RETURNS: whether a register in it shows how wide the address is."""
        return self.rip or self.base is not None or self.index is not None

    def text(self) -> str:
        names = NAMES_32 if self.address_32 else NAMES_64
        words = []
        if self.rip:
            words.append("%eip" if self.address_32 else "%rip")
        elif self.shows_width():
            words.append("" if self.base is None else "%" + names[self.base])
            if self.index is not None:
                words += ["%" + names[self.index], str(1 << self.shift)]
        disp = "" if self.disp is None else str(self.disp)
        segment = "" if self.segment == "None" else f"%{self.segment.lower()}:"
        return f"{segment}{disp}" + (f"({','.join(words)})" if words else "")

    def address(self) -> int:
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

    def row(self) -> str:
        def register(number: int | None) -> str:
            return NONE if number is None else str(number)

        return "{" + ", ".join([str(self.disp or 0), register(self.base), register(self.index),
                                str(self.shift), str(self.rip).lower(),
                                str(self.address_32).lower(), f"Segment::{self.segment}"]) + "}"


def plain_operands():
    """Every base, index, scale and width of displacement, and operands without a base."""
    indexes = [(None, 0)] + [(i, s) for i in range(16) if i != RSP for s in range(4)]
    disps = [None, 0x7f, -0x80, 0x12345678, -0x80000000]
    for base, (index, shift), disp in itertools.product(range(16), indexes, disps):
        yield Operand(base, index, shift, disp)
    for (index, shift), disp in itertools.product(indexes, [0x10, -0x10, 0x7fffffff]):
        yield Operand(None, index, shift, disp)
    for disp in [0, 0x10, -0x10, 0x7fffffff, -0x80000000]:
        yield Operand(disp=disp, rip=True)


def operands():
    """plain_operands(), each alone and with segments and address sizes: with all combinations where the
    encoding has a corner case, else with one of them in turn."""
    variants = list(itertools.product(["None", "FS", "GS"], [False, True]))
    for number, operand in enumerate(plain_operands()):
        yield operand
        corner = operand.rip or operand.base is None or operand.index is None
        for segment, address_32 in variants[1:] if corner else [variants[1 + number % 5]]:
            yield replace(operand, segment=segment, address_32=address_32)


# Ways to write an operand that do not change its meaning: encodings that are longer than necessary,
# and prefixes that have no effect.
IDLE = ["{disp8}", "{disp32}", ".byte 0x2e;", ".byte 0x3e;", ".byte 0x26,0x36;"]


# ---- instructions --------------------------------------------------------------------------------
@dataclass(frozen=True)
class Form:
    """One instruction as written."""
    op: str                         # as the list and its enumeration call it
    operand: Operand | None = None
    before: str = ""                # assembler input in front of the mnemonic

    def mnemonic(self) -> str:
        return self.op

    def words(self) -> list[str]:
        """The operands, in AT&T order."""
        return [] if self.operand is None else [self.operand.text()]

    def shows_width(self) -> bool:
        return self.operand is None or self.operand.shows_width()

    def text(self) -> str:
        before = self.before
        if self.operand is not None and self.operand.address_32 and not self.shows_width():
            before += " addr32"
        return f"{before} {self.mnemonic()} {', '.join(self.words())}".strip()

    def expected(self, length: int) -> list[str]:
        """The members of the decoder's result, up to the operand."""
        raise NotImplementedError

    def row(self, code: bytes) -> str:
        operand, address = ("{}", 0) if self.operand is None else \
            (self.operand.row(), self.operand.address())
        return (f'{{"{self.text()}", {{{",".join(map(str, code))}}}, '
                f"{{{', '.join(self.expected(len(code)))}, {operand}}}, {address:#x}u}},")


class PersistForm(Form):
    """A flush or a fence."""

    def expected(self, length: int) -> list[str]:
        return [f"PersistOp::{self.op}", str(length)]


def persist_forms():
    for op in ["clflush", "clflushopt", "clwb"]:
        for operand in operands():
            yield PersistForm(op, operand)
        for base in range(16):
            for before in IDLE + ["rex64"] * (base < 8):
                yield PersistForm(op, Operand(base, disp=0), before)
    for op in ["sfence", "mfence"]:
        for before in ["", ".byte 0x40;", ".byte 0x47;", ".byte 0x2e;", ".byte 0x67;"]:
            yield PersistForm(op, before=before)


@dataclass(frozen=True)
class NtForm(Form):
    """A non-temporal store."""
    source: str = ""  # the registers, in AT&T order
    size: int = 0
    kind: str = "Plain"
    reg: int = 0
    vex: bool = False

    def mnemonic(self) -> str:
        return "v" * self.vex + self.op

    def words(self) -> list[str]:
        # MOVDIR64B reads memory, and AT&T names what is read first.
        words = [self.source, *super().words()]
        return words[::-1] if self.kind == "Direct64" else words

    def shows_width(self) -> bool:
        return super().shows_width() or self.kind == "Direct64"

    def expected(self, length: int) -> list[str]:
        return [f"NtStoreOp::{self.op}", f"NtStoreKind::{self.kind}", str(length), str(self.size),
                str(self.reg)]


def movdiri(operand: Operand, reg: int, is_wide: bool, before: str = "") -> NtForm:
    return NtForm("movdiri", operand, before, "%" + (NAMES_64 if is_wide else NAMES_32)[reg],
                  8 if is_wide else 4, "Direct", reg)


def movdir64b(operand: Operand, reg: int, before: str = "") -> NtForm:
    # The register is an address too, as wide as the other.
    name = (NAMES_32 if operand.address_32 else NAMES_64)[reg]
    return NtForm("movdir64b", operand, before, "%" + name, 64, "Direct64", reg)


def direct_forms():
    """The stores that VEX cannot execute: we compute their address, so every operand is tried."""
    for operand in operands():
        yield movdiri(operand, RNG.randrange(16), RNG.random() < 0.5)
        yield movdir64b(operand, RNG.randrange(16))
    for base, reg in itertools.product(range(16), range(16)):
        operand = Operand(base)
        for is_wide in [False, True]:
            yield movdiri(operand, reg, is_wide)
        yield movdir64b(operand, reg)
        yield movdir64b(replace(operand, address_32=True), reg)
    for base, before in itertools.product(range(16), IDLE):
        yield movdiri(Operand(base, disp=0), base ^ 5, True, before)
        yield movdir64b(Operand(base, disp=0), base ^ 5, before)


def plain_forms():
    """The stores that VEX executes: every source register, each with a different part of the operands."""
    def stores():
        for reg in range(16):
            yield dict(op="movnti", source="%" + NAMES_32[reg], size=4)
            yield dict(op="movnti", source="%" + NAMES_64[reg], size=8)
            if reg < 8:
                yield dict(op="movntq", source=f"%mm{reg}", size=8)
            for op in ["movntdq", "movntps", "movntpd"]:
                yield dict(op=op, source=f"%xmm{reg}", size=16)
                # The assembler chooses the shorter VEX prefix, C5, where it can.
                for before, (name, size) in itertools.product(["{vex}", "{vex3}"],
                                                              [("xmm", 16), ("ymm", 32)]):
                    yield dict(op=op, before=before, source=f"%{name}{reg}", size=size, vex=True)

    every = list(operands())
    for number, store in enumerate(stores()):
        for operand in every[number::389]:
            yield NtForm(operand=operand, **store)
    for base, before in itertools.product(range(16), IDLE):
        operand = Operand(base, disp=0)
        yield NtForm("movnti", operand, before, "%eax", 4)
        yield NtForm("movntdq", operand, before, "%xmm9", 16, vex=True)


def masked_forms():
    for data, mask in itertools.product(range(8), range(8)):
        for before in ["", ".byte 0x67;", ".byte 0x64;", ".byte 0x41;", ".byte 0x4f;"]:
            yield NtForm("maskmovq", None, before, f"%mm{mask}, %mm{data}", 8, "MaskedMmx", mask)
    for data, mask in itertools.product(range(16), range(16)):
        source = f"%xmm{mask}, %xmm{data}"
        for before in ["", ".byte 0x67;", ".byte 0x65;"]:
            yield NtForm("maskmovdqu", None, before, source, 16, "MaskedXmm", mask)
            for vex in ["{vex}", "{vex3}"]:
                yield NtForm("maskmovdqu", None, before + vex, source, 16, "MaskedXmm", mask, True)


def nt_forms():
    yield from direct_forms()
    yield from plain_forms()
    yield from masked_forms()


# ---- what the assembler makes of them ------------------------------------------------------------
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
            # By default objcopy leaves out sections that a program would not load.
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


# The macro that picks each table, and its rows.
TABLES = {"PM_FORMS_OF_PERSIST_INSN": persist_forms, "PM_FORMS_OF_NT_STORE": nt_forms}


def main() -> None:
    parser = argparse.ArgumentParser(description="writes the forms for the tests of the decoders")
    parser.add_argument("--cc", required=True, help="the compiler, to assemble with")
    parser.add_argument("--objcopy", default="objcopy")
    parser.add_argument("--output", required=True, type=pathlib.Path)
    options = parser.parse_args()
    registers = ", ".join(f"{r:#x}u" for r in REGS)
    lines = ["// Written by tests/decode/forms.py; do not edit.",
             "constexpr pmemcheck::test::GuestRegisters kRegisters = {",
             f"  {{{registers}}}, {NEXT_RIP:#x}u, {FS:#x}u, {GS:#x}u}};"]
    for macro, forms in TABLES.items():
        all_forms = list(forms())
        codes = assemble(all_forms, shlex.split(options.cc), shlex.split(options.objcopy))
        lines += [f"#ifdef {macro}", "constexpr Form kForms[] = {",
                  *(form.row(code) for form, code in zip(all_forms, codes)), "};", "#endif"]
    # A run that is interrupted leaves no half-written file for make to trust.
    options.output.parent.mkdir(parents=True, exist_ok=True)
    unfinished = options.output.with_suffix(".tmp")
    unfinished.write_text("\n".join(lines) + "\n")
    unfinished.replace(options.output)


if __name__ == "__main__":
    main()
