//! One path through its whole life: missing, there, renamed, truncated,
//! replaced, gone and back.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use std::time::SystemTime;

use crate::config::MISSING_GRACE;
use crate::config::ROTATE_GRACE;
use crate::error::reason;
use crate::follow::held::Begin;
use crate::follow::held::Held;
use crate::follow::held::Pumped;
use crate::follow::pinned::PinnedPath;
use crate::follow::rotation;
use crate::follow::rotation::Seen;
use crate::follow::rotation::Verdict;
use crate::source::identity::Identity;
use crate::source::regular;
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
    /// The file that the path names, or named last.
    current: Option<Held>,
    /// Files that gave way, as long as they may still be written to.
    leaving: Vec<Held>,
    /// The current file was truncated, and is to be read from its start again.
    refilled: Option<Arc<File>>,
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
            source,
            current: None,
            leaving: Vec::new(),
            refilled: None,
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
        self.let_go(store);
        if has_more {
            Next::Now
        } else if self.leaving.is_empty() && matches!(seen, Seen::File(_)) {
            Next::Later
        } else {
            Next::Soon
        }
    }

    /// Gives up `file`, which has got another name and is followed under that:
    /// where the other one has to go on.
    pub fn hand_over(&mut self, store: &Store, file: Identity) -> Option<u64> {
        if self
            .current
            .as_ref()
            .is_some_and(|held| held.identity() == file)
        {
            if self.path.see() == Seen::File(file) {
                // Two names of one file: each is a source of its own.
                return None;
            }
            self.leaving.extend(self.current.take());
        }
        let index = self
            .leaving
            .iter()
            .position(|held| held.identity() == file)?;
        let mut held = self.leaving.swap_remove(index);
        let mut buffer = Vec::new();
        while matches!(held.pump(store, &self.source, &mut buffer), Pumped::More) {}
        held.segment().finish();
        store.touch(&self.source);
        Some(held.offset())
    }

    /// Whether it holds a file open.
    pub fn holds(&self, file: Identity) -> bool {
        self.current
            .iter()
            .chain(&self.leaving)
            .any(|held| held.identity() == file)
    }

    /// Reads what is held; whether there is more.
    fn read_on(&mut self, store: &Store, buffer: &mut Vec<u8>) -> bool {
        let mut has_more = false;
        for held in &mut self.leaving {
            has_more |= matches!(held.pump(store, &self.source, buffer), Pumped::More);
        }
        // Whoever wrote late into an old file writes into the new one afterwards.
        let Some(current) = self.current.as_mut().filter(|_| !has_more) else {
            return has_more;
        };
        match current.pump(store, &self.source, buffer) {
            Pumped::More => has_more = true,
            Pumped::AtEnd => self.source.set_size(current.length()),
            Pumped::Changed => {
                self.truncated(store);
                has_more = true;
            }
            Pumped::Failed(error) => self.set_state(store, State::Unreadable(reason(&error))),
        }
        has_more
    }

    /// What was held is not there any more. It is read on from a copy, if one
    /// was made before; then the file itself, from its start.
    fn truncated(&mut self, store: &Store) {
        let Some(mut old) = self.current.take() else {
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
            self.source.note_history(old.identity());
            self.leaving.push(old);
            return;
        }
        old.segment().destroy();
        old.finish(store, &self.source);
    }

    /// Goes on with the file that comes next; whether there was one. Everything
    /// held has been read to its end.
    fn follow_path(&mut self, store: &Store, seen: &Seen, elsewhere: &mut Elsewhere<'_>) -> bool {
        if let Some(file) = &self.refilled {
            return self.follow_refilled(store, Arc::clone(file)).is_ok();
        }
        let held = self.current.as_ref().map(Held::identity);
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
        let identity = Identity::of(&file.metadata()?);
        let has_copy = self.current.is_some() || !self.leaving.is_empty();
        // The next copy may just be made of what the file holds now: that is no news.
        let beginning = reading::head(&file)?;
        let is_other = |middle: &Neighbour| middle.head().is_ok_and(|head| head != beginning);
        let middle = self.middle(identity).filter(is_other);
        if let Some(middle) = middle.filter(|_| has_copy) {
            let (copy, _) = regular::open_itself(&middle.path)?;
            return self.hold(store, &middle.path, Arc::new(copy), self.begin);
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
        if self.current.is_none() || since.elapsed() >= MISSING_GRACE {
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
        let mut path = self.source.path.clone();
        let (mut file, metadata) = self.path.open()?;
        let mut identity = Identity::of(&metadata);
        // Whatever was there before this file has its rotated name by now.
        if let Some(middle) = self.middle(identity) {
            let (opened, metadata) = regular::open_itself(&middle.path)?;
            if Identity::of(&metadata) != middle.identity {
                // It was rotated once more: the next look finds it again.
                return Err(io::ErrorKind::NotFound.into());
            }
            (path, file, identity) = (middle.path, opened, middle.identity);
        }
        let begin = match self.begin {
            Begin::Start => elsewhere(identity).map_or(Begin::Start, Begin::Offset),
            begin => begin,
        };
        self.hold(store, &path, Arc::new(file), begin)
    }

    /// A rotated file that came between what is held and `newest`, which the path
    /// names now: several rotations may lie between two looks.
    fn middle(&self, newest: Identity) -> Option<Neighbour> {
        let mut neighbours = neighbours::list(self.source.home());
        let held = self.current.as_ref().or(self.leaving.last());
        // When the held one was deleted since, all that is not known is newer.
        let is_held = |n: &Neighbour| held.is_some_and(|held| held.identity() == n.identity);
        let newer = neighbours.iter().position(is_held).map_or(0, |at| at + 1);
        // That one may have been rotated as well by now: what follows it comes later.
        let until = neighbours.iter().position(|n| n.identity == newest);
        let between = neighbours.get(newer..until.unwrap_or(neighbours.len()))?;
        let is_copy =
            |n: &Neighbour| held.is_some_and(|held| n.is_copy_of(held.trail(), held.read_to()));
        let is_news = |n: &Neighbour| {
            let is_known = self.source.is_history(n.identity) || self.holds(n.identity);
            !is_known && n.compression.is_none() && !is_copy(n)
        };
        let at = between.iter().position(is_news)?;
        Some(neighbours.swap_remove(newer + at))
    }

    fn hold(
        &mut self,
        store: &Store,
        path: &Path,
        file: Arc<File>,
        begin: Begin,
    ) -> io::Result<()> {
        if let Some(old) = &self.current {
            let name = neighbours::list(self.source.home())
                .into_iter()
                .find(|n| n.identity == old.identity());
            old.segment().give_way(Boundary::now(BoundaryKind::Rotated {
                name: name.map(|neighbour| neighbours::display_name(&neighbour.path)),
            }));
        }
        let held = Held::open(store, &self.source, path, file, begin)?;
        let identity = held.identity();
        if let Some(mut old) = self.current.replace(held) {
            old.leave();
            self.leaving.push(old);
        }
        if begin == Begin::End {
            self.source.note_older(identity);
        }
        self.source.note_history(identity);
        self.set_state(store, State::Live);
        Ok(())
    }

    /// Lets go of files that were quiet for long enough.
    fn let_go(&mut self, store: &Store) {
        if self
            .leaving
            .iter()
            .all(|held| held.grew().elapsed() < ROTATE_GRACE)
        {
            return;
        }
        for mut held in std::mem::take(&mut self.leaving) {
            if held.grew().elapsed() < ROTATE_GRACE {
                self.leaving.push(held);
            } else {
                held.finish(store, &self.source);
            }
        }
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
