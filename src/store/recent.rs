//! The newest batches of a segment, in memory.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;

use crate::line::Batch;

/// Batches in their order; the store says when the oldest is to go.
#[derive(Debug, Default)]
pub(super) struct Recent {
    batches: Mutex<VecDeque<Arc<Batch>>>,
    /// The line behind them that has no end yet, when nothing was added to it for a
    /// while.
    unfinished: Mutex<Option<Arc<Batch>>>,
}

impl Recent {
    /// The batch in which a line starts at `offset`, and the index of that line.
    pub(super) fn at(&self, offset: u64) -> Option<(Arc<Batch>, usize)> {
        let batches = self.lock();
        let after = batches.partition_point(|batch| batch.start() <= offset);
        let batch = batches.get(after.checked_sub(1)?)?;
        let line = batch
            .lines()
            .binary_search_by_key(&offset, |line| line.offset)
            .ok()?;
        Some((Arc::clone(batch), line))
    }

    pub(super) fn remember(&self, batch: Arc<Batch>) {
        self.lock().push_back(batch);
    }

    pub(super) fn forget_oldest(&self) {
        self.lock().pop_front();
    }

    /// The unfinished line, as it stood when it was last told.
    pub(super) fn unfinished(&self) -> Option<Arc<Batch>> {
        let unfinished = self
            .unfinished
            .lock()
            .expect("no holder of the lock panics");
        unfinished.clone()
    }

    pub(super) fn set_unfinished(&self, line: Batch) {
        let mut unfinished = self
            .unfinished
            .lock()
            .expect("no holder of the lock panics");
        *unfinished = Some(Arc::new(line));
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Arc<Batch>>> {
        self.batches.lock().expect("no holder of the lock panics")
    }
}

#[cfg(test)]
mod tests;
