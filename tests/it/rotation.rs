//! The path names another file, or several. The rest of the old one comes first, and nothing comes
//! twice.

use std::collections::HashMap;

use rustix::process::Signal;

use crate::harness::eventually::PATIENCE;
use crate::harness::eventually::eventually;
use crate::harness::log_dir::LogDir;
use crate::harness::reader::Reader;
use crate::harness::server::Server;

/// A folder with `app.log`, a server that follows it, and a reader of what is written from now on.
fn following(text: &str) -> (LogDir, Server, Reader) {
    let dir = LogDir::new();
    dir.append("app.log", text);
    let server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.reader(&dir, "tail=0");
    reader.until("ping");
    (dir, server, reader)
}

#[test]
fn a_rename_rotation_loses_no_line() {
    let (dir, _server, mut reader) = following("");
    dir.append("app.log", "one\n");
    reader.expect(&["one"]);
    dir.append("app.log", "just before\n");
    dir.rotate("app.log");
    dir.append("app.log", "just after\n");
    reader.expect(&["just before", "just after"]);
}

#[test]
fn a_rotation_is_said_and_names_the_finished_file() {
    let (dir, _server, mut reader) = following("");
    dir.append("app.log", "old\n");
    let old = reader.line();
    dir.rotate("app.log");
    dir.append("app.log", "new\n");
    let (texts, rotated) = reader.until("rotated");
    assert_eq!(texts.len(), 0);
    assert_eq!(rotated.str("source"), "app.log");
    assert_eq!(rotated.str("segment"), old.segment);
    assert_eq!(rotated.str("name"), "app.log.1");
    let new = reader.line();
    assert_eq!(new.text, "new");
    assert_eq!(new.offset, 0);
    assert_ne!(new.segment, old.segment);
}

#[test]
fn the_new_file_may_come_later() {
    let (dir, _server, mut reader) = following("one\n");
    dir.rename("app.log", "app.log.1");
    dir.append("app.log.1", "two\n");
    reader.expect(&["two"]);
    dir.append("app.log", "three\n");
    reader.expect(&["three"]);
}

#[test]
fn a_line_begun_before_the_rename_is_finished_in_the_old_file() {
    let (dir, _server, mut reader) = following("one\nhal");
    dir.rotate("app.log");
    dir.append("app.log", "new\n");
    reader.expect(&["new"]);
    dir.append("app.log.1", "f\n");
    reader.expect(&["half"]);
}

#[test]
fn a_line_never_finished_is_not_glued_to_the_new_file() {
    let (dir, _server, mut reader) = following("one\n");
    dir.append("app.log", "never finished");
    dir.rotate("app.log");
    dir.append("app.log", "new\n");
    // It may be given up and delivered as it is.
    let texts = reader.texts_until("new");
    assert!(texts.is_empty() || texts == ["never finished"], "{texts:?}");
}

#[test]
fn two_rotations_between_two_looks_lose_nothing() {
    let (dir, _server, mut reader) = following("one\n");
    dir.append("app.log", "two\n");
    dir.rotate("app.log");
    dir.append("app.log", "three\n");
    dir.rotate("app.log");
    dir.append("app.log", "four\n");
    reader.expect(&["two", "three", "four"]);
}

#[test]
fn many_rotations_between_two_looks_lose_nothing() {
    let (dir, _server, mut reader) = following("");
    let mut number = 0;
    // Each round is a number of lines for each file, most of them written faster than anybody looks.
    for files in [
        &[2, 3][..],
        &[1, 0, 1],
        &[0, 2],
        &[3, 0, 0, 2],
        &[1, 1, 1, 1, 1],
    ]
    .repeat(20)
    {
        let mut expected = Vec::new();
        for lines in files {
            expected.extend(dir.append_lines("app.log", number..number + lines));
            number += lines;
            dir.rotate("app.log");
        }
        reader.expect(&expected);
        for kept in 3..=files.len() + 2 {
            let old = format!("app.log.{kept}");
            if std::path::Path::new(&dir.path(&old)).exists() {
                dir.remove(&old);
            }
        }
    }
}

#[test]
fn ten_rotations_under_load_lose_nothing() {
    let (dir, _server, mut reader) = following("");
    let mut expected = Vec::new();
    for rotation in 0..10 {
        for part in 0..12 {
            let start = rotation * 1_200 + part * 100;
            expected.extend(dir.append_lines("app.log", start..start + 100));
        }
        // As fast as a reader can be served, which is far above ten rotations a second.
        reader.expect(&expected[rotation * 1_200..rotation * 1_200 + 600]);
        dir.rotate("app.log");
        reader.expect(&expected[rotation * 1_200 + 600..]);
    }
}

#[test]
fn fifty_files_may_rotate_at_once() {
    let dir = LogDir::new();
    let names: Vec<String> = (0..50).map(|number| format!("{number:02}.log")).collect();
    for name in &names {
        dir.append(name, "");
    }
    let server = Server::start(&[&dir.path("*.log")]);
    let mut reader = server.reader(&dir, "tail=0");
    reader.until("ping");
    for name in &names {
        dir.append(name, format!("last of {name}\n"));
        dir.rotate(name);
        dir.append(name, format!("first of {name}\n"));
    }
    let mut by_source: HashMap<String, Vec<String>> = HashMap::new();
    for _ in 0..100 {
        let line = reader.line();
        by_source.entry(line.source).or_default().push(line.text);
    }
    for name in names {
        let expected = [format!("last of {name}"), format!("first of {name}")];
        assert_eq!(by_source[&name], expected);
    }
}

#[test]
fn a_source_keeps_its_id() {
    let (dir, server, mut reader) = following("one\n");
    let id = || server.get("/api/sources").json()["sources"][0]["id"].clone();
    let before = id();
    dir.rotate("app.log");
    dir.append("app.log", "new\n");
    reader.expect(&["new"]);
    assert_eq!(id(), before);
}

#[test]
fn the_older_files_are_segments_of_the_source() {
    let dir = LogDir::new();
    dir.append("app.log", "oldest\n");
    dir.rotate("app.log");
    dir.append("app.log", "old\n");
    dir.rotate("app.log");
    dir.append("app.log", "new\n");
    let server = Server::start(&[&dir.path("app.log*")]);
    let listed = server.get("/api/sources").json();
    let sources = listed["sources"].as_array().expect("a list");
    assert_eq!(sources.len(), 1, "{listed}");
    let segments = sources[0]["segments"].as_array().expect("a list");
    let names: Vec<_> = segments.iter().map(|segment| &segment["name"]).collect();
    assert_eq!(names, ["app.log.2", "app.log.1", "app.log"]);
}

#[test]
fn a_pattern_that_matches_the_renamed_file_too_gives_nothing_twice() {
    let dir = LogDir::new();
    dir.append("app.log", "");
    let server = Server::start(&[&dir.path("app.log*")]);
    let mut reader = server.reader(&dir, "tail=0");
    reader.until("ping");
    dir.append("app.log", "one\n");
    reader.expect(&["one"]);
    dir.rotate("app.log");
    dir.append("app.log.1", "late\n");
    dir.append("app.log", "two\n");
    let mut texts = reader.texts(2);
    texts.sort();
    assert_eq!(texts, ["late", "two"]);
    dir.append("app.log", "end\n");
    reader.expect(&["end"]);
}

#[test]
fn a_file_followed_under_its_new_name_too_gives_later_lines_once() {
    let dir = LogDir::new();
    dir.append("a.log", "a1\n");
    dir.append("b.log", "b1\n");
    let server = Server::start(&[&dir.path("a.log"), &dir.path("b.log")]);
    let mut reader = server.unchecked_reader("tail=0");
    reader.until("ping");
    dir.rename("a.log", "b.log");
    dir.append("b.log", "later\n");
    // The old lines of the file may come as the new content of b.
    let before = reader.texts_until("later");
    dir.append("b.log", "end\n");
    let after = reader.texts_until("end");
    assert!(before.is_empty() || before == ["a1"], "{before:?}");
    assert_eq!(after.len(), 0, "{after:?}");
}

#[test]
fn a_compressed_neighbour_is_never_shown_as_text() {
    let dir = LogDir::new();
    dir.append("app.log", "");
    let server = Server::start(&[&dir.path("app.log*")]);
    let mut reader = server.reader(&dir, "tail=0");
    reader.until("ping");
    dir.append("app.log.2.gz", b"\x1f\x8b\x08\x00rubbish\nrubbish\n");
    dir.append("app.log", "end\n");
    reader.expect(&["end"]);
    let listed = server.get("/api/sources").json();
    assert_eq!(
        listed["sources"].as_array().map(Vec::len),
        Some(1),
        "{listed}"
    );
}

#[test]
fn a_path_replaced_two_hundred_times_follows_the_last_file() {
    let (dir, _server, mut reader) = following("one\n");
    for number in 0..200 {
        dir.replace("app.log", format!("file {number}\n"));
    }
    reader.texts_until("file 199");
    dir.append("app.log", "end\n");
    reader.expect(&["end"]);
}

#[test]
fn old_files_are_let_go() {
    let (dir, server, mut reader) = following("one\n");
    let before = server.descriptors();
    for number in 0..40 {
        dir.rotate("app.log");
        let text = format!("line {number}");
        dir.append("app.log", format!("{text}\n"));
        reader.texts_until(&text);
    }
    eventually(PATIENCE, || {
        let now = server.descriptors();
        if now <= before + 4 {
            Ok(())
        } else {
            Err(format!("{now} descriptors, {before} at the start"))
        }
    });
}

#[test]
fn a_file_saved_by_an_editor_goes_on_with_its_new_line() {
    let (dir, server, _reader) = following("one\n");
    let mut reader = server.unchecked_reader("tail=0");
    reader.until("ping");
    dir.append("app.log", "two\n");
    reader.expect(&["two"]);
    dir.replace("app.log", "one\ntwo\nthree\n");
    reader.expect(&["three"]);
    dir.append("app.log", "four\n");
    reader.expect(&["four"]);
}

#[test]
fn more_rotations_between_two_looks_than_files_are_kept_are_a_gap() {
    let dir = LogDir::new();
    dir.append("app.log", "");
    let server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.unchecked_reader("tail=0");
    reader.until("ping");
    dir.append("app.log", "first\n");
    reader.expect(&["first"]);
    server.signal(Signal::STOP);
    eventually(PATIENCE, || {
        let state = std::fs::read_to_string(format!("/proc/{}/stat", server.pid()));
        let state = state.expect("it runs");
        state.contains(") T ").then_some(()).ok_or(state)
    });
    for number in 0..5 {
        dir.rename("app.log", "app.log.1");
        dir.append("app.log", format!("{number}\n"));
    }
    server.signal(Signal::CONT);
    let (texts, gap) = reader.until("gap");
    assert!(texts.is_empty(), "{texts:?}");
    assert_eq!(gap.str("reason"), "rotated");
    reader.expect(&["3", "4"]);
}

#[test]
fn unread_lines_of_a_removed_file_arrive() {
    let (dir, _server, mut reader) = following("one\n");
    let texts = dir.append_lines("app.log", 0..10_000);
    dir.remove("app.log");
    reader.expect(&texts);
}

#[test]
fn a_file_removed_and_made_again_is_read_from_its_beginning() {
    let (dir, _server, mut reader) = following("one\n");
    for round in 0..20 {
        dir.append("app.log", format!("before {round}\n"));
        dir.remove("app.log");
        dir.append("app.log", format!("after {round}\n"));
        reader.expect(&[format!("before {round}"), format!("after {round}")]);
    }
}
