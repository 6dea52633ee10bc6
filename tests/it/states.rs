//! What is said of what cannot be followed, to programs and to people.

use std::fs;

use serde_json::Value;
use serde_json::json;

use crate::harness::eventually::PATIENCE;
use crate::harness::eventually::eventually;
use crate::harness::log_dir::LogDir;
use crate::harness::server::Server;
use crate::harness::skip::skipped;

fn entry(server: &Server) -> Value {
    server.get("/api/sources").json()["sources"][0].clone()
}

/// The list of sources and readers are told the same.
#[track_caller]
fn check(server: &Server, dir: &LogDir, cause: &str, reason: &str) {
    eventually(PATIENCE, || {
        let entry = entry(server);
        let said = [&entry["state"], &entry["cause"], &entry["reason"]];
        if said == [&json!("unreadable"), &json!(cause), &json!(reason)] {
            Ok(())
        } else {
            Err(entry.to_string())
        }
    });
    let told = server.reader(dir, "").event();
    assert_eq!((told.str("cause"), told.str("reason")), (cause, reason));
}

#[test]
fn what_takes_the_place_of_a_file_is_named_and_not_opened() {
    type Replace = fn(&LogDir);
    let replacements: [(Replace, &str, &str); 4] = [
        (
            |dir| dir.symlink("secret", "app.log"),
            "refused_symlink",
            "was replaced by a symbolic link",
        ),
        (|dir| dir.fifo("app.log"), "not_a_file", "is a FIFO"),
        (
            |dir| dir.make_folder("app.log"),
            "not_a_file",
            "is a directory",
        ),
        (
            |dir| drop(std::os::unix::net::UnixListener::bind(dir.path("app.log")).expect("bind")),
            "not_a_file",
            "is a socket",
        ),
    ];
    for (replace, cause, reason) in replacements {
        let dir = LogDir::new();
        dir.append("app.log", "one\n");
        dir.append("secret", "secret\n");
        let server = Server::start(&[&dir.path("app.log")]);
        let mut reader = server.reader(&dir, "");
        reader.expect(&["one"]);
        dir.remove("app.log");
        replace(&dir);
        check(&server, &dir, cause, reason);
        assert_eq!(
            entry(&server)["segments"][0]["size"],
            4,
            "what was read stays readable"
        );
    }
}

#[test]
fn a_file_that_may_not_be_read_is_denied() {
    let dir = LogDir::new();
    dir.set_mode("", 0o755);
    dir.append("app.log", "one\n");
    dir.set_mode("app.log", 0o600);
    let Some(server) = Server::start_as_nobody(&[&dir.path("app.log")]) else {
        skipped("only root with setpriv can start the server as another user");
        return;
    };
    check(&server, &dir, "denied", "permission denied");
    fs::remove_file(dir.path("app.log")).expect("remove");
    server.wait_for_state("app.log", "waiting");
    assert_eq!(entry(&server)["cause"], json!(null));
}

#[test]
fn a_file_that_the_system_cannot_read_is_followed_when_another_takes_its_place() {
    let dir = LogDir::new();
    // The memory of a process has nothing at its beginning: reading there is an error.
    dir.symlink("/proc/self/mem", "app.log");
    let server = Server::start(&[&dir.path("app.log")]);
    server.wait_for_state("app.log", "unreadable");
    assert_eq!(entry(&server)["cause"], "io_error");
    let mut reader = server.reader(&dir, "");
    dir.remove("app.log");
    server.wait_for_state("app.log", "waiting");
    dir.append("app.log", "one\n");
    reader.expect(&["one"]);
    let warnings = server.stderr().matches("cannot be read").count();
    assert_eq!(warnings, 1);
}
