//! Who may ask: the names of this machine, pages of this server, and nobody on behalf of others.

use std::io::Read;
use std::io::Write;
use std::net::TcpStream;

use crate::harness::http;
use crate::harness::http::Response;
use crate::harness::http::send;
use crate::harness::log_dir::LogDir;
use crate::harness::server::Server;
use crate::harness::skip::skipped;

fn server() -> (LogDir, Server) {
    let dir = LogDir::new();
    dir.append("app.log", "one\n");
    let server = Server::start(&[&dir.path("app.log")]);
    (dir, server)
}

/// `GET target` with this Host header, whatever it is.
fn get_as(server: &Server, target: &str, host: &str) -> Response {
    let request = format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n");
    send(server.port(), request.as_bytes())
}

/// `GET target` with one more header.
fn get_with(server: &Server, target: &str, header: (&str, &str)) -> Response {
    let request = http::request("GET", target, server.port(), &[header]);
    send(server.port(), request.as_bytes())
}

#[test]
fn names_of_this_machine_are_welcome() {
    let (_dir, server) = server();
    let port = server.port();
    for host in [
        format!("localhost:{port}"),
        format!("127.0.0.1:{port}"),
        format!("[::1]:{port}"),
        "localhost".to_owned(),
        "LOCALHOST".to_owned(),
        "x.localhost".to_owned(),
        "192.168.1.5:8080".to_owned(),
    ] {
        for target in ["/", "/api/sources", "/healthz"] {
            assert_eq!(
                get_as(&server, target, &host).status(),
                200,
                "{target} at {host}"
            );
        }
    }
}

#[test]
fn names_of_others_are_turned_away() {
    let (_dir, server) = server();
    for host in [
        "evil.example:5647",
        "evil.example",
        "localhost.evil.example",
        "xlocalhost",
        "127.0.0.1.evil.example",
    ] {
        for target in [
            "/",
            "/events",
            "/tail",
            "/api/sources",
            "/assets/x",
            "/nope",
        ] {
            let answer = get_as(&server, target, host);
            assert_eq!(answer.status(), 421, "{target} at {host}");
            assert_eq!(answer.code(), "host_not_allowed", "{target} at {host}");
            assert!(!answer.text().contains("evil"), "{}", answer.text());
        }
    }
}

#[test]
fn a_host_that_is_none_is_a_bad_request() {
    let (_dir, server) = server();
    for head in [
        &b"GET / HTTP/1.1\r\n\r\n"[..],
        b"GET / HTTP/1.0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost:\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost@evil.example\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: local host\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost:port\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: \xff\xfe\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ] {
        let answer = send(server.port(), head);
        assert_eq!(answer.status(), 400, "{}", head.escape_ascii());
    }
}

#[test]
fn what_a_proxy_claims_is_not_believed() {
    let (_dir, server) = server();
    for header in [
        ("X-Forwarded-Host", "evil.example"),
        ("Forwarded", "host=evil.example;for=6.6.6.6;proto=https"),
    ] {
        assert_eq!(
            get_with(&server, "/api/sources", header).status(),
            200,
            "{header:?}"
        );
    }
    let request = "GET / HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: localhost\r\n\r\n";
    assert_eq!(send(server.port(), request.as_bytes()).status(), 421);
}

#[test]
fn other_sites_may_not_ask() {
    let (_dir, server) = server();
    for target in ["/events", "/tail", "/api/sources"] {
        for header in [
            ("Origin", "http://evil.example"),
            ("Origin", "null"),
            ("Origin", "http://localhost:1"),
            ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Site", "same-site"),
        ] {
            assert_eq!(
                get_with(&server, target, header).status(),
                403,
                "{target} {header:?}"
            );
        }
    }
    let origin = format!("http://localhost:{}", server.port());
    for header in [
        ("Origin", origin.as_str()),
        ("Sec-Fetch-Site", "same-origin"),
        ("Sec-Fetch-Site", "none"),
    ] {
        assert_eq!(
            get_with(&server, "/api/sources", header).status(),
            200,
            "{header:?}"
        );
    }
}

#[test]
fn a_link_from_another_site_opens_the_page() {
    let (_dir, server) = server();
    let headers = [
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Mode", "navigate"),
        ("Sec-Fetch-Dest", "document"),
    ];
    let request = http::request("GET", "/", server.port(), &headers);
    assert_eq!(send(server.port(), request.as_bytes()).status(), 200);
}

#[test]
fn ipv6_is_served_on_the_same_port() {
    let (_dir, server) = server();
    let Ok(mut stream) = TcpStream::connect(("::1", server.port())) else {
        assert!(
            TcpStream::connect("[::1]:9")
                .is_err_and(|error| { error.kind() == std::io::ErrorKind::AddrNotAvailable })
        );
        skipped("this machine has no IPv6");
        return;
    };
    let request = format!(
        "GET /healthz HTTP/1.1\r\nHost: [::1]:{}\r\nConnection: close\r\n\r\n",
        server.port()
    );
    stream.write_all(request.as_bytes()).expect("write");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}
