//! What was done since the start, in numbers that only grow.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use crate::line::Batch;

/// See the module's description.
#[derive(Debug, Default)]
pub struct Tally {
    lines: AtomicU64,
    bytes: AtomicU64,
    gaps: AtomicU64,
}

impl Tally {
    /// These lines were read.
    pub fn read(&self, batch: &Batch) {
        let bytes = batch.end() - batch.start();
        self.lines
            .fetch_add(batch.lines().len() as u64, Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// A reader was told of lines that it is not given.
    pub fn gap(&self) {
        self.gaps.fetch_add(1, Ordering::Relaxed);
    }

    /// Lines that were read from files that are followed.
    pub fn lines(&self) -> u64 {
        self.lines.load(Ordering::Relaxed)
    }

    /// The bytes of these.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Gaps that readers were told of.
    pub fn gaps(&self) -> u64 {
        self.gaps.load(Ordering::Relaxed)
    }
}
