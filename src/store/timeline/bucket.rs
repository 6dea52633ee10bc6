//! How many lines there are in a part of a timeline.

use crate::record::Record;
use crate::record::level::Level;

/// How many lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bucket {
    /// All of them, those without a level and continuation lines too.
    pub total: u64,
    /// Those that say that they are warnings.
    pub warn: u64,
    /// Those that say that something failed, or worse.
    pub error: u64,
}

impl Bucket {
    /// One line more, which says this of itself.
    pub(super) fn count(&mut self, record: &Record) {
        self.total += 1;
        match record.level {
            Some(Level::Warn) => self.warn += 1,
            Some(Level::Error | Level::Fatal) => self.error += 1,
            _ => {}
        }
    }
}
