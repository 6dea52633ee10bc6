//! Going on exactly where a connection was cut, whatever happened meanwhile.
//!
//! "Down" means that the server was killed without a word (`kill -9`); a reader learns of it only
//! by the cut.

use crate::harness::log_dir::LogDir;
use crate::harness::reader::Event;
use crate::harness::reader::Reader;
use crate::harness::server::Server;

/// A folder, a server that follows `app.log` in it, and a reader that has read these lines.
pub fn having_read(text: &str) -> (LogDir, Server, Reader) {
    let dir = LogDir::new();
    dir.append("app.log", text);
    let server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.reader(&dir, "tail=1000");
    let lines: Vec<&str> = text
        .split_inclusive('\n')
        .filter(|line| line.ends_with('\n'))
        .collect();
    for line in lines {
        assert_eq!(reader.line().text, line.trim_end());
    }
    (dir, server, reader)
}

/// The next boundary that says that something was destroyed; nothing may come before it.
#[track_caller]
pub fn loss(reader: &mut Reader) -> Event {
    loop {
        let event = reader.event();
        match event.kind.as_str() {
            "gap" | "truncated" => return event,
            "source" | "ping" => {}
            _ => panic!("{event:?} before it was said that lines are lost"),
        }
    }
}

#[test]
fn after_a_cut_connection_the_next_line_comes() {
    let (dir, _server, mut reader) = having_read("one\ntwo\n");
    dir.append("app.log", "three\n");
    reader.reconnect();
    reader.expect(&["three"]);
    dir.append("app.log", "four\n");
    reader.expect(&["four"]);
}

#[test]
fn a_reader_that_was_cut_before_its_first_line_misses_none() {
    let dir = LogDir::new();
    dir.append("app.log", "one\n");
    let server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.reader(&dir, "tail=0");
    reader.until("ping");
    dir.append("app.log", "two\n");
    reader.reconnect();
    reader.expect(&["two"]);
}

#[test]
fn a_reader_may_be_cut_again_and_again() {
    let dir = LogDir::new();
    let mut texts = dir.append_lines("app.log", 0..2_000);
    let server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.reader(&dir, "tail=100000");
    for round in 0..30 {
        texts.extend(dir.append_lines("app.log", 2_000 + round * 10..2_010 + round * 10));
        // Sometimes before the first line, sometimes after several.
        for _ in 0..2 + round % 4 {
            let event = reader.event();
            assert_ne!(event.kind, "gap", "{event:?}");
        }
        reader.reconnect();
    }
    reader.expect(&texts);
}

#[test]
fn after_an_orderly_stop_the_next_line_comes() {
    let (dir, mut server, mut reader) = having_read("one\n");
    assert!(server.stop().success());
    dir.append("app.log", "two\nthree\n");
    server.restart();
    reader.reconnect();
    reader.expect(&["two", "three"]);
}

#[test]
fn after_a_crash_the_next_line_comes() {
    let (dir, mut server, mut reader) = having_read("one\n");
    server.kill_9();
    dir.append("app.log", "two\nthree\n");
    server.restart();
    reader.reconnect();
    reader.expect(&["two", "three"]);
    dir.append("app.log", "four\n");
    reader.expect(&["four"]);
}

#[test]
fn a_server_may_crash_again_and_again() {
    let (dir, mut server, mut reader) = having_read("one\n");
    for round in 0..5 {
        let texts = dir.append_lines("app.log", round * 10..round * 10 + 10);
        server.crash_and_restart();
        reader.reconnect();
        reader.expect(&texts);
    }
}

#[test]
fn a_line_unfinished_at_the_crash_comes_whole() {
    let (dir, mut server, mut reader) = having_read("one\nhal");
    server.kill_9();
    dir.append("app.log", "f\n");
    server.restart();
    reader.reconnect();
    reader.expect(&["half"]);
}

#[test]
fn a_line_unfinished_before_and_after_the_crash_comes_once() {
    let (dir, mut server, mut reader) = having_read("one\nhal");
    server.crash_and_restart();
    reader.reconnect();
    reader.until("ping");
    dir.append("app.log", "f\nnext\n");
    reader.expect(&["half", "next"]);
}

#[test]
fn a_file_renamed_while_down_is_read_to_its_end_before_the_new_one() {
    let (dir, mut server, mut reader) = having_read("one\n");
    server.kill_9();
    dir.append("app.log", "two\n");
    dir.rotate("app.log");
    dir.append("app.log", "three\n");
    server.restart();
    reader.reconnect();
    reader.expect(&["two", "three"]);
    dir.append("app.log", "four\n");
    reader.expect(&["four"]);
}

#[test]
fn a_file_that_was_empty_is_found_again_after_its_rename() {
    let (dir, mut server, mut reader) = having_read("");
    reader.until("ping");
    server.kill_9();
    dir.append("app.log", "one\n");
    dir.rotate("app.log");
    dir.append("app.log", "two\n");
    server.restart();
    reader.reconnect();
    reader.expect(&["one", "two"]);
}

#[test]
fn an_empty_file_renamed_twice_hides_no_line_of_the_file_behind_it() {
    let (dir, mut server, mut reader) = having_read("");
    reader.until("ping");
    server.kill_9();
    dir.rotate("app.log");
    dir.append("app.log", "one\n");
    dir.rotate("app.log");
    dir.append("app.log", "two\n");
    server.restart();
    reader.reconnect();
    reader.expect(&["one", "two"]);
}

#[test]
fn a_place_that_is_lost_repeats_no_line_of_a_place_that_is_not() {
    let (dir, mut server, mut reader) = having_read("one\n");
    // The cursor holds the renamed file, the empty one that is gone, and the new one.
    dir.rotate("app.log");
    reader.until("rotated");
    dir.replace("app.log", "two\n");
    reader.expect(&["two"]);
    server.kill_9();
    dir.append("app.log", "three\n");
    server.restart();
    reader.reconnect();
    assert_eq!(reader.texts_until("three"), [""; 0]);
}

#[test]
fn files_renamed_twice_while_down_are_read_in_order() {
    let (dir, mut server, mut reader) = having_read("one\n");
    server.kill_9();
    dir.append("app.log", "two\n");
    dir.rotate("app.log");
    dir.append("app.log", "three\n");
    dir.rotate("app.log");
    dir.append("app.log", "four\n");
    server.restart();
    reader.reconnect();
    reader.expect(&["two", "three", "four"]);
}

#[test]
fn a_file_renamed_by_its_date_while_down_is_found_too() {
    let (dir, mut server, mut reader) = having_read("one\n");
    server.kill_9();
    dir.append("app.log", "two\n");
    dir.rename("app.log", "app.log-20261122");
    dir.append("app.log", "three\n");
    server.restart();
    reader.reconnect();
    reader.expect(&["two", "three"]);
}

#[test]
fn a_file_renamed_while_only_the_reader_was_away_is_read_to_its_end() {
    let (dir, server, mut reader) = having_read("one\n");
    let mut witness = server.reader(&dir, "tail=0");
    witness.until("ping");
    dir.append("app.log", "two\n");
    dir.rotate("app.log");
    dir.append("app.log", "three\n");
    witness.expect(&["two", "three"]);
    reader.reconnect();
    reader.expect(&["two", "three"]);
}

#[test]
fn a_cursor_at_the_very_end_of_a_renamed_file_goes_on_in_the_new_one() {
    let (dir, mut server, mut reader) = having_read("one\n");
    server.kill_9();
    dir.rotate("app.log");
    dir.append("app.log", "two\n");
    server.restart();
    reader.reconnect();
    reader.expect(&["two"]);
}

#[test]
fn a_rotated_file_that_is_gone_is_a_gap() {
    let (dir, mut server, mut reader) = having_read("one\n");
    server.kill_9();
    dir.append("app.log", "lost\n");
    dir.rotate("app.log");
    dir.remove("app.log.1");
    dir.append("app.log", "new\n");
    server.restart();
    reader.reconnect();
    assert_eq!(loss(&mut reader).str("source"), "app.log");
    reader.expect(&["new"]);
}

#[test]
fn a_file_that_is_gone_is_a_gap_even_if_there_are_newer_ones_behind_it() {
    let (dir, mut server, mut reader) = having_read("one\n");
    server.kill_9();
    dir.replace("app.log", "two\n");
    dir.rotate("app.log");
    dir.append("app.log", "three\n");
    server.restart();
    reader.reconnect();
    loss(&mut reader);
    // Whether the file between them is newer than the place where the reader was cannot be known.
    let texts = reader.texts_until("three");
    assert!(texts.is_empty() || texts == ["two"], "{texts:?}");
}

#[test]
fn an_empty_file_that_is_gone_costs_no_line_in_silence() {
    let (dir, mut server, mut reader) = having_read("");
    reader.until("ping");
    server.kill_9();
    dir.replace("app.log", "one\n");
    dir.rotate("app.log");
    dir.append("app.log", "two\n");
    server.restart();
    reader.reconnect();
    let mut is_said = false;
    loop {
        let event = reader.event();
        is_said |= event.kind == "gap" || event.data["lines"][0]["text"] == "one";
        if event.kind == "log" {
            assert!(is_said, "neither the line nor a gap before {event:?}");
            return;
        }
    }
}

#[test]
fn a_source_that_grew_while_another_spoke_last_loses_nothing() {
    let dir = LogDir::new();
    dir.append("a.log", "a1\n");
    dir.append("b.log", "b1\n");
    let mut server = Server::start(&[&dir.path("a.log"), &dir.path("b.log")]);
    let mut reader = server.reader(&dir, "tail=10");
    reader.texts(2);
    dir.append("a.log", "a2\n");
    reader.expect(&["a2"]);
    server.kill_9();
    dir.append("b.log", "b2\n");
    server.restart();
    reader.reconnect();
    reader.expect(&["b2"]);
}

#[test]
fn a_source_that_did_not_exist_yet_loses_nothing() {
    let dir = LogDir::new();
    dir.append("a.log", "a1\n");
    let mut server = Server::start(&[&dir.path("a.log"), &dir.path("b.log")]);
    let mut reader = server.reader(&dir, "tail=0");
    reader.until("ping");
    dir.append("a.log", "a2\n");
    reader.expect(&["a2"]);
    server.kill_9();
    dir.append_lines("b.log", 0..2_000);
    server.restart();
    reader.reconnect();
    let expected: Vec<String> = (0..2_000).map(|number| format!("line {number}")).collect();
    reader.expect(&expected);
}

#[test]
fn a_file_matched_by_a_pattern_while_down_is_read_from_its_beginning() {
    let dir = LogDir::new();
    dir.append("a.log", "a1\n");
    let mut server = Server::start(&[&dir.path("*.log")]);
    let mut reader = server.reader(&dir, "tail=1");
    reader.expect(&["a1"]);
    server.kill_9();
    let texts = dir.append_lines("b.log", 0..2_000);
    server.restart();
    reader.reconnect();
    reader.expect(&texts);
}

#[test]
fn a_source_that_is_missing_now_goes_on_when_it_is_back() {
    let (dir, mut server, mut reader) = having_read("one\n");
    server.kill_9();
    dir.rename("app.log", "elsewhere");
    server.restart();
    reader.reconnect();
    reader.until("ping");
    dir.append("elsewhere", "two\n");
    dir.rename("elsewhere", "app.log");
    let texts = reader.texts_until("two");
    assert!(texts.is_empty() || texts == ["one"], "{texts:?}");
}
