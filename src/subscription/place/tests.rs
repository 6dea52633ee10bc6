use std::fs;
use std::fs::File;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use tempfile::TempDir;

use crate::config::LAG_SKIP_BYTES;
use crate::config::LINE_BYTES_MAX;
use crate::config::READ_BYTES;
use crate::config::ROTATE_GRACE;
use crate::filter::Filter;
use crate::filter::FilterSpec;
use crate::source::identity::Identity;
use crate::store::found::Found;
use crate::subscription::tests::Reader;
use crate::subscription::tests::Server;
use crate::subscription::tests::wishes;
use crate::subscription::update::GapReason;
use crate::subscription::update::Update;
use crate::subscription::wishes::From;
use crate::subscription::wishes::Wishes;

struct Log {
    _dir: TempDir,
    path: PathBuf,
    server: Server,
}

/// What a reader was given, as ranges of the file.
#[derive(Debug, Default)]
struct Given {
    /// Offset, text and length if it was cut.
    lines: Vec<(u64, String, Option<u64>)>,
    gaps: Vec<(u64, u64, Option<u64>, GapReason, bool)>,
}

impl Log {
    fn new() -> Log {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("app.log");
        fs::write(&path, "").unwrap();
        let server = Server::start(&path);
        Log {
            _dir: dir,
            path,
            server,
        }
    }

    fn append(&mut self, text: impl AsRef<[u8]>) {
        let mut file = OpenOptions::new()
            .append(true)
            .create(true)
            .open(&self.path)
            .unwrap();
        file.write_all(text.as_ref()).unwrap();
        self.server.look();
    }

    fn open(&self) -> Reader {
        self.server.open(wishes(From::Tail(0)))
    }

    fn given(&self, reader: &mut Reader) -> Given {
        let mut given = Given::default();
        while let Some(update) = self.server.next(reader) {
            match update {
                Update::Lines(lines) => {
                    for line in lines
                        .kept
                        .iter()
                        .map(|&number| &lines.batch.lines()[number as usize])
                    {
                        let text = String::from_utf8_lossy(lines.batch.text(line)).into_owned();
                        given.lines.push((line.offset, text, line.cut()));
                    }
                }
                Update::Gap(gap) => given.gaps.push((
                    gap.from.unwrap(),
                    gap.to.unwrap(),
                    gap.lines,
                    gap.reason,
                    gap.is_loadable,
                )),
                Update::Boundary { .. } | Update::Source(_) | Update::Unfinished { .. } => {}
            }
        }
        given
    }
}

fn texts(given: &Given) -> Vec<&str> {
    given
        .lines
        .iter()
        .map(|(_, text, _)| text.as_str())
        .collect()
}

#[test]
fn memory_and_disk_give_the_same_lines() {
    let mut text = Vec::new();
    for number in 0..3000 {
        let line = match number % 5 {
            0 => String::new(),
            1 => format!("{number}\r"),
            2 => format!("{number} {}", "é".repeat(number % 700)),
            3 if number % 1000 == 3 => "€".repeat(READ_BYTES),
            _ => format!("{number} \0 \r middle"),
        };
        text.extend_from_slice(line.as_bytes());
        text.push(b'\n');
    }
    let mut log = Log::new();
    let (mut at_the_end, mut slow) = (log.open(), log.open());
    log.append(&text);
    let from_memory = log.given(&mut at_the_end);
    log.server.forget();
    let from_disk = log.given(&mut slow);
    assert_eq!(from_memory.lines.len(), 3000);
    assert!(from_memory.lines == from_disk.lines, "the same lines");
    assert!(from_disk.gaps.is_empty());
}

#[test]
fn a_long_line_is_read_from_disk_with_its_length() {
    for length in [
        LINE_BYTES_MAX - 1,
        LINE_BYTES_MAX,
        LINE_BYTES_MAX + 1,
        READ_BYTES,
        3 * READ_BYTES + 1,
    ] {
        let mut log = Log::new();
        let mut reader = log.open();
        log.append(format!("before\n{}\nafter\n", "x".repeat(length)));
        log.server.forget();
        let given = log.given(&mut reader);
        let cut = (length > LINE_BYTES_MAX).then_some(length as u64);
        let whole = (7, "x".repeat(length.min(LINE_BYTES_MAX)), cut);
        assert_eq!(given.lines.len(), 3);
        assert!(given.lines[1] == whole, "{length}");
        assert_eq!(given.lines[2].0, 7 + length as u64 + 1);
    }
}

#[test]
fn a_slow_reader_of_a_deleted_file_is_given_it_to_its_end() {
    let mut log = Log::new();
    let mut reader = log.open();
    log.append("one\ntwo\n");
    fs::remove_file(&log.path).unwrap();
    log.append("three\n");
    log.server.look_after(ROTATE_GRACE);
    log.server.forget();
    assert_eq!(texts(&log.given(&mut reader)), ["one", "two", "three"]);
}

#[test]
fn what_was_truncated_before_a_slow_reader_came_to_it_is_a_gap() {
    let mut log = Log::new();
    let mut reader = log.open();
    log.append("one\ntwo\n");
    fs::write(&log.path, "").unwrap();
    log.append("three\n");
    log.server.forget();
    let given = log.given(&mut reader);
    assert_eq!(texts(&given), ["three"]);
    assert_eq!(given.gaps, [(0, 8, None, GapReason::Truncated, false)]);
}

#[test]
fn what_is_still_in_memory_is_given_after_a_truncation() {
    let mut log = Log::new();
    let mut reader = log.open();
    log.append("one\ntwo\n");
    fs::write(&log.path, "").unwrap();
    log.append("three\n");
    assert_eq!(texts(&log.given(&mut reader)), ["one", "two", "three"]);
}

#[test]
fn a_file_that_was_refilled_and_not_yet_looked_at_gives_nothing_wrong() {
    for taken in [false, true] {
        let mut log = Log::new();
        let mut reader = log.open();
        log.append("one\n");
        if taken {
            log.given(&mut reader);
        }
        log.append("two\n");
        log.server.forget();
        fs::write(&log.path, "1\n2\n3\n4\n5\n").unwrap();
        assert!(texts(&log.given(&mut reader)).is_empty());
        log.server.look();
        let given = log.given(&mut reader);
        assert_eq!(texts(&given), ["1", "2", "3", "4", "5"]);
        assert_eq!(given.gaps.len(), 1);
    }
}

#[test]
fn a_reader_that_may_be_moved_ahead_is_told_what_it_was_not_given() {
    for passes_all in [false, true] {
        let mut log = Log::new();
        let include = if passes_all {
            Vec::new()
        } else {
            vec!["line".to_owned()]
        };
        let spec = FilterSpec {
            include,
            ..FilterSpec::default()
        };
        let mut reader = log.server.open(Wishes {
            filter: Arc::new(Filter::new(&spec).unwrap()),
            skips_lag: true,
            ..wishes(From::Tail(0))
        });
        log.append("line first\n");
        assert_eq!(texts(&log.given(&mut reader)), ["line first"]);
        let line = format!("line {}\n", "x".repeat(1000));
        let count = LAG_SKIP_BYTES as usize / line.len() + 10;
        log.append(line.repeat(count));
        let given = log.given(&mut reader);
        let [(from, to, lines, GapReason::Lag, true)] = given.gaps[..] else {
            panic!("{:?}", given.gaps);
        };
        // The ranges together are the file.
        assert_eq!(from, 11);
        assert_eq!(given.lines[0].0, to);
        assert_eq!(
            given.lines.len() * line.len(),
            (fs::metadata(&log.path).unwrap().len() - to) as usize
        );
        let skipped = ((to - from) as usize / line.len()) as u64;
        assert_eq!(lines, passes_all.then_some(skipped));
        assert_eq!(skipped as usize + given.lines.len(), count);
    }
}

#[test]
fn a_reader_that_did_not_ask_for_it_is_never_moved_ahead() {
    let mut log = Log::new();
    let mut reader = log.open();
    let count = LAG_SKIP_BYTES as usize / 1000 + 10;
    log.append(format!("{}\n", "x".repeat(1000)).repeat(count));
    log.server.forget();
    let given = log.given(&mut reader);
    assert_eq!((given.lines.len(), given.gaps.len()), (count, 0));
}

#[test]
fn a_reader_far_behind_in_a_rotated_file_is_moved_past_it() {
    let mut log = Log::new();
    let mut reader = log.server.open(Wishes {
        skips_lag: true,
        ..wishes(From::Tail(0))
    });
    log.append("first\n");
    log.given(&mut reader);
    log.append(format!("{}\n", "x".repeat(1000)).repeat(LAG_SKIP_BYTES as usize / 1000 + 10));
    let end = fs::metadata(&log.path).unwrap().len();
    fs::rename(&log.path, log.path.with_extension("log.1")).unwrap();
    log.append("new\n");
    let given = log.given(&mut reader);
    assert_eq!(texts(&given), ["new"]);
    assert_eq!(given.gaps.len(), 1);
    assert_eq!((given.gaps[0].0, given.gaps[0].1), (6, end));
}

#[test]
fn the_hole_at_the_beginning_of_a_file_is_not_given_and_does_not_stop_a_reader() {
    for forgets in [false, true] {
        let mut log = Log::new();
        let mut reader = log.open();
        let file = OpenOptions::new().write(true).open(&log.path).unwrap();
        file.set_len(10_000).unwrap();
        log.append("one\ntwo\n");
        if forgets {
            log.server.forget();
        }
        assert_eq!(texts(&log.given(&mut reader)), ["one", "two"]);
        let mut newest = log.server.open(wishes(From::Tail(99)));
        assert_eq!(texts(&log.given(&mut newest)), ["one", "two"]);
        let cursor = newest.cursor();
        log.append("three\n");
        log.server = Server::start(&log.path);
        let mut resumed = log.server.open(wishes(From::Cursor(cursor)));
        assert_eq!(texts(&log.given(&mut resumed)), ["three"]);
    }
}

#[test]
fn the_beginning_that_was_given_under_another_name_is_history_here() {
    let mut log = Log::new();
    fs::remove_file(&log.path).unwrap();
    log.server = Server::start(&log.path);
    fs::write(&log.path, "one\ntwo\nthree\n").unwrap();
    let file = Arc::new(File::open(&log.path).unwrap());
    let found = Found {
        path: log.path.clone(),
        identity: Identity::of(&file.metadata().unwrap()),
        file: Arc::downgrade(&file),
        hole: 0,
        first: 4,
        head: 14,
        trail: None,
        is_packed: false,
    };
    let mut before = log.open();
    let segment = log.server.store.open_segment(&log.server.source, found);
    log.server.source.identify(&segment, b"one\n");
    assert_eq!(texts(&log.given(&mut before)), ["two", "three"]);
    let mut newest = log.server.open(wishes(From::Tail(99)));
    assert_eq!(texts(&log.given(&mut newest)), ["one", "two", "three"]);
}

fn utf16(text: &str, to_bytes: impl Fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(to_bytes).collect()
}

#[test]
fn a_file_of_utf_16_is_lines_like_any_other() {
    for to_bytes in [u16::to_le_bytes, u16::to_be_bytes] {
        let mut log = Log::new();
        let mut reader = log.open();
        // The bytes of a newline stand in the middle of both letters.
        log.append(utf16(
            "\u{feff}one\r\n\u{0a0a}\u{010a}\u{0a01}\ntw",
            to_bytes,
        ));
        log.append(&utf16("o😀\n", to_bytes)[..3]);
        log.append(&utf16("o😀\n", to_bytes)[3..]);
        let expected = ["one", "\u{0a0a}\u{010a}\u{0a01}", "two😀"];
        assert_eq!(texts(&log.given(&mut reader)), expected, "from memory");
        log.server = Server::start(&log.path);
        for count in 1..=3 {
            let mut newest = log.server.open(wishes(From::Tail(count)));
            assert_eq!(
                texts(&log.given(&mut newest)),
                expected[3 - count..],
                "from disk"
            );
        }
        let mut resumed = log.server.open(wishes(From::Cursor(reader.cursor())));
        log.append(utf16("three\n", to_bytes));
        assert_eq!(texts(&log.given(&mut resumed)), ["three"]);
    }
}
