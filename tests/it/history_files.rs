//! Pages while files are rotated, truncated and removed: the same line, or none.

use serde_json::Value;
use serde_json::json;

use crate::harness::eventually::PATIENCE;
use crate::harness::eventually::eventually;
use crate::harness::log_dir::LogDir;
use crate::harness::pages::gzip;
use crate::harness::pages::page;
use crate::harness::pages::position;
use crate::harness::pages::texts;
use crate::harness::server::Server;

#[test]
fn a_position_stays_with_its_file_through_rotation_compression_and_restart() {
    let dir = LogDir::new();
    dir.append("app.log", "old 1\nold 2\nold 3\n");
    let mut server = Server::start(&[&dir.path("app.log")]);
    let old = position(&page(&server, ""), "old 2");
    dir.rotate("app.log");
    dir.append("app.log", "new 1\nnew 2\nnew 3\n");
    let query = format!("around={old}&limit=2");
    eventually(PATIENCE, || match texts(&page(&server, "limit=1")) {
        newest if newest == ["new 3"] => Ok(()),
        newest => Err(format!("{newest:?}")),
    });
    assert_eq!(texts(&page(&server, &query)), ["old 1", "old 2"]);
    server.kill_9();
    gzip(&dir, "app.log.1");
    server.restart();
    assert_eq!(texts(&page(&server, &query)), ["old 1", "old 2"]);
    assert_eq!(
        texts(&page(&server, &format!("after={old}"))),
        ["old 2", "old 3", "new 1", "new 2", "new 3"]
    );
}

#[test]
fn what_was_truncated_away_is_gone_and_never_another_line() {
    let dir = LogDir::new();
    dir.append("app.log", "old 1\nold 2\n");
    let server = Server::start(&[&dir.path("app.log")]);
    let old = position(&page(&server, ""), "old 2");
    dir.rewrite("app.log", "new 1\nnew 2\nnew 3\n");
    for way in ["before", "after", "around"] {
        let answer = server.get(&format!("/api/history?{way}={old}"));
        assert_eq!(answer.status(), 410, "{way}: {}", answer.text());
        assert_eq!(answer.code(), "gone");
        assert!(
            answer.message().contains("newest lines"),
            "{}",
            answer.text()
        );
    }
    assert_eq!(texts(&page(&server, "")), ["new 1", "new 2", "new 3"]);
}

#[test]
fn a_rotated_file_that_was_removed_is_gone() {
    let dir = LogDir::new();
    dir.append("app.log", "old 1\n");
    dir.rotate("app.log");
    dir.append("app.log", "new 1\n");
    let server = Server::start(&[&dir.path("app.log")]);
    let old = position(&page(&server, ""), "old 1");
    dir.remove("app.log.1");
    let answer = server.get(&format!("/api/history?before={old}"));
    assert!(matches!(answer.status(), 404 | 410), "{}", answer.text());
    let found = page(&server, "");
    assert_eq!(texts(&found), ["new 1"]);
    assert_eq!(found["older"], Value::Null);
}

#[test]
fn a_log_without_a_file_has_an_empty_page() {
    let dir = LogDir::new();
    let server = Server::start(&[&dir.path("app.log")]);
    let empty = json!({"lines": [], "older": null, "newer": null});
    assert_eq!(page(&server, ""), empty);
    dir.create("app.log");
    server.wait_for_state("app.log", "live");
    assert_eq!(page(&server, ""), empty);
}

#[test]
fn the_list_of_sources_says_which_times_its_files_hold() {
    let dir = LogDir::new();
    dir.append(
        "app.log",
        "2026-11-22T10:00:00Z one\n2026-11-22T10:00:01Z two\n",
    );
    dir.rotate("app.log");
    dir.append("app.log", "2026-11-22T10:00:02Z three\n");
    gzip(&dir, "app.log.1");
    let server = Server::start(&[&dir.path("app.log")]);
    let segments = || server.get("/api/sources").json()["sources"][0]["segments"].clone();
    let from = 1_795_341_600_000_u64;
    assert_eq!(segments()[0]["compressed"], true);
    assert_eq!(segments()[0]["from"], from);
    assert_eq!(segments()[1].get("compressed"), None);
    assert_eq!(segments()[1]["from"], from + 2_000);
    assert_eq!(segments()[1]["to"], from + 2_000);
    dir.append("app.log", "2026-11-22T10:00:09Z four\n");
    eventually(PATIENCE, || match segments()[1]["to"].as_u64() {
        Some(to) if to == from + 9_000 => Ok(()),
        to => Err(format!("{to:?}")),
    });
}
