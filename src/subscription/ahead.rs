//! The lines ahead of a reader: while it looks at them, and between two looks.

use std::sync::Arc;
use std::sync::Weak;

use crate::line::Batch;
use crate::store::lately::Lately;
use crate::store::room::Taken;

/// Lines that were read and not yet looked at.
#[derive(Debug)]
pub(super) struct Ahead {
    pub batch: Arc<Batch>,
    pub next: usize,
    /// They are found in the store's memory again.
    pub is_in_memory: bool,
    /// The room that they take, if they were read ahead.
    pub taken: Option<Taken>,
}

/// The same between two looks. They are kept where they have room; a reader that does not
/// go on must not keep any others.
#[derive(Clone, Debug)]
pub(super) struct Resting {
    batch: Weak<Batch>,
    next: usize,
    is_in_memory: bool,
    kept: Option<(Arc<Batch>, Taken)>,
}

impl Ahead {
    /// All lines of a block that was read.
    pub(super) fn from_disk(batch: Arc<Batch>, taken: Option<Taken>) -> Ahead {
        Ahead {
            batch,
            next: 0,
            is_in_memory: false,
            taken,
        }
    }

    /// Lines that the store has in its memory.
    pub(super) fn in_memory((batch, next): (Arc<Batch>, usize)) -> Ahead {
        Ahead {
            batch,
            next,
            is_in_memory: true,
            taken: None,
        }
    }

    /// The lines from number `next` on are looked at later.
    pub(super) fn rest(self, next: usize, lately: &Lately<Batch>) -> Resting {
        if self.taken.is_none() && !self.is_in_memory {
            lately.note(&self.batch);
        }
        Resting {
            batch: Arc::downgrade(&self.batch),
            next,
            is_in_memory: self.is_in_memory,
            kept: self.taken.map(|taken| (self.batch, taken)),
        }
    }
}

impl Resting {
    /// Goes on with them; `None` when they were kept nowhere and have to be read again.
    pub(super) fn take_up(self, lately: &Lately<Batch>) -> Option<Ahead> {
        let (batch, taken) = match self.kept {
            Some((batch, taken)) => (batch, Some(taken)),
            None if self.is_in_memory => (self.batch.upgrade()?, None),
            None => (lately.find(&self.batch)?, None),
        };
        Some(Ahead {
            batch,
            next: self.next,
            is_in_memory: self.is_in_memory,
            taken,
        })
    }
}
