use actix_web::http::Method;
use actix_web::test::TestRequest;

use super::*;
use crate::cli::Cli;
use crate::config::serving::Prefix;

const OURS: &str = "localhost:5647";

/// What is said to a request for the path with these headers.
fn answer(path: &str, headers: &[(&'static str, &str)]) -> &'static str {
    answer_with(&[], path, headers)
}

/// The same by a server that was started with these flags. The mode is open where it is not said
/// otherwise: the connection of a test has no other end.
fn answer_with(flags: &[&str], path: &str, headers: &[(&'static str, &str)]) -> &'static str {
    let request = TestRequest::with_uri(path);
    let request = headers
        .iter()
        .fold(request, |request, header| request.append_header(*header));
    code(flags, request)
}

fn code(flags: &[&str], request: TestRequest) -> &'static str {
    let flags = if flags.is_empty() {
        &["--no-auth"]
    } else {
        flags
    };
    let admitted = futures_util::future::FutureExt::now_or_never(async {
        access(flags).admit(&request.to_http_request()).await
    });
    match admitted.expect("nothing is waited for") {
        Ok(_) => "ok",
        Err(error) => error.code(),
    }
}

fn access(flags: &[&str]) -> Access {
    let cli = Cli::try_from_words([&["logstream", "app.log"], flags].concat());
    let flags = cli.expect("flags that exist").access;
    let rules = config::access::Access::new(flags, &Prefix::default());
    Access::new(rules.expect("good flags"))
}

#[track_caller]
fn check_host(expected: &str, hosts: &[&str]) {
    for host in hosts {
        assert_eq!(answer("/", &[("host", host)]), expected, "{host:?}");
    }
}

#[test]
fn addresses_and_localhost_are_ours() {
    check_host(
        "ok",
        &[
            "localhost",
            "localhost:5647",
            "LocalHost:5647",
            "x.localhost",
            "deep.x.localhost:1",
            "127.0.0.1:5647",
            "127.0.0.1",
            "0.0.0.0",
            "192.168.1.5:8080",
            "[::1]",
            "[::1]:5647",
            "[::ffff:127.0.0.1]:65535",
        ],
    );
}

#[test]
fn names_that_anybody_can_point_here_are_not() {
    check_host(
        "host_not_allowed",
        &[
            "evil.example",
            "evil.example:5647",
            "localhost.evil.example",
            "notlocalhost",
            "localhost.",
            "127.0.0.1.evil.example",
            "127.1",
            "2130706433",
            "0x7f000001",
            "a_b",
        ],
    );
}

#[test]
fn a_malformed_host_is_refused() {
    check_host(
        "bad_request",
        &[
            "",
            "localhost@evil",
            "user:password@localhost",
            "localhost, evil",
            "localhost evil",
            "localhost/evil",
            "localhost#",
            "localhost?",
            "localhost\\evil",
            ":5647",
            "localhost:99999",
            "localhost:-1",
            "localhost:+80",
            "localhost:80:80",
            "localhost:x",
            "::1",
            "[::1",
            "::1]",
            "[::1]x",
            "[::1]]",
            "[localhost]",
            "[127.0.0.1]",
            "[fe80::1%25eth0]",
            "..localhost",
            ".localhost",
            "a..b",
            "höst",
        ],
    );
}

#[test]
fn a_request_has_one_host() {
    assert_eq!(answer("/", &[]), "bad_request");
    assert_eq!(
        answer("/", &[("host", OURS), ("host", OURS)]),
        "bad_request"
    );
    assert_eq!(
        answer("/", &[("host", OURS), ("host", "evil.example")]),
        "bad_request"
    );
    let bytes = HeaderValue::from_bytes(b"\xff\xfe").unwrap();
    let request = TestRequest::default().insert_header((header::HOST, bytes));
    assert_eq!(code(&[], request), "bad_request");
}

#[test]
fn what_a_proxy_says_of_the_host_is_not_believed() {
    let forwarded = ("x-forwarded-host", "localhost");
    assert_eq!(
        answer("/", &[("host", "evil.example"), forwarded]),
        "host_not_allowed"
    );
    let evil = [
        ("host", OURS),
        ("x-forwarded-host", "evil"),
        ("forwarded", "host=evil;for=6.6.6.6;proto=https"),
    ];
    assert_eq!(answer("/", &evil), "ok");
}

#[test]
fn an_address_in_place_of_a_path_is_refused() {
    for uri in [
        "http://evil.example/",
        "http://localhost:5647/",
        "https://localhost/",
    ] {
        assert_eq!(answer(uri, &[("host", OURS)]), "bad_request", "{uri}");
    }
}

#[test]
fn an_origin_must_be_this_page() {
    let cases = [
        ("http://localhost:5647", "ok"),
        ("http://LOCALHOST:5647", "ok"),
        ("http://evil.example", "cross_site"),
        ("http://localhost", "cross_site"),
        ("http://localhost:5648", "cross_site"),
        ("http://127.0.0.1:5647", "cross_site"),
        ("https://localhost:5647", "cross_site"),
        ("http://localhost:5647/", "cross_site"),
        ("http://localhost:5647.evil.example", "cross_site"),
        ("HTTP://localhost:5647", "cross_site"),
        ("null", "cross_site"),
        ("", "cross_site"),
    ];
    for (origin, expected) in cases {
        let headers = [("host", OURS), ("origin", origin)];
        assert_eq!(answer("/events", &headers), expected, "{origin:?}");
    }
}

#[test]
fn a_page_of_another_site_gets_nothing() {
    for path in [
        "/",
        "/events",
        "/api/sources",
        "/healthz",
        "/assets/1/js/main.js",
    ] {
        for site in ["cross-site", "same-site", "Same-Origin", ""] {
            let headers = [("host", OURS), ("sec-fetch-site", site)];
            assert_eq!(answer(path, &headers), "cross_site", "{path} from {site:?}");
        }
        for site in ["same-origin", "none"] {
            let headers = [("host", OURS), ("sec-fetch-site", site)];
            assert_eq!(answer(path, &headers), "ok", "{path} from {site:?}");
        }
    }
}

#[test]
fn a_link_from_another_site_opens_the_page_and_nothing_else() {
    let visit = |path: &str, mode: &str, destination: &str| {
        let headers = [
            ("host", OURS),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", mode),
            ("sec-fetch-dest", destination),
        ];
        answer(path, &headers)
    };
    assert_eq!(visit("/", "navigate", "document"), "ok");
    assert_eq!(visit("/?q=error", "navigate", "document"), "ok");
    assert_eq!(visit("/events", "navigate", "document"), "cross_site");
    assert_eq!(visit("/tail", "navigate", "document"), "cross_site");
    assert_eq!(visit("/", "navigate", "iframe"), "cross_site");
    assert_eq!(visit("/", "no-cors", "document"), "cross_site");
    assert_eq!(visit("/", "cors", "empty"), "cross_site");
}

#[test]
fn only_get_and_head_are_answered_and_post_for_a_session() {
    let answer = |method: &str, path: &str| {
        let method: Method = method.parse().unwrap();
        let request = TestRequest::with_uri(path).method(method);
        code(&[], request.insert_header(("host", OURS)))
    };
    for method in ["GET", "HEAD"] {
        assert_eq!(answer(method, "/api/sources"), "ok", "{method}");
        assert_eq!(answer(method, SESSION_PATH), "method", "{method}");
    }
    assert_eq!(answer("POST", SESSION_PATH), "ok");
    for method in [
        "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "get", "FOO",
    ] {
        for path in ["/", "/api/sources", SESSION_PATH] {
            assert_eq!(answer(method, path), "method", "{method} {path}");
        }
    }
    assert_eq!(answer("POST", "/api/sources"), "method");
}

#[test]
fn a_name_is_ours_when_the_operator_says_so() {
    let flags = [
        "--no-auth",
        "--allow-host",
        "Logs.Example",
        "--public-url=https://front.example/",
    ];
    let answer = |host| answer_with(&flags, "/api/sources", &[("host", host)]);
    assert_eq!(answer("logs.example"), "ok");
    assert_eq!(answer("LOGS.example:80"), "ok");
    assert_eq!(answer("front.example"), "ok");
    assert_eq!(answer("x.logs.example"), "host_not_allowed");
    assert_eq!(answer("evil.example"), "host_not_allowed");
}

#[test]
fn the_public_address_is_an_origin_of_ours() {
    let flags = ["--no-auth", "--public-url=https://front.example/app"];
    let answer = |origin| answer_with(&flags, "/", &[("host", OURS), ("origin", origin)]);
    assert_eq!(answer("https://front.example"), "ok");
    assert_eq!(answer("http://localhost:5647"), "ok");
    assert_eq!(answer("http://front.example"), "cross_site");
    assert_eq!(answer("https://front.example:444"), "cross_site");
}

#[test]
fn with_a_token_any_name_will_do_and_nothing_but_the_token() {
    let flags = ["--token=correct-horse"];
    let answer = |path, more: &[_]| {
        let headers = [&[("host", "logs.example")], more].concat();
        answer_with(&flags, path, &headers)
    };
    for path in ["/", "/assets/1/js/main.js", "/healthz"] {
        assert_eq!(answer(path, &[]), "ok", "{path}");
    }
    for path in [
        "/events",
        "/tail",
        "/api/sources",
        "/api/share",
        "/raw/app.log",
        "/nothing",
    ] {
        assert_eq!(answer(path, &[]), "auth", "{path}");
        for right in ["Bearer correct-horse", "bearer  correct-horse "] {
            assert_eq!(answer(path, &[("authorization", right)]), "ok", "{path}");
        }
        for wrong in [
            "Bearer correct-hors",
            "Bearer",
            "Bearer ",
            "correct-horse",
            "Basic Y29ycmVjdC1ob3JzZQ==",
        ] {
            assert_eq!(answer(path, &[("authorization", wrong)]), "auth", "{wrong}");
        }
    }
}

#[test]
fn the_owner_mode_lets_nobody_in_whose_process_is_not_known() {
    let flags = ["--bind", "localhost"];
    assert_eq!(answer_with(&flags, "/", &[("host", OURS)]), "ok");
    assert_eq!(answer_with(&flags, "/events", &[("host", OURS)]), "auth");
}

#[test]
fn a_token_in_a_query_is_refused() {
    for query in [
        "t=x",
        "token=x",
        "token",
        "q=a&access_token=x",
        "t=",
        "%74=x",
        "to%6Ben=x",
        "Token=x",
    ] {
        for path in ["/", "/api/sources", "/events"] {
            let target = format!("{path}?{query}");
            assert_eq!(
                answer(&target, &[("host", OURS)]),
                "token_in_query",
                "{target}"
            );
        }
    }
    assert_eq!(answer("/?q=token&tail=1&ts=2", &[("host", OURS)]), "ok");
}

#[test]
fn a_cookie_is_bound_to_the_host_where_it_can_be() {
    let cookie = |flags: &[&str], is_encrypted| {
        access(flags).cookie(&TestRequest::default().to_http_request(), is_encrypted)
    };
    assert_eq!(cookie(&["--token"], false), "ls_0");
    assert_eq!(cookie(&["--token"], true), "__Host-ls_0");
    assert_eq!(
        cookie(&["--public-url=https://front.example/app"], true),
        "ls_0"
    );
}
