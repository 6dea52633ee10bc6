//! One path through its whole life: missing, there, renamed, truncated,
//! replaced, gone and back.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use std::time::SystemTime;

use crate::config::MISSING_GRACE;
use crate::follow::gone;
use crate::follow::held::Begin;
use crate::follow::held::Held;
use crate::follow::held::Pumped;
use crate::follow::held_files::HeldFiles;
use crate::follow::pinned::PinnedPath;
use crate::follow::rotation;
use crate::follow::rotation::Seen;
use crate::follow::rotation::Verdict;
use crate::follow::unseen::Unseen;
use crate::source::identity::Identity;
use crate::source::trouble::Trouble;
use crate::store::Store;
use crate::store::boundary::Boundary;
use crate::store::boundary::BoundaryKind;
use crate::store::chain::Source;
use crate::store::chain::State;
use crate::store::neighbours;
use crate::store::neighbours::Neighbour;
use crate::store::reading;

/// See the module's description.
#[derive(Debug)]
pub struct Follower {
    source: Arc<Source>,
    files: HeldFiles,
    /// The current file was truncated, and is to be read from its start again.
    refilled: Option<Arc<File>>,
    /// How the directory was when there was no copy of an untouched file in it.
    has_no_copy: Option<(i64, i64)>,
    begin: Begin,
    missing_since: Option<Instant>,
    path: PinnedPath,
}

/// Asks whether another source gave the beginning of a file that was renamed,
/// and up to which offset.
pub type Elsewhere<'a> = dyn FnMut(Identity) -> Option<u64> + 'a;

/// When a follower wants to be looked at next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// At once: it has not read everything there is.
    Now,
    /// Soon, without being told: something is going on.
    Soon,
    /// When it is marked, or at the next poll.
    Later,
}

impl Follower {
    /// A follower of `source`. What is in its file at the first look is history
    /// when nobody looked `since` a time before, and news otherwise.
    pub fn new(source: Arc<Source>, since: Option<SystemTime>) -> Follower {
        source.begin_history(since);
        Follower {
            path: PinnedPath::new(&source.path),
            files: HeldFiles::new(&source),
            source,
            refilled: None,
            has_no_copy: None,
            begin: if since.is_none() {
                Begin::End
            } else {
                Begin::Start
            },
            missing_since: None,
        }
    }

    /// What it follows.
    pub fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// One bounded turn. `elsewhere` asks whether another source had a file under
    /// its old name, see [`Follower::hand_over`].
    pub fn look(
        &mut self,
        store: &Store,
        buffer: &mut Vec<u8>,
        elsewhere: &mut Elsewhere<'_>,
    ) -> Next {
        // The path first: what is read after that was there before a rename.
        let seen = self.path.see();
        if let Err(error) = self.files.wake(&self.path, &seen)
            && let Some(next) = self.await_resting(store, &seen, &error)
        {
            return next;
        }
        let has_more = self.read_on(store, buffer) || self.follow_path(store, &seen, elsewhere);
        self.begin = Begin::Start;
        self.files.let_go(store);
        if has_more {
            Next::Now
        } else if self.files.leaving.is_empty() && matches!(seen, Seen::File(_)) {
            Next::Later
        } else {
            Next::Soon
        }
    }

    /// How many files it holds open.
    pub fn open_files(&self) -> usize {
        self.files.open()
    }

    /// Since when nothing goes on in its files, if it could do without a descriptor:
    /// it is found again by its path.
    pub fn quiet_since(&self) -> Option<Instant> {
        let is_there = self.missing_since.is_none() && self.source.state() == State::Live;
        self.files.quiet_since().filter(|_| is_there)
    }

    /// Gives its descriptor back until something is written.
    pub fn rest(&mut self, store: &Store) {
        self.files.rest(store);
    }

    /// Gives up `file`, which has got another name and is followed under that:
    /// where the other one has to go on.
    pub fn hand_over(&mut self, store: &Store, file: Identity) -> Option<u64> {
        let is_current = |held: &Held| held.identity() == file;
        if self.files.current.as_ref().is_some_and(is_current)
            && self.path.see() == Seen::File(file)
        {
            // Two names of one file: each is a source of its own.
            return None;
        }
        self.files.hand_over(store, file)
    }

    /// Whether it holds a file open.
    pub fn holds(&self, file: Identity) -> bool {
        self.files.contains(file)
    }

    /// The file that is at rest cannot be opened, or not found. When to try again;
    /// `None` when that does not help.
    fn await_resting(&mut self, store: &Store, seen: &Seen, error: &io::Error) -> Option<Next> {
        if error.kind() == io::ErrorKind::NotFound {
            let since = *self.missing_since.get_or_insert_with(Instant::now);
            if *seen == Seen::Missing && since.elapsed() < MISSING_GRACE {
                return Some(Next::Soon);
            }
            self.vanished(store);
        } else if matches!(seen, Seen::File(_)) {
            self.set_state(store, State::Unreadable(Trouble::from(error)));
            return Some(Next::Later);
        }
        None
    }

    /// Reads what is held; whether there is more.
    fn read_on(&mut self, store: &Store, buffer: &mut Vec<u8>) -> bool {
        let Some(current_end) = self.files.pump_leaving(store, buffer) else {
            return true;
        };
        if let Some((copy, there)) = self.missed_copy() {
            self.go_on_in(store, &copy, there);
            return true;
        }
        let Some(current) = &mut self.files.current else {
            return false;
        };
        match current.pump(store, &self.source, buffer, current_end) {
            Pumped::More => return true,
            Pumped::AtEnd => {
                self.source.set_size(current.length());
                current.tell_unfinished(store, &self.source);
            }
            Pumped::Changed => {
                self.truncated(store);
                return true;
            }
            Pumped::Failed(error) => {
                self.set_state(store, State::Unreadable(Trouble::from(&error)));
            }
        }
        current_end != u64::MAX && self.files.current.as_ref().is_some_and(Held::has_grown)
    }

    fn unseen(&self) -> Unseen<'_> {
        Unseen {
            source: &self.source,
            files: &self.files,
        }
    }

    /// A copy that was made of the current file, which was truncated then, before
    /// anything was read of it: nothing in the file itself tells of that. With all
    /// that lies beside it.
    fn missed_copy(&mut self) -> Option<(Neighbour, Vec<Neighbour>)> {
        let current = self
            .files
            .current
            .as_ref()
            .filter(|held| held.is_untouched())?;
        let file = current.file()?;
        let beginning = reading::head(&file).ok()?;
        let changed = neighbours::changed(self.source.home());
        if changed.is_none() || self.has_no_copy != changed {
            let seen = self.path.see();
            let is_telling = changed.filter(|changed| !reading::is_fresh(*changed));
            let (copies, there) = self.unseen().copies(&file, &beginning, &seen).ok()?;
            if let Some(copy) = copies.into_iter().next() {
                return Some((copy, there));
            }
            self.has_no_copy = is_telling;
        }
        // What was written since the look into the directory has to wait for another.
        self.files.current.as_mut()?.foresee(beginning);
        None
    }

    /// The current file was truncated before anything was read of it, and what it
    /// held is in `copy`, one of those that are `there`.
    fn go_on_in(&mut self, store: &Store, copy: &Neighbour, there: Vec<Neighbour>) {
        if let Some(old) = self.files.current.take() {
            self.refilled = old.file();
            let size = copy.size;
            old.segment()
                .give_way(Boundary::now(BoundaryKind::Truncated { size }));
            gone::read_on_in(&mut self.files, store, old, copy, there);
        }
    }

    /// What was held is not there any more. It is read on from a copy, if one
    /// was made before; then the file itself, from its start.
    fn truncated(&mut self, store: &Store) {
        if let Some(old) = self.files.current.take() {
            self.refilled = old.file();
            let size = old.length();
            old.segment()
                .give_way(Boundary::now(BoundaryKind::Truncated { size }));
            gone::read_on_elsewhere(&mut self.files, store, old);
        }
    }

    /// The file that was at rest is gone, and with it whatever was written last.
    fn vanished(&mut self, store: &Store) {
        if let Some(old) = self.files.current.take() {
            old.segment()
                .give_way(Boundary::now(BoundaryKind::Rotated { name: None }));
            gone::read_on_elsewhere(&mut self.files, store, old);
        }
    }

    /// Goes on with the file that comes next; whether there was one. Everything
    /// held has been read to its end.
    fn follow_path(&mut self, store: &Store, seen: &Seen, elsewhere: &mut Elsewhere<'_>) -> bool {
        if let Some(file) = &self.refilled {
            return self.follow_refilled(store, Arc::clone(file)).is_ok();
        }
        let held = self.files.current.as_ref().map(Held::identity);
        match rotation::verdict(held, seen) {
            Verdict::Same => {
                self.missing_since = None;
                self.set_state(store, State::Live);
                false
            }
            Verdict::Another => {
                self.missing_since = None;
                match self.open_next(store, elsewhere) {
                    Ok(()) => true,
                    // It went away, or moved on: the next look will tell.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => true,
                    Err(error) => {
                        self.set_state(store, State::Unreadable(Trouble::from(&error)));
                        false
                    }
                }
            }
            Verdict::Nothing => {
                self.note_nothing(store, seen);
                false
            }
        }
    }

    /// Goes on with the truncated file, or with a copy that was made of it since:
    /// several truncations may lie between two looks.
    fn follow_refilled(&mut self, store: &Store, file: Arc<File>) -> io::Result<()> {
        let beginning = reading::head(&file)?;
        let seen = self.path.see();
        let (copies, there) = self.unseen().copies(&file, &beginning, &seen)?;
        if let Some(copy) = copies.first() {
            return self.hold_rotated(store, copy, self.begin, there);
        }
        self.refilled = None;
        let path = self.source.path.clone();
        self.hold(store, &path, file, self.begin, there)
    }

    fn note_nothing(&mut self, store: &Store, seen: &Seen) {
        if let Seen::Unreadable(trouble) = seen {
            self.set_state(store, State::Unreadable(trouble.clone()));
            return;
        }
        // Between the two steps of a rotation there is nothing for a moment.
        let since = *self.missing_since.get_or_insert_with(Instant::now);
        if self.files.current.is_none() || since.elapsed() >= MISSING_GRACE {
            let is_named = self.source.is_named;
            self.set_state(
                store,
                if is_named {
                    State::Waiting
                } else {
                    State::Gone
                },
            );
        }
    }

    fn open_next(&mut self, store: &Store, elsewhere: &mut Elsewhere<'_>) -> io::Result<()> {
        let (file, metadata) = self.path.open()?;
        let identity = Identity::of(&metadata);
        // Whatever was there before this file has its rotated name by now.
        let (middle, there) = self.unseen().middle(identity, &file)?;
        let next = middle.as_ref().map_or(identity, |middle| middle.identity);
        let begin = match self.begin {
            Begin::Start => elsewhere(next).map_or(Begin::Start, Begin::Offset),
            begin => begin,
        };
        if let Some(middle) = middle {
            // Where it was rotated once more the next look finds it again.
            return self.hold_rotated(store, &middle, begin, there);
        }
        let path = self.source.path.clone();
        self.hold(store, &path, Arc::new(file), begin, there)
    }

    /// Goes on with a rotated file, one of those that are `there`.
    fn hold_rotated(
        &mut self,
        store: &Store,
        rotated: &Neighbour,
        begin: Begin,
        there: Vec<Neighbour>,
    ) -> io::Result<()> {
        if rotated.compression.is_none() {
            let file = Arc::new(rotated.open()?);
            return self.hold(store, &rotated.path, file, begin, there);
        }
        // Nothing will be appended to it: there is nothing to hold.
        self.source.push_packed(rotated)?;
        self.files.leave_current(&there);
        self.source.note_history(rotated.identity, there);
        store.touch(&self.source);
        Ok(())
    }

    fn hold(
        &mut self,
        store: &Store,
        path: &Path,
        file: Arc<File>,
        begin: Begin,
        there: Vec<Neighbour>,
    ) -> io::Result<()> {
        let held = Held::open(store, &self.source, path, file, begin)?;
        let identity = held.identity();
        self.files.leave_current(&there);
        self.files.current = Some(held);
        if begin == Begin::End {
            self.source.note_older(identity);
        }
        self.source.note_history(identity, there);
        self.set_state(store, State::Live);
        Ok(())
    }

    fn set_state(&self, store: &Store, state: State) {
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
