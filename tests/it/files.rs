//! What stands at a path: nothing, a link, a folder, a FIFO, a file nobody may read.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::Duration;
use std::time::Instant;

use crate::harness::log_dir::LogDir;
use crate::harness::reader::Reader;
use crate::harness::server::Server;
use crate::harness::skip::skipped;

/// A server that follows this path or pattern, and a reader of what is written from now on.
fn following(dir: &LogDir, name: &str) -> (Server, Reader) {
    let server = Server::start(&[&dir.path(name)]);
    let mut reader = server.reader(dir, "tail=0");
    reader.until("ping");
    (server, reader)
}

#[test]
fn a_missing_file_is_waited_for() {
    let dir = LogDir::new();
    let (server, mut reader) = following(&dir, "app.log");
    assert_eq!(server.state_of("app.log"), "waiting");
    dir.append("app.log", "first\n");
    reader.expect(&["first"]);
    server.wait_for_state("app.log", "live");
}

#[test]
fn a_change_of_state_is_told_to_readers() {
    let dir = LogDir::new();
    let server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.reader(&dir, "");
    assert_eq!(reader.event().str("state"), "waiting");
    reader.until("ping");
    dir.append("app.log", "first\n");
    let (_, changed) = reader.until("source");
    assert_eq!(changed.str("state"), "live");
    dir.remove("app.log");
    let (_, changed) = reader.until("source");
    assert_eq!(changed.str("state"), "waiting");
}

#[test]
fn three_missing_folders_are_waited_for() {
    let dir = LogDir::new();
    let (_server, mut reader) = following(&dir, "a/b/c/app.log");
    dir.make_folder("a");
    dir.make_folder("a/b/c");
    dir.append("a/b/c/app.log", "first\n");
    reader.expect(&["first"]);
}

#[test]
fn a_folder_removed_and_made_again_is_followed() {
    let dir = LogDir::new();
    dir.make_folder("logs");
    dir.append("logs/app.log", "one\n");
    let (_server, mut reader) = following(&dir, "logs/app.log");
    for round in 0..3 {
        dir.written().remove("logs/app.log");
        dir.remove_folder("logs");
        dir.make_folder("logs");
        let text = format!("round {round}");
        dir.append("logs/app.log", format!("{text}\n"));
        reader.expect(&[&text]);
    }
}

#[test]
fn a_file_that_may_not_be_read_is_read_when_it_may() {
    let dir = LogDir::new();
    dir.set_mode("", 0o755);
    dir.append("app.log", "one\n");
    dir.set_mode("app.log", 0o600);
    let Some(server) = Server::start_as_nobody(&[&dir.path("app.log")]) else {
        skipped("only root with setpriv can start the server as another user");
        return;
    };
    server.wait_for_state("app.log", "unreadable");
    let mut reader = server.reader(&dir, "tail=10");
    let state = reader.event();
    assert_eq!(state.str("state"), "unreadable");
    assert_eq!(state.str("reason"), "permission denied");
    reader.until("ping");
    dir.append("app.log", "two\n");
    dir.set_mode("app.log", 0o644);
    reader.expect(&["one", "two"]);
    assert_eq!(server.state_of("app.log"), "live");
}

#[test]
fn an_open_file_is_read_on_when_its_permission_is_lost() {
    let dir = LogDir::new();
    dir.set_mode("", 0o755);
    dir.append("app.log", "one\n");
    dir.set_mode("app.log", 0o644);
    let Some(server) = Server::start_as_nobody(&[&dir.path("app.log")]) else {
        skipped("only root with setpriv can start the server as another user");
        return;
    };
    let mut reader = server.reader(&dir, "");
    reader.expect(&["one"]);
    dir.set_mode("app.log", 0o600);
    dir.append("app.log", "two\n");
    reader.expect(&["two"]);
}

#[test]
fn a_folder_stands_for_the_logs_in_it() {
    let dir = LogDir::new();
    dir.append("a.log", "of a\n");
    let (_server, mut reader) = following(&dir, "");
    dir.append("b.log", "of b\n");
    reader.expect(&["of b"]);
    dir.append("a.log", "more of a\n");
    reader.expect(&["more of a"]);
}

#[test]
fn a_folder_without_logs_is_watched() {
    let dir = LogDir::new();
    dir.make_folder("logs");
    let (_server, mut reader) = following(&dir, "logs");
    dir.append("logs/app.log", "first\n");
    reader.expect(&["first"]);
}

#[test]
fn a_newcomer_of_a_pattern_is_found_within_a_second_and_read_from_its_beginning() {
    let dir = LogDir::new();
    let (_server, mut reader) = following(&dir, "*.log");
    for name in ["a.log", "b b.log", "ü.log"] {
        let start = Instant::now();
        dir.append(name, format!("first of {name}\n"));
        reader.expect(&[format!("first of {name}")]);
        let took = start.elapsed();
        // A second, and what a loaded machine takes to get round to it.
        assert!(took < Duration::from_secs(3), "{name} took {took:?}");
    }
}

#[test]
fn a_pattern_may_reach_into_every_folder() {
    let dir = LogDir::new();
    dir.make_folder("a/b");
    dir.append("a/b/old.log", "old\n");
    let (_server, mut reader) = following(&dir, "**/*.log");
    dir.append("top.log", "top\n");
    reader.expect(&["top"]);
    dir.make_folder("c/d/e");
    dir.append("c/d/e/deep.log", "deep\n");
    reader.expect(&["deep"]);
    dir.append("a/b/old.log", "more\n");
    reader.expect(&["more"]);
}

#[test]
fn a_file_of_a_pattern_that_is_removed_is_gone() {
    let dir = LogDir::new();
    dir.append("a.log", "of a\n");
    dir.append("b.log", "of b\n");
    let (server, mut reader) = following(&dir, "*.log");
    dir.remove("a.log");
    let (_, changed) = reader.until("source");
    assert_eq!(changed.str("source"), "a.log");
    assert_eq!(changed.str("state"), "gone");
    dir.append("b.log", "more\n");
    reader.expect(&["more"]);
    assert_eq!(server.state_of("b.log"), "live");
}

#[test]
fn names_may_be_any_bytes() {
    let dir = LogDir::new();
    let server = Server::start(&[&dir.path("*")]);
    let mut reader = server.unchecked_reader("tail=0");
    reader.until("ping");
    for name in [
        &b"with\nnewline.log"[..],
        b"latin-\xe9.log",
        b"\"quoted\".log",
    ] {
        let path = Path::new(&dir.path("")).join(OsStr::from_bytes(name));
        fs::write(path, "here\n").expect("write");
        assert_eq!(reader.line().text, "here");
    }
    let listed = server.get("/api/sources").json();
    assert_eq!(
        listed["sources"].as_array().map(Vec::len),
        Some(3),
        "{listed}"
    );
}

#[test]
fn a_fifo_hurts_nobody() {
    let dir = LogDir::new();
    dir.fifo("pipe");
    dir.append("app.log", "");
    let server = Server::start(&[&dir.path("pipe"), &dir.path("app.log")]);
    let mut reader = server.reader(&dir, "tail=0");
    reader.until("ping");
    dir.append("app.log", "others are served\n");
    reader.expect(&["others are served"]);
}

#[test]
fn a_file_replaced_by_a_fifo_or_a_folder_is_followed_when_it_is_a_file_again() {
    let dir = LogDir::new();
    dir.append("app.log", "one\n");
    let (server, mut reader) = following(&dir, "app.log");
    dir.remove("app.log");
    dir.fifo("app.log");
    server.wait_for_state("app.log", "unreadable");
    fs::remove_file(dir.path("app.log")).expect("remove");
    dir.append("app.log", "two\n");
    reader.expect(&["two"]);

    dir.remove("app.log");
    dir.make_folder("app.log");
    server.wait_for_state("app.log", "unreadable");
    dir.remove_folder("app.log");
    dir.append("app.log", "three\n");
    reader.expect(&["three"]);
}

#[test]
fn devices_hurt_nobody() {
    let dir = LogDir::new();
    dir.append("app.log", "");
    let server = Server::start(&["/dev/zero", "/dev/null", &dir.path("app.log")]);
    let mut reader = server.reader(&dir, "tail=0&source=app.log");
    reader.until("ping");
    dir.append("app.log", "one\n");
    reader.expect(&["one"]);
    assert!(server.memory() < 64 << 20, "{} bytes", server.memory());
}

#[test]
fn a_link_may_be_pointed_at_another_file() {
    let dir = LogDir::new();
    dir.append("one.log", "");
    dir.append("two.log", "");
    dir.symlink("one.log", "app.log");
    dir.written().link("one.log", "app.log");
    dir.written().link("two.log", "app.log");
    let (_server, mut reader) = following(&dir, "app.log");
    dir.append("one.log", "of one\n");
    reader.expect(&["of one"]);
    dir.append("one.log", "rest of one\n");
    dir.symlink("two.log", "app.log");
    dir.append("two.log", "of two\n");
    reader.expect(&["rest of one", "of two"]);
}

#[test]
fn a_link_may_point_at_nothing_first() {
    let dir = LogDir::new();
    dir.symlink("later.log", "app.log");
    let (_server, mut reader) = following(&dir, "app.log");
    dir.written().link("later.log", "app.log");
    dir.append("later.log", "first\n");
    reader.expect(&["first"]);
}

/// How Kubernetes and Docker rotate: the link rests, its target is renamed and made again.
#[test]
fn the_target_of_a_resting_link_may_rotate() {
    let dir = LogDir::new();
    dir.make_folder("pods");
    dir.make_folder("containers");
    dir.append("pods/0.log", "");
    dir.symlink("../pods/0.log", "containers/app.log");
    let server = Server::start(&[&dir.path("containers/app.log")]);
    let mut reader = server.unchecked_reader("tail=0");
    reader.until("ping");
    for round in 0..5 {
        dir.append("pods/0.log", format!("before {round}\n"));
        dir.rename("pods/0.log", "pods/0.log.20261122");
        dir.append("pods/0.log", format!("after {round}\n"));
        reader.expect(&[format!("before {round}"), format!("after {round}")]);
    }
}

#[test]
fn a_folder_in_the_path_may_be_a_link_that_is_pointed_elsewhere() {
    let dir = LogDir::new();
    dir.make_folder("v1");
    dir.make_folder("v2");
    dir.append("v1/app.log", "");
    dir.append("v2/app.log", "");
    dir.symlink("v1", "current");
    let server = Server::start(&[&dir.path("current/app.log")]);
    let mut reader = server.unchecked_reader("tail=0");
    reader.until("ping");
    dir.append("v1/app.log", "of one\n");
    reader.expect(&["of one"]);
    dir.symlink("v2", "current");
    dir.append("v2/app.log", "of two\n");
    reader.expect(&["of two"]);
}

#[test]
fn a_path_that_was_no_link_is_not_followed_into_one() {
    let dir = LogDir::new();
    dir.append("app.log", "one\n");
    dir.append("secret", "secret\n");
    let (server, mut reader) = following(&dir, "app.log");
    dir.remove("app.log");
    dir.symlink("secret", "app.log");
    server.wait_for_state("app.log", "unreadable");
    fs::remove_file(dir.path("app.log")).expect("remove");
    dir.append("app.log", "two\n");
    reader.expect(&["two"]);
}

#[test]
fn one_file_under_two_paths_gives_each_line_once_or_once_for_each_path() {
    let dir = LogDir::new();
    dir.append("a.log", "");
    fs::hard_link(dir.path("a.log"), dir.path("b.log")).expect("link");
    dir.written().link("a.log", "b.log");
    let server = Server::start(&[&dir.path("a.log"), &dir.path("b.log")]);
    let mut reader = server.reader(&dir, "tail=0");
    reader.until("ping");
    dir.append("a.log", "one\ntwo\n");
    dir.append("a.log", "end\n");
    let texts = reader.texts_until("end");
    let of_one = texts.iter().filter(|text| *text == "one").count();
    assert!(matches!(of_one, 1 | 2), "{texts:?}");
}

#[test]
fn touching_a_file_is_no_news() {
    let dir = LogDir::new();
    dir.append("app.log", "one\n");
    let (_server, mut reader) = following(&dir, "app.log");
    let file = fs::OpenOptions::new()
        .append(true)
        .open(dir.path("app.log"))
        .expect("open");
    for seconds in [0, 4_102_444_800] {
        let time = std::time::UNIX_EPOCH + Duration::from_secs(seconds);
        file.set_modified(time).expect("set the time");
        dir.set_mode("app.log", 0o640);
        let text = format!("after {seconds}");
        dir.append("app.log", format!("{text}\n"));
        reader.expect(&[&text]);
    }
}
