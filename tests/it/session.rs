//! Who has the token comes in, and nobody else. The numbers are those of the design's list of
//! hostile requests.

use std::io::Read;
use std::io::Write;
use std::net::Ipv4Addr;
use std::net::SocketAddr;
use std::net::TcpStream;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::Hmac;
use hmac::KeyInit;
use hmac::Mac;
use rustix::process::Signal;
use sha2::Sha256;

use crate::harness::eventually::PATIENCE;
use crate::harness::eventually::eventually;
use crate::harness::http;
use crate::harness::log_dir::LogDir;
use crate::harness::server::Server;

const DATA: [&str; 6] = [
    "/events",
    "/tail",
    "/api/sources",
    "/api/history",
    "/api/share",
    "/raw/app.log",
];

/// The head of an answer whose body may have no end.
#[track_caller]
fn status(server: &Server, target: &str, headers: &[(&str, &str)]) -> u16 {
    let request = http::request("GET", target, server.port(), headers);
    let (head, _) = http::open(server.port(), request.as_bytes()).expect("an answer");
    head.status
}

/// Sends a wrong or right token for a session from this address of the machine itself.
#[track_caller]
fn sign_in_from(server: &Server, from: Ipv4Addr, token: &str) -> String {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None);
    let socket = socket.expect("a socket");
    socket
        .bind(&SocketAddr::from((from, 0)).into())
        .expect("an address of loopback");
    let server_address = SocketAddr::from(([127, 0, 0, 1], server.port()));
    socket.connect(&server_address.into()).expect("it listens");
    let mut stream = TcpStream::from(socket);
    let bearer = format!("Bearer {token}");
    let headers = [("Authorization", bearer.as_str()), ("Connection", "close")];
    let request = http::request("POST", "/api/session", server.port(), &headers);
    stream.write_all(request.as_bytes()).expect("write");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

/// The value of a session's cookie, as the server would sign it: its form is a promise to who
/// reads it in a proxy's log, and no secret.
fn cookie(server: &Server, version: &str, end: u64) -> String {
    let sign = |key: &[u8], text: &str| {
        let mac = Hmac::<Sha256>::new_from_slice(key).expect("a key");
        mac.chain_update(text).finalize().into_bytes()
    };
    let key = sign(server.token().as_bytes(), "logstream session v1");
    let text = format!("{version}.{end}.AAAAAAAAAAAAAAAA");
    let signature = URL_SAFE_NO_PAD.encode(sign(&key, &text));
    format!("ls_{}={text}.{signature}", server.port())
}

fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.expect("after the epoch").as_secs()
}

#[test]
fn without_the_token_there_is_the_page_and_nothing_of_the_log() {
    let (_dir, server) = Server::of_one_line(&["--token"]);
    for target in ["/", "/healthz"] {
        assert_eq!(server.get(target).status(), 200, "{target}");
    }
    for target in DATA.into_iter().chain(["/nothing", "/api/"]) {
        let answer = server.get(target);
        assert_eq!(
            (answer.status(), answer.code().as_str()),
            (401, "auth"),
            "{target}"
        );
        assert_eq!(
            answer.header("www-authenticate"),
            None,
            "H21: a browser would ask"
        );
        assert_eq!(answer.header("connection"), Some("close"), "{target}");
    }
}

#[test]
fn scripts_send_the_token_with_every_request() {
    let (_dir, server) = Server::of_one_line(&["--token"]);
    let bearer = format!("Bearer {}", server.token());
    for target in DATA {
        assert_eq!(
            status(&server, target, &[("Authorization", &bearer)]),
            200,
            "{target}"
        );
    }
}

#[test]
fn a_session_is_a_cookie_that_only_this_page_sends() {
    let (_dir, server) = Server::of_one_line(&["--token"]);
    let bearer = format!("Bearer {}", server.token());
    let answer = server.ask("POST", "/api/session", &[("Authorization", &bearer)]);
    assert_eq!((answer.status(), answer.text().as_str()), (204, ""));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let cookie = answer.header("set-cookie").expect("a cookie").to_owned();
    let (pair, attributes) = cookie.split_once("; ").expect("attributes");
    assert!(
        pair.starts_with(&format!("ls_{}=v1.", server.port())),
        "{pair}"
    );
    assert_eq!(
        attributes,
        "Max-Age=43200; Path=/; HttpOnly; SameSite=Strict"
    );
    for target in DATA {
        assert_eq!(
            status(&server, target, &[("Cookie", pair)]),
            200,
            "{target}"
        );
        let among_others = format!("a=b; {pair}; ls_1=x");
        assert_eq!(status(&server, target, &[("Cookie", &among_others)]), 200);
    }
}

#[test]
fn h13_to_h17_a_session_is_of_no_use_to_other_sites() {
    let (_dir, server) = Server::of_one_line(&["--token"]);
    let cookie = server.sign_in();
    for target in ["/events", "/api/sources"] {
        for header in [
            ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Site", "same-site"),
            ("Origin", "http://evil.example"),
            ("Origin", "null"),
        ] {
            let answer = server.get_with(target, &[("Cookie", &cookie), header]);
            assert_eq!(
                (answer.status(), answer.code().as_str()),
                (403, "cross_site")
            );
        }
    }
    let bearer = format!("Bearer {}", server.token());
    let headers = [
        ("Authorization", bearer.as_str()),
        ("Origin", "http://evil.example"),
    ];
    assert_eq!(server.ask("POST", "/api/session", &headers).status(), 403);
}

#[test]
fn h19_and_h28_other_methods_are_not_known() {
    let (_dir, server) = Server::of_one_line(&["--token"]);
    let check = |method: &str, target: &str, allowed: &str| {
        let answer = server.ask(method, target, &[("Access-Control-Request-Method", "POST")]);
        assert_eq!(answer.status(), 405, "{method} {target}");
        assert_eq!(answer.header("allow"), Some(allowed), "{method} {target}");
        let has_cors = |(name, _): &(String, String)| name.starts_with("access-control");
        assert!(!answer.head.headers.iter().any(has_cors), "H20");
    };
    for method in ["OPTIONS", "TRACE", "PUT", "DELETE", "PATCH", "FOO", "get"] {
        for target in ["/", "/api/sources", "/events"] {
            check(method, target, "GET, HEAD");
        }
        check(method, "/api/session", "POST");
    }
    check("GET", "/api/session", "POST");
    check("POST", "/api/sources", "GET, HEAD");
    check("OPTIONS", "*", "GET, HEAD");
}

#[test]
fn h22_ten_wrong_tokens_close_the_door_for_a_minute() {
    let (_dir, server) = Server::of_one_line(&["--token"]);
    let (one, other) = (Ipv4Addr::new(127, 0, 0, 2), Ipv4Addr::new(127, 0, 0, 3));
    let token = server.token();
    for _ in 0..10 {
        assert!(sign_in_from(&server, one, "wrong-token").starts_with("HTTP/1.1 401 "));
    }
    for guess in ["wrong-token", &token] {
        let answer = sign_in_from(&server, one, guess);
        assert!(answer.starts_with("HTTP/1.1 429 "), "{answer}");
        assert!(answer.contains("retry-after: 60\r\n"), "{answer}");
    }
    assert!(sign_in_from(&server, other, &token).starts_with("HTTP/1.1 204 "));
    // Who is in stays in.
    let cookie = cookie(&server, "v1", now() + 60);
    assert_eq!(
        server
            .get_with("/api/sources", &[("Cookie", &cookie)])
            .status(),
        200
    );
}

#[test]
fn two_hundred_wrong_tokens_close_it_for_all() {
    let (_dir, server) = Server::of_one_line(&["--token"]);
    for address in 1..=20 {
        for _ in 0..10 {
            sign_in_from(&server, Ipv4Addr::new(127, 0, 1, address), "wrong-token");
        }
    }
    let answer = sign_in_from(&server, Ipv4Addr::new(127, 0, 2, 1), &server.token());
    assert!(answer.starts_with("HTTP/1.1 429 "), "{answer}");
}

#[test]
fn h24_a_cookie_that_was_not_signed_here_is_none() {
    let (_dir, server) = Server::of_one_line(&["--token"]);
    let right = cookie(&server, "v1", now() + 60);
    let check = |cookie: &str, expected| {
        let answer = server.get_with("/api/sources", &[("Cookie", cookie)]);
        assert_eq!(answer.status(), expected, "{cookie}");
    };
    check(&right, 200);
    check(&cookie(&server, "v1", now() - 1), 401);
    check(&cookie(&server, "v1", now() + 13 * 3600), 401);
    check(&cookie(&server, "v2", now() + 60), 401);
    check(&right[..right.len() - 1], 401);
    check(&right.replace("AAAA", "AAAB"), 401);
    check(
        &format!("ls_{}={}", server.port(), "x".repeat(9 * 1024)),
        401,
    );
    check(&right.replace(&server.port().to_string(), "1"), 401);
}

#[test]
fn an_open_stream_ends_with_its_session() {
    let (_dir, server) = Server::of_one_line(&["--token"]);
    let cookie = cookie(&server, "v1", now() + 2);
    let request = http::request("GET", "/events", server.port(), &[("Cookie", &cookie)]);
    let (head, mut body) = http::open(server.port(), request.as_bytes()).expect("an answer");
    assert_eq!(head.status, 200);
    let mut text = String::new();
    body.read_to_string(&mut text).expect("a whole answer");
    assert!(
        text.contains("one") && !text.contains("event: end"),
        "{text}"
    );
    assert_eq!(
        server.get_with("/events", &[("Cookie", &cookie)]).status(),
        401
    );
}

#[test]
fn another_token_ends_sessions_and_streams() {
    let dir = LogDir::new();
    dir.append("app.log", "one\n");
    dir.append("token", "correct-horse\n");
    let (path, log) = (dir.path("token"), dir.path("app.log"));
    let server = Server::start(&["--token-file", &path, &log]);
    let cookie = server.sign_in();
    let old = [("Authorization", "Bearer correct-horse")];
    let open = |headers: &[(&str, &str)]| {
        let request = http::request("GET", "/tail", server.port(), headers);
        let (_, mut body) = http::open(server.port(), request.as_bytes()).expect("an answer");
        let mut line = [0; 4];
        body.read_exact(&mut line).expect("the line there is");
        assert_eq!(&line, b"one\n");
        body
    };
    let bodies = [open(&[("Cookie", &cookie)]), open(&old)];

    std::fs::write(&path, "two words").expect("write");
    server.signal(Signal::HUP);
    eventually(PATIENCE, || match server.stderr() {
        text if text.contains("the one before stays in force") => Ok(()),
        text => Err(text),
    });
    assert_eq!(server.get_with("/api/sources", &old).status(), 200);

    std::fs::write(&path, "battery-staple").expect("write");
    server.signal(Signal::HUP);
    for mut body in bodies {
        let mut text = String::new();
        body.read_to_string(&mut text).expect("a whole answer");
        assert_eq!(text, "");
    }
    for headers in [&old[..], &[("Cookie", &cookie)]] {
        assert_eq!(server.get_with("/api/sources", headers).status(), 401);
    }
    let new = [("Authorization", "Bearer battery-staple")];
    assert_eq!(server.get_with("/api/sources", &new).status(), 200);
    assert!(!server.stderr().contains("staple"));
}

#[test]
fn h25_a_token_in_a_query_is_refused() {
    let (_dir, server) = Server::of_one_line(&["--token"]);
    let token = server.token();
    for target in [
        format!("/?t={token}"),
        format!("/api/sources?token={token}"),
        format!("/events?q=a&access_token={token}"),
    ] {
        let answer = server.get(&target);
        assert_eq!(
            (answer.status(), answer.code().as_str()),
            (400, "token_in_query")
        );
        assert!(!answer.text().contains(&token));
    }
    assert!(!server.stderr().contains(&token));
}

#[test]
fn h26_and_h27_a_session_is_begun_by_a_header_alone() {
    let (_dir, server) = Server::of_one_line(&["--token"]);
    let bearer = format!("Bearer {}", server.token());
    let post = |headers: &[(&str, &str)]| server.ask("POST", "/api/session", headers).status();
    assert_eq!(
        post(&[("Authorization", &bearer), ("Content-Length", "1")]),
        413
    );
    assert_eq!(post(&[("Content-Type", "text/plain")]), 415);
    assert_eq!(post(&[]), 401);
    assert_eq!(
        post(&[("Authorization", &bearer), ("Content-Length", "0")]),
        204
    );
    assert_eq!(post(&[("Authorization", "Basic eDp5")]), 401);
}

#[test]
fn the_token_is_said_in_the_link_and_nowhere_else() {
    let (_dir, mut server) = Server::of_one_line(&["--share"]);
    let token = server.token();
    let bearer = format!("Bearer {token}");
    let mut said = String::new();
    for target in [
        "/",
        "/healthz",
        "/metrics",
        "/api/sources",
        "/api/share",
        "/api/history",
        "/nothing",
        "/tail?follow=0",
        "/api/filter?q=(",
        "/api/resolve?at=x",
    ] {
        let answer = server.get_with(target, &[("Authorization", &bearer)]);
        said.push_str(&answer.text());
        said.extend(answer.head.headers.iter().map(|(_, value)| value.as_str()));
    }
    server.get_with("/api/sources", &[("Authorization", "Bearer wrong-token")]);
    server.get(&format!("/?t={token}"));
    assert!(server.stop().success());
    assert!(!said.contains(&token));
    assert!(!server.stderr().contains(&token), "{}", server.stderr());
    for line in server.stdout().lines() {
        assert!(line.starts_with("http://"), "{line}");
        assert!(line.ends_with(&format!("/#t={token}")), "{line}");
    }
}

#[test]
fn nobody_is_told_the_version_before_signing_in() {
    let (_dir, server) = Server::of_one_line(&["--token"]);
    let version = env!("CARGO_PKG_VERSION");
    assert!(!server.get("/").text().contains(version));
    let bearer = format!("Bearer {}", server.token());
    let share = server.get_with("/api/share", &[("Authorization", &bearer)]);
    assert!(share.text().contains(version));
}
