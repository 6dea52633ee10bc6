"""Compares what a reader got of a source with what stands in the source's files at the end.

The rule. Every line that stands in a file of the source at the end (its own, a rotated one, a copy,
compressed or not) has to arrive: once, byte for byte, and the lines of one writer in the order in
which it wrote them. Where nothing is ever destroyed there may be no gap either.

`copytruncate` destroys what is written between the copy and the truncation. Such a line may arrive
or not, but not twice. A line that stands in a file but did not arrive is forgiven if a gap was told
exactly where it is missing and, when the gap says how many bytes it is, if it is large enough.
"""

import bisect
import collections
import gzip
import itertools
import json
import re

from torture_parts.lines import ID

SHOWN = 4
SHOWN_BYTES = 150


class Truth:
    """The lines of a source in its files, oldest file first."""

    def __init__(self, path):
        self.files = []
        self.lines = []
        # What a copy ended with that is no whole line.
        self.torn = set()
        for file in sorted(path.parent.glob(path.name + "*"), key=lambda file: age(file, path)):
            *lines, rest = content(file).split(b"\n")
            self.files.append((len(self.lines), file))
            self.lines += lines
            if rest:
                self.torn.add(rest)

    def where(self, index):
        number = bisect.bisect_right(self.files, index, key=lambda file: file[0]) - 1
        first, file = self.files[number]
        offset = sum(len(line) + 1 for line in self.lines[first:index])
        return f"{file.name}, byte {offset}"

    def by_writer(self):
        numbers = (identity(line) for line in self.lines)
        return dict(collections.Counter(number[0].decode() for number in numbers if number))


def age(file, path):
    """Sorts dated files before numbered ones before the file itself, each the oldest first."""
    addition = file.name[len(path.name) :].removesuffix(".gz")
    if not addition:
        return (2, 0, "")
    if re.fullmatch(r"\.\d{1,4}", addition):
        return (1, -int(addition[1:]), "")
    return (0, 0, addition)


def content(file):
    with gzip.open(file) if file.suffix == ".gz" else open(file, "rb") as opened:
        return opened.read()


class Got:
    """What a reader wrote down of a source; `marks` are what stood before line number so and so."""

    def __init__(self, file):
        self.lines = []
        self.marks = []
        for line in file.read_bytes().split(b"\n")[:-1] if file.exists() else ():
            if line.startswith(b"\0"):
                self.marks.append((len(self.lines), line[1:].decode()))
            else:
                self.lines.append(line)

    def gaps(self):
        for position, mark in self.marks:
            if mark.startswith("gap "):
                yield position, json.loads(mark.removeprefix("gap "))


class Verdict:
    """`faults` is for people; it is empty when all is well."""

    def __init__(self, source, lines, truth, got):
        self.source = source
        self.truth = truth
        self.got = got
        self.faults = []
        self.unkept = 0
        self.forgiven = 0
        self.gap_reasons = collections.Counter(gap["reason"] for _, gap in got.gaps())
        if self.gap_reasons and source.keeps_all:
            self.fault(got.gaps(), "gaps where nothing was lost", lambda gap: f"{gap[1]}")
        if got.lines == truth.lines:
            return

        self.numbers = [identity(line) for line in got.lines]
        times = collections.Counter(got.lines)
        missing = self.unforgiven([i for i, line in enumerate(truth.lines) if line not in times])
        doubled = [position for position, line in enumerate(got.lines) if times[line] > 1]
        known = set(truth.lines)
        others = [position for position, line in enumerate(got.lines) if line not in known]
        if not source.keeps_all:
            self.unkept = len(others)
            others = [place for place in others if not self.may_stand(got.lines[place], lines)]
        self.fault(missing, "lines are missing", self.missing)
        self.fault(doubled, "lines came more than once, all together", self.arrived)
        self.fault(others, "lines came that nobody wrote", self.arrived)
        if not doubled:
            disordered = list(self.disordered())
            self.fault(disordered, "lines came after a later one of their writer", self.arrived)

    def fault(self, cases, what, describe):
        cases = list(cases)
        if not cases:
            return
        self.faults.append(f"{len(cases):,} {what}")
        self.faults += [f"    {describe(case)}" for case in first_of_runs(cases)[:SHOWN]]

    def may_stand(self, line, lines):
        """Whether it may have stood in a file: it was written, or a copy ended within it."""
        return line in self.truth.torn or lines.wrote(line, self.source.counts)

    def disordered(self):
        latest = {}
        for position, number in enumerate(self.numbers):
            if number is None:
                continue
            writer, number = number
            if number < latest.get(writer, -1):
                yield position
            latest[writer] = max(number, latest.get(writer, -1))

    def unforgiven(self, missing):
        """Those of the missing lines that no gap accounts for."""
        if self.source.keeps_all:
            return missing
        places = self.places()
        left = []
        gaps = [[position, gap, gap_bytes(gap)] for position, gap in self.got.gaps()]
        for index in missing:
            line = self.truth.lines[index]
            first, last = self.between(places, identity(line))
            for gap in gaps:
                if first <= gap[0] <= last and gap[2] > len(line):
                    gap[2] -= len(line) + 1
                    self.forgiven += 1
                    break
            else:
                left.append(index)
        return left

    def places(self):
        """For each writer the numbers that came, with their positions."""
        places = collections.defaultdict(list)
        for position, number in enumerate(self.numbers):
            if number is not None:
                places[number[0]].append((number[1], position))
        return {writer: sorted(numbers) for writer, numbers in places.items()}

    def between(self, places, number):
        """The positions between which a missing line would have stood: behind the line of its
        writer before it, and before the next."""
        if number is None:
            return 0, -1
        mine = places.get(number[0], [])
        at = bisect.bisect(mine, (number[1],))
        first = mine[at - 1][1] + 1 if at else 0
        last = mine[at][1] if at < len(mine) else len(self.got.lines)
        return first, last

    def missing(self, index):
        lines = self.truth.lines
        number = identity(lines[index])
        first, last = self.between(self.places(), number)
        return (
            f"{self.truth.where(index)}: {short(lines[index])}\n"
            f"        behind {neighbour(lines, index - 1)}\n"
            f"        before {neighbour(lines, index + 1)}\n"
            f"        got as line {first}: {neighbour(self.got.lines, first - 1)}\n"
            f"        then{self.marks_between(first, last)}\n"
            f"        got as line {last + 1}: {neighbour(self.got.lines, last)}"
        )

    def arrived(self, position):
        lines = self.got.lines
        places = [i for i, line in enumerate(self.truth.lines) if line == lines[position]]
        stands = self.truth.where(places[0]) if places else "in no file"
        again = [str(i + 1) for i, line in enumerate(lines) if line == lines[position]]
        return (
            f"got as line {', '.join(again)}: {short(lines[position])} ({stands})\n"
            f"        behind {neighbour(lines, position - 1)}\n"
            f"        before {neighbour(lines, position + 1)}\n"
            f"        near{self.marks_between(position - 1, position + 1)}"
        )

    def marks_between(self, first, last):
        marks = [text for position, text in self.got.marks if first <= position <= last]
        lines = [f"\n            {text[:SHOWN_BYTES]}" for text in marks[:SHOWN]]
        return "".join(lines) or " nothing"


def identity(line):
    """Its writer and its number there."""
    found = ID.search(line)
    return found and (found[1], int(found[2]))


def gap_bytes(gap):
    return gap["to"] - gap["from"] if "to" in gap and "from" in gap else float("inf")


def first_of_runs(cases):
    """Of numbers that follow one another only the first."""
    if not isinstance(cases[0], int):
        return cases
    return cases[:1] + [b for a, b in itertools.pairwise(cases) if b != a + 1]


def neighbour(lines, index):
    return short(lines[index]) if 0 <= index < len(lines) else "nothing"


def short(line):
    return repr(line if len(line) <= SHOWN_BYTES else line[:SHOWN_BYTES] + b"...")[1:]
