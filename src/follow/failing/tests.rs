use std::fs;
use std::io;
use std::time::Duration;

use crate::config::POLL_INTERVAL;
use crate::config::looking::READ_RETRY_MAX;
use crate::follow::failing::Failing;
use crate::source::identity::Identity;

const MOMENT: Duration = Duration::from_millis(1);

impl Failing {
    /// As if so much time had passed.
    pub(in crate::follow) fn let_pass(&mut self, time: Duration) {
        self.since = self.since.checked_sub(time).unwrap_or(self.since);
    }
}

fn identity_of_a_file() -> Identity {
    let file = tempfile::NamedTempFile::new().unwrap();
    Identity::of(&fs::metadata(file.path()).unwrap())
}

/// After how long a file that failed so many times is tried again.
fn pause_after(times: usize) -> Duration {
    let file = identity_of_a_file();
    let error = io::Error::from(io::ErrorKind::Other);
    let mut failing = None;
    for _ in 0..times {
        failing = Some(Failing::again(failing, file, &error));
    }
    failing.expect("once at least").pause
}

#[test]
fn a_file_that_fails_is_tried_less_and_less_often_but_for_ever() {
    assert_eq!(pause_after(1), POLL_INTERVAL);
    assert_eq!(pause_after(3), POLL_INTERVAL * 4);
    assert_eq!(pause_after(100), READ_RETRY_MAX);
}

#[test]
fn only_the_file_that_failed_has_to_wait_and_only_for_its_pause() {
    let (file, other) = (identity_of_a_file(), identity_of_a_file());
    let error = io::Error::from(io::ErrorKind::Other);
    let mut failing = Failing::again(None, file, &error);
    assert!(failing.has_to_wait(file));
    assert!(!failing.has_to_wait(other));
    failing.let_pass(POLL_INTERVAL + MOMENT);
    assert!(!failing.has_to_wait(file));
    let again = Failing::again(Some(failing), other, &error);
    assert_eq!(again.pause, POLL_INTERVAL, "it is another one");
}
