"""The lines that are written, and the pace at which they are.

Every line says its writer and its number in it, and carries a payload that follows from the seed,
so that a line can be made again to see whether what arrived is what was written.
"""

import random
import re
import time

ID = re.compile(rb"id:(\w+):(\d+):")

# Text that breaks what is careless: quotes, tabs, escapes, letters of two to four bytes, and what
# other languages take for ends of lines.
ALPHABET = (
    "abcdefghijklmnopqrstuvwxyz0123456789 ABCDEFGHIJ"
    "\"'\\<>&{}[]()%:;,=\t\x1b\x7f\x85äß€漢\u2028\ufeff😀"
)
POOL_CHARACTERS = 16_381  # A prime, so that payloads repeat late.
LONG_LINE_EVERY = 4_999
LONG_LINE_CHARACTERS = 9_000

BURSTS = (1, 10, 300, 3_000)


class Lines:
    def __init__(self, seed):
        rng = random.Random(f"{seed} payload")
        self.pool = "".join(rng.choice(ALPHABET) for _ in range(POOL_CHARACTERS)) * 2

    def payload(self, number):
        length = number * 31 % 140
        if number % LONG_LINE_EVERY == LONG_LINE_EVERY - 1:
            length = LONG_LINE_CHARACTERS
        start = number * 7_919 % POOL_CHARACTERS
        return self.pool[start : start + length]

    def line(self, writer, number):
        """Without its newline. The dot keeps blanks from standing at its end."""
        return f"id:{writer}:{number}:{self.payload(number)}."

    def wrote(self, line, counts):
        """Whether one of the writers wrote these bytes, given how many lines each of them wrote."""
        if not (found := ID.match(line)):
            return False
        writer, number = found[1].decode(), int(found[2])
        return number < counts.get(writer, 0) and line == self.line(writer, number).encode()


def paced(count, seconds, rng):
    """Gives the numbers below `count` in bursts of very different length, the last one about
    `seconds` later. A machine that is too slow takes longer."""
    begun = time.monotonic()
    done = 0
    while done < count:
        end = min(count, done + rng.choice(BURSTS))
        yield range(done, end)
        done = end
        time.sleep(max(0, begun + seconds * done / count - time.monotonic()))
