//! Files that are closed while nothing is written to them.

use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;

use crate::config::MISSING_GRACE;
use crate::follow::file::Next;
use crate::follow::tests::Log;
use crate::store::chain::State;
use crate::store::torn::Torn;

impl Log {
    /// A file with one line, which was given, and then closed.
    fn at_rest() -> Log {
        let mut log = Log::of_one_line();
        log.rest();
        assert_eq!(log.follower.open_files(), 0);
        log
    }

    fn rest(&mut self) {
        self.follower.look_and_rest(&self.store);
    }

    /// Why there may be more in each segment than was given.
    fn torn(&self) -> Vec<Option<Torn>> {
        let segments = self.follower.source().segments();
        let torn = segments.iter().map(|segment| segment.torn.get().copied());
        torn.collect()
    }
}

#[test]
fn a_closed_file_is_not_opened_for_a_look() {
    let mut log = Log::at_rest();
    assert_eq!(log.look(), Next::Later);
    assert_eq!(log.follower.open_files(), 0);
    assert_eq!(log.state(), State::Live);
}

#[test]
fn a_closed_file_is_read_on_when_it_grows() {
    let mut log = Log::at_rest();
    log.append("two\nthr");
    log.look();
    log.check(&["one two"]);
    log.rest();
    assert_eq!(log.follower.open_files(), 0);
    log.append("ee\n");
    log.look();
    log.check(&["one two three"]);
    assert_eq!(log.follower.open_files(), 1);
}

#[test]
fn a_closed_file_that_was_refilled_is_new() {
    let mut log = Log::at_rest();
    log.write("six\n");
    log.look();
    log.check(&["one > 4 bytes truncated", "six"]);
}

#[test]
fn a_closed_file_that_was_renamed_is_read_to_its_end() {
    let mut log = Log::at_rest();
    log.append("two\n");
    let mut late = log.writer();
    log.rename("app.log", "app.log.1");
    log.append("three\n");
    log.look();
    log.check(&["one two > app.log.1", "three"]);
    late.write_all(b"late\n").unwrap();
    log.look();
    log.check(&["one two late > app.log.1", "three"]);
    assert_eq!(log.torn(), [None, None]);
}

#[test]
fn a_closed_file_is_found_beside_the_target_of_a_link() {
    let mut log = Log::missing();
    fs::create_dir(log.beside("pod")).unwrap();
    fs::write(log.beside("pod/0.log"), "").unwrap();
    symlink(log.beside("pod/0.log"), &log.path).unwrap();
    log.look();
    log.append("one\n");
    log.rest();
    log.append("two\n");
    log.rename("pod/0.log", "pod/0.log.20261126-181200");
    fs::write(log.beside("pod/0.log"), "three\n").unwrap();
    log.look();
    log.check(&["one two > ?", "three"]);
    assert_eq!(log.torn(), [None, None]);
}

#[test]
fn what_was_written_last_into_a_closed_file_that_is_gone_is_missed() {
    let mut log = Log::at_rest();
    log.append("two\n");
    fs::remove_file(&log.path).unwrap();
    assert_eq!(log.look(), Next::Soon);
    assert_eq!(log.state(), State::Live, "it may be between two names");
    log.look_after(MISSING_GRACE);
    assert_eq!(log.state(), State::Waiting);
    log.append("three\n");
    log.look();
    assert_eq!(log.torn(), [Some(Torn::Gone), None]);
}

#[test]
fn a_file_that_is_busy_or_has_no_path_is_not_closed() {
    let mut log = Log::new("one\n");
    log.rename("app.log", "app.log.1");
    log.rest();
    assert_eq!(log.follower.open_files(), 1, "it may still be written to");
    log.append("two\n");
    log.rest();
    assert_eq!(log.follower.open_files(), 2, "so may it now");
}
