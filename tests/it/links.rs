//! Links to a line: where it is now, after whatever happened to its file.

use std::process::Command;

use serde_json::Value;
use serde_json::json;

use crate::harness::eventually::PATIENCE;
use crate::harness::eventually::eventually;
use crate::harness::log_dir::LogDir;
use crate::harness::server::Server;

fn resolve(server: &Server, at: &str) -> Value {
    server.get(&format!("/api/resolve?at={at}")).json()
}

/// A server whose log has three lines, and the position of the second.
fn second_of_three() -> (LogDir, Server, String) {
    let dir = LogDir::new();
    dir.append("app.log", "first of all\nsecond\nthird\n");
    let server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.reader(&dir, "");
    reader.line();
    let line = reader.line();
    let at = format!("{}.{}", line.segment, line.offset);
    (dir, server, at)
}

/// What is said of the position when its line is in the file of this name.
fn said(found: &str, at: &str, name: &str) -> Value {
    let (segment, offset) = at.split_once('.').expect("a position");
    let offset: u64 = offset.parse().expect("an offset");
    json!({"found": found, "source": "app.log", "segment": segment, "offset": offset, "name": name})
}

/// Waits until the position is answered so; whatever comes before must not be wrong.
#[track_caller]
fn becomes(server: &Server, at: &str, expected: &Value) {
    eventually(PATIENCE, || {
        let seen = resolve(server, at);
        if seen == *expected {
            Ok(())
        } else {
            Err(seen.to_string())
        }
    });
}

#[test]
fn a_line_of_the_current_file_is_here_also_after_a_restart() {
    let (_dir, mut server, at) = second_of_three();
    assert_eq!(resolve(&server, &at), said("here", &at, "app.log"));
    server.crash_and_restart();
    assert_eq!(resolve(&server, &at), said("here", &at, "app.log"));
}

#[test]
fn a_line_of_a_rotated_file_has_moved_there() {
    let (dir, mut server, at) = second_of_three();
    dir.rotate("app.log");
    dir.append("app.log", "a new file\n");
    becomes(&server, &at, &said("moved", &at, "app.log.1"));
    dir.rotate("app.log");
    dir.append("app.log", "another new file\n");
    becomes(&server, &at, &said("moved", &at, "app.log.2"));
    server.crash_and_restart();
    assert_eq!(resolve(&server, &at), said("moved", &at, "app.log.2"));
}

#[test]
fn a_line_of_a_compressed_file_has_moved_there() {
    let (dir, mut server, at) = second_of_three();
    dir.rotate("app.log");
    dir.append("app.log", "a new file\n");
    let packed = Command::new("gzip")
        .arg(dir.path("app.log.1"))
        .status()
        .expect("gzip");
    assert!(packed.success());
    becomes(&server, &at, &said("moved", &at, "app.log.1.gz"));
    server.crash_and_restart();
    assert_eq!(resolve(&server, &at), said("moved", &at, "app.log.1.gz"));
}

#[test]
fn a_line_is_moved_also_when_the_log_itself_is_missing() {
    let (dir, server, at) = second_of_three();
    dir.rename("app.log", "app.log.1");
    becomes(&server, &at, &said("moved", &at, "app.log.1"));
}

#[test]
fn a_line_whose_bytes_are_destroyed_is_gone() {
    let (dir, mut server, at) = second_of_three();
    dir.rewrite("app.log", "another beginning\nof the same file\n");
    becomes(&server, &at, &json!({"found": "gone"}));
    server.crash_and_restart();
    assert_eq!(resolve(&server, &at), json!({"found": "gone"}));
}

#[test]
fn a_position_behind_the_end_or_of_no_file_is_gone() {
    let (_dir, server, at) = second_of_three();
    let (segment, _) = at.split_once('.').expect("a position");
    for offset in [27, u64::MAX] {
        let gone = resolve(&server, &format!("{segment}.{offset}"));
        assert_eq!(gone, json!({"found": "gone"}), "{offset}");
    }
    assert_eq!(resolve(&server, "00000000.0"), json!({"found": "gone"}));
}

#[test]
fn what_is_no_position_is_refused() {
    let (_dir, server, at) = second_of_three();
    for bad in [
        "x",
        "8c1f2a90",
        "8c1f2a90.",
        "8c1f2a90.-1",
        "8c1f2a90.0x10",
        "8c1f2a90.%201",
    ] {
        let answer = server.get(&format!("/api/resolve?at={bad}"));
        assert_eq!(
            (answer.status(), answer.code().as_str()),
            (400, "bad_position"),
            "{bad}"
        );
    }
    for bad in [
        "",
        "at",
        &format!("at={at}&at={at}"),
        &format!("at={at}&x=1"),
    ] {
        let answer = server.get(&format!("/api/resolve?{bad}"));
        assert_eq!(answer.status(), 400, "{bad}");
    }
}
