//! Files that lose their only name, and one that does not.

use std::fs;
use std::io::Write;

use crate::config::DELETED_GRACE;
use crate::config::ROTATE_GRACE;
use crate::follow::tests::Log;
use crate::store::chain::State;

impl Log {
    fn look_until_deleted_ones_are_let_go(&mut self) {
        self.look_after(DELETED_GRACE);
        self.look_after(ROTATE_GRACE);
    }
}

#[test]
fn a_deleted_file_is_read_to_its_end_and_its_successor_from_its_start() {
    for looks_between in [false, true] {
        let mut log = Log::of_one_line();
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
fn a_deleted_file_is_held_as_long_as_it_may_be_written_to_and_no_longer() {
    let mut log = Log::of_one_line();
    let mut late = log.writer();
    fs::remove_file(&log.path).unwrap();
    log.look();
    log.look_after(DELETED_GRACE / 2);
    writeln!(late, "two").unwrap();
    log.look();
    log.look_after(DELETED_GRACE / 2);
    writeln!(late, "three").unwrap();
    log.look();
    log.look_after(DELETED_GRACE);
    writeln!(late, "four").unwrap();
    log.look();
    log.check(&["one two three four > ?"]);
    log.look_after(ROTATE_GRACE);
    assert_eq!(log.follower.open_files(), 0);
    assert_eq!(log.state(), State::Waiting);

    log.append("five\n");
    log.look();
    log.check(&["one two three four > ?", "five"]);
}

#[test]
fn a_deleted_file_is_held_for_a_while_however_quiet_it_was() {
    let mut log = Log::of_one_line();
    let mut late = log.writer();
    log.rename("app.log", "app.log.1");
    log.look();
    log.look_after(DELETED_GRACE);
    fs::remove_file(log.beside("app.log.1")).unwrap();
    log.look();
    log.look_after(ROTATE_GRACE);
    writeln!(late, "two").unwrap();
    log.look();
    log.check(&["one two"]);
}

#[test]
fn a_deleted_file_gives_way_also_where_something_else_has_its_name() {
    let mut log = Log::of_one_line();
    fs::remove_file(&log.path).unwrap();
    fs::create_dir(&log.path).unwrap();
    log.look();
    log.look_until_deleted_ones_are_let_go();
    assert_eq!(log.follower.open_files(), 0);
}

#[test]
fn a_copy_of_a_deleted_file_is_not_given_when_there_is_a_new_one() {
    let mut log = Log::of_one_line();
    fs::copy(&log.path, log.beside("app.log.1")).unwrap();
    fs::remove_file(&log.path).unwrap();
    log.look();
    log.look_until_deleted_ones_are_let_go();
    log.append("two\n");
    log.look();
    log.check(&["one > app.log.1", "two"]);
}

#[test]
fn a_file_that_was_moved_away_and_is_still_there_stays_open() {
    let mut log = Log::of_one_line();
    let mut late = log.writer();
    log.rename("app.log", "app.log.1");
    log.look();
    log.look_until_deleted_ones_are_let_go();
    writeln!(late, "two").unwrap();
    log.look();
    log.check(&["one two"]);
}
