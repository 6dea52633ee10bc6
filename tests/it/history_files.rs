//! Pages while files are rotated, truncated and removed: the same line, or none.

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::thread;

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

/// The text of line `number` of a file, of which nothing else may be shown.
fn text_of(file: usize, number: usize) -> String {
    format!("file {file} line {number}{}", ".".repeat(file * 7 % 50))
}

#[test]
fn pages_are_of_one_file_at_a_time_while_it_is_truncated_and_rotated() {
    let dir = LogDir::new();
    dir.append("app.log", text_of(0, 0) + "\n");
    let server = Server::start(&[&dir.path("app.log")]);
    let is_over = AtomicBool::new(false);
    let writer = || {
        for file in 1.. {
            let lines = (0..=file * 13 % 90).map(|number| text_of(file, number) + "\n");
            let text: String = lines.collect();
            match file % 5 {
                0 => dir.replace("app.log", text),
                1 => {
                    dir.rotate("app.log");
                    dir.append("app.log", text);
                }
                2 => {
                    dir.copytruncate("app.log");
                    dir.append("app.log", text);
                }
                _ => dir.rewrite("app.log", text),
            }
            if is_over.load(Ordering::Acquire) {
                return;
            }
            // As long as a question takes.
            server.get("/healthz");
        }
    };
    thread::scope(|scope| {
        let _end = OnDrop(&is_over);
        scope.spawn(writer);
        let mut answered = 0;
        for _ in 0..150 {
            let mut target = "/api/history?limit=20".to_owned();
            for _ in 0..4 {
                let answer = server.get(&target);
                assert!(
                    matches!(answer.status(), 200 | 404 | 410 | 503),
                    "{}",
                    answer.text()
                );
                if answer.status() != 200 {
                    break;
                }
                answered += 1;
                let found = answer.json();
                are_of_one_file_each(&found);
                let Some(older) = found["older"].as_str() else {
                    break;
                };
                target = format!("/api/history?limit=20&before={older}");
            }
        }
        assert!(answered > 100, "{answered}");
    });
}

/// Ends the writer, also when the test fails.
struct OnDrop<'a>(&'a AtomicBool);

impl Drop for OnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

/// The lines of each segment are those of one file, one after the other. The
/// last one may have been unfinished when the file was truncated.
#[track_caller]
fn are_of_one_file_each(page: &Value) {
    let lines = page["lines"].as_array().expect("lines");
    for of_one in lines.chunk_by(|one, next| one["segment"] == next["segment"]) {
        let texts: Vec<_> = of_one
            .iter()
            .map(|line| line["text"].as_str().expect("a text"))
            .collect();
        let words: Vec<&str> = texts[0].trim_end_matches('.').split(' ').collect();
        let [_, file, _, first] = words[..] else {
            assert_eq!(texts.len(), 1, "{texts:?}");
            continue;
        };
        let (file, first) = (file.parse().expect("a number"), first.parse::<usize>());
        let first = first.expect("a number");
        let (last, whole) = texts.split_last().expect("not empty");
        for (number, text) in (first..).zip(whole) {
            assert_eq!(*text, text_of(file, number), "{page}");
        }
        let expected = text_of(file, first + whole.len());
        assert!(
            expected.starts_with(last),
            "{last:?} is no part of {expected:?}: {page}"
        );
    }
}
