# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes a guest that executes flush instructions with every form of memory operand.

Each form has its own slot: a cache line that it must flush, after a guard line that nothing flushes.
The guest dirties all the slots, runs the forms and fences, so only the guard lines are left for the
report.  This module chooses slots and register values, so the address is known before the guest
runs; the guest also computes it with LEA.

Slots lie in three regions: HIGH, for full 64-bit addresses; LOW, below 2 GiB, for operands of 32
bits; NEAR, in the program itself, for operands relative to RIP.
"""

import random
from dataclasses import dataclass

HIGH, LOW, NEAR = 0x200000000, 0x30000000, 0x10000000
SLOT, LINE = 128, 64
INSTRUCTIONS = ("clwb", "clflushopt", "clflush")
REGISTERS = ("rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15").split()
NARROW = {r: "e" + r[1:] if r[1:].isalpha() else r + "d" for r in REGISTERS}
NO_INDEX = "rsp"  # its number in a SIB byte means "no index"
M64, M32 = (1 << 64) - 1, (1 << 32) - 1

# The base of the segment register while a group of forms runs.
BASES = {None: 0, "far": HIGH - 0x7000, "near": 0x2000, "above": HIGH + 0x40000000}


@dataclass
class Form:
    """A memory operand, without the register values that make it address a slot."""

    base: str = None
    index: str = None
    scale: int = 1
    disp: int = None  # None: no displacement, if that can be encoded
    disp32: bool = False  # four bytes even if one is enough
    rip: bool = False
    narrow: bool = False  # with the address-size prefix
    segment: str = None  # fs or gs
    segment_base: str = None  # of BASES
    raw: str = ""  # an assembler prefix or the whole instruction's bytes

    @property
    def region(self):
        if self.rip:
            return NEAR
        by_displacement = not self.base and not self.index and self.segment_base is None
        return LOW if self.narrow and self.segment_base is None or by_displacement else HIGH


def plain_forms():
    """RETURNS: every kind of operand without prefixes, and every register in every role."""
    for r in REGISTERS:
        yield Form(base=r)
        for disp in (0x40, -0x80, 0x7F):
            yield Form(base=r, disp=disp)
        for disp in (0x80, -0x12345, 0x7FFFF000, -0x80000000):
            yield Form(base=r, disp=disp)
        yield Form(base=r, disp=0x11, disp32=True)
    indexes = [r for r in REGISTERS if r != NO_INDEX]
    for i, index in enumerate(indexes):
        for scale in (1, 2, 4, 8):
            for disp in (None, 0x20, -0x5000):
                base = REGISTERS[(i + scale + (disp or 0) // 32) % 16]
                yield Form(base=base, index=index, scale=scale, disp=disp)
            yield Form(index=index, scale=scale, disp=0)
            yield Form(index=index, scale=scale, disp=-0x76543210)
    for i, base in enumerate(REGISTERS):
        for disp in (None, -1, 0x1000):
            yield Form(base=base, index=indexes[(i * 7 + 3) % 15], scale=1 << i % 4, disp=disp)
    for r in indexes:  # the same register twice
        yield Form(base=r, index=r, scale=4, disp=0x8)
    yield Form()
    yield Form(rip=True)


def forms():
    plain = list(plain_forms())
    yield from plain
    for form in plain:
        yield Form(**{**vars(form), "narrow": True})
    for segment in ("fs", "gs"):
        for narrow in (False, True):
            for form in plain[::5] + [f for f in plain if f.rip or not (f.base or f.index)]:
                where = "near" if form.rip else "far"
                yield Form(**{**vars(form), "narrow": narrow, "segment": segment,
                              "segment_base": where})
        # Operands below zero: the sum wraps around.
        yield Form(segment=segment, segment_base="above")
        yield Form(base="r9", disp=0x20, segment=segment, segment_base="above")
        yield Form(base="rsi", index="r13", scale=8, segment=segment, segment_base="above")
    # Prefixes without effect.
    for prefix in ("ds", "cs", ".byte 0x26;", ".byte 0x36;", "rex.w", ".byte 0x66;",
                   ".byte 0x3e, 0x2e;"):
        yield Form(base="rdi", disp=0x10, raw=prefix)


def _values(form, target, dice):
    """Chooses register values and displacement with base + index*scale + disp == target.
    RETURNS: ({register: value}, displacement)"""
    space = M32 if form.narrow else M64
    want = (target - BASES[form.segment_base]) & space
    disp = form.disp or 0
    if not form.base and not form.index:
        # An absolute address has 32 bits, which 64-bit addressing sign-extends.
        signed = want - space - 1 if want > space // 2 else want
        assert form.narrow or -(1 << 31) <= signed < 1 << 31
        return {}, signed
    values = {}
    if form.base and form.base == form.index:
        disp += (want - disp) % (form.scale + 1)
        values[form.base] = (want - disp) // (form.scale + 1)
    elif form.base:
        if form.index:
            values[form.index] = dice.getrandbits(64)
        index = values.get(form.index, 0) * form.scale
        values[form.base] = (want - index - disp) & space
    else:
        disp += (want - disp) % form.scale
        values[form.index] = (want - disp) // form.scale
        values[form.index] += dice.randrange(form.scale) * ((space + 1) // form.scale)
    if form.narrow:  # bits above the 32nd must not matter
        values = {r: v & M32 | dice.getrandbits(32) << 32 for r, v in values.items()}
    return {r: v & M64 for r, v in values.items()}, disp


def _operand(form, disp, target):
    if form.rip:
        where = target - BASES[form.segment_base]
        text = f"near + {where - NEAR}({'%eip' if form.narrow else '%rip'})"
    else:
        name = NARROW.get if form.narrow else (lambda r: r)
        inside = f"%{name(form.base)}" if form.base else ""
        inside += f",%{name(form.index)},{form.scale}" if form.index else ""
        shown = "" if form.disp is None and form.base and disp == 0 else str(disp)
        text = f"{shown}({inside})" if inside else f"{disp & M32 if form.narrow else disp:#x}"
    return f"%{form.segment}:{text}" if form.segment else text


class Program:
    """The assembly text of the guest, and the lines that must be dirty after it ran."""

    def __init__(self, seed=1):
        dice = random.Random(seed)
        self.used = {HIGH: 0, LOW: 0, NEAR: 0}  # slots
        self.leas = []  # the result of LEA for each form
        self.text = [".text", ".globl run_forms", "run_forms:"]
        self.text += [f"  push %{r}" for r in ("rbx", "rbp", "r12", "r13", "r14", "r15")]
        current = None
        for instruction in INSTRUCTIONS:
            for form in sorted(forms(), key=lambda f: (f.segment or "", f.segment_base or "")):
                if (form.segment, form.segment_base) != current:
                    self._restore(current)
                    current = (form.segment, form.segment_base)
                    self._set_base(current)
                self._emit(instruction, form, dice)
        self._restore(current)
        self.text += ["  sfence"]
        self.text += [f"  pop %{r}" for r in ("r15", "r14", "r13", "r12", "rbp", "rbx")]
        self.text += ["  ret", ".section .note.GNU-stack,\"\",@progbits", ""]

    def _emit(self, instruction, form, dice):
        region = form.region
        slot = region + self.used[region] * SLOT + LINE
        self.used[region] += 1
        target = slot + dice.randrange(LINE)
        values, disp = _values(form, target, dice)
        disp32 = "{disp32} " if form.disp32 else ""
        operand = _operand(form, disp, target)
        unsegmented = operand.split(":", 1)[-1]
        spare = next(r for r in REGISTERS if r not in (*values, "rsp"))
        self.text.append("  mov %rsp, saved_rsp(%rip)")
        self.text += [f"  movabs ${value:#x}, %{r}" for r, value in values.items()]
        # A register shows the assembler that addresses are narrow; without one, a prefix has to.
        narrow = "addr32 " if form.narrow and not values and not form.rip else ""
        self.text += [f"  {narrow}lea {unsegmented}, %{spare}",
                      f"  {form.raw} {disp32}{narrow}{instruction} {operand}",
                      "  mov saved_rsp(%rip), %rsp",
                      f"  mov %{spare}, leas + {8 * len(self.leas)}(%rip)"]
        space = M32 if form.narrow else M64
        self.leas.append((target - BASES[form.segment_base]) & space)

    def _set_base(self, current):
        if current[0]:
            self._arch_prctl({"fs": 0x1002, "gs": 0x1001}[current[0]], f"${BASES[current[1]]:#x}")

    def _restore(self, current):
        if current and current[0] == "fs":
            self._arch_prctl(0x1002, "saved_fs(%rip)")
        if current and current[0] == "gs":
            self._arch_prctl(0x1001, "$0")

    def _arch_prctl(self, code, value):
        move = "movabs" if value[0] == "$" else "mov"
        self.text += [f"  mov ${code:#x}, %edi", f"  {move} {value}, %rsi", "  mov $158, %eax",
                      "  syscall"]

    def bytes_of(self, region):
        """RETURNS: the size of the region: its slots, and a last guard line."""
        return self.used[region] * SLOT + LINE

    def guards(self):
        """RETURNS: the address of every guard line, in order."""
        return sorted(region + i * SLOT for region, n in self.used.items() for i in range(n + 1))
