//! The files that a follower holds: the one that its path names, and those that
//! gave way and may still be written to.

use std::fs::File;
use std::fs::Metadata;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use crate::config::ROTATE_GRACE;
use crate::follow::held::Held;
use crate::follow::held::Pumped;
use crate::follow::pinned::PinnedPath;
use crate::follow::rotation::Seen;
use crate::source::identity::Identity;
use crate::source::regular;
use crate::store::Store;
use crate::store::boundary::Boundary;
use crate::store::boundary::BoundaryKind;
use crate::store::chain::Source;
use crate::store::neighbours;
use crate::store::neighbours::Neighbour;

/// See the module's description.
#[derive(Debug)]
pub(super) struct HeldFiles {
    source: Arc<Source>,
    /// The file that the path names, or named last.
    pub current: Option<Held>,
    /// Those that gave way, oldest first.
    pub leaving: Vec<Held>,
}

impl HeldFiles {
    /// Nothing is held yet.
    pub(super) fn new(source: &Arc<Source>) -> HeldFiles {
        HeldFiles {
            source: Arc::clone(source),
            current: None,
            leaving: Vec::new(),
        }
    }

    /// Whose files they are.
    pub(super) fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// All of them, newest first.
    pub(super) fn newest_first(&self) -> impl Iterator<Item = &Held> {
        self.current.iter().chain(self.leaving.iter().rev())
    }

    /// Whether this file is one of them.
    pub(super) fn contains(&self, file: Identity) -> bool {
        self.newest_first().any(|held| held.identity() == file)
    }

    /// How many are open.
    pub(super) fn open(&self) -> usize {
        let open = self.newest_first().filter(|held| !held.is_at_rest());
        open.count()
    }

    /// Since when nothing goes on in any of them.
    pub(super) fn quiet_since(&self) -> Option<Instant> {
        let current = self.current.as_ref()?;
        current.quiet_since().filter(|_| self.leaving.is_empty())
    }

    /// The current file gives its descriptor back.
    pub(super) fn rest(&mut self, store: &Store) {
        if let Some(current) = &mut self.current {
            current.rest(&self.source.path);
            // Readers let go of it as well.
            store.touch(&self.source);
        }
    }

    /// Whether nothing is to be read or told: the current file is what was `seen` at its
    /// path, which was like that `now`, and nothing happened to it since the last time.
    pub(super) fn are_settled(&self, seen: &Seen, now: Option<&Metadata>) -> bool {
        let is_settled = |current: &Held| {
            *seen == Seen::File(current.identity())
                && now.is_some_and(|now| current.is_as_it_was(now))
                && !current.has_untold()
        };
        self.leaving.is_empty() && self.current.as_ref().is_some_and(is_settled)
    }

    /// Ends the rest of the current file when something was written to it, or when
    /// it is not what was `seen` at its path, which was like that `now`.
    ///
    /// # Errors
    ///
    /// `NotFound` when it is under none of its names.
    pub(super) fn wake(
        &mut self,
        path: &PinnedPath,
        seen: &Seen,
        now: Option<&Metadata>,
    ) -> io::Result<()> {
        let Some(current) = self.current.as_mut().filter(|held| held.is_at_rest()) else {
            return Ok(());
        };
        let is_there = *seen == Seen::File(current.identity());
        if is_there && now.is_some_and(|now| current.is_as_it_was(now)) {
            return Ok(());
        }
        let (path, file) = find(&self.source, path, current)?;
        current.take_up(&path, file);
        Ok(())
    }

    /// Reads on in those that gave way. Up to where the current one may be read
    /// then; `None` when there is more to be read before.
    ///
    /// Whoever wrote late into an old file writes into the new one afterwards: so
    /// each file is read only as far as it went before the older ones were read to
    /// their ends.
    pub(super) fn pump_leaving(&mut self, store: &Store, buffer: &mut Vec<u8>) -> Option<u64> {
        if self.leaving.is_empty() {
            return Some(u64::MAX);
        }
        let ends: Vec<_> = self.newest_first().map(Held::length_now).collect();
        let oldest_first = ends.iter().rev();
        for (held, &end) in self.leaving.iter_mut().zip(oldest_first) {
            if matches!(held.pump(store, &self.source, buffer, end), Pumped::More) {
                return None;
            }
        }
        self.current
            .as_ref()
            .map_or(Some(u64::MAX), |_| ends.first().copied())
    }

    /// The current file gives way to a newer one, and may still be written to. It may
    /// have the name now of one that is `there`.
    pub(super) fn leave_current(&mut self, there: &[Neighbour]) {
        let Some(mut old) = self.current.take() else {
            return;
        };
        let now = there.iter().find(|n| n.identity == old.identity());
        let name = now.map(|neighbour| neighbours::display_name(&neighbour.path));
        old.segment()
            .give_way(Boundary::now(BoundaryKind::Rotated { name }));
        old.leave();
        self.leaving.push(old);
    }

    /// Gives up `file`, which another source goes on with; where that has to begin.
    pub(super) fn hand_over(&mut self, store: &Store, file: Identity) -> Option<u64> {
        if let Some(mut held) = self.current.take_if(|held| held.identity() == file) {
            held.leave();
            self.leaving.push(held);
        }
        let mut all = self.leaving.iter();
        let index = all.position(|held| held.identity() == file)?;
        let mut held = self.leaving.remove(index);
        let mut buffer = Vec::new();
        while let Pumped::More = held.pump(store, &self.source, &mut buffer, u64::MAX) {}
        held.segment().finish();
        store.touch(&self.source);
        Some(held.offset())
    }

    /// Lets go of files that were quiet for long enough.
    pub(super) fn let_go(&mut self, store: &Store) {
        let is_over = |held: &mut Held| held.grew().elapsed() >= ROTATE_GRACE;
        for mut held in self.leaving.extract_if(.., is_over) {
            held.finish(store, &self.source);
        }
    }
}

/// Opens the file that is at rest: at `path`, or where that led to, or among the
/// rotated files there.
fn find(source: &Source, path: &PinnedPath, resting: &Held) -> io::Result<(PathBuf, File)> {
    let own = |(file, metadata): (File, Metadata)| {
        let is_it = Identity::of(&metadata) == resting.identity();
        is_it.then_some(file).ok_or(io::ErrorKind::NotFound.into())
    };
    let error = match path.open().and_then(own) {
        Ok(file) => return Ok((source.path.clone(), file)),
        Err(error) => error,
    };
    let real = resting.segment().rests_at();
    if let Ok(file) = regular::open_itself(&real).and_then(own) {
        return Ok((real, file));
    }
    let is_it = |n: &Neighbour| n.identity == resting.identity();
    for _ in 0..neighbours::TRIES {
        let there = neighbours::list_beside(&real, &source.home().listings);
        let Some(rotated) = there.into_iter().find(is_it) else {
            break;
        };
        match rotated.open() {
            // It was rotated on meanwhile.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            opened => return Ok((rotated.path, opened?)),
        }
    }
    Err(error)
}
