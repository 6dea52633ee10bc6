//! Which users of this machine may read on loopback: the one who started the server, root, and who
//! called `sudo`.

use std::process::Command;

use crate::harness::log_dir::LogDir;
use crate::harness::server::Server;
use crate::harness::skip::skipped;

const NOBODY: u32 = 65534;
const ANOTHER: u32 = 65533;

/// What `curl` is answered when this user asks; none where this user cannot become another.
fn status_for(user: u32, url: &str) -> Option<String> {
    let output = Command::new("setpriv")
        .args([&format!("--reuid={user}"), "--clear-groups", "curl", "-gs"])
        .args(["-o", "/dev/null", "-w", "%{http_code}", url])
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

#[track_caller]
fn check(server: &Server, user: u32, expected: &str) {
    for host in ["127.0.0.1", "localhost", "[::1]"] {
        let url = format!("http://{host}:{}/api/sources", server.port());
        if let Some(status) = status_for(user, &url) {
            assert_eq!(status, expected, "user {user} at {host}");
        } else {
            assert_eq!(host, "[::1]", "only a machine without v6 cannot connect");
        }
    }
}

/// Whether users can be changed here.
fn can_be_others() -> bool {
    let can = Command::new("setpriv")
        .args(["--reuid=65534", "--clear-groups", "curl", "--version"])
        .output()
        .is_ok_and(|output| output.status.success());
    if !can {
        skipped("this user cannot run curl as another one");
    }
    can
}

fn readable_log() -> LogDir {
    let dir = LogDir::new();
    dir.append("app.log", "one\n");
    dir
}

#[test]
fn another_user_of_the_machine_is_not_let_in() {
    if !can_be_others() {
        return;
    }
    let dir = readable_log();
    let server = Server::start(&[&dir.path("app.log")]);
    check(&server, 0, "200");
    check(&server, NOBODY, "401");
    let page = format!("http://127.0.0.1:{}/", server.port());
    assert_eq!(
        status_for(NOBODY, &page).as_deref(),
        Some("200"),
        "to sign in"
    );
}

#[test]
fn the_same_user_and_root_are() {
    if !can_be_others() {
        return;
    }
    let dir = readable_log();
    let server = Server::start_as_nobody(&[&dir.path("app.log")]).expect("users can be changed");
    check(&server, NOBODY, "200");
    check(&server, 0, "200");
    check(&server, ANOTHER, "401");
}

#[test]
fn who_called_sudo_is() {
    if !can_be_others() {
        return;
    }
    let dir = readable_log();
    let variable = ("SUDO_UID", "65534");
    let server = Server::start_in_environment(variable, &[&dir.path("app.log")]);
    check(&server, NOBODY, "200");
    check(&server, ANOTHER, "401");
}

#[test]
fn with_a_token_even_the_same_user_needs_it() {
    let dir = readable_log();
    let server = Server::start(&["--token", &dir.path("app.log")]);
    assert_eq!(server.get("/api/sources").status(), 401);
}

#[test]
fn without_auth_every_user_is_let_in_and_it_is_said() {
    if !can_be_others() {
        return;
    }
    let dir = readable_log();
    let server = Server::start(&["--no-auth", &dir.path("app.log")]);
    check(&server, NOBODY, "200");
    assert_eq!(server.get("/api/share").json()["access"], "open");
    assert!(
        server.stderr().contains("because of --no-auth"),
        "{}",
        server.stderr()
    );
}

/// See: many requests on many connections are answered by few looks at the system's list.
#[test]
fn many_connections_at_once_are_all_told_apart() {
    let dir = readable_log();
    let server = Server::start(&[&dir.path("app.log")]);
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                for _ in 0..8 {
                    assert_eq!(server.get("/api/sources").status(), 200);
                }
            });
        }
    });
}

#[test]
fn where_nobody_can_be_told_apart_a_token_is_needed_and_secrets_are_kept_out() {
    let dir = LogDir::new();
    dir.append("app.log", "login password=hunter2 ok\n");
    let log = dir.path("app.log");
    let Some(server) = Server::start_where_connections_are_not_listed(&[&log]) else {
        skipped("this user cannot hide the list of connections");
        return;
    };
    assert_eq!(server.get("/api/history").status(), 401);
    let bearer = format!("Bearer {}", server.token());
    let headers = [("Authorization", bearer.as_str())];
    let page = server.get_with("/api/history", &headers).text();
    assert!(page.contains("password=[redacted:value]"), "{page}");
}
