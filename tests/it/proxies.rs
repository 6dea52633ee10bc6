//! Behind a proxy: below a path, and through a real nginx as it is set up without much thought. It
//! speaks HTTP/1.0 to us, and keeps back what it is not told to pass on.

use std::time::Duration;
use std::time::Instant;

use crate::harness::eventually::PATIENCE;
use crate::harness::eventually::eventually;
use crate::harness::http;
use crate::harness::log_dir::LogDir;
use crate::harness::nginx::Nginx;
use crate::harness::nginx::line_with;
use crate::harness::probe::ask;
use crate::harness::server::Server;
use crate::harness::server::command;
use crate::harness::skip::skipped;

/// A server behind an nginx with these lines, in which `PORT` is its port.
fn behind_nginx(flags: &[&str], lines: &str) -> Option<(LogDir, Server, Nginx)> {
    let (dir, server) = Server::of_one_line(flags);
    let Some(nginx) = Nginx::start(&lines.replace("PORT", &server.port().to_string())) else {
        skipped("there is no nginx here");
        return None;
    };
    Some((dir, server, nginx))
}

#[test]
fn everything_is_below_the_prefix() {
    let (dir, server) = Server::of_one_line(&["--route-prefix", "/team/logs/"]);
    let address = format!("http://localhost:{}/team/logs/", server.port());
    assert_eq!(server.stdout().trim(), address);
    let page = server.get("/team/logs/");
    assert_eq!(page.status(), 200);
    // What the page needs is named relative to it.
    let part = page.text();
    let part = part
        .split("\"assets/")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let part = format!("/team/logs/assets/{}", part.expect("a part of the page"));
    assert_eq!(server.get(&part).status(), 200, "{part}");
    for path in ["healthz", "api/sources", "api/history", "raw/app.log"] {
        assert_eq!(
            server.get(&format!("/team/logs/{path}")).status(),
            200,
            "{path}"
        );
        assert_eq!(server.get(&format!("/{path}")).status(), 404, "{path}");
    }
    for path in ["/", "/team", "/team/logsx/", "/team/log", "/x/team/logs/"] {
        assert_eq!(server.get(path).code(), "not_found", "{path}");
    }
    let to_page = server.get("/team/logs?q=error");
    assert_eq!(to_page.status(), 308);
    assert_eq!(to_page.header("location"), Some("/team/logs/?q=error"));
    let reply = ask(
        server.port(),
        b"GET /team/logs/events?tail=1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    );
    assert_eq!(reply.status(), 200);
    drop(dir);
}

#[test]
fn a_prefix_that_is_none_is_refused() {
    for prefix in ["logs", "/a b", "/../x", "//"] {
        let output = command(&["--route-prefix", prefix, "app.log"])
            .output()
            .expect("it runs");
        assert_eq!(output.status.code(), Some(2), "{prefix}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            said.contains("--route-prefix") && said.contains("tip: "),
            "{said}"
        );
    }
}

/// F31.
#[test]
fn an_old_client_is_answered_in_its_own_way() {
    let (dir, server) = Server::of_one_line(&[]);
    let request = "GET /tail?tail=1 HTTP/1.0\r\nHost: localhost\r\n\r\n";
    let (head, mut body) = http::open(server.port(), request.as_bytes()).expect("an answer");
    assert_eq!(head.header("transfer-encoding"), None);
    assert_eq!(head.header("content-length"), None);
    dir.append("app.log", "two\n");
    let mut lines = std::io::BufReader::new(&mut body);
    line_with(&mut lines, "one");
    line_with(&mut lines, "two");
}

/// F30.
#[test]
fn lines_come_at_once_through_nginx_as_it_is() {
    let lines = "location / { proxy_pass http://127.0.0.1:PORT; }";
    let Some((dir, server, nginx)) = behind_nginx(&[], lines) else {
        return;
    };
    assert!(nginx.ask("GET", "/", &[]).starts_with("HTTP/1.1 200"));
    let mut events = nginx.open("GET", "/events?tail=0", &[]);
    line_with(&mut events, "event: ping");
    let mut slowest = Duration::ZERO;
    for number in 0..20 {
        let written = Instant::now();
        dir.append("app.log", format!("line {number} of many\n"));
        line_with(&mut events, &format!("line {number} of"));
        slowest = slowest.max(written.elapsed());
    }
    // One that is kept back comes with the next ping, which is 5 s later, or never.
    assert!(slowest < Duration::from_secs(4), "{slowest:?}");
    let open = server.descriptors();
    drop(events);
    // The end is passed on.
    eventually(PATIENCE, || match server.descriptors() {
        now if now < open => Ok(()),
        now => Err(format!("{now} descriptors")),
    });
}

#[test]
fn nginx_may_pass_the_path_on_or_not() {
    let kept = "location /logs/ { proxy_pass http://127.0.0.1:PORT; }";
    let taken_off = "location /logs/ { proxy_pass http://127.0.0.1:PORT/; }";
    for (flags, lines) in [(&["--route-prefix=/logs"][..], kept), (&[], taken_off)] {
        let Some((_dir, _server, nginx)) = behind_nginx(flags, lines) else {
            return;
        };
        let page = nginx.ask("GET", "/logs/", &[]);
        assert!(page.starts_with("HTTP/1.1 200"), "{page}");
        let list = nginx.ask("GET", "/logs/api/sources", &[]);
        assert!(list.contains(r#""source":"app.log""#), "{list}");
        line_with(&mut nginx.open("GET", "/logs/events?tail=1", &[]), "one");
    }
}

#[test]
fn a_silent_log_is_not_cut_by_a_proxy_that_is_impatient() {
    let lines = "location / { proxy_pass http://127.0.0.1:PORT; proxy_read_timeout 7s; }";
    let Some((_dir, _server, nginx)) = behind_nginx(&[], lines) else {
        return;
    };
    let mut events = nginx.open("GET", "/events?tail=0", &[]);
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(9) {
        line_with(&mut events, "event: ping");
    }
}

#[test]
fn the_token_stands_in_no_log_of_nginx() {
    let lines = "location / { proxy_pass http://127.0.0.1:PORT; }";
    let flags = ["--token", "--public-url=http://logs.example/"];
    let Some((_dir, server, nginx)) = behind_nginx(&flags, lines) else {
        return;
    };
    let token = server.token();
    let refused = nginx.ask("GET", "/api/sources", &[]);
    assert!(refused.starts_with("HTTP/1.1 401"), "{refused}");
    let bearer = format!("Authorization: Bearer {token}");
    let origin = "Origin: http://logs.example";
    let begun = nginx.ask(
        "POST",
        "/api/session",
        &[&bearer, origin, "Content-Length: 0"],
    );
    let cookie = begun
        .lines()
        .find_map(|line| line.strip_prefix("set-cookie: "));
    let cookie = cookie.unwrap_or_else(|| panic!("{begun}"));
    let cookie = format!("Cookie: {}", cookie.split(';').next().expect("a value"));
    line_with(&mut nginx.open("GET", "/events?tail=1", &[&cookie]), "one");
    nginx.ask("GET", &format!("/?zQ9={}", "x".repeat(10)), &[&bearer]);
    let logs = eventually(PATIENCE, || {
        let logs = nginx.log("access.log") + &nginx.log("error.log");
        if logs.contains("zQ9=") {
            Ok(logs)
        } else {
            Err(logs)
        }
    });
    assert!(!logs.contains(&token), "{logs}");
}
