//! What the program says, and that it serves on when nobody listens.

use std::io::PipeReader;
use std::io::PipeWriter;
use std::io::Read;
use std::io::Write;
use std::io::pipe;
use std::os::unix::net::UnixStream;
use std::process::Child;
use std::process::Stdio;

use rustix::fs::OFlags;
use rustix::fs::fcntl_getfl;
use rustix::fs::fcntl_setfl;
use rustix::process::Pid;
use rustix::process::Signal;
use rustix::process::kill_process;

use crate::harness::eventually::PATIENCE;
use crate::harness::eventually::eventually;
use crate::harness::log_dir::LogDir;
use crate::harness::server::Server;
use crate::harness::server::command;

/// A pipe into which nothing more goes.
fn full_pipe() -> (PipeReader, PipeWriter) {
    let (reader, mut writer) = pipe().expect("a pipe");
    let flags = fcntl_getfl(&writer).expect("flags");
    fcntl_setfl(&writer, flags | OFlags::NONBLOCK).expect("flags");
    while writer.write(&[b'x'; 4096]).is_ok() {}
    fcntl_setfl(&writer, flags).expect("flags");
    (reader, writer)
}

/// A server that cannot say where it is, found by a socket in the file system.
struct Mute {
    child: Child,
    dir: LogDir,
}

impl Mute {
    #[track_caller]
    fn start(stdout: impl Into<Stdio>, stderr: impl Into<Stdio>) -> Mute {
        let dir = LogDir::new();
        dir.append("app.log", "one\n");
        let bind = format!("--bind=unix:{}", dir.path("socket"));
        let mut command = command(&[&bind, "--no-auth", &dir.path("app.log")]);
        let child = command
            .stdout(stdout)
            .stderr(stderr)
            .spawn()
            .expect("it starts");
        let mute = Mute { child, dir };
        mute.serves();
        mute
    }

    #[track_caller]
    fn serves(&self) {
        let mut stream = eventually(PATIENCE, || {
            UnixStream::connect(self.dir.path("socket")).map_err(|error| error.to_string())
        });
        stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
        let request = b"GET /api/sources HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        stream.write_all(request).expect("it takes a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(answer.contains(r#""source":"app.log""#), "{answer}");
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("it is alive");
    }

    /// It ends as if somebody had heard everything.
    #[track_caller]
    fn leaves(mut self) {
        self.signal(Signal::TERM);
        let status = eventually(PATIENCE, || match self.child.try_wait() {
            Ok(Some(status)) => Ok(status),
            other => Err(format!("{other:?}")),
        });
        assert_eq!(status.code(), Some(0));
    }
}

impl Drop for Mute {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn pipes_that_nobody_empties_stop_nothing() {
    let (_stdout_reader, stdout) = full_pipe();
    let (_stderr_reader, stderr) = full_pipe();
    let mute = Mute::start(stdout, stderr);
    // Each makes it say something.
    for _ in 0..1_000 {
        mute.signal(Signal::USR1);
    }
    mute.serves();
    mute.leaves();
}

#[test]
fn pipes_whose_reader_is_gone_stop_nothing() {
    let (reader, stdout) = pipe().expect("a pipe");
    drop(reader);
    let (reader, stderr) = pipe().expect("a pipe");
    drop(reader);
    let mute = Mute::start(stdout, stderr);
    mute.signal(Signal::USR1);
    mute.serves();
    mute.leaves();
}

/// F19.
#[test]
fn a_signal_asks_how_it_goes() {
    let dir = LogDir::new();
    dir.append("app.log", "one\n");
    let server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.reader(&dir, "");
    reader.expect(&["one"]);
    dir.append("app.log", "two\nthree\n");
    reader.expect(&["two", "three"]);
    server.signal(Signal::USR1);
    let said = eventually(PATIENCE, || {
        let said = server.stderr();
        if said.contains("streams; ") {
            Ok(said)
        } else {
            Err(said)
        }
    });
    assert!(
        said.contains("logstream: 1 streams; sources: 1 live; "),
        "{said}"
    );
    assert!(
        said.contains(" lines and ") && said.contains(" 0 gaps"),
        "{said}"
    );
    dir.append("app.log", "four\n");
    reader.expect(&["four"]);
}

#[test]
fn a_program_asks_how_it_goes() {
    let dir = LogDir::new();
    dir.append("app.log", "");
    let server = Server::start(&[&dir.path("app.log"), &dir.path("missing.log")]);
    let mut reader = server.reader(&dir, "tail=0");
    reader.until("ping");
    let lines = dir.append_lines("app.log", 0..500);
    reader.expect(&lines);
    server.get("/nope");
    let metrics = server.get("/metrics");
    assert_eq!(
        metrics.header("content-type"),
        Some("text/plain; version=0.0.4; charset=utf-8")
    );
    let text = metrics.text();
    for line in [
        "logstream_lines_total 500",
        "logstream_streams 1",
        "logstream_sources{state=\"live\"} 1",
        "logstream_sources{state=\"waiting\"} 1",
        "logstream_answers_total{status=\"404\"} 1",
    ] {
        assert!(text.lines().any(|seen| seen == line), "{line} in {text}");
    }
    assert_eq!(server.get("/metrics?x=1").code(), "bad_query");
    let guarded = Server::start(&["--token", &dir.path("app.log")]);
    assert_eq!(guarded.get("/metrics").status(), 401);
}
