//! One path through its whole life: missing, there, renamed, truncated,
//! replaced, gone and back.

use std::fs::File;
use std::fs::Metadata;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use std::time::SystemTime;

use crate::config::DELETED_GRACE;
use crate::config::MISSING_GRACE;
use crate::follow::condition::Condition;
use crate::follow::gone;
use crate::follow::held::Begin;
use crate::follow::held::Held;
use crate::follow::held::Pumped;
use crate::follow::held_files::HeldFiles;
use crate::follow::left;
use crate::follow::pinned::PinnedPath;
use crate::follow::rotation;
use crate::follow::rotation::Seen;
use crate::follow::rotation::Verdict;
use crate::follow::unseen::Unseen;
use crate::follow::untouched;
use crate::source::identity::Identity;
use crate::source::trouble::Trouble;
use crate::store::Store;
use crate::store::chain::Source;
use crate::store::neighbours::Neighbour;
use crate::store::reading;

/// See the module's description.
#[derive(Debug)]
pub struct Follower {
    source: Arc<Source>,
    files: HeldFiles,
    /// The current file was truncated, and is to be read from its start again.
    refilled: Option<Arc<File>>,
    begin: Begin,
    condition: Condition,
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
    /// The same, and when anything is new in a directory: there is no file.
    Absent,
}

impl Follower {
    /// A follower of `source`. What is in its file at the first look is history
    /// when nobody looked `since` a time before, and news otherwise.
    pub fn new(source: Arc<Source>, since: Option<SystemTime>) -> Follower {
        source.begin_history(since);
        Follower {
            path: PinnedPath::new(&source.path),
            files: HeldFiles::new(&source),
            condition: Condition::new(&source),
            source,
            refilled: None,
            begin: since.map_or(Begin::End, |_| Begin::Start),
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
        let (seen, now) = self.path.look();
        if self.is_settled(&seen, now.as_ref()) {
            return Next::Later;
        }
        if let Err(error) = self.files.wake(&self.path, &seen, now.as_ref())
            && let Some(next) = self.await_resting(store, &seen, &error)
        {
            return next;
        }
        let has_more = if self.begin == Begin::End && left::hold(&mut self.files, store, &self.path)
        {
            let seen = self.path.see();
            self.follow_path(store, &seen, elsewhere);
            true
        } else {
            self.read_on(store, buffer) || self.follow_path(store, &seen, elsewhere)
        };
        self.begin = Begin::Start;
        self.files.let_go(store);
        if has_more {
            Next::Now
        } else if self.condition.is_missing_lately() || !self.files.leaving.is_empty() {
            Next::Soon
        } else if matches!(seen, Seen::File(_)) {
            Next::Later
        } else {
            Next::Absent
        }
    }

    /// How many files it holds open.
    pub fn open_files(&self) -> usize {
        self.files.open()
    }

    /// Since when nothing goes on in its files, if it can do without a descriptor: it is
    /// found again by its path.
    pub fn quiet_since(&self) -> Option<Instant> {
        let since = self.files.quiet_since();
        since.filter(|_| self.condition.is_there())
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

    /// Whether there is nothing to do: the path names the file that was read to its end,
    /// and that is as it was then.
    fn is_settled(&self, seen: &Seen, now: Option<&Metadata>) -> bool {
        self.files.are_settled(seen, now) && self.condition.is_good()
    }

    /// The file that is at rest cannot be opened, or not found. When to try again;
    /// `None` when that does not help.
    fn await_resting(&mut self, store: &Store, seen: &Seen, error: &io::Error) -> Option<Next> {
        if error.kind() == io::ErrorKind::NotFound {
            let missing_for = self.condition.note_missing();
            if *seen == Seen::Missing && missing_for < MISSING_GRACE {
                return Some(Next::Soon);
            }
            gone::vanished(&mut self.files, store);
        } else if matches!(seen, Seen::File(_)) {
            self.condition.tell_unreadable(store, Trouble::from(error));
            return Some(Next::Later);
        }
        None
    }

    /// Reads what is held; whether there is more.
    fn read_on(&mut self, store: &Store, buffer: &mut Vec<u8>) -> bool {
        let Some(current_end) = self.files.pump_leaving(store, buffer) else {
            return true;
        };
        if self.has_to_wait() {
            return false;
        }
        if let Some((copy, there)) = untouched::missed_copy(&mut self.files, &mut self.path) {
            self.refilled = gone::copied(&mut self.files, store, &copy, there);
            return true;
        }
        let Some(current) = &mut self.files.current else {
            return false;
        };
        let own = current.identity();
        let pumped = current.pump(store, &self.source, buffer, current_end);
        if !matches!(pumped, Pumped::Failed(_)) {
            self.condition.note_readable(own);
        }
        match pumped {
            Pumped::More => return true,
            Pumped::AtEnd => {
                self.source.set_size(current.length());
                current.tell_unfinished(store, &self.source);
            }
            Pumped::Changed => {
                self.refilled = gone::truncated(&mut self.files, store);
                return true;
            }
            Pumped::Failed(error) => {
                self.condition.note_unreadable(own, &error);
                return false;
            }
        }
        current_end != u64::MAX && self.files.current.as_ref().is_some_and(Held::has_grown)
    }

    /// Whether it is not yet time to read on in a file that could not be read; when it
    /// is, that is opened again, as the descriptor itself may be no good any more.
    fn has_to_wait(&mut self) -> bool {
        let Some(current) = &mut self.files.current else {
            return false;
        };
        let own = current.identity();
        if self.condition.has_to_wait(own) {
            return true;
        }
        if self.condition.is_failing(own)
            && let Ok((file, metadata)) = self.path.open()
            && Identity::of(&metadata) == own
        {
            current.take_up(&self.source.path, file);
        }
        false
    }

    fn unseen(&self) -> Unseen<'_> {
        Unseen {
            source: &self.source,
            files: &self.files,
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
                self.condition.note_there();
                self.condition.tell(store);
                false
            }
            Verdict::Another(file) => {
                self.condition.note_there();
                if self.condition.has_to_wait(file) {
                    return false;
                }
                match self.open_next(store, elsewhere) {
                    Ok(()) => true,
                    // It went away, or moved on: the next look will tell.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => true,
                    Err(error) => {
                        self.condition.note_unopened(file, &error);
                        self.condition.tell_unreadable(store, Trouble::from(&error));
                        self.leave_deleted();
                        false
                    }
                }
            }
            Verdict::Nothing => {
                self.leave_deleted();
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
            self.condition.tell_unreadable(store, trouble.clone());
            return;
        }
        let missing_for = self.condition.note_missing();
        // Between the two steps of a rotation there is nothing for a moment.
        if self.files.current.is_none() || missing_for >= MISSING_GRACE {
            self.condition.tell_missing(store);
        }
    }

    /// The path does not name what is held. If that was deleted, it gives way in time.
    fn leave_deleted(&mut self) {
        let is_deleted = gone::is_deleted(&self.files);
        if self.condition.note_deleted(is_deleted) >= DELETED_GRACE {
            gone::leave_deleted(&mut self.files);
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
            gone::note_missed(&self.files, &middle, &there);
            // Where it was rotated once more the next look finds it again.
            return self.hold_rotated(store, &middle, begin, there);
        }
        let path = self.source.path.clone();
        let saved = gone::go_on_in_saved(&mut self.files, &path, file, &metadata);
        let Err(file) = saved else {
            self.source.note_history(identity, there);
            return Ok(());
        };
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
        self.condition.tell_opened(store);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
