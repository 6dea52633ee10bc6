//! One path through its whole life: missing, there, renamed, truncated,
//! replaced, gone and back.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use std::time::SystemTime;

use crate::config::MISSING_GRACE;
use crate::error::reason;
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

    /// Reads what is held; whether there is more.
    fn read_on(&mut self, store: &Store, buffer: &mut Vec<u8>) -> bool {
        let Some(current_end) = self.files.pump_leaving(store, buffer) else {
            return true;
        };
        if let Some(copy) = self.missed_copy() {
            self.go_on_in(store, &copy);
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
            Pumped::Failed(error) => self.set_state(store, State::Unreadable(reason(&error))),
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
    /// anything was read of it: nothing in the file itself tells of that.
    fn missed_copy(&mut self) -> Option<Neighbour> {
        let current = self
            .files
            .current
            .as_ref()
            .filter(|held| held.is_untouched())?;
        let file = current.file();
        let beginning = reading::head(&file).ok()?;
        let changed = neighbours::changed(self.source.home());
        if changed.is_none() || self.has_no_copy != changed {
            let seen = self.path.see();
            let copies = self.unseen().copies(&file, &beginning, &seen).ok()?;
            if let Some(copy) = copies.into_iter().next() {
                return Some(copy);
            }
            self.has_no_copy = changed.filter(|changed| !reading::is_fresh(*changed));
        }
        // What was written since the look into the directory has to wait for another.
        self.files.current.as_mut()?.foresee(beginning);
        None
    }

    /// The current file was truncated before anything was read of it, and what it
    /// held is in `copy`.
    fn go_on_in(&mut self, store: &Store, copy: &Neighbour) {
        let Some(mut old) = self.files.current.take() else {
            return;
        };
        self.refilled = Some(old.file());
        let boundary = Boundary::now(BoundaryKind::Truncated { size: copy.size });
        old.segment().give_way(boundary);
        let moved = match copy.compression {
            None => copy.open().and_then(|file| old.move_to(&copy.path, file)),
            // It is whole, and a segment of its own.
            Some(_) => Err(io::ErrorKind::Unsupported.into()),
        };
        match moved {
            Ok(()) => self.give_to_copy(old),
            Err(_) => old.finish(store, &self.source),
        }
    }

    /// What was held is not there any more. It is read on from a copy, if one
    /// was made before; then the file itself, from its start.
    fn truncated(&mut self, store: &Store) {
        let Some(mut old) = self.files.current.take() else {
            return;
        };
        self.refilled = Some(old.file());
        old.segment()
            .give_way(Boundary::now(BoundaryKind::Truncated {
                size: old.length(),
            }));
        let copy = neighbours::copy_of(
            self.source.home(),
            old.identity(),
            old.trail(),
            old.read_to(),
        );
        if let Some((path, copy)) = copy
            && old.move_to(&path, copy).is_ok()
        {
            if self.source.has_another(old.segment(), old.beginning()) {
                // A reader came first, and found it among the rotated files.
                old.segment().finish();
                store.touch(&self.source);
                return;
            }
            self.give_to_copy(old);
            return;
        }
        // A copy that has less than was read, or was compressed since.
        let unseen = self.unseen();
        let is_news = |n: &Neighbour| unseen.is_news(n);
        let began_like = |head: &[u8]| old.began_like(head);
        if !self.source.take_copy(old.segment(), is_news, began_like) {
            old.segment().destroy();
        }
        let has_rest = old.segment().head() > old.offset();
        if has_rest || self.source.has_another(old.segment(), old.beginning()) {
            // A copy has the rest, or a reader came first and found it there.
            old.segment().finish();
            store.touch(&self.source);
        } else {
            old.finish(store, &self.source);
        }
    }

    /// `old` is read on in a copy of its file.
    fn give_to_copy(&mut self, old: Held) {
        self.source.note_history(old.identity());
        self.files.leaving.push(old);
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
                        self.set_state(store, State::Unreadable(reason(&error)));
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
        if let Some(copy) = self.unseen().copies(&file, &beginning, &seen)?.first() {
            return self.hold_rotated(store, copy, self.begin);
        }
        self.refilled = None;
        let path = self.source.path.clone();
        self.hold(store, &path, file, self.begin)
    }

    fn note_nothing(&mut self, store: &Store, seen: &Seen) {
        if let Seen::Unreadable(reason) = seen {
            self.set_state(store, State::Unreadable(reason.clone()));
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
        let middle = self.unseen().middle(identity, &file);
        let next = middle.as_ref().map_or(identity, |middle| middle.identity);
        let begin = match self.begin {
            Begin::Start => elsewhere(next).map_or(Begin::Start, Begin::Offset),
            begin => begin,
        };
        if let Some(middle) = middle {
            // Where it was rotated once more the next look finds it again.
            return self.hold_rotated(store, &middle, begin);
        }
        let path = self.source.path.clone();
        self.hold(store, &path, Arc::new(file), begin)
    }

    /// Goes on with a rotated file.
    fn hold_rotated(&mut self, store: &Store, rotated: &Neighbour, begin: Begin) -> io::Result<()> {
        if rotated.compression.is_none() {
            let file = Arc::new(rotated.open()?);
            return self.hold(store, &rotated.path, file, begin);
        }
        // Nothing will be appended to it: there is nothing to hold.
        self.source.push_packed(rotated)?;
        self.source.note_history(rotated.identity);
        self.files.leave_current();
        store.touch(&self.source);
        Ok(())
    }

    fn hold(
        &mut self,
        store: &Store,
        path: &Path,
        file: Arc<File>,
        begin: Begin,
    ) -> io::Result<()> {
        let held = Held::open(store, &self.source, path, file, begin)?;
        let identity = held.identity();
        self.files.leave_current();
        self.files.current = Some(held);
        if begin == Begin::End {
            self.source.note_older(identity);
        }
        self.source.note_history(identity);
        self.set_state(store, State::Live);
        Ok(())
    }

    fn set_state(&self, store: &Store, state: State) {
        if self.source.state() == state {
            return;
        }
        if let State::Unreadable(reason) = &state {
            tracing::warn!(
                "\"{}\" cannot be read, trying again: {reason}",
                self.source.name
            );
        }
        store.set_state(&self.source, state);
    }
}

#[cfg(test)]
mod tests;
