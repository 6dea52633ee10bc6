use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::http::header;
use actix_web::http::header::HeaderValue;
use actix_web::test::TestRequest;

use crate::http::access::check;
use crate::http::error::ApiError;

const OURS: &str = "localhost:5647";

/// What is said to a request for the path with these headers.
fn answer(path: &str, headers: &[(&'static str, &str)]) -> &'static str {
    let request = TestRequest::with_uri(path);
    let request = headers
        .iter()
        .fold(request, |request, header| request.append_header(*header));
    code(&request.to_srv_request())
}

fn code(request: &ServiceRequest) -> &'static str {
    check(request)
        .as_ref()
        .map_or_else(ApiError::code, |()| "ok")
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
    assert_eq!(code(&request.to_srv_request()), "bad_request");
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
fn only_get_and_head_are_answered() {
    let answer = |method: Method| {
        let request = TestRequest::default()
            .method(method)
            .insert_header(("host", OURS));
        code(&request.to_srv_request())
    };
    assert_eq!(answer(Method::GET), "ok");
    assert_eq!(answer(Method::HEAD), "ok");
    for method in [
        "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "get", "FOO",
    ] {
        assert_eq!(answer(method.parse().unwrap()), "method", "{method}");
    }
}
