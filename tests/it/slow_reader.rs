//! Readers that do not read. They cost a cursor, nobody else notices, and nothing is lost for them.

use crate::harness::log_dir::LogDir;
use crate::harness::reader::Reader;
use crate::harness::server::Server;

const LINES: usize = 200_000;

/// What ten readers that are stuck may cost together, beyond what the server keeps for all of them,
/// where the lines that pass are 210 MB for the ten. Each costs about 128 KiB; one whose place is on
/// disk only, and who still takes a little, has the block it is in and the next one, about 1.5 MB.
const STUCK_BYTES: u64 = 18 << 20;

/// A server, one reader that has stopped reading, and another that has read all the lines that came
/// since.
fn stuck(query: &str) -> (LogDir, Server, Reader, Vec<String>) {
    let dir = LogDir::new();
    dir.append("app.log", "");
    let server = Server::start(&[&dir.path("app.log")]);
    let mut stuck = server.reader(&dir, query);
    stuck.until("ping");
    let mut other = server.reader(&dir, "tail=0");
    other.until("ping");
    let mut texts = Vec::new();
    for start in (0..LINES).step_by(LINES / 20) {
        let new = dir.append_lines("app.log", start..start + LINES / 20);
        other.expect(&new);
        texts.extend(new);
    }
    (dir, server, stuck, texts)
}

#[test]
fn a_stuck_reader_loses_nothing() {
    let (dir, _server, mut stuck, texts) = stuck("tail=0");
    stuck.expect(&texts);
    dir.append("app.log", "live\n");
    stuck.expect(&["live"]);
}

#[test]
fn a_stuck_reader_that_is_cut_resumes_where_it_was() {
    let (_dir, _server, mut stuck, texts) = stuck("tail=0");
    stuck.expect(&texts[..1_000]);
    stuck.reconnect();
    stuck.expect(&texts[1_000..]);
}

#[test]
fn stuck_readers_do_not_fill_the_memory() {
    let dir = LogDir::new();
    dir.append("app.log", "");
    let server = Server::start(&[&dir.path("app.log")]);
    let mut other = server.reader(&dir, "tail=0");
    other.until("ping");
    let text = "a line of a hundred bytes ".repeat(4) + "\n";
    let mut pass = |count: usize| {
        for _ in 0..count / 1_000 {
            dir.append("app.log", text.repeat(1_000));
            other.texts(1_000);
        }
    };
    // What is kept for every reader together is filled first.
    pass(LINES);
    let before = server.memory();
    let mut stuck: Vec<Reader> = (0..10).map(|_| server.reader(&dir, "tail=0")).collect();
    for reader in &mut stuck {
        reader.until("ping");
    }
    pass(LINES);
    let grown = server.memory().saturating_sub(before);
    assert!(
        grown < STUCK_BYTES,
        "{grown} bytes for {} stuck readers",
        stuck.len()
    );
}

/// Lines of 60 KB, one in three of them all control characters, which six bytes stand for.
fn long_lines() -> Vec<String> {
    let text = |number: usize| match number % 3 {
        0 => "\u{1}".repeat(60_000),
        1 => "x\"".repeat(30_000),
        _ => "long é ".repeat(7_000),
    };
    (0..30)
        .map(|number| format!("{number} {}", text(number)))
        .collect()
}

#[test]
fn readers_that_are_stuck_in_long_lines_do_not_keep_them() {
    const READERS: u64 = 300;
    /// Of connections, cursors and small events. One such line would be 60 or 360 KB.
    const BYTES_EACH: u64 = 130 << 10;
    /// For what is kept for all of them.
    const BYTES: u64 = 32 << 20;
    let dir = LogDir::new();
    let texts = long_lines();
    dir.append("app.log", texts.join("\n") + "\n");
    let server = Server::start(&[&dir.path("app.log")]);
    let before = server.memory();
    let mut readers: Vec<_> = (0..READERS)
        .map(|_| server.reader(&dir, "tail=30"))
        .collect();
    // They are all full when this one, which came after them, was given everything.
    server.reader(&dir, "tail=30").expect(&texts);
    let grown = server.memory().saturating_sub(before);
    // The path is another file's meanwhile.
    dir.rename("app.log", "app.log.1");
    dir.append("app.log", "new\n");
    for reader in readers.iter_mut().step_by(100) {
        reader.expect(&texts);
        reader.expect(&["new"]);
    }
    let most = BYTES + READERS * BYTES_EACH;
    assert!(grown < most, "{} KiB", grown >> 10);
}

#[test]
fn a_reader_that_may_skip_is_moved_to_the_end_and_told_what_it_missed() {
    let dir = LogDir::new();
    dir.append("app.log", "");
    let server = Server::start(&[&dir.path("app.log")]);
    let mut stuck = server.reader(&dir, "tail=0&lag=skip");
    stuck.until("ping");
    let mut written = 0;
    let mut other = server.reader(&dir, "tail=0");
    other.until("ping");
    let padding = "x".repeat(1_000);
    for number in 0..20_000 {
        let line = format!("{number} {padding}");
        written += line.len() as u64 + 1;
        dir.append("app.log", format!("{line}\n"));
    }
    other.texts(20_000);
    dir.append("app.log", "end\n");

    let mut received = 0;
    let mut missed = 0;
    'reading: loop {
        let event = stuck.event();
        match event.kind.as_str() {
            "gap" => {
                assert_eq!(event.data["reason"], "lag", "{event:?}");
                assert_eq!(event.data["loadable"], true, "{event:?}");
                let to = event.data["to"].as_u64().expect("to");
                missed += to - event.data["from"].as_u64().expect("from");
            }
            "log" => {
                for line in event.data["lines"].as_array().expect("lines") {
                    let text = line["text"].as_str().expect("text");
                    if text == "end" {
                        break 'reading;
                    }
                    received += text.len() as u64 + 1;
                }
            }
            _ => {}
        }
    }
    assert!(missed > 0, "nothing was skipped");
    assert_eq!(received + missed, written);
}
