//! Many of them, or much, or slowly, or never.

use std::io::Read;
use std::io::Write;
use std::net::Shutdown;
use std::net::TcpStream;
use std::time::Duration;
use std::time::Instant;

use crate::harness::eventually::PATIENCE;
use crate::harness::eventually::eventually;
use crate::harness::log_dir::LogDir;
use crate::harness::probe::ask;
use crate::harness::probe::connect;
use crate::harness::server::Server;
use crate::hostile::get;
use crate::hostile::has_not_grown;
use crate::hostile::server_with;
use crate::hostile::serves;

/// What one connection may cost, whatever it does.
const CONNECTION_BYTES: u64 = 1 << 20;

/// Whoever is answered sooner did not wait for those who say nothing: they are sent away after 5 s.
const AT_ONCE: Duration = Duration::from_secs(4);

/// Anybody may come in: who it is costs a look at the connections of the whole machine, and is not
/// what this is about.
fn server() -> (LogDir, Server) {
    server_with(&["--no-auth"])
}

/// Sends these bytes, as far as they are taken.
fn pour(mut stream: &TcpStream, bytes: &[u8]) -> Result<(), std::io::Error> {
    stream.set_write_timeout(Some(Duration::from_millis(200)))?;
    stream.write_all(bytes)
}

/// The server has closed it, in whatever way.
#[track_caller]
fn is_closed(mut stream: &TcpStream) {
    let mut buffer = vec![0; 64 * 1024];
    let began = Instant::now();
    while let Ok(1..) = stream.read(&mut buffer) {
        assert!(began.elapsed() < PATIENCE, "it goes on");
    }
    let error = stream.write_all(b"x").and_then(|()| stream.write_all(b"x"));
    assert!(error.is_err() || matches!(stream.read(&mut buffer), Ok(0) | Err(_)));
    assert!(began.elapsed() < PATIENCE, "still open");
}

/// Connections on which a stream is open.
fn streams(server: &Server, count: usize) -> Vec<TcpStream> {
    let open = |_| {
        let mut stream = connect(server.port());
        let request = get("/events?tail=0", &[]);
        stream.write_all(request.as_bytes()).expect("write");
        let mut answer = [0; 15];
        stream.read_exact(&mut answer).expect("an answer");
        assert_eq!(&answer, b"HTTP/1.1 200 OK");
        stream
    };
    (0..count).map(open).collect()
}

/// All connections are, but for those of the last moment.
#[track_caller]
fn are_gone(server: &Server, descriptors: usize) {
    eventually(PATIENCE, || match server.descriptors() {
        open if open <= descriptors + 2 => Ok(()),
        open => Err(format!("{open} descriptors, {descriptors} before")),
    });
}

/// Resident memory does not pass this, now and when everything has been looked at.
#[track_caller]
fn costs_at_most(server: &Server, before: u64, bytes: u64, what: &str) {
    let grown = server.memory().saturating_sub(before);
    assert!(grown < bytes, "{} KiB for {what}", grown >> 10);
}

#[test]
fn requests_behind_an_open_stream() {
    let (_dir, server) = server();
    drop(streams(&server, 20));
    let before = server.memory();
    let streams = streams(&server, 20);
    let requests = get("/api/sources", &[]).repeat(2_000);
    for stream in &streams {
        let _cut = pour(stream, requests.as_bytes());
    }
    costs_at_most(&server, before, 20 * CONNECTION_BYTES, "20 of H52");
    streams.iter().for_each(is_closed);
    serves(&server, "H52");
    has_not_grown(&server, before, "H52");
}

#[test]
fn garbage_behind_an_open_stream() {
    let (_dir, server) = server();
    let before = server.memory();
    for garbage in [&b"zQ9mark\0\xff\r\n\r\n"[..], b"x"] {
        let streams = streams(&server, 10);
        let garbage = garbage.repeat((1 << 20) / garbage.len());
        for stream in &streams {
            // 64 MiB, unless it is cut before.
            let sent = (0..64).take_while(|_| pour(stream, &garbage).is_ok());
            assert!(sent.count() < 64, "all of it was taken");
        }
        costs_at_most(&server, before, 10 * CONNECTION_BYTES, "10 of H54");
        streams.iter().for_each(is_closed);
    }
    serves(&server, "H54");
    has_not_grown(&server, before, "H54");
}

#[test]
fn requests_whose_answers_nobody_reads() {
    let (_dir, server) = server();
    for target in ["/", "/api/sources", "/api/history", "/nope"] {
        for method in ["GET", "HEAD"] {
            let before = server.memory();
            let request = get(target, &[]).replacen("GET", method, 1);
            let clients: Vec<TcpStream> = (0..10).map(|_| connect(server.port())).collect();
            for client in &clients {
                let _cut = pour(client, request.repeat(2_000).as_bytes());
            }
            let what = format!("10 of H53, {method} {target}");
            costs_at_most(&server, before, 10 * CONNECTION_BYTES, &what);
            serves(&server, &what);
        }
    }
}

#[test]
fn requests_one_behind_the_other_are_answered_in_order() {
    let (_dir, server) = server();
    let mut client = connect(server.port());
    let requests: String = (0..100)
        .map(|number| get(if number % 2 == 0 { "/healthz" } else { "/nope" }, &[]))
        .collect();
    client.write_all(requests.as_bytes()).expect("write");
    client
        .write_all(get("/nope", &["Connection: close"]).as_bytes())
        .expect("write");
    let mut answers = String::new();
    client.read_to_string(&mut answers).expect("all answers");
    let statuses: Vec<&str> = answers
        .match_indices("HTTP/1.1 ")
        .map(|(at, _)| &answers[at + 9..at + 12])
        .collect();
    let expected = [["200", "404"]; 50].concat();
    assert_eq!(statuses[..100], expected[..]);
    assert_eq!(statuses.len(), 101);
}

#[test]
fn silence() {
    let (_dir, server) = server();
    let began = Instant::now();
    for sent in ["", "G", "GET / HTTP/1.1\r\nHo"] {
        let asked = Instant::now();
        let reply = ask(server.port(), sent.as_bytes());
        assert_eq!(
            (reply.status(), reply.is_closed),
            (408, true),
            "{sent:?}, after {:?}: {}, {}",
            asked.elapsed(),
            reply.ended,
            reply.text
        );
    }
    // After another request as well.
    let reply = ask(server.port(), (get("/healthz", &[]) + "GET /").as_bytes());
    assert_eq!(reply.status(), 200);
    assert!(began.elapsed() > Duration::from_secs(3 * 5));
    serves(&server, "H49");
}

#[test]
fn a_head_of_one_byte_after_the_other() {
    let (_dir, server) = server();
    let mut slow = connect(server.port());
    slow.set_read_timeout(Some(Duration::from_millis(100)))
        .expect("a time-out");
    let began = Instant::now();
    let mut answer = [0; 12];
    // Also a head that grows all the time has only so long.
    let answered = eventually(PATIENCE, || {
        let _closed = slow.write_all(b"G");
        match slow.read(&mut answer) {
            Ok(count) => Ok(count),
            Err(error) => Err(error.to_string()),
        }
    });
    assert_eq!(&answer[..answered], b"HTTP/1.1 408");
    assert!(
        began.elapsed() > Duration::from_secs(4),
        "{:?}",
        began.elapsed()
    );
}

#[test]
fn two_thousand_that_say_nothing() {
    let (_dir, server) = server();
    let descriptors = server.descriptors();
    let flood = || {
        let silent: Vec<TcpStream> = (0..2_000).map(|_| connect(server.port())).collect();
        let asked = Instant::now();
        serves(&server, "H50");
        let took = asked.elapsed();
        assert!(took < AT_ONCE, "others waited {took:?}");
        are_gone(&server, descriptors);
        drop(silent);
    };
    // The first one makes room for as many connections as there may be.
    flood();
    let before = server.memory();
    flood();
    has_not_grown(&server, before, "H50");
}

#[test]
fn who_asks_is_heard_beside_all_streams_and_many_that_are_silent() {
    let (_dir, server) = server();
    let streams = streams(&server, 1_000);
    let _silent: Vec<TcpStream> = (0..500).map(|_| connect(server.port())).collect();
    let asked = Instant::now();
    assert_eq!(server.get("/healthz").status(), 200);
    let took = asked.elapsed();
    assert!(took < AT_ONCE, "others waited {took:?}");
    let reply = ask(server.port(), get("/events", &[]).as_bytes());
    assert_eq!((reply.status(), reply.is_closed), (503, true), "H57");
    assert!(reply.text.contains("retry-after: 5"), "{}", reply.text);
    drop(streams);
    eventually(PATIENCE, || {
        match ask(server.port(), get("/events", &[]).as_bytes()).status() {
            200 => Ok(()),
            other => Err(other.to_string()),
        }
    });
}

#[test]
fn connections_that_come_and_go() {
    let (_dir, server) = server();
    let descriptors = server.descriptors();
    let flood = || {
        for number in 0..5_000 {
            let stream = connect(server.port());
            if number % 3 == 0 {
                let _cut = pour(&stream, get("/events", &[]).as_bytes());
            }
            if number % 2 == 0 {
                let _gone = stream.shutdown(Shutdown::Write);
            }
        }
        serves(&server, "F23");
        are_gone(&server, descriptors);
    };
    // The first one makes room for as many connections as there may be.
    flood();
    let before = server.memory();
    flood();
    has_not_grown(&server, before, "F23");
}

#[test]
fn who_closes_one_half_is_let_go() {
    let (_dir, server) = server();
    let descriptors = server.descriptors();
    let streams = streams(&server, 50);
    for stream in &streams {
        stream.shutdown(Shutdown::Write).expect("open");
    }
    are_gone(&server, descriptors);
    drop(streams);
}
