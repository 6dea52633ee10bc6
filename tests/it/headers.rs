//! What every answer carries, whatever it says and whoever wrote it (ACCESS: Headers): the routes,
//! the guards before them, and the one that looks at connections. A fault of the program (500) is
//! told by a unit test.

use crate::harness::http;
use crate::harness::http::Head;
use crate::harness::http::encoded;
use crate::harness::server::Server;

const ALWAYS: [(&str, &str); 7] = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),
    ("X-Robots-Tag", "noindex, nofollow"),
    (
        "Permissions-Policy",
        "camera=(), microphone=(), geolocation=(), usb=(), payment=()",
    ),
];

const POLICY_OF_DATA: &str =
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox";

/// Sends these bytes and looks at the head of the answer, which must have this status.
#[track_caller]
fn sent(server: &Server, bytes: &str, status: u16) -> Head {
    let (head, _) = http::open(server.port(), bytes.as_bytes()).expect("an answer");
    let asked = &bytes[..bytes.len().min(80)];
    assert_eq!(head.status, status, "{asked:?}");
    for (name, value) in ALWAYS {
        assert_eq!(head.header(name), Some(value), "{name}; {status}: {asked}");
    }
    for (name, _) in &head.headers {
        let name = name.to_ascii_lowercase();
        assert!(!name.starts_with("access-control-"), "{name}; {asked}");
        assert!(!matches!(&*name, "server" | "www-authenticate"), "{name}");
    }
    let policy = head.header("content-security-policy");
    let policy = policy.unwrap_or_else(|| panic!("no policy; {status}: {asked}"));
    let is_html = head.header("content-type") == Some("text/html; charset=utf-8");
    if is_html || asked.contains(" /assets/") {
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"));
        assert!(policy.contains("frame-ancestors 'none'; require-trusted-types-for 'script'"));
    } else if !asked.contains(" / ") {
        assert_eq!(policy, POLICY_OF_DATA, "{asked}");
    }
    head
}

#[track_caller]
fn asked(server: &Server, target: &str, headers: &[(&str, &str)], status: u16) -> Head {
    let request = http::request("GET", target, server.port(), headers);
    sent(server, &request, status)
}

#[test]
fn what_was_asked_for_has_the_headers_that_protect() {
    let (_dir, server) = Server::of_one_line(&["--token"]);
    let bearer = format!("Bearer {}", server.token());
    let bearer = ("Authorization", bearer.as_str());
    let page = asked(&server, "/", &[], 200);
    let tag = page.header("etag").expect("an ETag");
    asked(&server, "/", &[("If-None-Match", tag)], 304);
    asked(&server, "/healthz", &[], 200);
    for target in [
        "/api/sources",
        "/api/filter",
        "/api/history",
        "/api/share",
        "/api/search?q=one",
        "/api/timeline",
        "/metrics",
        "/events",
        "/tail",
        "/raw/app.log",
    ] {
        asked(&server, target, &[bearer], 200);
        let request = http::request("HEAD", target, server.port(), &[bearer]);
        sent(&server, &request, 200);
    }
    let request = http::request("POST", "/api/session", server.port(), &[bearer]);
    sent(&server, &request, 204);
    let page = server.get("/").text();
    let asset = page.split('"').find(|part| part.starts_with("assets/"));
    let asset = format!("/{}", asset.expect("an asset"));
    let asset = asked(&server, &asset, &[], 200);
    assert!(
        asset
            .header("cache-control")
            .is_some_and(|caching| caching.contains("immutable"))
    );
}

#[test]
fn a_part_of_a_file_has_the_headers_that_protect() {
    let (_dir, server) = Server::of_one_line(&[]);
    asked(&server, "/raw/app.log", &[("Range", "bytes=1-2")], 206);
    asked(&server, "/raw/app.log", &[("Range", "bytes=99-")], 416);
}

#[test]
fn every_refusal_has_the_headers_that_protect() {
    let (dir, server) = Server::of_one_line(&["--token", "--max-streams=1", "--max-filters=1"]);
    let bearer = format!("Bearer {}", server.token());
    let bearer = ("Authorization", bearer.as_str());
    let with = |target: &str, status| asked(&server, target, &[bearer], status);

    with("/events?nope=1", 400);
    with("/events?q=(", 400);
    with("/api/sources?token=x", 400);
    asked(&server, "/events", &[], 401);
    let cross = ("Sec-Fetch-Site", "cross-site");
    asked(&server, "/events", &[bearer, cross], 403);
    asked(&server, "/", &[("Origin", "null")], 403);
    with("/nope", 404);
    with("/raw/nope", 404);
    with("/events?source=nope", 404);
    for method in ["POST", "OPTIONS", "TRACE"] {
        let request = http::request(method, "/", server.port(), &[]);
        let head = sent(&server, &request, 405);
        assert_eq!(head.header("allow"), Some("GET, HEAD"));
    }
    let form = ("Content-Type", "text/plain");
    let request = http::request("POST", "/api/session", server.port(), &[form]);
    sent(&server, &request, 415);

    // What is refused before it is a request.
    sent(&server, "GET / HTTP/1.1\r\n\r\n", 400);
    sent(&server, "\u{16}\u{3}\u{1}\0\0\r\n\r\n", 400);
    sent(&server, "GET /events HTTP/1.1\r\nHost: loc", 408);
    let request = http::request("GET", "/events", server.port(), &[("Content-Length", "1")]);
    sent(&server, &request, 413);
    let long = format!("/events?q={}", "a".repeat(9 << 10));
    asked(&server, &long, &[], 414);
    asked(&server, "/events", &[("X", &"x".repeat(20 << 10))], 431);

    let list = http::request("GET", "/api/history", server.port(), &[bearer]);
    let line = http::send(server.port(), list.as_bytes()).json()["lines"][0].clone();
    let segment = line["segment"].as_str().expect("a segment");
    let place = encoded(&format!("{segment}.{}", line["offset"]));
    dir.rewrite("app.log", "other\nlines\n");
    with(&format!("/api/history?around={place}"), 410);

    let stream = http::request("GET", "/events?q=one", server.port(), &[bearer]);
    let open = http::open(server.port(), stream.as_bytes()).expect("a stream");
    assert_eq!(open.0.status, 200);
    assert_eq!(with("/events", 503).header("retry-after"), Some("5"));
    for _ in 0..10 {
        asked(&server, "/tail", &[("Authorization", "Bearer wrong")], 401);
    }
    assert_eq!(with("/events", 429).header("retry-after"), Some("60"));
    drop(open);
}

#[test]
fn a_name_that_is_not_ours_and_another_path_have_the_headers_that_protect() {
    let (_dir, server) = Server::of_one_line(&["--route-prefix=/logs"]);
    let foreign = "GET /logs/events HTTP/1.1\r\nHost: evil.example\r\n\r\n";
    sent(&server, foreign, 421);
    asked(&server, "/logs", &[], 308);
    asked(&server, "/elsewhere", &[], 404);
}

#[test]
fn an_answer_to_an_old_program_has_the_headers_that_protect() {
    let (_dir, server) = Server::of_one_line(&[]);
    sent(
        &server,
        "GET /events HTTP/1.0\r\nHost: localhost\r\n\r\n",
        200,
    );
    sent(
        &server,
        "GET /nope HTTP/1.0\r\nHost: localhost\r\n\r\n",
        404,
    );
}
