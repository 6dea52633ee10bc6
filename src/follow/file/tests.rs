use std::fs;
use std::fs::File;
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;

use crate::config::MISSING_GRACE;
use crate::config::READ_BYTES_PER_TURN;
use crate::config::ROTATE_GRACE;
use crate::follow::file::Follower;
use crate::follow::file::Next;
use crate::store::Store;
use crate::store::chain::Source;
use crate::store::chain::State;
use crate::store::segment::BoundaryKind;
use crate::store::segment::Segment;

/// Takes no time, as far as a follower knows.
const AT_ONCE: Duration = Duration::ZERO;

impl Follower {
    /// Looks until everything is read, as if `time` had passed without a look.
    fn look_after(&mut self, store: &Store, time: Duration) -> Next {
        for held in &mut self.leaving {
            held.let_pass(time);
        }
        self.missing_since = self.missing_since.and_then(|since| since.checked_sub(time));
        let mut buffer = Vec::new();
        for _ in 0..1000 {
            match self.look(store, &mut buffer, &mut |_| None) {
                Next::Now => {}
                next => {
                    store.publish();
                    return next;
                }
            }
        }
        panic!("there is always more to read");
    }
}

impl Source {
    /// Its follower, driven by hand, for tests of what readers see: every call is a look, as if
    /// that much time had passed since the last one.
    pub(crate) fn follower(
        self: &Arc<Self>,
        store: &Arc<Store>,
        was_there: bool,
    ) -> Box<dyn FnMut(Duration)> {
        let mut follower = Follower::new(Arc::clone(self), was_there);
        let store = Arc::clone(store);
        Box::new(move |time| {
            follower.look_after(&store, time);
        })
    }
}

struct Log {
    _dir: TempDir,
    path: PathBuf,
    store: Store,
    follower: Follower,
}

impl Log {
    /// A file with this content, that was looked at once.
    fn new(content: &str) -> Log {
        let mut log = Log::missing();
        log.write(content);
        log.look();
        log
    }

    fn missing() -> Log {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("app.log");
        let store = Store::default();
        let source = store.add(&path);
        let follower = Follower::new(source, true);
        Log {
            _dir: dir,
            path,
            store,
            follower,
        }
    }

    fn beside(&self, name: &str) -> PathBuf {
        self.path.with_file_name(name)
    }

    fn write(&self, content: &str) {
        fs::write(&self.path, content).unwrap();
    }

    fn writer(&self) -> File {
        OpenOptions::new()
            .append(true)
            .create(true)
            .open(&self.path)
            .unwrap()
    }

    fn append(&self, text: &str) {
        self.writer().write_all(text.as_bytes()).unwrap();
    }

    fn rename(&self, from: &str, to: &str) {
        fs::rename(self.beside(from), self.beside(to)).unwrap();
    }

    fn look(&mut self) -> Next {
        self.follower.look_after(&self.store, AT_ONCE)
    }

    fn look_after(&mut self, time: Duration) -> Next {
        self.follower.look_after(&self.store, time)
    }

    fn state(&self) -> State {
        self.follower.source().state()
    }

    /// Each segment as its lines and, after `>`, what became of it.
    fn story(&self) -> Vec<String> {
        self.follower
            .source()
            .segments()
            .iter()
            .map(|segment| told(segment))
            .collect()
    }

    #[track_caller]
    fn check(&self, expected: &[&str]) {
        assert_eq!(self.story(), expected);
    }
}

fn told(segment: &Segment) -> String {
    let mut words = Vec::new();
    let remembered =
        (segment.first()..segment.head()).find(|&offset| segment.recent_at(offset).is_some());
    let mut offset = remembered.unwrap_or(segment.head());
    while let Some((batch, number)) = segment.recent_at(offset) {
        let line = &batch.lines()[number];
        words.push(String::from_utf8_lossy(batch.text(line)).into_owned());
        offset = line.end;
    }
    assert_eq!(offset, segment.head(), "the head is past the last line");
    words.extend(segment.boundary().map(|boundary| match &boundary.kind {
        BoundaryKind::Rotated { name } => format!("> {}", name.as_deref().unwrap_or("?")),
        BoundaryKind::Truncated { size } => format!("> {size} bytes truncated"),
    }));
    words.join(" ")
}

#[test]
fn what_is_there_at_the_start_is_history() {
    let mut log = Log::new("old\n");
    log.check(&[""]);
    log.append("new\n");
    log.look();
    log.check(&["new"]);
    assert_eq!(log.state(), State::Live);
}

#[test]
fn a_file_that_appears_later_is_news_from_its_first_line() {
    let mut log = Log::missing();
    assert_eq!(log.look(), Next::Soon);
    assert_eq!(log.state(), State::Waiting);
    log.write("one\ntwo\n");
    log.look();
    log.check(&["one two"]);
    assert_eq!(log.state(), State::Live);
}

#[test]
fn a_source_that_was_found_later_is_news_from_its_first_line() {
    let mut log = Log::missing();
    log.write("one\n");
    log.follower = Follower::new(Arc::clone(log.follower.source()), false);
    log.look();
    log.check(&["one"]);
}

#[test]
fn an_unfinished_line_waits_for_its_end() {
    let mut log = Log::new("");
    for piece in ["o", "n", "e\ntw"] {
        log.append(piece);
        log.look();
    }
    log.check(&["one"]);
    log.append("o\n");
    log.look();
    log.check(&["one two"]);
}

#[test]
fn a_rename_rotation_loses_no_line() {
    let mut log = Log::new("");
    log.append("one\n");
    log.look();
    log.append("two\n");
    log.rename("app.log", "app.log.1");
    log.append("three\n");
    log.look();
    log.check(&["one two > app.log.1", "three"]);
}

#[test]
fn a_rotation_seen_in_its_middle_is_not_a_missing_file() {
    let mut log = Log::new("");
    log.append("one\n");
    log.rename("app.log", "app.log.1");
    assert_eq!(log.look(), Next::Soon);
    assert_eq!(log.state(), State::Live);
    log.append("two\n");
    log.look();
    log.check(&["one > app.log.1", "two"]);
}

#[test]
fn a_named_file_that_stays_away_is_waited_for() {
    let mut log = Log::new("");
    fs::remove_file(&log.path).unwrap();
    log.look();
    log.look_after(MISSING_GRACE);
    assert_eq!(log.state(), State::Waiting);
    log.append("back\n");
    log.look();
    assert_eq!(log.state(), State::Live);
    log.check(&["> ?", "back"]);
}

#[test]
fn a_file_found_by_a_pattern_is_gone_when_it_stays_away() {
    let mut log = Log::new("");
    let source = log.store.add_found(&log.path);
    log.follower = Follower::new(source, true);
    log.look();
    fs::remove_file(&log.path).unwrap();
    log.look();
    log.look_after(MISSING_GRACE);
    assert_eq!(log.state(), State::Gone);
}

#[test]
fn late_lines_of_the_renamed_file_are_given_before_and_after_the_new_one_exists() {
    let mut log = Log::new("");
    let mut late = log.writer();
    log.rename("app.log", "app.log.1");
    late.write_all(b"before\n").unwrap();
    log.look();
    log.check(&["before"]);
    log.append("new\n");
    log.look();
    late.write_all(b"after\n").unwrap();
    assert_eq!(log.look(), Next::Soon);
    log.check(&["before after > app.log.1", "new"]);
}

#[test]
fn a_renamed_file_is_let_go_when_it_was_quiet_for_long_enough() {
    let mut log = Log::new("");
    let mut late = log.writer();
    log.rename("app.log", "app.log.1");
    log.append("new\n");
    log.look();
    log.look_after(ROTATE_GRACE / 2);
    late.write_all(b"late\n").unwrap();
    log.look_after(ROTATE_GRACE / 2 - Duration::from_millis(200));
    log.look_after(ROTATE_GRACE / 2);
    let old = &log.follower.source().segments()[0];
    assert!(!old.is_finished(), "the time counts from its last growth");
    assert_eq!(log.look_after(ROTATE_GRACE), Next::Later);
    assert!(old.is_finished());
    log.check(&["late > app.log.1", "new"]);
}

#[test]
fn a_line_begun_before_the_rename_is_completed_after_it() {
    let mut log = Log::new("");
    let mut late = log.writer();
    late.write_all(b"one\ntw").unwrap();
    log.look();
    log.rename("app.log", "app.log.1");
    log.append("three\n");
    log.look();
    late.write_all(b"o\n").unwrap();
    log.look();
    log.check(&["one two > app.log.1", "three"]);
}

#[test]
fn a_line_that_is_never_finished_is_given_once_and_alone() {
    let mut log = Log::new("");
    log.append("one\ntw");
    log.look();
    log.rename("app.log", "app.log.1");
    log.append("three\n");
    log.look();
    log.check(&["one > app.log.1", "three"]);
    log.look_after(ROTATE_GRACE);
    log.look_after(ROTATE_GRACE);
    log.check(&["one tw > app.log.1", "three"]);
}

#[test]
fn the_middle_file_of_two_rotations_between_two_looks_is_found() {
    let mut log = Log::new("");
    log.append("one\n");
    log.look();
    log.append("two\n");
    log.rename("app.log", "app.log.1");
    log.append("three\n");
    log.rename("app.log.1", "app.log.2");
    log.rename("app.log", "app.log.1");
    log.append("four\n");
    log.look();
    log.check(&["one two > app.log.2", "three > app.log.1", "four"]);
}

#[test]
fn all_middle_files_of_many_rotations_between_two_looks_are_found() {
    let mut log = Log::new("");
    log.append("0\n");
    log.look();
    for number in 1..=4 {
        for age in (1..number).rev() {
            log.rename(&format!("app.log.{age}"), &format!("app.log.{}", age + 1));
        }
        log.rename("app.log", "app.log.1");
        log.append(&format!("{number}\n"));
    }
    log.look();
    log.check(&[
        "0 > app.log.4",
        "1 > app.log.3",
        "2 > app.log.2",
        "3 > app.log.1",
        "4",
    ]);
}

#[test]
fn the_middle_file_is_found_when_the_first_one_is_deleted() {
    let mut log = Log::new("");
    log.append("one\n");
    log.look();
    log.rename("app.log", "app.log.1");
    log.append("two\n");
    // `rotate 1`: the new .1 takes the place of the old one.
    log.rename("app.log", "app.log.1");
    log.append("three\n");
    log.look();
    log.check(&["one > ?", "two > app.log.1", "three"]);
}

#[test]
fn rotated_files_that_were_there_before_are_not_news() {
    let mut log = Log::missing();
    fs::write(log.beside("app.log.1"), "older\n").unwrap();
    log.write("old\n");
    log.follower = Follower::new(Arc::clone(log.follower.source()), true);
    log.look();
    log.append("one\n");
    log.rename("app.log.1", "app.log.2");
    log.rename("app.log", "app.log.1");
    log.append("two\n");
    log.look();
    log.check(&["one > app.log.1", "two"]);
}

#[test]
fn a_copytruncate_loses_no_line_that_is_in_the_copy() {
    let mut log = Log::new("");
    log.append("one\n");
    log.look();
    log.append("two\nthr");
    fs::copy(&log.path, log.beside("app.log.1")).unwrap();
    log.write("");
    log.append("four\n");
    log.look();
    log.look_after(ROTATE_GRACE);
    log.check(&["one two thr > 4 bytes truncated", "four"]);
}

#[test]
fn a_second_copytruncate_finds_the_second_copy() {
    let mut log = Log::new("");
    for text in ["one\n", "two\n", "three\n"] {
        log.append(text);
        log.look();
        log.append("rest\n");
        if log.beside("app.log.1").exists() {
            log.rename("app.log.1", "app.log.2");
        }
        fs::copy(&log.path, log.beside("app.log.1")).unwrap();
        log.write("");
        log.look();
    }
    log.check(&[
        "one rest > 4 bytes truncated",
        "two rest > 4 bytes truncated",
        "three rest > 6 bytes truncated",
        "",
    ]);
}

#[test]
fn a_truncated_file_is_read_from_its_start_however_long_it_is_now() {
    for now in ["1\n", "uno\n", "ONE\ntwo\nthree\n"] {
        let mut log = Log::new("");
        log.append("one\n");
        log.look();
        log.write(now);
        log.look();
        let lines = now.trim_end().replace('\n', " ");
        log.check(&["one > 4 bytes truncated", &lines]);
    }
}

#[test]
fn an_unfinished_line_is_not_glued_to_what_stands_there_after_a_truncation() {
    let mut log = Log::new("");
    log.append("one\ntw");
    log.look();
    log.write("three\n");
    log.look();
    log.check(&["one tw > 6 bytes truncated", "three"]);
}

#[test]
fn a_writer_that_does_not_append_leaves_a_hole_which_is_not_text() {
    for looks_between in [false, true] {
        let mut log = Log::new("");
        log.append("one\n");
        log.look();
        let writer = OpenOptions::new().write(true).open(&log.path).unwrap();
        writer.set_len(0).unwrap();
        if looks_between {
            log.look();
        }
        std::os::unix::fs::FileExt::write_all_at(&writer, b"two\n", 10_000).unwrap();
        log.look();
        log.check(&["one > 4 bytes truncated", "two"]);
    }
}

#[test]
fn a_deleted_file_is_read_to_its_end_and_its_successor_from_its_start() {
    for looks_between in [false, true] {
        let mut log = Log::new("");
        log.append("one\n");
        log.look();
        log.append("two\n");
        fs::remove_file(&log.path).unwrap();
        if looks_between {
            log.look();
        }
        log.append("three\n");
        log.look();
        log.check(&["one two > ?", "three"]);
    }
}

#[test]
fn a_busy_file_is_read_in_bounded_turns() {
    let mut log = Log::new("");
    log.write(&"x\n".repeat(READ_BYTES_PER_TURN));
    let mut buffer = Vec::new();
    assert_eq!(
        log.follower.look(&log.store, &mut buffer, &mut |_| None),
        Next::Now
    );
    assert!(log.follower.source().newest().unwrap().head() <= READ_BYTES_PER_TURN as u64);
}

#[test]
fn what_is_no_file_is_a_state_and_the_next_file_is_followed() {
    let mut log = Log::new("");
    fs::remove_file(&log.path).unwrap();
    fs::create_dir(&log.path).unwrap();
    log.look();
    assert_eq!(log.state(), State::Unreadable("is a directory".to_owned()));
    fs::remove_dir(&log.path).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &log.path,
        rustix::fs::FileType::Fifo,
        0o600.into(),
        0,
    )
    .unwrap();
    log.look();
    assert_eq!(log.state(), State::Unreadable("is a FIFO".to_owned()));
    fs::remove_file(&log.path).unwrap();
    log.append("one\n");
    log.look();
    assert_eq!(log.state(), State::Live);
    log.check(&["> ?", "one"]);
}

#[test]
fn a_link_that_points_elsewhere_is_another_file_after_the_rest_of_the_first() {
    let mut log = Log::missing();
    fs::write(log.beside("a"), "").unwrap();
    fs::write(log.beside("b"), "three\n").unwrap();
    symlink(log.beside("a"), &log.path).unwrap();
    log.look();
    log.append("one\ntwo\n");
    fs::remove_file(&log.path).unwrap();
    symlink(log.beside("b"), &log.path).unwrap();
    log.look();
    log.check(&["one two > ?", "three"]);
}

#[test]
fn a_directory_that_was_removed_and_made_again_is_followed_again() {
    let mut log = Log::missing();
    let folder = log.beside("logs");
    fs::create_dir(&folder).unwrap();
    log.path = folder.join("app.log");
    let source = log.store.add(&log.path);
    log.follower = Follower::new(source, true);
    log.append("old\n");
    log.look();
    fs::remove_dir_all(&folder).unwrap();
    log.look();
    fs::create_dir(&folder).unwrap();
    log.append("new\n");
    log.look();
    log.check(&["> ?", "new"]);
}

#[test]
fn a_file_replaced_many_times_leaves_nothing_open() {
    let mut log = Log::new("");
    for number in 0..50 {
        fs::write(log.beside("next"), format!("{number}\n")).unwrap();
        log.rename("next", "app.log");
        log.look();
    }
    log.look_after(ROTATE_GRACE);
    assert!(log.follower.leaving.is_empty());
    assert_eq!(log.story().last().map(String::as_str), Some("49"));
    assert_eq!(log.story().len(), 51);
}

/// Two followers, each of which asks the other one.
fn look_at_both(store: &Store, first: &mut Follower, second: &mut Follower) {
    for _ in 0..3 {
        let mut buffer = Vec::new();
        first.look(store, &mut buffer, &mut |file| {
            second.hand_over(store, file)
        });
        second.look(store, &mut buffer, &mut |file| first.hand_over(store, file));
    }
}

#[test]
fn a_file_renamed_to_another_followed_name_goes_on_there() {
    let mut log = Log::new("");
    let other = log.store.add(&log.beside("other.log"));
    let mut other = Follower::new(other, true);
    look_at_both(&log.store, &mut log.follower, &mut other);
    log.append("one\ntw");
    look_at_both(&log.store, &mut log.follower, &mut other);
    let mut late = log.writer();
    log.rename("app.log", "other.log");
    late.write_all(b"o\nthr").unwrap();
    look_at_both(&log.store, &mut other, &mut log.follower);
    late.write_all(b"ee\n").unwrap();
    log.append("four\n");
    look_at_both(&log.store, &mut log.follower, &mut other);
    log.look_after(ROTATE_GRACE);
    assert_eq!(told(&other.source().newest().unwrap()), "three");
    log.check(&["one two", "four"]);
}

#[test]
fn two_names_of_one_file_are_two_sources() {
    let mut log = Log::new("");
    fs::hard_link(&log.path, log.beside("other.log")).unwrap();
    let other = log.store.add(&log.beside("other.log"));
    let mut other = Follower::new(other, true);
    log.append("one\n");
    look_at_both(&log.store, &mut log.follower, &mut other);
    log.append("two\n");
    look_at_both(&log.store, &mut log.follower, &mut other);
    log.check(&["one two"]);
    assert_eq!(told(&other.source().newest().unwrap()), "two");
}
