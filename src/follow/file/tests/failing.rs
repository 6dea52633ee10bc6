//! Files that the system does not read, for a while or for ever.

use crate::config::ROTATE_GRACE;
use crate::config::looking::READ_RETRY_MAX;
use crate::follow::file::Next;
use crate::follow::tests::Log;
use crate::source::trouble::Cause;
use crate::store::chain::State;
use crate::store::torn::Torn;

impl Log {
    /// A file with one line, which was given; what is written now cannot be read.
    fn failing() -> Log {
        let mut log = Log::of_one_line();
        log.append("two\n");
        log.fail();
        assert_eq!(log.look(), Next::Later);
        log
    }

    fn fail(&mut self) {
        let current = self.follower.files.current.as_mut().unwrap();
        current.fail(&self.path);
    }

    fn cause(&self) -> Option<Cause> {
        match self.state() {
            State::Unreadable(trouble) => Some(trouble.cause),
            _ => None,
        }
    }
}

#[test]
fn a_file_that_cannot_be_read_is_opened_again_after_a_pause() {
    let mut log = Log::failing();
    assert_eq!(log.cause(), Some(Cause::IoError));
    assert_eq!(log.look(), Next::Later);
    assert_eq!(log.cause(), Some(Cause::IoError), "it is not tried at once");
    log.check(&["one"]);
    log.look_after(READ_RETRY_MAX);
    assert_eq!(log.state(), State::Live);
    log.check(&["one two"]);
}

#[test]
fn a_file_that_cannot_be_read_keeps_nothing_waiting() {
    let mut log = Log::failing();
    log.rename("app.log", "app.log.1");
    log.append("three\n");
    assert_eq!(log.look(), Next::Soon, "the old file may be read yet");
    assert_eq!(log.state(), State::Live);
    log.check(&["one > app.log.1", "three"]);
    log.fail();
    log.append("four\n");
    assert_eq!(log.look(), Next::Soon);
    assert_eq!(log.cause(), Some(Cause::IoError));
}

#[test]
fn what_could_not_be_read_before_a_file_was_left_is_missed() {
    let mut log = Log::failing();
    log.rename("app.log", "app.log.1");
    log.append("three\n");
    log.look();
    log.look_after(ROTATE_GRACE);
    let segments = log.follower.source().segments();
    assert_eq!(segments[0].torn.get(), Some(&Torn::Gone));
    assert_eq!(segments[1].torn.get(), None);
}
