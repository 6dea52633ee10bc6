use std::fs;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use tempfile::TempDir;

use crate::config::ROTATE_GRACE;
use crate::filter::Filter;
use crate::filter::FilterSpec;
use crate::position::Cursor;
use crate::subscription::tests::Server;
use crate::subscription::tests::wishes;
use crate::subscription::wishes::From;
use crate::subscription::wishes::Selection;
use crate::subscription::wishes::Wishes;

/// A log that a reader follows, leaves, and comes back to.
struct Log {
    _dir: TempDir,
    path: PathBuf,
    server: Server,
}

impl Log {
    fn new(content: &str) -> Log {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("app.log");
        fs::write(&path, content).unwrap();
        let server = Server::start(&path);
        Log {
            _dir: dir,
            path,
            server,
        }
    }

    fn beside(&self, name: &str) -> PathBuf {
        self.path.with_file_name(name)
    }

    fn append(&mut self, text: &str) {
        let mut file = OpenOptions::new()
            .append(true)
            .create(true)
            .open(&self.path)
            .unwrap();
        file.write_all(text.as_bytes()).unwrap();
        self.server.look();
    }

    fn rename(&self, from: &str, to: &str) {
        fs::rename(self.beside(from), self.beside(to)).unwrap();
    }

    fn restart(&mut self) {
        self.server = Server::start(&self.path);
    }

    #[track_caller]
    fn check_tail(&self, count: usize, filter: &str, expected: &[&str]) {
        let spec = FilterSpec {
            include: vec![filter.to_owned()],
            ..FilterSpec::default()
        };
        let wishes = Wishes {
            filter: Arc::new(Filter::new(&spec).unwrap()),
            ..wishes(From::Tail(count))
        };
        assert_eq!(
            self.server.told(&mut self.server.open(wishes)),
            expected,
            "the newest {count}"
        );
    }

    /// A reader of everything there is now, and its place after that.
    fn place(&self) -> Cursor {
        let mut reader = self.server.open(wishes(From::Tail(usize::MAX)));
        self.server.told(&mut reader);
        reader.cursor()
    }

    #[track_caller]
    fn check_from(&self, cursor: &Cursor, expected: &[&str]) {
        let wishes = wishes(From::Cursor(cursor.clone()));
        assert_eq!(self.server.told(&mut self.server.open(wishes)), expected);
    }
}

#[test]
fn the_newest_lines_reach_back_through_rotated_files() {
    let mut log = Log::new("6\n7a\n");
    fs::write(log.beside("app.log.1"), "4a\n5").unwrap();
    fs::write(log.beside("app.log.2"), "1a\n2\n3\n").unwrap();
    log.restart();
    log.check_tail(0, "", &[]);
    log.check_tail(1, "", &["7a"]);
    log.check_tail(2, "", &["6", "7a"]);
    log.check_tail(3, "", &["5", "> app.log.1", "6", "7a"]);
    log.check_tail(
        5,
        "",
        &["3", "> app.log.2", "4a", "5", "> app.log.1", "6", "7a"],
    );
    log.check_tail(
        99,
        "",
        &[
            "1a",
            "2",
            "3",
            "> app.log.2",
            "4a",
            "5",
            "> app.log.1",
            "6",
            "7a",
        ],
    );
    log.check_tail(1, "a", &["7a"]);
    log.check_tail(2, "a", &["4a", "> app.log.1", "7a"]);
    log.check_tail(3, "a", &["1a", "> app.log.2", "4a", "> app.log.1", "7a"]);
    log.check_tail(1, "2", &["2", "> app.log.2", "> app.log.1"]);
}

#[test]
fn boundaries_come_between_the_lines_and_late_lines_after_them() {
    let mut log = Log::new("");
    let mut reader = log.server.open(wishes(From::Tail(0)));
    let mut late = OpenOptions::new().append(true).open(&log.path).unwrap();
    log.append("one\n");
    log.rename("app.log", "app.log.1");
    log.append("two\n");
    assert_eq!(log.server.told(&mut reader), ["one", "> app.log.1", "two"]);
    late.write_all(b"late\n").unwrap();
    log.append("three\n");
    let mut told = log.server.told(&mut reader);
    told.sort();
    assert_eq!(told, ["late", "three"]);
    log.server.look_after(ROTATE_GRACE);
    log.append("four\n");
    assert_eq!(log.server.told(&mut reader), ["four"]);
    assert_eq!(reader.cursor().places.len(), 1, "the old file is over");
}

#[test]
fn a_reader_goes_on_where_it_was() {
    for restarts in [false, true] {
        let mut log = Log::new("one\n");
        let cursor = log.place();
        log.append("two\n");
        if restarts {
            log.restart();
        }
        log.check_from(&cursor, &["two"]);
        log.append("three\nunfin");
        log.check_from(&cursor, &["two", "three"]);
    }
}

#[test]
fn a_reader_goes_on_in_the_renamed_file() {
    for restarts in [false, true] {
        let mut log = Log::new("one\n");
        let cursor = log.place();
        log.append("two\n");
        log.rename("app.log", "app.log.1");
        log.append("three\n");
        if restarts {
            log.restart();
        }
        log.check_from(&cursor, &["two", "> app.log.1", "three"]);
    }
}

#[test]
fn a_reader_goes_on_in_the_copy_of_a_truncated_file() {
    for restarts in [false, true] {
        let mut log = Log::new("one\n");
        let cursor = log.place();
        log.append("two\n");
        fs::copy(&log.path, log.beside("app.log.1")).unwrap();
        fs::write(&log.path, "").unwrap();
        log.append("three\n");
        if restarts {
            log.restart();
        }
        let boundary = if restarts {
            "> app.log.1"
        } else {
            "> 8 bytes truncated"
        };
        log.check_from(&cursor, &["two", boundary, "three"]);
    }
}

#[test]
fn a_reader_of_a_truncated_file_is_told_of_a_gap_however_long_the_file_is_now() {
    for now in ["1\n", "ONE\n", "ONE\ntwo\nthree\n"] {
        let mut log = Log::new("one\n");
        let cursor = log.place();
        fs::write(&log.path, now).unwrap();
        log.restart();
        let mut expected = vec!["gap: Truncated 4..0"];
        expected.extend(now.lines());
        log.check_from(&cursor, &expected);
    }
}

#[test]
fn a_reader_of_a_file_that_is_gone_is_told_of_a_gap() {
    let mut log = Log::new("one\n");
    let cursor = log.place();
    // Its inode may be given to the new one at once.
    fs::remove_file(&log.path).unwrap();
    fs::write(&log.path, "two\n").unwrap();
    log.restart();
    let mut reader = log.server.open(wishes(From::Cursor(cursor)));
    let told = log.server.told(&mut reader);
    assert!(
        told[0].starts_with("gap: ") && told[1..] == ["two"],
        "{told:?}"
    );
}

#[test]
fn files_that_begin_alike_are_told_apart() {
    for restarts in [false, true] {
        let mut log = Log::new("header\none\n");
        let cursor = log.place();
        log.append("two\n");
        log.rename("app.log", "app.log.1");
        log.append("header\n");
        log.append("three\n");
        if restarts {
            log.restart();
        }
        log.check_from(&cursor, &["two", "> app.log.1", "header", "three"]);
        let later = log.place();
        log.append("four\n");
        log.restart();
        log.check_from(&later, &["four"]);
    }
}

#[test]
fn a_source_that_did_not_exist_is_read_from_its_first_line() {
    for restarts in [false, true] {
        let mut log = Log::new("");
        fs::remove_file(&log.path).unwrap();
        log.restart();
        let cursor = log.place();
        log.append("one\n");
        log.rename("app.log", "app.log.1");
        log.append("two\n");
        if restarts {
            log.restart();
        }
        log.check_from(&cursor, &["one", "> app.log.1", "two"]);
    }
}

#[test]
fn a_cursor_says_nothing_of_sources_that_were_not_asked_for() {
    let mut log = Log::new("one\n");
    let cursor = Cursor {
        places: Vec::new(),
        selection: 77,
        ..log.place()
    };
    log.append("two\n");
    let tailed = Wishes {
        tail: 1,
        ..wishes(From::Cursor(cursor))
    };
    assert_eq!(log.server.told(&mut log.server.open(tailed)), ["two"]);
}

#[test]
fn a_cursor_without_room_for_a_source_that_changed_is_a_gap() {
    let mut log = Log::new("one\n");
    let cursor = Cursor {
        places: Vec::new(),
        is_complete: false,
        made: 0,
        ..log.place()
    };
    log.check_from(&cursor, &["gap: Cursor 0..0"]);
    log.append("two\n");
    let unchanged = Cursor {
        made: u64::MAX >> 16,
        ..cursor
    };
    log.check_from(&unchanged, &[]);
}

#[test]
fn a_place_that_cannot_be_read_is_a_gap_and_the_newest_lines() {
    let log = Log::new("one\ntwo\n");
    let lost = Wishes {
        tail: 1,
        ..wishes(From::LostCursor)
    };
    assert_eq!(
        log.server.told(&mut log.server.open(lost)),
        ["gap: Cursor 0..0", "two"]
    );
}

#[test]
fn a_reader_has_no_place_before_it_was_told_of_its_gaps() {
    let mut log = Log::new("one\n");
    let cursor = log.place();
    fs::write(&log.path, "ONE\n").unwrap();
    log.restart();
    let reader = log.server.open(wishes(From::Cursor(cursor)));
    assert_eq!(reader.greeting.len(), 1, "{:?}", reader.greeting);
    log.check_from(&reader.cursor(), &["ONE"]);
}

#[test]
fn what_a_source_is_comes_first_and_whenever_it_changes() {
    let mut log = Log::new("one\n");
    fs::remove_file(&log.path).unwrap();
    log.restart();
    let mut reader = log.server.open(wishes(From::Tail(0)));
    assert_eq!(
        log.server.told(&mut reader),
        [""; 0],
        "its state was told before"
    );
    log.append("two\n");
    assert_eq!(log.server.told(&mut reader), ["Live", "two"]);
}

#[test]
fn a_selection_has_a_hash_that_knows_no_order() {
    let named = |names: &[&str]| {
        Selection::Named(names.iter().map(|&name| name.to_owned()).collect()).hash()
    };
    assert_eq!(named(&["a", "b"]), named(&["b", "a"]));
    assert_ne!(named(&["a", "b"]), named(&["ab"]));
    assert_ne!(named(&["a"]), named(&["b"]));
    assert_ne!(named(&["a"]), Selection::All.hash());
}

#[test]
fn a_source_is_wanted_by_its_name_or_its_id() {
    let log = Log::new("");
    let source = &log.server.source;
    for name in ["app.log", &source.id.to_string()] {
        assert!(
            Selection::Named(vec![name.to_owned()]).includes(source),
            "{name}"
        );
    }
    for name in ["app", "APP.LOG", log.path.to_str().unwrap(), ""] {
        assert!(
            !Selection::Named(vec![name.to_owned()]).includes(source),
            "{name}"
        );
    }
    assert!(Selection::All.includes(source));
}
