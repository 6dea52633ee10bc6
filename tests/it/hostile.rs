//! Requests and connections that mean harm, as the table of them in the design has it and others of
//! the same kinds: sent as bytes to the real program. After each of them it is alive, has not grown,
//! and serves the next one.

/// Whom a request is for, and who asks.
mod requests;
/// What is a request at all, and where it ends.
mod framing;
/// Paths and parameters.
mod targets;
/// Many of them, or much, or slowly, or never.
mod floods;

use std::fmt::Write as _;

use crate::harness::log_dir::LogDir;
use crate::harness::probe;
use crate::harness::server::Server;

/// Stands in what is sent, so that it can be seen whether it comes back.
const MARK: &str = "zQ9mark";

/// By how much any of this may let the server grow.
const GROWTH_BYTES: u64 = 8 << 20;

/// Who sends it, and what is expected.
struct Row {
    /// In the table of the design, or what it is about.
    name: &'static str,
    input: Vec<u8>,
    status: u16,
    /// The code of the error; none where the answer is no error.
    code: &'static str,
    closes: bool,
}

fn row(
    name: &'static str,
    input: impl Into<Vec<u8>>,
    status: u16,
    code: &'static str,
    closes: bool,
) -> Row {
    Row {
        name,
        input: input.into(),
        status,
        code,
        closes,
    }
}

/// A request with these lines behind its first one.
fn get(target: &str, lines: &[&str]) -> String {
    let mut text = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n");
    for line in lines {
        write!(text, "{line}\r\n").expect("memory");
    }
    text + "\r\n"
}

fn server() -> (LogDir, Server) {
    server_with(&[])
}

fn server_with(flags: &[&str]) -> (LogDir, Server) {
    let dir = LogDir::new();
    dir.append("app.log", "one\ntwo\n");
    let server = Server::start(&[flags, &[&dir.path("app.log")]].concat());
    // What is made once is there before anything is measured.
    for target in ["/", "/api/sources", "/api/history", "/nope"] {
        server.get(target);
    }
    (dir, server)
}

/// It is alive and serves.
#[track_caller]
fn serves(server: &Server, after: &str) {
    assert_eq!(server.get("/healthz").text(), "ok", "after {after}");
    let list = server.get("/api/sources").json();
    assert_eq!(list["sources"][0]["source"], "app.log", "after {after}");
}

#[track_caller]
fn check(rows: &[Row]) {
    let (_dir, server) = server();
    let before = server.memory();
    for Row {
        name,
        input,
        status,
        code,
        closes,
    } in rows
    {
        let reply = probe::ask(server.port(), input);
        let shown = String::from_utf8_lossy(&input[..input.len().min(200)]);
        let seen = format!("{name}: {shown}\n{}", reply.text);
        assert_eq!(reply.status(), *status, "{seen}");
        assert_eq!(reply.answers(), 1, "{seen}");
        assert_eq!(reply.is_closed, *closes, "closed; {seen}");
        assert!(!reply.body().contains(MARK), "an echo; {seen}");
        if !code.is_empty() {
            let expected = format!(r#"{{"error":{{"code":"{code}","message":""#);
            assert!(reply.body().starts_with(&expected), "{seen}");
        }
        for name in ["x-content-type-options", "content-security-policy"] {
            assert!(reply.has_header(name), "no {name}; {seen}");
        }
        for name in ["server", "set-cookie", "access-control-allow-origin"] {
            assert!(!reply.has_header(name), "{name}; {seen}");
        }
        serves(&server, name);
    }
    has_not_grown(&server, before, "all of them");
}

#[track_caller]
fn has_not_grown(server: &Server, before: u64, after: &str) {
    let grown = server.memory().saturating_sub(before);
    assert!(grown < GROWTH_BYTES, "{grown} bytes after {after}");
}
