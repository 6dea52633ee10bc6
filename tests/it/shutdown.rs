//! The end: every reader is told, nobody is waited for longer than a moment.

use std::io::Read;
use std::io::Write;
use std::net::SocketAddr;
use std::net::TcpStream;
use std::time::Duration;
use std::time::Instant;

use rustix::process::Signal;
use socket2::Domain;
use socket2::Socket;
use socket2::Type;

use crate::harness::eventually::PATIENCE;
use crate::harness::http;
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

/// A reader that takes nothing of what is more than the system keeps for it.
#[track_caller]
fn stuck(server: &Server) -> TcpStream {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    socket.set_recv_buffer_size(4096).expect("a buffer");
    let address = SocketAddr::from(([127, 0, 0, 1], server.port()));
    socket.connect(&address.into()).expect("it listens");
    begun(socket.into(), "/tail?source=big.log&tail=100000", server)
}

/// Asks, and reads so far that it is known to be answered.
#[track_caller]
fn begun(mut stream: TcpStream, target: &str, server: &Server) -> TcpStream {
    stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
    let request = http::request("GET", target, server.port(), &[]);
    stream.write_all(request.as_bytes()).expect("write");
    let mut status = [0; 12];
    stream.read_exact(&mut status).expect("an answer");
    assert_eq!(&status, b"HTTP/1.1 200", "{target}");
    stream
}

/// A server with a log that is more than the system keeps for a connection.
fn big_and_small() -> (LogDir, Server) {
    let dir = LogDir::new();
    dir.append("small.log", "one\n");
    dir.append(
        "big.log",
        "a line of a log that is quite big\n".repeat(60_000),
    );
    let flags = ["--no-auth", "--max-streams", "1100", &dir.path("*.log")];
    let server = Server::start(&flags);
    (dir, server)
}

#[test]
fn a_thousand_readers_are_told_beside_a_hundred_that_are_stuck() {
    let (_dir, mut server) = big_and_small();
    let stuck: Vec<_> = (0..100).map(|_| stuck(&server)).collect();
    let mut readers: Vec<_> = (0..1000)
        .map(|_| {
            let stream = TcpStream::connect(("127.0.0.1", server.port())).expect("it listens");
            begun(stream, "/events?source=small.log", &server)
        })
        .collect();
    let start = Instant::now();
    assert_eq!(server.stop().code(), Some(0));
    let took = start.elapsed();
    assert!(took < SOON, "took {took:?}");
    for reader in &mut readers {
        let mut rest = String::new();
        reader.read_to_string(&mut rest).expect("a clean end");
        assert!(rest.contains("\nevent: end\n"), "{rest}");
        assert!(rest.ends_with("0\r\n\r\n"), "{rest}");
    }
    drop(stuck);
}

#[test]
fn a_second_signal_ends_at_once() {
    // The first may be enough before the second one comes, where the machine is busy.
    let codes: Vec<_> = (0..5).map(|_| code_after_two_signals()).collect();
    assert!(codes.contains(&Some(130)), "{codes:?}");
}

fn code_after_two_signals() -> Option<i32> {
    let (dir, mut server) = big_and_small();
    // It is waited for.
    let _stuck = stuck(&server);
    let mut reader = server.reader(&dir, "source=small.log&tail=0");
    reader.until("ping");
    server.signal(Signal::TERM);
    reader.until("end");
    server.signal(Signal::TERM);
    server.wait().code()
}
