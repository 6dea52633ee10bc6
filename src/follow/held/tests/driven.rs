//! What tests do to a file that is held.

use std::fs::OpenOptions;
use std::path::Path;
use std::time::Duration;

use crate::follow::held::Held;

impl Held {
    /// As if nothing had happened for `time`; so that no test has to wait for a grace to end.
    pub(in crate::follow) fn let_pass(&mut self, time: Duration) {
        self.grew = self.grew.checked_sub(time).unwrap_or(self.grew);
    }

    /// As if nothing had been written for long; it is read to its end.
    pub(in crate::follow) fn settle(&mut self) {
        self.descriptor.settle();
    }

    /// The system refuses to read with its descriptor: that is one for writing.
    pub(in crate::follow) fn fail(&mut self, path: &Path) {
        self.take_up(path, OpenOptions::new().append(true).open(path).unwrap());
    }
}
