mod driven;

use std::fs;
use std::fs::File;
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;

use tempfile::TempDir;

use crate::config::FRESH_CHANGE;
use crate::config::LINE_BYTES_MAX;
use crate::config::READ_BYTES_PER_TURN;
use crate::config::UNFINISHED_REST;
use crate::follow::held::Begin;
use crate::follow::held::Held;
use crate::follow::held::Pumped;
use crate::store::Store;
use crate::store::chain::Source;
use crate::store::encoding::Encoding;
use crate::store::history;
use crate::store::reading;

struct Log {
    _dir: TempDir,
    path: PathBuf,
    store: Store,
    source: Arc<Source>,
    buffer: Vec<u8>,
}

impl Log {
    fn new(content: impl AsRef<[u8]>) -> Log {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("app.log");
        fs::write(&path, content).unwrap();
        let store = Store::default();
        let source = store.add(&path);
        Log {
            _dir: dir,
            path,
            store,
            source,
            buffer: Vec::new(),
        }
    }

    fn open(&self, begin: Begin) -> Held {
        let file = Arc::new(File::open(&self.path).unwrap());
        Held::open(&self.store, &self.source, &self.path, file, begin).unwrap()
    }

    fn append(&self, text: impl AsRef<[u8]>) {
        append(&self.path, text);
    }

    fn pump(&mut self, held: &mut Held) -> Pumped {
        held.pump(&self.store, &self.source, &mut self.buffer, u64::MAX)
    }

    #[track_caller]
    fn check(&mut self, held: &mut Held, expected: &[&str]) {
        let before = held.segment().head();
        assert!(matches!(self.pump(held), Pumped::AtEnd));
        assert_eq!(lines(held, before), expected);
    }
}

fn append(path: &Path, text: impl AsRef<[u8]>) {
    let mut file = OpenOptions::new().append(true).open(path).unwrap();
    file.write_all(text.as_ref()).unwrap();
}

/// What is remembered of a segment from `offset` on.
fn lines(held: &Held, mut offset: u64) -> Vec<String> {
    let mut lines = Vec::new();
    while let Some((batch, number)) = held.segment().recent_at(offset) {
        for line in &batch.lines()[number..] {
            assert_eq!(line.offset, offset, "lines follow one another");
            lines.push(String::from_utf8_lossy(batch.text(line)).into_owned());
            offset = line.end;
        }
    }
    assert_eq!(
        offset,
        held.segment().head(),
        "the head is past the last line"
    );
    lines
}

#[test]
fn a_file_is_read_from_its_start_or_from_its_end() {
    let mut log = Log::new("one\ntwo\n");
    log.check(&mut log.open(Begin::Start), &["one", "two"]);
    let mut held = log.open(Begin::End);
    log.check(&mut held, &[]);
    log.append("three\n");
    log.check(&mut held, &["three"]);
}

#[test]
fn what_another_source_gave_is_not_given_again() {
    let mut log = Log::new("one\ntwo\n");
    let mut held = log.open(Begin::Offset(4));
    assert_eq!((held.segment().first(), held.segment().head()), (4, 4));
    log.check(&mut held, &["two"]);
}

#[test]
fn the_line_that_is_unfinished_at_the_end_is_given_whole() {
    let mut log = Log::new("one\ntw");
    let mut held = log.open(Begin::End);
    log.check(&mut held, &[]);
    log.append("o\n");
    log.check(&mut held, &["two"]);
}

#[test]
fn the_beginning_of_an_unfinished_line_is_found_far_behind_the_end() {
    let mut text = b"one\n".to_vec();
    text.resize(300_000, b'x');
    let log = Log::new(&text);
    let file = File::open(&log.path).unwrap();
    assert_eq!(
        history::last_line_end(&file, Encoding::Bytes, text.len() as u64).unwrap(),
        4
    );
    assert_eq!(
        history::last_line_end(&file, Encoding::Bytes, 4).unwrap(),
        4
    );
    assert_eq!(
        history::last_line_end(&file, Encoding::Bytes, 3).unwrap(),
        0
    );
    assert_eq!(
        history::last_line_end(&file, Encoding::Bytes, 0).unwrap(),
        0
    );
}

#[test]
fn one_turn_is_bounded() {
    let line = [[b'x'; 1023].as_slice(), b"\n"].concat();
    let count = READ_BYTES_PER_TURN / line.len() * 2 + 10;
    let mut log = Log::new(line.repeat(count));
    let mut held = log.open(Begin::Start);
    let mut turns = 0;
    let mut before = 0;
    while matches!(log.pump(&mut held), Pumped::More) {
        let read = held.segment().head();
        assert!(read - before <= READ_BYTES_PER_TURN as u64 + 1024);
        before = read;
        turns += 1;
    }
    assert_eq!(turns, 2);
    assert_eq!(lines(&held, 0).len(), count);
}

#[test]
fn a_line_longer_than_a_turn_is_one_line_cut_at_the_limit() {
    let mut log = Log::new("");
    let mut held = log.open(Begin::Start);
    let text = "é".repeat(READ_BYTES_PER_TURN);
    for piece in [&text[..1001 * 2], &text[1001 * 2..], "\nnext\n"] {
        log.append(piece);
        while matches!(log.pump(&mut held), Pumped::More) {}
    }
    let (batch, number) = held.segment().recent_at(0).unwrap();
    let line = &batch.lines()[number];
    assert_eq!(line.cut(), Some(text.len() as u64));
    assert_eq!(batch.text(line), &text.as_bytes()[..LINE_BYTES_MAX]);
    assert_eq!(lines(&held, line.end), ["next"]);
}

#[test]
fn a_truncated_file_has_changed_however_long_it_is_now() {
    let cases = [
        "",
        "o",
        "one\n",
        "ONE\ntwo\n",
        "one\nTWO\n",
        "zero\none\ntwo\nthree\n",
    ];
    for now in cases {
        let mut log = Log::new("one\ntwo\n");
        let mut held = log.open(Begin::Start);
        log.check(&mut held, &["one", "two"]);
        fs::write(&log.path, now).unwrap();
        assert!(matches!(log.pump(&mut held), Pumped::Changed), "{now:?}");
        assert_eq!(held.length(), 8, "as it was before");
    }
}

#[test]
fn a_file_that_only_grew_has_not_changed() {
    for now in ["one\ntwo\n", "one\ntwo\nthree\n"] {
        let mut log = Log::new("one\ntwo\n");
        let mut held = log.open(Begin::Start);
        log.check(&mut held, &["one", "two"]);
        fs::write(&log.path, now).unwrap();
        assert!(matches!(log.pump(&mut held), Pumped::AtEnd), "{now:?}");
    }
}

#[test]
fn an_unfinished_line_counts_as_read() {
    let mut log = Log::new("one\nhalf");
    let mut held = log.open(Begin::Start);
    log.check(&mut held, &["one"]);
    fs::write(&log.path, "one\nother\n").unwrap();
    assert!(matches!(log.pump(&mut held), Pumped::Changed));
}

#[test]
fn an_unfinished_line_is_given_once_when_the_file_is_finished() {
    let mut log = Log::new("one\ntw");
    let mut held = log.open(Begin::Start);
    log.check(&mut held, &["one"]);
    held.finish(&log.store, &log.source);
    assert_eq!(lines(&held, 4), ["tw"]);
    assert!(held.segment().is_finished());
    held.finish(&log.store, &log.source);
    assert_eq!(lines(&held, 4), ["tw"]);
}

#[test]
fn a_hole_at_the_beginning_is_not_text() {
    let mut log = Log::new("");
    let file = OpenOptions::new().write(true).open(&log.path).unwrap();
    file.set_len(100_000).unwrap();
    log.append("one\ntwo\n");
    let mut held = log.open(Begin::Start);
    assert_eq!(held.segment().first(), 100_000);
    log.check(&mut held, &["one", "two"]);
}

#[test]
fn a_file_that_was_empty_may_begin_with_a_hole() {
    for hole in [1, 63, 64, 65, 4096, 100_000] {
        let mut log = Log::new("");
        let mut held = log.open(Begin::Start);
        log.check(&mut held, &[]);
        let file = OpenOptions::new().write(true).open(&log.path).unwrap();
        file.set_len(hole).unwrap();
        log.append("one\n");
        assert!(matches!(log.pump(&mut held), Pumped::AtEnd));
        assert_eq!(held.segment().first(), hole);
        assert_eq!(lines(&held, hole), ["one"]);
        log.append("two\n");
        log.check(&mut held, &["two"]);
    }
}

#[test]
fn a_segment_has_its_id_with_its_first_line() {
    let mut log = Log::new("on");
    let mut held = log.open(Begin::Start);
    log.check(&mut held, &[]);
    assert_eq!(held.segment().id(), None);
    log.append("e\ntwo\n");
    log.check(&mut held, &["one", "two"]);
    let id = held.segment().id();
    assert!(id.is_some());
    // A later process reads the same id from the file.
    let later = Log {
        store: Store::default(),
        ..log
    };
    let source = later.store.add(&later.path);
    let file = Arc::new(File::open(&later.path).unwrap());
    let again = Held::open(&later.store, &source, &later.path, file, Begin::End).unwrap();
    assert_eq!(again.segment().id(), id);
}

#[test]
fn reading_goes_on_in_a_copy() {
    let mut log = Log::new("one\ntwo\nhal");
    let mut held = log.open(Begin::Start);
    log.check(&mut held, &["one", "two"]);
    let copy = log.path.with_extension("log.1");
    fs::write(&copy, "one\ntwo\nhalf\nlast\n").unwrap();
    held.move_to(&copy, File::open(&copy).unwrap()).unwrap();
    log.check(&mut held, &["half", "last"]);
    assert_eq!(held.segment().file_name(), "app.log.1");
}

#[test]
fn a_change_is_fresh_for_a_while() {
    let log = Log::new("one\n");
    let metadata = fs::metadata(&log.path).unwrap();
    let (seconds, nanoseconds) = (metadata.ctime(), metadata.ctime_nsec());
    assert!(
        reading::is_fresh((seconds, nanoseconds)),
        "it was written less than {FRESH_CHANGE:?} ago"
    );
    assert!(!reading::is_fresh((seconds - 3, nanoseconds)));
    assert!(
        !reading::is_fresh((seconds + 3600, 0)),
        "a clock that was set back must not keep a file busy"
    );
}

#[test]
fn a_file_that_did_not_change_is_not_read_again() {
    let mut log = Log::new("one\n");
    let mut held = log.open(Begin::Start);
    log.check(&mut held, &["one"]);
    held.settle();
    log.buffer = Vec::new();
    assert!(matches!(log.pump(&mut held), Pumped::AtEnd));
    assert!(log.buffer.is_empty());
    log.append("two\n");
    log.check(&mut held, &["two"]);
}

#[test]
fn room_that_a_writer_made_is_no_text_before_it_is_written_to() {
    for (begun, room, given) in [
        ("", 4096, &[][..]),
        ("", 2 * READ_BYTES_PER_TURN as u64, &[]),
        ("one\n", 4096, &["one"]),
    ] {
        let mut log = Log::new(begun);
        let mut held = log.open(Begin::Start);
        let file = File::options().write(true).open(&log.path).unwrap();
        file.set_len(room).unwrap();
        log.check(&mut held, given);
        assert!(!held.has_grown());
        let end = begun.len() as u64;
        file.write_all_at(b"two\nthr", end).unwrap();
        while let Pumped::More = log.pump(&mut held) {}
        assert_eq!(lines(&held, end), ["two"]);
        file.write_all_at(b"ee\n", end + 7).unwrap();
        while let Pumped::More = log.pump(&mut held) {}
        assert_eq!(lines(&held, end), ["two", "three"]);
    }
}

#[test]
fn growth_is_what_keeps_a_file_that_was_left() {
    let mut log = Log::new("one\n");
    let mut held = log.open(Begin::Start);
    held.let_pass(Duration::from_secs(60));
    let before = Instant::now();
    log.check(&mut held, &["one"]);
    assert!(held.grew() >= before);
    held.let_pass(Duration::from_secs(60));
    log.check(&mut held, &[]);
    assert!(held.grew() < before);
}

#[test]
fn a_line_without_an_end_is_told_when_it_is_at_rest_and_again_when_it_grew() {
    let mut log = Log::new("one\n");
    let mut held = log.open(Begin::Start);
    log.append("tw");
    log.check(&mut held, &["one"]);
    let told = |log: &Log, held: &mut Held, time| {
        held.let_pass(time);
        held.tell_unfinished(&log.store, &log.source);
        let line = held.segment().unfinished()?;
        Some(String::from_utf8_lossy(line.text(&line.lines()[0])).into_owned())
    };
    assert_eq!(told(&log, &mut held, UNFINISHED_REST / 2), None);
    assert_eq!(
        told(&log, &mut held, UNFINISHED_REST).as_deref(),
        Some("tw")
    );
    log.append("o");
    log.check(&mut held, &[]);
    assert_eq!(
        told(&log, &mut held, UNFINISHED_REST).as_deref(),
        Some("two")
    );
    log.append("\n");
    log.check(&mut held, &["two"]);
    assert_eq!(told(&log, &mut held, UNFINISHED_REST), None);
}
