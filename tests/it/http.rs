//! What may be asked for, and how the answers look.

use crate::harness::http;
use crate::harness::http::send;
use crate::harness::log_dir::LogDir;
use crate::harness::server::Server;

fn server() -> (LogDir, Server) {
    let dir = LogDir::new();
    dir.append("app.log", "one\n");
    let server = Server::start(&[&dir.path("app.log")]);
    (dir, server)
}

#[test]
fn what_is_no_page_may_do_nothing_in_a_browser() {
    let (_dir, server) = server();
    let policy =
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox";
    for target in [
        "/api/sources",
        "/api/filter",
        "/api/history",
        "/api/history?around=00000001.0",
        "/api/nope",
        "/api/sources?nope=1",
    ] {
        let answer = server.get(target);
        assert_eq!(
            answer.header("content-security-policy"),
            Some(policy),
            "{target}"
        );
        assert_eq!(
            answer.header("content-type"),
            Some("application/json; charset=utf-8"),
            "{target}"
        );
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{target}");
    }
}

#[test]
fn nothing_but_reading_is_offered() {
    let (_dir, server) = server();
    for method in [
        "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FOO", "get",
    ] {
        for target in ["/", "/events", "/api/sources", "/healthz", "/nope"] {
            let request = http::request(method, target, server.port(), &[]);
            let answer = send(server.port(), request.as_bytes());
            assert_eq!(answer.status(), 405, "{method} {target}");
            assert_eq!(
                answer.header("allow"),
                Some("GET, HEAD"),
                "{method} {target}"
            );
        }
    }
    let request = http::request("CONNECT", "localhost:80", server.port(), &[]);
    assert!(matches!(
        send(server.port(), request.as_bytes()).status(),
        400 | 405
    ));
    let request = http::request("OPTIONS", "*", server.port(), &[]);
    assert!(matches!(
        send(server.port(), request.as_bytes()).status(),
        400 | 405
    ));
}

#[test]
fn a_head_is_a_get_without_the_body() {
    let (_dir, server) = server();
    for target in ["/", "/api/sources", "/healthz"] {
        let head = send(
            server.port(),
            http::request("HEAD", target, server.port(), &[]).as_bytes(),
        );
        let get = server.get(target);
        assert_eq!(head.status(), 200, "{target}");
        assert_eq!(
            head.header("content-type"),
            get.header("content-type"),
            "{target}"
        );
    }
}

#[test]
fn a_parameter_that_is_unknown_wrong_or_given_twice_is_refused() {
    let (_dir, server) = server();
    for query in [
        "nope=1",
        "Q=x",
        "tail=1&tail=2",
        "case=smart&case=smart",
        "level=warn&level=error",
        "literal=1&literal=1",
        "lag=skip&lag=skip",
        "tail=-1",
        "tail=x",
        "tail=1e9",
        "tail=",
        "tail=%201",
        "tail=18446744073709551616",
        "case=loud",
        "level=loud",
        "literal=yes",
        "lag=wait",
        "q=%ff",
    ] {
        for endpoint in ["/events", "/tail"] {
            let answer = server.get(&format!("{endpoint}?{query}"));
            assert_eq!(answer.status(), 400, "{endpoint}?{query}");
            assert!(answer.code().starts_with("bad_"), "{}", answer.text());
            assert!(answer.message().len() > 10, "{}", answer.text());
        }
    }
    assert_eq!(server.get("/api/sources?nope=1").code(), "bad_query");
}
