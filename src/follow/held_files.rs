//! The files that a follower holds: the one that its path names, and those that
//! gave way and may still be written to.

use std::sync::Arc;

use crate::config::ROTATE_GRACE;
use crate::follow::held::Held;
use crate::follow::held::Pumped;
use crate::source::identity::Identity;
use crate::store::Store;
use crate::store::boundary::Boundary;
use crate::store::boundary::BoundaryKind;
use crate::store::chain::Source;
use crate::store::neighbours;

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

    /// All of them, newest first.
    pub(super) fn newest_first(&self) -> impl Iterator<Item = &Held> {
        self.current.iter().chain(self.leaving.iter().rev())
    }

    /// Whether this file is one of them.
    pub(super) fn contains(&self, file: Identity) -> bool {
        self.newest_first().any(|held| held.identity() == file)
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

    /// The current file gives way to a newer one, and may still be written to.
    pub(super) fn leave_current(&mut self) {
        let Some(mut old) = self.current.take() else {
            return;
        };
        let there = neighbours::list(self.source.home());
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
