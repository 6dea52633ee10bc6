//! The file became shorter or was written anew. What is there now arrives from its beginning;
//! nothing is garbled.

use std::fs::OpenOptions;
use std::io::Write;

use crate::harness::log_dir::LogDir;
use crate::harness::reader::Reader;
use crate::harness::server::Server;

/// A reader that has read `text` from a followed `app.log`.
fn having_read(text: &str) -> (LogDir, Server, Reader) {
    let dir = LogDir::new();
    dir.append("app.log", text);
    let server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.reader(&dir, "");
    reader.texts(text.matches('\n').count());
    (dir, server, reader)
}

/// After the rewrite the truncation is said, and then every line of the new content arrives.
#[track_caller]
fn rewritten(text: &str) {
    let (dir, _server, mut reader) = having_read("one\ntwo\nthree\n");
    dir.rewrite("app.log", text);
    let (before, truncated) = reader.until("truncated");
    assert_eq!(before.len(), 0, "{before:?}");
    assert_eq!(truncated.str("source"), "app.log");
    assert_eq!(truncated.data["size"], 14);
    let lines: Vec<&str> = text.lines().collect();
    reader.expect(&lines);
    dir.append("app.log", "end\n");
    reader.expect(&["end"]);
}

#[test]
fn a_file_rewritten_shorter_is_new() {
    rewritten("new\n");
}

#[test]
fn a_file_rewritten_to_the_same_length_is_new() {
    rewritten("eno\nowt\neerht\n");
}

#[test]
fn a_file_rewritten_past_its_old_length_is_new() {
    rewritten("this\nis\nquite\nanother\nlonger\nfile\n");
}

#[test]
fn a_file_rewritten_with_the_same_length_and_time_is_new() {
    let (dir, _server, mut reader) = having_read("one\ntwo\n");
    let file = OpenOptions::new()
        .write(true)
        .open(dir.path("app.log"))
        .expect("open");
    let time = file
        .metadata()
        .and_then(|metadata| metadata.modified())
        .expect("a time");
    dir.rewrite("app.log", "eno\nowt\n");
    file.set_modified(time).expect("set the time");
    reader.until("truncated");
    reader.expect(&["eno", "owt"]);
}

#[test]
fn copytruncate_loses_nothing_that_was_read_and_nothing_new() {
    let (dir, _server, mut reader) = having_read("one\ntwo\n");
    for round in 0..5 {
        dir.copytruncate("app.log");
        dir.append("app.log", format!("new {round}\n"));
        reader.until("truncated");
        reader.expect(&[format!("new {round}")]);
    }
}

#[test]
fn a_file_rewritten_again_and_again_shows_each_content() {
    let (dir, _server, mut reader) = having_read("one\n");
    for round in 0..10 {
        dir.rewrite("app.log", format!("content {round}\n"));
        let texts = reader.texts_until(&format!("content {round}"));
        assert_eq!(texts.len(), 0, "{texts:?}");
    }
}

#[test]
fn a_file_cut_to_a_smaller_size_goes_on() {
    let (dir, _server, mut reader) = having_read("one\ntwo\nthree\n");
    dir.written().begin("app.log", b"one\n");
    OpenOptions::new()
        .write(true)
        .open(dir.path("app.log"))
        .and_then(|file| file.set_len(4))
        .expect("truncate");
    reader.until("truncated");
    dir.append("app.log", "four\n");
    // What was kept may come again.
    let texts = reader.texts_until("four");
    assert!(texts.is_empty() || texts == ["one"], "{texts:?}");
}

#[test]
fn an_unfinished_line_is_not_glued_to_the_new_content() {
    let (dir, _server, mut reader) = having_read("one\n");
    dir.append("app.log", "unfinished");
    dir.rewrite("app.log", "new\n");
    let texts = reader.texts_until("new");
    assert!(texts.is_empty() || texts == ["unfinished"], "{texts:?}");
}

#[test]
fn the_hole_a_writer_leaves_behind_copytruncate_is_no_line() {
    let dir = LogDir::new();
    let mut writer = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(dir.path("app.log"))
        .expect("create");
    let long = format!("{}\n", "x".repeat(1024 * 1024));
    writer.write_all(long.as_bytes()).expect("write");
    let server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.unchecked_reader("tail=1");
    reader.line();
    // The writer has no O_APPEND: it goes on at its own offset, and the file begins with a megabyte
    // of NULs.
    writer.set_len(0).expect("truncate");
    reader.until("truncated");
    writer.write_all(b"behind the hole\nnext\n").expect("write");
    let first = reader.line();
    assert_eq!(first.text, "behind the hole");
    reader.expect(&["next"]);
}

#[test]
fn what_was_destroyed_unread_is_never_garbled() {
    let (dir, _server, mut reader) = having_read("one\n");
    for round in 0..100 {
        dir.append_lines("app.log", round * 100..round * 100 + 100);
        dir.rewrite("app.log", format!("after {round}\n"));
    }
    reader.texts_until("after 99");
}
