"""A reader: a plain socket that speaks server-sent events, is cut off at random and resumes.

What it gets it writes down, a file for each source, exactly in the order in which it came. What is
no line (a gap, a rotation, a resumption) stands between the lines and begins with a NUL, which no
line does.
"""

import collections
import json
import random
import socket
import struct
import time

SILENCE_SECONDS_MAX = 90
RETRY_SECONDS = 0.05
SLOW_BUFFER_BYTES = 32 * 1024

# How long a reader stays connected and then away, and how long it sleeps between reads, in seconds:
# the least and the most.
Habits = collections.namedtuple("Habits", "stays away pauses")
HABITS = {
    "steady": Habits((1e9, 1e9), (0, 0), (0, 0)),
    "hasty": Habits((0.1, 3), (0, 0.3), (0, 0)),
    "slow": Habits((2, 15), (0, 1), (0, 0.05)),
    "away": Habits((0.5, 4), (1, 10), (0, 0)),
}


class Reader:
    def __init__(self, name, port, folder, seed, ready, finishing):
        self.name = name
        self.port = port
        self.folder = folder / name
        self.rng = random.Random(f"{seed} reader {name}")
        self.ready = ready
        self.finishing = finishing
        self.last_id = None
        self.files = {}
        self.caught_up = 0
        self.heard = time.monotonic()
        self.counts = dict(connections=0, lines=0, events=0, is_complete=False)

    def run(self):
        """Reads until nothing more is written and everything has come."""
        self.folder.mkdir(parents=True)
        while not self.is_done():
            try:
                self.connect_and_read()
            except (OSError, EOFError):
                time.sleep(RETRY_SECONDS)
        for file in self.files.values():
            file.close()
        self.counts["is_complete"] = self.caught_up >= 2
        (self.folder / "counts.json").write_text(json.dumps(self.counts))

    def is_done(self):
        """Two pings in a row said that there is nothing left, or nobody speaks any more."""
        is_silent = time.monotonic() - self.heard > SILENCE_SECONDS_MAX
        return self.caught_up >= 2 or self.finishing.is_set() and is_silent

    def connect_and_read(self):
        habits = HABITS[self.name]
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            if self.name == "slow":
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SLOW_BUFFER_BYTES)
            connection.sendall(self.request())
            until = time.monotonic() + self.rng.uniform(*habits.stays)
            self.read(connection, until, habits)
            if self.rng.random() < 0.5:
                # A reset rather than an orderly end.
                linger = struct.pack("ii", 1, 0)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        if not self.finishing.is_set():
            time.sleep(self.rng.uniform(*habits.away))

    def request(self):
        lines = ["GET /events?tail=0 HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        if self.last_id is not None:
            lines.append(f"Last-Event-ID: {self.last_id.decode()}")
        return "\r\n".join([*lines, "", ""]).encode()

    def read(self, connection, until, habits):
        stream = connection.makefile("rb", 1 << 16)
        status = stream.readline()
        if status.split()[1:2] != [b"200"]:
            raise EOFError(status)
        while stream.readline().strip():
            pass
        self.counts["connections"] += 1
        for source in self.files:
            self.mark(source, f"resumed {time.time():.3f} {self.last_id.decode()}")
        rest = b""
        while not self.is_done() and (self.finishing.is_set() or time.monotonic() < until):
            rest = self.take_events(rest + next_chunk(stream))
            if not self.finishing.is_set():
                time.sleep(self.rng.uniform(*habits.pauses))

    def take_events(self, data):
        """Takes the complete events and gives back what follows them: a cut one does not count."""
        *events, rest = data.split(b"\n\n")
        for event in events:
            fields = dict(line.split(b": ", 1) for line in event.split(b"\n"))
            self.take(fields.get(b"event", b""), fields.get(b"data", b""))
            self.last_id = fields.get(b"id", self.last_id)
        return rest

    def take(self, name, data):
        self.heard = time.monotonic()
        self.counts["events"] += 1
        if name == b"ping":
            is_last = self.finishing.is_set() and json.loads(data)["behind"] == 0
            self.caught_up = self.caught_up + 1 if is_last else 0
            self.ready.set()
        elif name == b"log":
            log = json.loads(data)
            texts = [line["text"] for line in log["lines"]]
            self.file(log["source"]).write(("\n".join(texts) + "\n").encode())
            self.counts["lines"] += len(texts)
            self.caught_up = 0
        elif name in (b"gap", b"rotated", b"truncated"):
            text = data.decode()
            self.mark(json.loads(text)["source"], f"{name.decode()} {text}")
            self.caught_up = 0

    def file(self, source):
        if source not in self.files:
            self.files[source] = open(self.folder / source.replace("/", "%"), "wb", 1 << 16)
        return self.files[source]

    def mark(self, source, text):
        self.file(source).write(b"\0" + text.encode() + b"\n")


def next_chunk(stream):
    """What the next chunk of the answer holds (RFC 9112, section 7.1)."""
    size = stream.readline()
    if not size.endswith(b"\n") or (length := int(size, 16)) == 0:
        raise EOFError
    chunk = stream.read(length + 2)
    if len(chunk) < length + 2:
        raise EOFError
    return chunk[:-2]
