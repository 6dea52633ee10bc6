//! Going on after the file was emptied or written anew while nobody looked: what was read does not come
//! again, what is new comes from its beginning, and a loss is said.

use std::fs;
use std::os::unix::fs::MetadataExt;

use crate::harness::log_dir::LogDir;
use crate::harness::server::Server;
use crate::resume::having_read;
use crate::resume::loss;

/// The file is written anew while the server is down.
#[track_caller]
fn rewritten_while_down(text: &str) {
    let (dir, mut server, mut reader) = having_read("one\ntwo\nthree\n");
    server.kill_9();
    dir.rewrite("app.log", text);
    server.restart();
    reader.reconnect();
    assert_eq!(loss(&mut reader).str("source"), "app.log");
    let lines: Vec<&str> = text.lines().collect();
    reader.expect(&lines);
    dir.append("app.log", "live\n");
    reader.expect(&["live"]);
}

#[test]
fn a_file_rewritten_shorter_while_down_is_new() {
    rewritten_while_down("new\n");
}

#[test]
fn a_file_rewritten_to_the_same_length_while_down_is_new() {
    rewritten_while_down("eno\nowt\neerht\n");
}

#[test]
fn a_file_rewritten_longer_while_down_is_new() {
    rewritten_while_down("this\nis\nquite\nanother\nlonger\nfile\n");
}

#[test]
fn a_file_emptied_while_down_and_filled_later_is_new() {
    let (dir, mut server, mut reader) = having_read("one\ntwo\n");
    server.kill_9();
    dir.rewrite("app.log", "");
    server.restart();
    reader.reconnect();
    dir.append("app.log", "new\n");
    assert_eq!(loss(&mut reader).str("source"), "app.log");
    reader.expect(&["new"]);
}

#[test]
fn a_new_file_with_the_old_inode_number_is_new() {
    let (dir, mut server, mut reader) = having_read("one\ntwo\n");
    let inode = |name: &str| fs::metadata(dir.path(name)).expect("it is there").ino();
    let old = inode("app.log");
    server.kill_9();
    dir.remove("app.log");
    // Most file systems give the number away again at once; where they do not, the case is the
    // plain replaced file.
    for attempt in 0..100 {
        let name = format!("try.{attempt}");
        dir.append(&name, "another\nfile\nwith\nmore lines\n");
        if inode(&name) == old || attempt == 99 {
            dir.rename(&name, "app.log");
            break;
        }
    }
    server.restart();
    reader.reconnect();
    loss(&mut reader);
    reader.expect(&["another", "file", "with", "more lines"]);
}

#[test]
fn a_copy_put_in_its_place_gives_everything_again_or_nothing() {
    let dir = LogDir::new();
    dir.append("app.log", "one\ntwo\n");
    let mut server = Server::start(&[&dir.path("app.log")]);
    // To the check a copy is another file, and to the server it may be the same.
    let mut reader = server.unchecked_reader("");
    reader.expect(&["one", "two"]);
    server.kill_9();
    dir.replace("app.log", "one\ntwo\n");
    server.restart();
    reader.reconnect();
    dir.append("app.log", "three\n");
    let texts = reader.texts_until("three");
    assert!(texts.is_empty() || texts == ["one", "two"], "{texts:?}");
}

/// Each of these happened to `app.log` after the reader had read it and was cut; then it comes back.
#[track_caller]
fn copied_and_truncated(is_down: bool, happened: impl Fn(&LogDir), expected: &[&str]) {
    let (dir, mut server, mut reader) = having_read("one\ntwo\n");
    if is_down {
        server.kill_9();
    }
    happened(&dir);
    if is_down {
        server.restart();
    }
    reader.reconnect();
    dir.append("app.log", "end\n");
    assert_eq!(reader.texts_until("end"), expected);
}

#[test]
fn the_copy_of_a_truncated_file_is_not_given_again() {
    // Several times, because whoever looks first decides what is seen.
    for is_down in [false, true].repeat(5) {
        copied_and_truncated(is_down, |dir| dir.copytruncate("app.log"), &[]);
        let and_filled = |dir: &LogDir| {
            dir.copytruncate("app.log");
            dir.append("app.log", "three, which is longer than both\n");
        };
        let longer = "three, which is longer than both";
        copied_and_truncated(is_down, and_filled, &[longer]);
        let and_rotated = |dir: &LogDir| {
            dir.copytruncate("app.log");
            dir.append("app.log", "three\n");
            dir.rotate("app.log");
        };
        copied_and_truncated(is_down, and_rotated, &["three"]);
    }
}
