mod deleted;
mod failing;
mod rest;

use std::fs;
use std::fs::File;
use std::fs::OpenOptions;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;
use std::time::SystemTime;

use crate::config::READ_BYTES_PER_TURN;
use crate::config::ROTATE_GRACE;
use crate::follow::file::Follower;
use crate::follow::file::Next;
use crate::follow::held_files::HeldFiles;
use crate::follow::tests::Log;
use crate::store::Store;
use crate::store::chain::Source;
use crate::store::chain::State;

impl Follower {
    /// Looks until everything is read, as if `time` had passed without a look.
    pub(in crate::follow) fn look_after(&mut self, store: &Store, time: Duration) -> Next {
        let HeldFiles {
            leaving, current, ..
        } = &mut self.files;
        for held in leaving.iter_mut().chain(current) {
            held.let_pass(time);
        }
        self.condition.let_pass(time);
        let mut buffer = Vec::new();
        for _ in 0..1000 {
            match self.look(store, &mut buffer, &mut |_| None) {
                Next::Now => {}
                next => {
                    if time > Duration::ZERO {
                        self.settle();
                    }
                    store.publish();
                    return next;
                }
            }
        }
        panic!("there is always more to read");
    }

    /// As if nothing had been written for long before the last look.
    fn settle(&mut self) {
        if let Some(current) = &mut self.files.current {
            current.settle();
        }
    }

    /// Everything is read, and then nothing is written for so long that the descriptor is
    /// given back, if it can be.
    pub(in crate::follow) fn look_and_rest(&mut self, store: &Store) {
        self.look_after(store, Duration::ZERO);
        self.settle();
        if self.quiet_since().is_some() {
            self.rest(store);
            store.publish();
        }
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
        let mut follower = self.driven_follower(store, was_there);
        Box::new(move |time| follower(Some(time)))
    }

    /// The same, that also gives its descriptor back when no time is given.
    pub(crate) fn driven_follower(
        self: &Arc<Self>,
        store: &Arc<Store>,
        was_there: bool,
    ) -> Box<dyn FnMut(Option<Duration>)> {
        let mut follower = Follower::new(
            Arc::clone(self),
            (!was_there).then_some(std::time::SystemTime::UNIX_EPOCH),
        );
        let store = Arc::clone(store);
        Box::new(move |time| match time {
            Some(time) => {
                follower.look_after(&store, time);
            }
            None => follower.look_and_rest(&store),
        })
    }
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
    log.look_after(ROTATE_GRACE * 2 / 5);
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
    // Nobody writes to it any more.
    let older = File::open(log.beside("app.log.1")).unwrap();
    older.set_modified(SystemTime::UNIX_EPOCH).unwrap();
    log.write("old\n");
    log.follower = Follower::new(Arc::clone(log.follower.source()), None);
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
fn a_file_replaced_many_times_leaves_nothing_open() {
    let mut log = Log::new("");
    for number in 0..50 {
        fs::write(log.beside("next"), format!("{number}\n")).unwrap();
        log.rename("next", "app.log");
        log.look();
    }
    log.look_after(ROTATE_GRACE);
    assert!(log.follower.files.leaving.is_empty());
    assert_eq!(log.story().last().map(String::as_str), Some("49"));
    assert_eq!(log.story().len(), 51);
}
