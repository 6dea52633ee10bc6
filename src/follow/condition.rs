//! Whether what a path names is there and can be read: since when it is not, and
//! what the store was told of it.

use std::io;
use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;

use crate::config::ROTATE_GRACE;
use crate::follow::failing::Failing;
use crate::source::identity::Identity;
use crate::source::trouble::Cause;
use crate::source::trouble::Trouble;
use crate::store::Store;
use crate::store::chain::Source;
use crate::store::chain::State;

/// See the module's description.
#[derive(Debug)]
pub(super) struct Condition {
    source: Arc<Source>,
    missing_since: Option<Instant>,
    /// What is held has no name any more.
    deleted_since: Option<Instant>,
    /// What its path names, or what it held, could not be read.
    failing: Option<Failing>,
}

impl Condition {
    /// The path of `source` was not looked at yet.
    pub(super) fn new(source: &Arc<Source>) -> Condition {
        Condition {
            source: Arc::clone(source),
            missing_since: None,
            deleted_since: None,
            failing: None,
        }
    }

    /// Whether it is there and can be read, as far as the store knows as well.
    pub(super) fn is_good(&self) -> bool {
        self.is_there() && self.failing.is_none()
    }

    /// Whether it is there, and the store knows it.
    pub(super) fn is_there(&self) -> bool {
        self.missing_since.is_none() && self.source.state() == State::Live
    }

    /// Whether the file lost its name lately: it may still be written to.
    pub(super) fn is_missing_lately(&self) -> bool {
        let since = self.missing_since;
        since.is_some_and(|since| since.elapsed() < ROTATE_GRACE)
    }

    /// The path names nothing; for how long by now.
    pub(super) fn note_missing(&mut self) -> Duration {
        let since = self.missing_since.get_or_insert_with(Instant::now);
        since.elapsed()
    }

    /// The path names something.
    pub(super) fn note_there(&mut self) {
        self.missing_since = None;
    }

    /// Whether the file that is held and that the path does not name `is_deleted`; for how
    /// long by now.
    pub(super) fn note_deleted(&mut self, is_deleted: bool) -> Duration {
        if !is_deleted {
            self.deleted_since = None;
            return Duration::ZERO;
        }
        let since = self.deleted_since.get_or_insert_with(Instant::now);
        since.elapsed()
    }

    /// `file` can be read.
    pub(super) fn note_readable(&mut self, file: Identity) {
        self.failing.take_if(|failing| failing.is_of(file));
    }

    /// `file` cannot be read.
    pub(super) fn note_unreadable(&mut self, file: Identity, error: &io::Error) {
        self.failing = Some(Failing::again(self.failing.take(), file, error));
    }

    /// `file` cannot be opened. Where permission is missing nothing is asked of a disk,
    /// and it may come back.
    pub(super) fn note_unopened(&mut self, file: Identity, error: &io::Error) {
        if Trouble::from(error).cause == Cause::IoError {
            self.note_unreadable(file, error);
        }
    }

    /// Whether this is the file that could not be read.
    pub(super) fn is_failing(&self, file: Identity) -> bool {
        let failing = self.failing.as_ref();
        failing.is_some_and(|failing| failing.is_of(file))
    }

    /// Whether it is too early to try `file` again.
    pub(super) fn has_to_wait(&self, file: Identity) -> bool {
        let failing = self.failing.as_ref();
        failing.is_some_and(|failing| failing.has_to_wait(file))
    }

    /// Tells that the file that the path names was opened.
    pub(super) fn tell_opened(&mut self, store: &Store) {
        self.failing = None;
        self.deleted_since = None;
        self.tell_state(store, State::Live);
    }

    /// Tells what is known of the file that the path names and that is held.
    pub(super) fn tell(&self, store: &Store) {
        let trouble = self.failing.as_ref().map(|failing| failing.trouble.clone());
        self.tell_state(store, trouble.map_or(State::Live, State::Unreadable));
    }

    /// Tells that there is no file.
    pub(super) fn tell_missing(&self, store: &Store) {
        let missing = if self.source.is_named {
            State::Waiting
        } else {
            State::Gone
        };
        self.tell_state(store, missing);
    }

    /// Tells that what the path names cannot be read.
    pub(super) fn tell_unreadable(&self, store: &Store, trouble: Trouble) {
        self.tell_state(store, State::Unreadable(trouble));
    }

    fn tell_state(&self, store: &Store, state: State) {
        if self.source.state() == state {
            return;
        }
        if let State::Unreadable(trouble) = &state {
            let (name, reason) = (&self.source.name, &trouble.reason);
            tracing::warn!("\"{name}\" cannot be read, trying again: {reason}");
        }
        store.set_state(&self.source, state);
    }
}

#[cfg(test)]
mod tests;
