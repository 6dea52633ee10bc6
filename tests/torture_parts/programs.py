"""The programs whose logs are followed, each in a folder of its own, and how they are rotated."""

import collections
import functools
import multiprocessing
import os
import pathlib
import random
import signal
import socket
import subprocess
import time

from torture_parts import writers

# `counts`: lines by writer. `keeps_all`: every line that was written stands in a file at the end.
Source = collections.namedtuple("Source", "path counts keeps_all")

# What all programs of one run share. `scale` is the part of the full number of lines.
Run = collections.namedtuple("Run", "folder seed lines seconds scale history")


class Program:
    """A subclass says what it needs, writes into its sources in `start`, and rotates them in
    `rotate`, which is given the number of rotations before and says whether it did."""

    packages = {}
    rotates = True

    def __init__(self, run, name):
        self.run = run
        self.name = name
        self.folder = run.folder / "logs" / name
        self.folder.mkdir(parents=True, mode=0o755)
        self.rng = random.Random(f"{run.seed} {name}")
        self.processes = []
        self.daemon = None
        self.sources = []

    def add_source(self, lines, writer_count, keeps_all=True, name=None):
        share = int(lines * self.run.scale / writer_count)
        counts = {f"w{index}": share for index in range(writer_count)}
        path = self.folder / f"{name or self.name}.log"
        self.sources.append(Source(path, counts, keeps_all))
        return path

    def patterns(self):
        """What the server is told to follow."""
        return [str(source.path) for source in self.sources]

    def spawn(self, work, *arguments):
        process = multiprocessing.Process(target=work, args=arguments, daemon=True)
        process.start()
        self.processes.append(process)
        return process.pid

    def spawn_for_each_writer(self, work, target, *options):
        """Starts `work` once for each writer of the first source; their process ids."""
        pids = []
        for writer, count in self.sources[0].counts.items():
            rng = random.Random(self.rng.random())
            plan = (self.run.lines, writer, count, self.run.seconds, rng)
            pids.append(self.spawn(work, target, *plan, *options))
        return pids

    def is_writing(self):
        return any(process.is_alive() for process in self.processes)

    def keep_rotating(self):
        rotations = 0
        while self.rotates and self.is_writing():
            time.sleep(self.rng.choice((0.1, 1, 4)) * self.rng.random())
            if self.sources[0].path.exists() and self.sources[0].path.stat().st_size:
                if self.rotate(rotations):
                    rotations += 1
                    self.run.history.note(f"{self.name} rotated")

    def call(self, *command):
        """Its failure is no matter: logrotate refuses to rotate twice in a second by date."""
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
        )
        if done.returncode:
            self.run.history.note(f"{self.name} did not rotate: {done.stderr.strip()}")
        return not done.returncode

    def settle(self):
        """Waits until everything that was sent to it stands in its files."""

    def stop(self):
        for process in self.processes:
            process.kill()
        if self.daemon and self.daemon.poll() is None:
            self.daemon.terminate()
            try:
                self.daemon.wait(10)
            except subprocess.TimeoutExpired:
                self.daemon.kill()
                self.daemon.wait()


class Nginx(Program):
    """Two workers write the access log; it is renamed, then `nginx -s reopen`."""

    packages = {"nginx": "nginx-light"}

    def __init__(self, run, name):
        super().__init__(run, name)
        self.path = self.add_source(700_000, writer_count=4)

    def start(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        state = self.run.folder / f"{self.name}.state"
        state.mkdir()
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = "\n".join(f"{kind}_temp_path {state}/{kind};" for kind in kinds)
        configuration = state / "nginx.conf"
        configuration.write_text(f"""
            daemon off;
            worker_processes 2;
            pid {state}/pid;
            error_log {state}/error.log notice;
            {"user root;" if os.geteuid() == 0 else ""}
            events {{ worker_connections 64; }}
            http {{
                {temporary}
                keepalive_requests 1000000000;
                large_client_header_buffers 8 128k;
                server {{
                    listen 127.0.0.1:{port} reuseport;
                    access_log {self.path} combined;
                    location / {{ return 204; }}
                }}
            }}
        """)
        self.command = ["nginx", "-p", state, "-e", state / "error.log", "-c", configuration]
        self.daemon = subprocess.Popen(self.command, stdin=subprocess.DEVNULL)
        wait_for(lambda: socket.create_connection(("127.0.0.1", port)).close())
        self.spawn_for_each_writer(writers.request, port)

    def rotate(self, number):
        stamp = time.strftime("%Y%m%d-%H%M%S")
        self.path.rename(f"{self.path}-{stamp}-{number:04}")
        return self.call(*self.command, "-s", "reopen")


class Logrotate(Program):
    """Own writers, and logrotate with the options given."""

    packages = {"logrotate": "logrotate"}

    def __init__(self, run, name, lines, options, writer_count=1):
        super().__init__(run, name)
        self.options = options
        self.copies = "copytruncate" in options
        self.path = self.add_source(lines, writer_count, keeps_all=not self.copies)

    def start(self):
        # Half lines of two writers, or on two sides of a truncation, would not be whole ever after.
        writes_halves = len(self.sources[0].counts) == 1 and not self.copies
        pids = self.spawn_for_each_writer(writers.append, self.path, writes_halves)
        reopen = f"kill -USR1 {' '.join(map(str, pids))} || true"
        configuration = self.run.folder / f"{self.name}.conf"
        configuration.write_text(f"""
            {self.path} {{
                rotate 999
                {self.options.replace("; ", chr(10))}
                {"" if self.copies else f"postrotate{chr(10)}{reopen}{chr(10)}endscript"}
            }}
        """)
        configuration.chmod(0o644)
        state = self.run.folder / f"{self.name}.state"
        self.command = ["logrotate", "--force", "--state", state, configuration]

    def rotate(self, _number):
        return self.call(*self.command)


class Handlers(Program):
    """Python's handlers, which rotate by themselves: several logs, some of which begin later, each
    written by several threads."""

    rotates = False

    def __init__(self, run, name, logs, lines, rotates_by_size):
        super().__init__(run, name)
        self.rotates_by_size = rotates_by_size
        for index in range(logs):
            self.add_source(lines, writer_count=3, name=f"{name}{index}")

    def patterns(self):
        """A glob that matches the backups as well; they are no sources."""
        return [str(self.folder / "*.log*")]

    def start(self):
        for index, source in enumerate(self.sources):
            # About 150 backups, at about 130 bytes a line.
            bytes_max = max(20_000, sum(source.counts.values()) * 130 // 150)
            by_size = functools.partial(writers.rotating_by_size, source.path, bytes_max)
            by_time = functools.partial(writers.rotating_by_time, source.path)
            make_handler = by_size if self.rotates_by_size else by_time
            delay = self.run.seconds * index / len(self.sources) / 2
            rng = random.Random(self.rng.random())
            plan = (self.run.lines, source.counts, delay, self.run.seconds - delay, rng)
            self.spawn(writers.use_handler, make_handler, *plan)


class Rsyslog(Program):
    """Renamed along a chain of numbers, then SIGHUP. The directory is what the server follows."""

    packages = {"rsyslogd": "rsyslog"}

    def __init__(self, run, name):
        super().__init__(run, name)
        self.path = self.add_source(500_000, writer_count=2)

    def patterns(self):
        return [str(self.folder)]

    def start(self):
        state = self.run.folder / f"{self.name}.state"
        state.mkdir()
        entry = state / "socket"
        configuration = state / "rsyslog.conf"
        configuration.write_text(f"""
            global(workDirectory="{state}")
            main_queue(queue.timeoutEnqueue="600000")
            module(load="imuxsock" SysSock.Use="off")
            input(type="imuxsock" Socket="{entry}" RateLimit.Interval="0")
            template(name="message" type="string" string="%timestamp:::date-rfc3339%%msg%\\n")
            action(type="omfile" file="{self.path}" template="message")
        """)
        self.daemon = subprocess.Popen(
            ["rsyslogd", "-n", "-f", configuration, "-i", state / "pid"], stdin=subprocess.DEVNULL
        )
        wait_for(lambda: entry.stat())
        self.spawn_for_each_writer(writers.send_to_syslog, entry)

    def rotate(self, number):
        for older in range(number, 0, -1):
            pathlib.Path(f"{self.path}.{older}").rename(f"{self.path}.{older + 1}")
        self.path.rename(f"{self.path}.1")
        self.daemon.send_signal(signal.SIGHUP)
        return True

    def settle(self):
        """It writes what is in its queue."""
        size = -1
        while size != (size := self.path.stat().st_size if self.path.exists() else 0):
            time.sleep(1)


def all_of(run):
    """About 5.2 million lines at full scale."""
    chained = "create; compress; delaycompress"
    dated = "create; dateext; dateformat -%Y%m%d-%s"
    return [
        Nginx(run, "nginx"),
        Logrotate(run, "create", 600_000, chained),
        Logrotate(run, "dated", 500_000, dated, writer_count=2),
        Logrotate(run, "copy", 400_000, "copytruncate", writer_count=2),
        Logrotate(run, "copygz", 400_000, "copytruncate; compress; delaycompress"),
        Handlers(run, "size", logs=3, lines=450_000, rotates_by_size=True),
        Handlers(run, "timed", logs=2, lines=400_000, rotates_by_size=False),
        Rsyslog(run, "syslog"),
    ]


def wait_for(attempt, seconds=10):
    deadline = time.monotonic() + seconds
    while True:
        try:
            return attempt()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
