"""The processes that write: own ones that append and reopen, users of Python's rotating handlers,
and those that make nginx and rsyslog write. Each runs until it has written its count of lines."""

import logging
import logging.handlers
import os
import random
import signal
import socket
import threading
import time
import urllib.parse

from torture_parts.lines import paced

PIPELINED_REQUESTS = 32
HALF_LINE_SECONDS_MAX = 0.02


def append(path, lines, writer, count, seconds, rng, writes_halves):
    """Appends to the file under `path`, and opens it again between two lines when it gets SIGUSR1.
    With `writes_halves` some writes end in the middle of a line, or of a letter."""
    is_asked = threading.Event()
    signal.signal(signal.SIGUSR1, lambda *_: is_asked.set())

    def opened():
        return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)

    file = opened()
    for numbers in paced(count, seconds, rng):
        while numbers:
            if is_asked.is_set():
                is_asked.clear()
                os.close(file)
                file = opened()
            together = rng.choice((1, 2, 7, 64))
            text = "".join(lines.line(writer, number) + "\n" for number in numbers[:together])
            numbers = numbers[together:]
            data = text.encode()
            if writes_halves and rng.random() < 0.002:
                half = rng.randrange(1, len(data))
                os.write(file, data[:half])
                time.sleep(rng.uniform(0, HALF_LINE_SECONDS_MAX))
                data = data[half:]
            os.write(file, data)


def use_handler(make_handler, lines, counts, delay, seconds, rng):
    """Logs through one handler from several threads, one for each writer."""
    time.sleep(delay)
    handler = make_handler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger = logging.Logger("torture")
    logger.addHandler(handler)

    def work(writer, count, rng):
        for numbers in paced(count, seconds, rng):
            for number in numbers:
                level = logging.INFO if number % 9 else logging.ERROR
                logger.log(level, lines.line(writer, number))

    threads = [
        threading.Thread(target=work, args=(writer, count, random.Random(rng.random())))
        for writer, count in counts.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    handler.close()


def rotating_by_size(path, bytes_max):
    return logging.handlers.RotatingFileHandler(
        path, maxBytes=bytes_max, backupCount=999, encoding="utf-8"
    )


def rotating_by_time(path):
    return logging.handlers.TimedRotatingFileHandler(path, when="S", interval=1, encoding="utf-8")


def request(port, lines, writer, count, seconds, rng):
    """Asks a web server for addresses that hold the lines, some requests ahead of the answers."""
    answer = b"HTTP/1.1 204"
    with socket.create_connection(("127.0.0.1", port)) as connection:
        for numbers in paced(count, seconds, rng):
            while numbers:
                asked = numbers[:PIPELINED_REQUESTS]
                numbers = numbers[PIPELINED_REQUESTS:]
                texts = (lines.line(writer, number) for number in asked)
                paths = (urllib.parse.quote(text, safe=":") for text in texts)
                requests = (f"GET /{path} HTTP/1.1\r\nHost: torture\r\n\r\n" for path in paths)
                connection.sendall("".join(requests).encode())
                answers = b""
                while answers.count(answer) < len(asked) or not answers.endswith(b"\r\n\r\n"):
                    received = connection.recv(1 << 16)
                    if not received:
                        raise EOFError(f"the web server closed the connection of {writer}")
                    answers += received


def send_to_syslog(path, lines, writer, count, seconds, rng):
    """Sends a datagram for each line; the kernel makes the sender wait when rsyslog is slower."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as syslog:
        syslog.connect(str(path))
        for numbers in paced(count, seconds, rng):
            for number in numbers:
                # rsyslog cuts messages at 8 KiB: its own matter.
                syslog.send(f"<14>torture: {lines.line(writer, number)[:2000]}".encode())
