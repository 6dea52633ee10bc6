"""The server: killed at random moments and started again on the same port."""

import pathlib
import re
import socket
import subprocess

PAUSE_SECONDS_MAX = 1.5


class Server:
    def __init__(self, program, patterns, folder, history, rng):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.command = [program, "--port", str(self.port), *patterns]
        self.errors = open(folder / "logstream.err", "ab")
        self.history = history
        self.rng = rng
        self.process = None
        self.kills = 0
        self.memory_kib = 0
        self.deaths = []

    def start(self):
        # Now and then without notifications.
        poll = ["--poll"] if self.rng.random() < 0.25 else []
        self.process = subprocess.Popen(
            self.command + poll, stdout=subprocess.DEVNULL, stderr=self.errors
        )
        self.history.note(f"server {self.process.pid} started {' '.join(poll)}")

    def kill(self):
        """Ends it without a chance to say goodbye."""
        self.look_alive()
        self.process.kill()
        self.process.wait()
        self.kills += 1
        self.history.note(f"server {self.process.pid} killed")

    def look_alive(self):
        """Notes when it has ended by itself, and how much memory it has taken."""
        if self.process.poll() is not None:
            self.deaths.append(f"server {self.process.pid} ended with {self.process.returncode}")
            return
        status = pathlib.Path(f"/proc/{self.process.pid}/status")
        if status.exists() and (peak := re.search(r"VmHWM:\s*(\d+)", status.read_text())):
            self.memory_kib = max(self.memory_kib, int(peak[1]))

    def keep_killing(self, stop, seconds):
        """Until `stop` is set; `seconds` are the shortest and the longest life."""
        while not stop.wait(self.rng.uniform(*seconds)):
            self.kill()
            stop.wait(self.rng.choice((0, 0, self.rng.uniform(0, PAUSE_SECONDS_MAX))))
            self.start()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
