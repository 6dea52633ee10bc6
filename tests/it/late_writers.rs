//! Whoever has not noticed that its file was renamed writes on into it, and is heard for a while.

use std::fs;

use crate::harness::eventually::PATIENCE;
use crate::harness::eventually::eventually;
use crate::harness::log_dir::LogDir;
use crate::harness::reader::Reader;
use crate::harness::server::Server;

/// A folder with `app.log` of one line, a server that follows it, and a reader that was given it.
fn following() -> (LogDir, Server, Reader) {
    let dir = LogDir::new();
    dir.append("app.log", "one\n");
    let server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.reader(&dir, "tail=1");
    reader.expect(&["one"]);
    (dir, server, reader)
}

/// Makes `app.log` anew, with a line, until the coarse clock of files says that it is newer than
/// `app.log.1`.
fn begin_another(dir: &LogDir) {
    eventually(PATIENCE, || {
        dir.replace("app.log", "two\n");
        let made = |name| fs::metadata(dir.path(name)).and_then(|file| file.created());
        match (made("app.log.1"), made("app.log")) {
            (Ok(old), Ok(new)) if old < new => Ok(()),
            other => Err(format!("{other:?}")),
        }
    });
}

/// Lines of both writers come in the order in which they are written.
#[track_caller]
fn hears_both(dir: &LogDir, reader: &mut Reader) {
    for (name, text) in [
        ("app.log.1", "late 1"),
        ("app.log", "new 1"),
        ("app.log.1", "late 2"),
        ("app.log", "new 2"),
    ] {
        dir.append(name, format!("{text}\n"));
        reader.expect(&[text]);
    }
}

#[test]
fn what_is_still_written_to_the_renamed_file_arrives() {
    let (dir, _server, mut reader) = following();
    dir.rename("app.log", "app.log.1");
    hears_both(&dir, &mut reader);
}

#[test]
fn also_for_a_reader_who_came_after_the_rotation() {
    let (dir, server, mut first) = following();
    dir.rename("app.log", "app.log.1");
    dir.append("app.log", "two\n");
    first.expect(&["two"]);
    for query in ["tail=0", "tail=2", "since=-1h"] {
        let mut reader = server.reader(&dir, query);
        reader.until("ping");
        dir.append("app.log.1", format!("late for {query}\n"));
        reader.texts_until(&format!("late for {query}"));
    }
}

#[test]
fn also_after_a_crash() {
    let (dir, mut server, mut reader) = following();
    dir.rename("app.log", "app.log.1");
    server.kill_9();
    dir.append("app.log.1", "two\n");
    server.restart();
    reader.reconnect();
    reader.expect(&["two"]);
    hears_both(&dir, &mut reader);
}

#[test]
fn also_after_a_crash_beside_the_file_that_came_meanwhile() {
    let (dir, mut server, mut reader) = following();
    server.kill_9();
    dir.rotate("app.log");
    begin_another(&dir);
    server.restart();
    reader.reconnect();
    reader.expect(&["two"]);
    hears_both(&dir, &mut reader);
}

#[test]
fn also_where_the_program_was_just_started() {
    let dir = LogDir::new();
    dir.append("app.log", "one\n");
    dir.rotate("app.log");
    begin_another(&dir);
    let server = Server::start(&[&dir.path("app.log")]);
    // Which is in the midst of both files.
    let mut reader = server.unchecked_reader("tail=0");
    reader.until("ping");
    hears_both(&dir, &mut reader);
}
