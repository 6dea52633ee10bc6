//! A file that cannot be read: when it is tried again, less and less often, so that a
//! disk in trouble is not asked all the time.

use std::io;
use std::time::Duration;
use std::time::Instant;

use crate::config::POLL_INTERVAL;
use crate::config::looking::READ_RETRY_MAX;
use crate::source::identity::Identity;
use crate::source::trouble::Trouble;

/// See the module's description.
#[derive(Debug)]
pub(super) struct Failing {
    file: Identity,
    /// What came of it the last time.
    pub trouble: Trouble,
    since: Instant,
    pause: Duration,
}

impl Failing {
    /// `file` could not be read, after what may have happened `before`.
    pub(super) fn again(before: Option<Failing>, file: Identity, error: &io::Error) -> Failing {
        let before = before.filter(|before| before.file == file);
        Failing {
            file,
            trouble: Trouble::from(error),
            since: Instant::now(),
            pause: before.map_or(POLL_INTERVAL, |before| READ_RETRY_MAX.min(before.pause * 2)),
        }
    }

    /// Whether it is this file.
    pub(super) fn is_of(&self, file: Identity) -> bool {
        self.file == file
    }

    /// Whether it is too early to try `file` again.
    pub(super) fn has_to_wait(&self, file: Identity) -> bool {
        self.is_of(file) && self.since.elapsed() < self.pause
    }
}

#[cfg(test)]
mod tests;
