//! The end: every reader is told, nobody is waited for longer than a moment.

use std::time::Duration;
use std::time::Instant;

use rustix::process::Signal;

use crate::harness::log_dir::LogDir;
use crate::harness::reader::Reader;
use crate::harness::server::Server;

/// The promise is a second; a loaded machine gets more.
const SOON: Duration = Duration::from_secs(3);

#[track_caller]
fn is_told(mut reader: Reader) {
    let (_, end) = reader.until("end");
    assert_eq!(end.data["reason"], "shutdown");
    assert!(reader.try_event().is_none(), "something after the end");
}

#[test]
fn every_reader_is_told_the_end() {
    for signal in [Signal::TERM, Signal::INT] {
        let dir = LogDir::new();
        dir.append("app.log", "one\n");
        let mut server = Server::start(&[&dir.path("app.log")]);
        let readers: Vec<_> = (0..100)
            .map(|_| {
                let mut reader = server.reader(&dir, "");
                reader.expect(&["one"]);
                reader
            })
            .collect();
        let start = Instant::now();
        server.signal(signal);
        let status = server.wait();
        let took = start.elapsed();
        assert_eq!(status.code(), Some(0), "{signal:?}");
        assert!(took < SOON, "{signal:?} took {took:?}");
        readers.into_iter().for_each(is_told);
    }
}

#[test]
fn a_reader_that_does_not_read_delays_nobody() {
    let dir = LogDir::new();
    dir.append("app.log", "");
    let mut server = Server::start(&[&dir.path("app.log")]);
    let mut stuck = server.reader(&dir, "tail=0");
    stuck.until("ping");
    let mut other = server.reader(&dir, "tail=0");
    other.until("ping");
    other.expect(&dir.append_lines("app.log", 0..100_000));
    let start = Instant::now();
    assert_eq!(server.stop().code(), Some(0));
    let took = start.elapsed();
    assert!(took < SOON, "took {took:?}");
    is_told(other);
    drop(stuck);
}

#[test]
fn an_idle_connection_delays_nobody() {
    let dir = LogDir::new();
    let mut server = Server::start(&[&dir.path("app.log")]);
    let idle: Vec<_> = (0..20)
        .map(|_| std::net::TcpStream::connect(("127.0.0.1", server.port())).expect("connect"))
        .collect();
    let start = Instant::now();
    assert_eq!(server.stop().code(), Some(0));
    let took = start.elapsed();
    assert!(took < SOON, "took {took:?}");
    drop(idle);
}

#[test]
fn a_second_signal_ends_at_once() {
    let dir = LogDir::new();
    let mut server = Server::start(&[&dir.path("app.log")]);
    server.signal(Signal::TERM);
    // The first may have been enough already.
    let _ = rustix::process::kill_process(
        rustix::process::Pid::from_raw(server.pid().cast_signed()).expect("not 0"),
        Signal::TERM,
    );
    server.wait();
}
