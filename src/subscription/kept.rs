//! The lines ahead of a reader, and which of them make the next event.

use std::sync::Arc;

use crate::config::EVENT_BYTES_MAX;
use crate::config::EVENT_LINES_MAX;
use crate::line::Batch;
use crate::line::Line;
use crate::record::Record;
use crate::subscription::update::Gap;
use crate::subscription::update::Lines;
use crate::subscription::wishes::Wishes;

/// Lines that were read and not yet looked at.
#[derive(Clone, Debug)]
pub(super) struct Ahead {
    pub batch: Arc<Batch>,
    pub next: usize,
    /// They are found in the store's memory again: a reader that does not go on must
    /// not keep them.
    pub is_in_memory: bool,
}

/// What a look at the next lines brought.
#[derive(Debug)]
pub(super) enum Looked {
    /// Lines that pass the filter.
    Lines(Lines),
    /// Lines, but none that pass the filter.
    Nothing,
    /// The bytes are gone up to the head.
    Gap(Gap),
    /// The file is not what it was; the follower will notice.
    Unsettled,
}

/// Before which line an event ends, unless that is its first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit {
    /// One that starts there, or behind.
    pub up_to: u64,
    /// One that is newer, in milliseconds since the epoch.
    pub until: Option<i64>,
}

impl Limit {
    /// Whether the event ends before `line`.
    pub(super) fn excludes(self, line: &Line, record: &Record) -> bool {
        let times = record.time.zip(self.until);
        line.offset >= self.up_to || times.is_some_and(|(own, until)| own > until)
    }
}

/// Looks at the lines of `batch` from number `next` on, until an event is full;
/// the number of the next one.
pub(super) fn keep(
    batch: &Batch,
    next: usize,
    wishes: &Wishes,
    limit: Limit,
    kept: &mut Vec<u32>,
) -> usize {
    let records = batch.known_records();
    let mut bytes = 0;
    let mut end = next;
    for (line, record) in batch.lines()[next..].iter().zip(&records[next..]) {
        if end > next && limit.excludes(line, record) {
            break;
        }
        let text = batch.text(line);
        if wishes.filter.keeps(text, record) {
            if !kept.is_empty() && bytes + text.len() > EVENT_BYTES_MAX {
                break;
            }
            bytes += text.len();
            kept.push(end as u32);
        }
        end += 1;
        if kept.len() == EVENT_LINES_MAX {
            break;
        }
    }
    end
}
