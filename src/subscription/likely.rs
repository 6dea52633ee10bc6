//! Which lines of a batch may match a filter.
//!
//! To ask a filter line by line costs more than to look through all of their text at
//! once for what it wants. Few lines are left then that have to be asked.

use crate::filter::Finder;
use crate::line::Batch;
use crate::line::Line;
use crate::subscription::wishes::Wishes;

/// Fewer lines are not worth a finder, which has to be made first.
const LINES_MIN: usize = 64;

/// See the module's description. Lines are asked about in their order.
pub(super) struct Likely<'a> {
    batch: &'a Batch,
    /// `None` when any line may match.
    finder: Option<&'a Finder>,
    /// Where the finder has looked from, and what it found there.
    looked_from: usize,
    found: Option<usize>,
}

impl<'a> Likely<'a> {
    /// Of the lines of `batch`.
    pub(super) fn in_batch(batch: &'a Batch, wishes: &'a Wishes) -> Likely<'a> {
        Likely {
            batch,
            finder: finder(batch, wishes),
            looked_from: usize::MAX,
            found: None,
        }
    }

    /// Whether `line` may match.
    pub(super) fn may_match(&mut self, line: &Line) -> bool {
        let Some(finder) = self.finder.filter(|_| self.batch.is_whole(line)) else {
            return true;
        };
        let start = line.text.0 as usize;
        let is_known = self.looked_from <= start && self.found.is_none_or(|found| found >= start);
        if !is_known {
            self.looked_from = start;
            self.found = finder.find(self.batch.all_text(), start);
        }
        let behind = line.text.1 as usize + line.terminator.max(1) as usize;
        self.found.is_some_and(|found| found < behind)
    }
}

/// What finds the lines that may match, unless they are too few.
pub(super) fn finder<'a>(batch: &Batch, wishes: &'a Wishes) -> Option<&'a Finder> {
    let is_worth_it = batch.lines().len() >= LINES_MIN;
    is_worth_it.then(|| wishes.finder()).flatten()
}

#[cfg(test)]
mod tests;
