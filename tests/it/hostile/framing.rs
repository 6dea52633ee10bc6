//! The form of a request: what is one at all, how long it is, where it ends.

use crate::hostile::MARK;
use crate::hostile::Row;
use crate::hostile::check;
use crate::hostile::get;
use crate::hostile::row;

#[test]
fn a_body() {
    check(&[
        row(
            "H26",
            get("/", &["Content-Length: 1"]) + "x",
            413,
            "body",
            true,
        ),
        row(
            "H26 unsent",
            get("/", &["Content-Length: 9999999"]),
            413,
            "body",
            true,
        ),
        row(
            "H26 huge",
            get("/", &["Content-Length: 99999999999999999999"]),
            413,
            "body",
            true,
        ),
        row(
            "H26 POST",
            "POST /api/sources HTTP/1.1\r\nHost: localhost\r\nContent-Length: 7\r\n\r\nzQ9mark",
            413,
            "body",
            true,
        ),
        row(
            "H26 expected",
            get("/", &["Content-Length: 1", "Expect: 100-continue"]),
            413,
            "body",
            true,
        ),
        row(
            "H26 expected, none",
            get("/", &["Expect: 100-continue"]),
            417,
            "expectation",
            true,
        ),
        row(
            "H26 something expected",
            get("/", &["Expect: zQ9mark"]),
            417,
            "expectation",
            true,
        ),
        row(
            "H51",
            get("/", &["Content-Length: 10"]) + "x",
            413,
            "body",
            true,
        ),
        row(
            "H26 chunks",
            get("/", &["Transfer-Encoding: chunked"]) + "1\r\nx\r\n0\r\n\r\n",
            413,
            "body",
            true,
        ),
        row(
            "H45 chunk size",
            get("/", &["Transfer-Encoding: chunked"]) + "11111111111111111\r\n",
            413,
            "body",
            true,
        ),
        row(
            "H26 none",
            get("/healthz", &["Content-Length: 0"]),
            200,
            "",
            false,
        ),
        row(
            "H26 upgrade",
            get("/healthz", &["Connection: Upgrade", "Upgrade: websocket"]),
            200,
            "",
            true,
        ),
    ]);
}

#[test]
fn a_request_that_can_be_read_in_two_ways() {
    let framings: &[&[&str]] = &[
        &["Content-Length: 1", "Transfer-Encoding: chunked"],
        &["Content-Length: 1", "Content-Length: 2"],
        &["Content-Length: 0", "Content-Length: 0"],
        &["Content-Length: 0, 0"],
        &["Content-Length: +4"],
        &["Content-Length: -1"],
        &["Content-Length: 0x10"],
        &["Content-Length:"],
        &["Transfer-Encoding: xchunked"],
        &["Transfer-Encoding: chunked, gzip"],
        &["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"],
        &["X: a", " folded"],
        &["X: a", "\tfolded"],
        &["X : space"],
        &[": nameless"],
        &["no colon"],
        &["X: a\rb"],
        &["X: a\0b"],
        &["X: a\x7fb"],
        &["X\0: a"],
        &["Xä: a"],
    ];
    let rows: Vec<Row> = framings
        .iter()
        .map(|lines| row("H45", get("/", lines), 400, "bad_request", true))
        .collect();
    check(&rows);
    check(&[
        row(
            "H45 old",
            "GET / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
            400,
            "bad_request",
            true,
        ),
        // Nothing can be hidden behind it, as no request has a body.
        row(
            "H46",
            "GET /healthz HTTP/1.1\nHost: localhost\n\n",
            200,
            "",
            false,
        ),
    ]);
}

#[test]
fn what_is_no_http() {
    let inputs: &[&[u8]] = &[
        b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03 a TLS client says hello",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"*1\r\n$4\r\nPING\r\n",
        b"GET / HTTP/2.0\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.2\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/0.9\r\nHost: localhost\r\n\r\n",
        b"GET / http/1.1\r\nHost: localhost\r\n\r\n",
        b"GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b" GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET\t/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1 zQ9mark\r\nHost: localhost\r\n\r\n",
        b"GET /zQ9mark\r\nHost: localhost\r\n\r\n",
        b"{\"zQ9mark\":1}\r\n\r\n",
        b"\0\0\0\0\0\0\0\0\r\n\r\n",
        b"\xff\xff\xff\xff\r\n\r\n",
    ];
    let rows: Vec<Row> = inputs
        .iter()
        .map(|input| row("no HTTP", *input, 400, "bad_request", true))
        .collect();
    check(&rows);
}

/// The mark again and again.
fn marks(length: usize) -> String {
    MARK.repeat(length / MARK.len() + 1)
}

#[test]
fn too_many_headers() {
    let with = |count: usize| get("/healthz", &vec!["X: 1"; count]);
    let refused = |count| row("H48", with(count), 431, "head_too_large", true);
    let taken = row("H48 63 headers", with(63), 200, "", false);
    check(&[taken, refused(64), refused(97), refused(10_000)]);
}

#[test]
fn a_head_that_is_too_long() {
    let header = |length| get("/healthz", &[&format!("X: {}", marks(length))]);
    let refused = |name, input| row(name, input, 431, "head_too_large", true);
    check(&[
        row("H48 15 KiB", header(15 << 10), 200, "", false),
        refused("H48 17 KiB", header(17 << 10)),
        refused("H48 120 KiB", header(120 << 10)),
        refused("H48 200 KiB", header(200 << 10)),
        refused("H48 2 MiB", header(2 << 20)),
        refused("H48 name", get("/", &[&format!("{}: 1", marks(2 << 20))])),
        refused("H48 method", "G".repeat(1 << 20)),
        refused(
            "H24",
            get("/", &[&format!("Cookie: a={}", marks(20 << 10))]),
        ),
        refused(
            "H67",
            get("/events", &[&format!("Last-Event-ID: {}", marks(64 << 10))]),
        ),
    ]);
}

#[test]
fn a_target_that_is_too_long() {
    let refused = |name, target: String| {
        let input = get(&target, &[]);
        row(name, input, 414, "target_too_long", true)
    };
    check(&[
        refused("H42", format!("/{}", marks(9 << 10))),
        refused("H42 query", format!("/?{}", marks(60 << 10))),
        refused("H95 1 MiB", format!("/events?q={}", marks(1 << 20))),
    ]);
}
