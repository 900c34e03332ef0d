# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes random programs that store, flush and fence, as assembler text.

A program consists of a few segments, which are functions of a handful of instructions, and a
schedule, which is the order of the segments.  Each segment belongs to one of two threads.  They take
turns through a plain variable, because a locked instruction would be a fence.  Many programs go into
one guest.  WRITE_STATS and SET_CLEAN follow each program, so there is a report for each.

All programs use the same few cache lines, AREA, and each makes a part of them persistent, so that
stores collide with each other and with the edges of lines and mappings.  Addresses are offsets from
AREA here.

The symbol table has every instruction as a function, so the top frame names the instruction.  There
are no source lines, because two instructions on one line would count as one place.
"""

import random
from collections import Counter
from dataclasses import dataclass, replace

from .case import PM_BASE
from .oracle import LINE, runs

LINES = 5
SIZE = LINES * LINE
PAGE = 4096
MAPPED = 2 * PAGE  # from PM_BASE on
AREA = PM_BASE + PAGE - 2 * LINE  # it contains an edge of a page
PAGES = ((-PAGE + 2 * LINE, 2 * LINE), (2 * LINE, PAGE + 2 * LINE))

MAIN = f"#define MAPPED {MAPPED}" + r"""
#include "guest.h"
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>

struct range {
  char* begin;
  size_t size; /* 0: no more */
};

/* A segment, or one of the two functions below. */
struct step {
  long thread;
  void (*run)(const struct range*); /* NULL: no more */
  const struct range* with;
};
extern const struct step steps[];

static int file = -1; /* mapped if there is one; otherwise memory is registered */
static volatile int now = -1; /* the step to run */

/* The table of steps refers to these two. */
void begin_program(const struct range* r) {
  for (; r->size != 0; r++)
    if (file == -1)
      VALGRIND_PMC_REGISTER_PMEM_MAPPING(r->begin, r->size);
    else if (mmap(r->begin, r->size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file, 0) !=
             r->begin)
      pm_fail("mmap");
}

void end_program(const struct range* unused) {
  (void)unused;
  VALGRIND_PMC_WRITE_STATS;
  VALGRIND_PMC_SET_CLEAN(PM_BASE, MAPPED);
  if (file == -1)
    VALGRIND_PMC_REMOVE_PMEM_MAPPING(PM_BASE, MAPPED);
  else if (mmap(PM_BASE, MAPPED, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
                -1, 0) != PM_BASE)
    pm_fail("mmap");
}

/* A thread that begins or ends may take locks.  So the other thread begins before the programs, and
 * never ends. */
static void* walk(void* thread) {
  if (thread != NULL) now = 0;
  for (int n = 0; steps[n].run != NULL; n++) {
    if (steps[n].thread != (long)thread) continue;
    while (now != n) sched_yield();
    steps[n].run(steps[n].with);
    now = n + 1;
  }
  while (thread != NULL) sched_yield();
  return NULL;
}

int main(int argc, char** argv) {
  pthread_t other;
  pm_map(MAPPED);
  if (argc > 1 && (file = open(argv[1], O_RDWR)) == -1) pm_fail(argv[1]);
  if (pthread_create(&other, NULL, walk, (void*)1) != 0) pm_fail("pthread_create");
  walk(NULL);
  END();
}
"""


# ---- instructions to choose from ----------------------------------------------------------------

@dataclass(frozen=True)
class Form:
    """An instruction that stores to its operand {m}, or to where %rdi points."""

    text: str
    size: int
    align: int = 1
    before: tuple = ()
    after: tuple = ()
    fences: bool = False  # before it stores
    stores: bool = True
    act: str = "store"  # a method of Oracle


def _plain_forms():
    for suffix, a, size in (("b", "al", 1), ("w", "ax", 2), ("l", "eax", 4), ("q", "rax", 8)):
        yield Form(f"mov{suffix} %{a}, {{m}}", size)
        yield Form(f"mov{suffix} $-7, {{m}}", size)
        yield Form(f"add{suffix} %{a}, {{m}}", size)
        yield Form(f"or{suffix} $1, {{m}}", size)
        yield Form(f"not{suffix} {{m}}", size)
        yield Form(f"shl{suffix} $1, {{m}}", size)
        yield Form(f"xadd{suffix} %{a}, {{m}}", size)
        yield Form(f"stos{suffix}", size)
        yield Form(f"movs{suffix}", size, before=("movabs $source, %rsi",))
    yield Form("setc {m}", 1)
    yield Form("movss %xmm0, {m}", 4)
    yield Form("pextrb $1, %xmm0, {m}", 1)
    yield Form("vmovd %xmm0, {m}", 4)
    yield Form("movsd %xmm0, {m}", 8)
    yield Form("movhps %xmm0, {m}", 8)
    yield Form("movq %mm0, {m}", 8, after=("emms",))
    yield Form("vextractf128 $1, %ymm0, {m}", 16)
    for name in ("movups", "movdqu", "vmovupd"):
        yield Form(f"{name} %xmm0, {{m}}", 16)
    for name in ("movaps", "movdqa", "vmovapd"):
        yield Form(f"{name} %xmm0, {{m}}", 16, align=16)
    for name in ("vmovups", "vmovdqu"):
        yield Form(f"{name} %ymm0, {{m}}", 32)
    yield Form("vmovaps %ymm0, {m}", 32, align=32)
    yield Form("fstpt {m}", 10, before=("fldpi",))
    yield Form("fstpl {m}", 8, before=("fldpi",))
    yield Form("fistps {m}", 2, before=("fld1",))
    yield Form("fnstcw {m}", 2)
    yield Form("fnstenv {m}", 28)
    yield Form("fnsave {m}", 108)


def _locked_forms():
    """RETURNS: aligned forms, because a locked access across lines stops the whole machine."""
    for suffix, a, c, size in (("b", "al", "cl", 1), ("w", "ax", "cx", 2), ("l", "eax", "ecx", 4),
                               ("q", "rax", "rcx", 8)):
        def form(text, **more):
            return Form(text, size, align=size, fences=True, **more)

        yield form(f"lock add{suffix} $1, {{m}}")
        yield form(f"lock inc{suffix} {{m}}")
        yield form(f"lock not{suffix} {{m}}")
        yield form(f"lock or{suffix} %{a}, {{m}}")
        yield form(f"lock xadd{suffix} %{a}, {{m}}")
        yield form(f"xchg{suffix} %{a}, {{m}}")
        swap = f"lock cmpxchg{suffix} %{c}, {{m}}"
        yield form(swap, before=(f"mov {{m}}, %{a}",))
        yield form(swap, before=(f"mov {{m}}, %{a}", f"not %{a}"), stores=False)
    for name, a, d, size in (("cmpxchg8b", "eax", "edx", 8), ("cmpxchg16b", "rax", "rdx", 16)):
        for wrong in (None, a, d):
            load = (f"mov {{m}}, %{a}", f"mov {size // 2} + {{m}}, %{d}")
            yield Form(f"lock {name} {{m}}", size, align=size, fences=True, stores=not wrong,
                       before=load + ((f"not %{wrong}",) if wrong else ()))


def _streaming_forms():
    def form(*row, **more):
        return Form(*row, act="stream", **more)

    yield form("movntil %eax, {m}", 4)
    yield form("movntiq %rax, {m}", 8)
    yield form("movntq %mm0, {m}", 8, after=("emms",))
    for name in ("movntdq", "movntps", "movntpd", "vmovntdq", "vmovntps", "vmovntpd"):
        yield form(f"{name} %xmm0, {{m}}", 16, align=16)
    for name in ("vmovntdq", "vmovntps", "vmovntpd"):
        yield form(f"{name} %ymm0, {{m}}", 32, align=32)
    yield form("movdiri %eax, {m}", 4)
    yield form("movdiri %rax, {m}", 8)
    yield form("movdir64b (%rsi), %rdi", 64, align=64, before=("movabs $source, %rsi",))


@dataclass(frozen=True)
class Masked:
    """An instruction that stores the elements that a mask selects."""

    text: str
    element: int  # bytes
    size: int
    act: str = "store"


MASKED = tuple(Masked(f"{name} %{v}mm0, %{v}mm1, {{m}}", element, size)
               for name, element in (("vmaskmovps", 4), ("vmaskmovpd", 8), ("vpmaskmovd", 4),
                                     ("vpmaskmovq", 8))
               for v, size in (("x", 16), ("y", 32)))
MASKED_STREAMING = (Masked("maskmovq %mm1, %mm0", 1, 8, "stream"),
                    Masked("maskmovdqu %xmm1, %xmm0", 1, 16, "stream"),
                    Masked("vmaskmovdqu %xmm1, %xmm0", 1, 16, "stream"))
FENCES = ("sfence", "mfence", "lock orl $0, -64(%rsp)", "xchg %eax, -64(%rsp)")
FLUSHES = ("clwb", "clflushopt", "clflush")


PLAIN, LOCKED, STREAMING = (list(forms()) for forms in (_plain_forms, _locked_forms,
                                                        _streaming_forms))


# ---- a program -----------------------------------------------------------------------------------

@dataclass(frozen=True)
class Instruction:
    """Executed `times` times in a loop whenever its segment runs.  Its operand {m} moves by `stride`
    bytes each time."""

    name: str
    text: str
    acts: tuple  # (method of Oracle, offset if it has one, size if it has one)
    before: tuple = ()
    after: tuple = ()
    at: int = None  # the operand's offset, if there is one
    disp: int = 0  # the instruction's displacement
    times: int = 1
    stride: int = 0

    def lines(self, prefix=""):
        """RETURNS: its assembler text.  %r9 counts the loop at label 9; %r10 is the distance moved so
        far, which is stored at label 8."""
        name = prefix + self.name
        operand = f"{self.disp}(%rdi{',%r10' if self.stride else ''})"
        text = [*self.before, f"{name}: {self.text}", f".type {name}, @function",
                f".size {name}, . - {name}", *self.after]
        if self.at is not None:
            text.insert(0, f"movabs ${AREA + self.at - self.disp:#x}, %rdi")
        if self.stride:
            text = [".pushsection .data; 8: .quad 0; .popsection", "mov 8b(%rip), %r10",
                    f"addq ${self.stride}, 8b(%rip)", *text]
        if self.times > 1:
            text = [f"mov ${self.times}, %r9d", "9:", *text, "dec %r9d", "jnz 9b"]
        return [line.format(m=operand) for line in text]


@dataclass(frozen=True)
class Segment:
    thread: int
    instructions: tuple


@dataclass(frozen=True)
class Program:
    ranges: tuple  # (begin, end) of registered or mapped memory; they may touch
    segments: tuple
    schedule: tuple  # indexes of segments

    def persistent(self):
        return {n for begin, end in self.ranges for n in range(begin, end)}

    def replay(self, oracle):
        """Replays the program on the oracle.  RETURNS: the oracle."""
        executed = Counter()
        for segment in (self.segments[i] for i in self.schedule):
            for instruction in segment.instructions:
                for _ in range(instruction.times):
                    moved = executed[instruction.name] * instruction.stride
                    executed[instruction.name] += 1
                    for act, *about in instruction.acts:
                        about[:1] = [at + moved for at in about[:1]]
                        getattr(oracle, act)(segment.thread, instruction.name, *about)
        return oracle

    def smaller(self):
        """RETURNS: programs that lack a part of this one, the smallest first."""
        found = [replace(self, schedule=tuple(i for i in self.schedule if i != gone))
                 for gone in sorted(set(self.schedule))]
        found += [replace(self, schedule=self.schedule[:n] + self.schedule[n + 1:])
                  for n in range(len(self.schedule))]
        for i in sorted(set(self.schedule)):
            those = self.segments[i].instructions
            for n, instruction in enumerate(those):
                found.append(self._with(i, those[:n] + those[n + 1:]))
                for less in ({"times": 1}, {"times": 1, "stride": 0}):
                    simple = replace(instruction, **less)
                    if simple != instruction:
                        found.append(self._with(i, (*those[:n], simple, *those[n + 1:])))
        return found

    def _with(self, i, instructions):
        segment = replace(self.segments[i], instructions=instructions)
        return replace(self, segments=(*self.segments[:i], segment, *self.segments[i + 1:]))

    def __str__(self):
        parts = ", ".join(f"[{begin}, {end})" for begin, end in runs(self.persistent()))
        said = [f"persistent: {parts} from {AREA:#x} on",
                f"schedule: {' '.join('ABCDEFGH'[i] for i in self.schedule)}"]
        for i in sorted(set(self.schedule)):
            said.append(f"{'ABCDEFGH'[i]}, thread {self.segments[i].thread}:")
            for instruction in self.segments[i].instructions:
                said += [f"    {line}" for line in instruction.lines()
                         if not line.startswith((".type", ".size"))]
                acts = [" ".join(map(str, act)) for act in instruction.acts]
                if len(acts) > 6:
                    acts[3:-1] = ["..."]
                said.append(f"      # {', '.join(acts)}")
        return "\n".join(said)


def assemble(programs):
    """RETURNS: the assembler text of a guest that runs the programs one after the other."""
    text, steps = [".text"], []
    for number, program in enumerate(programs):
        ranges = [f".quad {AREA + begin:#x}, {end - begin}" for begin, end in program.ranges]
        text += [".pushsection .rodata", f".Lranges{number}:", *ranges, ".quad 0, 0",
                 ".popsection"]
        for i, segment in enumerate(program.segments):
            text += [f".Lsegment{number}_{i}:", ".cfi_startproc"]
            for instruction in segment.instructions:
                text += instruction.lines(prefix_of(number))
            text += ["ret", ".cfi_endproc"]
        steps.append(f"0, begin_program, .Lranges{number}")
        steps += [f"{program.segments[i].thread}, .Lsegment{number}_{i}, 0"
                  for i in program.schedule]
        steps.append("0, end_program, 0")
    text += [".bss", ".space 1024", "source: .space 1024", ".data", ".globl steps", "steps:",
             *(f".quad {step}" for step in steps), ".quad 0, 0, 0",
             ".section .note.GNU-stack,\"\",@progbits", ""]
    return "\n".join(text)


def prefix_of(number):
    """RETURNS: the prefix of the instructions' names in the program with that number."""
    return f"program{number}."


# ---- random programs ---------------------------------------------------------------------------------

class _Maker:
    def __init__(self, seed, mapped):
        self.dice = random.Random(seed)
        self.mapped = mapped
        self.used = []  # (begin, end) of earlier operands, which attract later ones
        self.made = 0

    def program(self):
        dice = self.dice
        ranges = self._pages() if self.mapped else self._ranges()
        self.used = [(begin, end) for begin, end in ranges]
        segments = tuple(
            Segment(dice.randrange(2), tuple(self._instruction()
                                             for _ in range(dice.randint(1, 6))))
            for _ in range(dice.randint(2, 5)))
        schedule = [i for i in range(len(segments)) for _ in range(dice.choice((1, 1, 2, 3, 4)))]
        dice.shuffle(schedule)
        return Program(ranges, segments, tuple(schedule))

    def _pages(self):
        return self.dice.choice((PAGES, PAGES[:1], PAGES[1:]))

    def _ranges(self):
        """RETURNS: whole lines, or one or two ranges that begin and end anywhere and may touch."""
        dice = self.dice
        how = dice.random()
        if how < 0.4:
            return ((-LINE, SIZE + LINE),)
        edges = sorted(dice.sample(range(SIZE), 4))
        if how < 0.7:
            return ((edges[0], edges[3]),)
        if how < 0.8:
            return ((edges[0], edges[1]), (edges[1], edges[3]))
        return ((edges[0], edges[1]), (edges[2], edges[3]))

    def _instruction(self):
        makers = {self._store: 40, self._rep: 8, self._masked: 5, self._locked: 10,
                  self._flush: 25, self._fence: 12, self._stream: 20,
                  self._stream_masked: 8}
        (maker,) = self.dice.choices(list(makers), list(makers.values()))
        return maker()

    def _store(self):
        return self._of_form(self.dice.choice(PLAIN))

    def _locked(self):
        return self._of_form(self.dice.choice(LOCKED))

    def _stream(self):
        return self._of_form(self.dice.choice(STREAMING))

    def _of_form(self, form):
        at = self._somewhere(form.size, form.align)
        acts = [("fence",)] * form.fences + [(form.act, at, form.size)] * form.stores
        strides = (form.size, form.size, -form.size, 2 * form.size, form.align, LINE)
        return self._make(form.text, acts, at, strides, form.before, form.after)

    def _rep(self):
        dice = self.dice
        name, size = dice.choice((("b", 1), ("b", 1), ("w", 2), ("l", 4), ("q", 8)))
        count = dice.randrange(48 // size)
        first = self._somewhere(count * size)
        each = [first + n * size for n in range(count)]
        down = dice.random() < 0.2
        if down:
            each.reverse()
        before = [f"mov ${count}, %ecx", "movabs $source, %rsi"] + ["std"] * down
        return self._make(f"rep {dice.choice(('stos', 'movs'))}{name}",
                          [("store", at, size) for at in each], each[0] if each else first,
                          (count * size, -count * size), before, ["cld"] * down)

    def _masked(self):
        form, at, mask, chosen = self._mask(MASKED)
        # VEX 3.19 panics at a masked store after x87 or MMX in one superblock: begin a new one.
        fresh = ["lea 5f(%rip), %rax", "jmp *%rax", "5:"]
        # Each element is a store.
        return self._make(form.text, [("store", at + n, form.element) for n in chosen], at,
                          (form.size, form.element), [mask, "vmovdqu 7b(%rip), %ymm1", *fresh])

    def _stream_masked(self):
        form, at, mask, chosen = self._mask(MASKED_STREAMING)
        # Adjacent bytes are one store.
        acts = [("stream", at + begin, end - begin) for begin, end in runs(chosen)]
        mmx = "%mm1" in form.text
        load = "movq 7b(%rip), %mm1" if mmx else "movdqu 7b(%rip), %xmm1"
        return self._make(form.text, acts, at, (form.size, 1), [mask, load], ["emms"] * mmx)

    def _mask(self, forms):
        """RETURNS: a form, the offset of its operand, text for a mask at label 7, and the offsets of the
        elements that the mask selects.  Only the highest bit of an element counts."""
        form = self.dice.choice(forms)
        mask = [self.dice.randrange(256) for _ in range(32)]
        chosen = [n for n in range(0, form.size, form.element)
                  if mask[n + form.element - 1] & 0x80]
        text = ", ".join(map(str, mask))
        return (form, self._somewhere(form.size),
                f".pushsection .rodata; 7: .byte {text}; .popsection", chosen)

    def _flush(self):
        name = self.dice.choice(FLUSHES)
        at = self._somewhere(1)
        act = "clflush" if name == "clflush" else "flush"
        return self._make(f"{name} {{m}}", [(act, at)], at, (LINE, -LINE, 24))

    def _fence(self):
        text = self.dice.choice((*FENCES, "lfence"))
        return Instruction(self._name(), text, (("lfence" if text == "lfence" else "fence",),))

    def _name(self):
        self.made += 1
        return f"i{self.made}"

    def _somewhere(self, size, align=1):
        """RETURNS: the offset of `size` bytes, mostly near an earlier operand or the edge of a line."""
        dice = self.dice
        how = dice.random()
        if how < 0.6:
            begin, end = dice.choice(self.used)
            at = dice.choice((begin, begin, end - size, begin - size, end, begin + 1, end - 1))
        elif how < 0.8:
            at = dice.randrange(LINES) * LINE - dice.randrange(size + 1)
        else:
            at = dice.randrange(SIZE)
        at = min(max(at, -LINE), SIZE)
        at -= at % align
        self.used.append((at, at + size))
        return at

    def _make(self, text, acts, at, strides, before=(), after=()):
        """RETURNS: an instruction with its operand at `at`, which moves by one of `strides` or not at
        all."""
        dice = self.dice
        stride = dice.choice(strides) if dice.random() < 0.5 else 0
        times = dice.choice((1, 1, 2, 3)) if stride else 1
        disp = dice.choice((0, 0, 24, -128, 0x12345))
        point = () if "{m}" in text else ("lea {m}, %rdi",)
        return Instruction(self._name(), text, tuple(acts), (*point, *before), tuple(after), at,
                           disp, times, stride)


def make(seed, mapped=False):
    """RETURNS: the program of that seed.  mapped: whole pages are persistent."""
    return _Maker(seed, mapped).program()
