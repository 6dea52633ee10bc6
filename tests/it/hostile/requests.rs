//! Whom a request is for, who asks, and by which method.

use crate::hostile::Row;
use crate::hostile::check;
use crate::hostile::get;
use crate::hostile::row;

fn host(name: &'static str, host: &[u8], status: u16, code: &'static str) -> Row {
    let mut input = b"GET / HTTP/1.1\r\nHost: ".to_vec();
    input.extend_from_slice(host);
    input.extend_from_slice(b"\r\n\r\n");
    row(name, input, status, code, true)
}

#[test]
fn a_host_that_is_none() {
    check(&[
        row("H1", "GET / HTTP/1.1\r\n\r\n", 400, "bad_request", true),
        row("H2", get("/", &["Host: a"]), 400, "bad_request", true),
        row(
            "H2 same",
            get("/", &["host: localhost"]),
            400,
            "bad_request",
            true,
        ),
        row("H3", "GET / HTTP/1.0\r\n\r\n", 400, "bad_request", true),
        row("H3 bare", "GET /\r\n\r\n", 400, "bad_request", true),
        host("H4", b"", 400, "bad_request"),
        host("H4 blank", b"   ", 400, "bad_request"),
        host("H5", b"localhost@evil", 400, "bad_request"),
        host("H5 path", b"localhost/zQ9mark", 400, "bad_request"),
        host("H5 two", b"localhost, evil.example", 400, "bad_request"),
        host("H5 port", b"localhost:99999", 400, "bad_request"),
        host("H5 ports", b"localhost:80:80", 400, "bad_request"),
        host("H5 bracket", b"[::1", 400, "bad_request"),
        host("H5 labels", b"..localhost", 400, "bad_request"),
        host("H6", b"\xff\xfe", 400, "bad_request"),
        host("H6 word", "zQ9märk".as_bytes(), 400, "bad_request"),
        row(
            "H8",
            "GET http://evil.example/zQ9mark HTTP/1.1\r\nHost: localhost\r\n\r\n",
            400,
            "bad_request",
            true,
        ),
        row(
            "H8 other scheme",
            "GET file:///etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
            400,
            "bad_request",
            true,
        ),
        host("H10", b"evil.example:5647", 421, "host_not_allowed"),
        host("H10 number", b"2130706433", 421, "host_not_allowed"),
        host(
            "H10 dot",
            b"zQ9mark.localhost.evil.example",
            421,
            "host_not_allowed",
        ),
        host("H10 suffix", b"evillocalhost", 421, "host_not_allowed"),
    ]);
}

#[test]
fn a_host_that_is_ours() {
    let ours = [
        "localhost",
        "127.0.0.1:5647",
        "[::1]:5647",
        "192.168.1.5:8080",
        "x.localhost",
    ];
    let rows = ours.map(|host| {
        let input = format!("GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n");
        row("H11", input, 200, "", false)
    });
    check(&rows);
}

#[test]
fn another_web_site() {
    let asked = |name, line: &str| row(name, get("/api/sources", &[line]), 403, "cross_site", true);
    check(&[
        asked("H13", "Sec-Fetch-Site: cross-site"),
        asked("H14", "Sec-Fetch-Site: same-site"),
        asked("H14 word", "Sec-Fetch-Site: zQ9mark"),
        asked("H14 empty", "Sec-Fetch-Site:"),
        asked("H16", "Origin: http://evil.example"),
        asked("H16 port", "Origin: http://localhost:1"),
        asked("H16 scheme", "Origin: https://localhost"),
        asked("H16 inside", "Origin: http://localhost.evil.example"),
        asked("H16 user", "Origin: http://localhost@evil.example"),
        asked("H16 bytes", "Origin: http://\u{fffd}"),
        asked(
            "H14 two",
            "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site",
        ),
        asked(
            "H16 two",
            "Origin: http://localhost\r\nOrigin: http://evil.example",
        ),
        asked("H17", "Origin: null"),
        asked("H17 empty", "Origin:"),
    ]);
}

#[test]
fn what_a_proxy_claims_changes_nothing() {
    let lines = [
        "X-Forwarded-Host: zQ9mark",
        "X-Forwarded-For: 6.6.6.6",
        "X-Forwarded-Proto: https",
        "Forwarded: host=zQ9mark;for=6.6.6.6;proto=https",
        "X-Real-IP: 6.6.6.6",
    ];
    check(&[
        row("H12", get("/healthz", &lines), 200, "", false),
        row(
            "H12 method",
            get("/healthz", &["X-HTTP-Method-Override: DELETE"]),
            200,
            "",
            false,
        ),
        row(
            "H12 address",
            get("/healthz", &["X-Original-URL: /zQ9mark"]),
            200,
            "",
            false,
        ),
    ]);
}

#[test]
fn a_method_that_is_not_offered() {
    let methods = [
        "TRACE", "PUT", "DELETE", "PATCH", "OPTIONS", "get", "FOO", "zQ9mark", "PROPFIND",
    ];
    let rows: Vec<Row> = methods
        .iter()
        .flat_map(|method| ["/", "/api/sources", "/events", "/nope"].map(|path| (method, path)))
        .map(|(method, path)| {
            let input = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
            row("H28", input, 405, "method", true)
        })
        .collect();
    check(&rows);
    check(&[
        row(
            "H19",
            "OPTIONS /api/sources HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\n\
             Access-Control-Request-Method: GET\r\n\r\n",
            405,
            "method",
            true,
        ),
        row(
            "H28 CONNECT",
            "CONNECT evil.example:443 HTTP/1.1\r\nHost: a\r\n\r\n",
            400,
            "bad_request",
            true,
        ),
        row(
            "H44",
            "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
            405,
            "method",
            true,
        ),
    ]);
}
