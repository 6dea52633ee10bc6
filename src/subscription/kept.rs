//! The lines ahead of a reader, and which of them make the next event.

use crate::config::EVENT_BYTES_MAX;
use crate::config::EVENT_LINES_MAX;
use crate::line::Batch;
use crate::line::Line;
use crate::line::wire_bytes;
use crate::record::Record;
use crate::subscription::above::Above;
use crate::subscription::ahead::Ahead;
use crate::subscription::likely;
use crate::subscription::likely::Likely;
use crate::subscription::records::Records;
use crate::subscription::update::Gap;
use crate::subscription::update::Lines;
use crate::subscription::wishes::Wishes;

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
    /// Whether the event ends before `line`, which is of this `time`.
    pub(super) fn excludes(self, line: &Line, time: Option<i64>) -> bool {
        let times = time.zip(self.until);
        line.offset >= self.up_to || times.is_some_and(|(own, until)| own > until)
    }
}

/// Lines of a batch that make an event.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub numbers: Vec<u32>,
    pub records: Vec<Record>,
    /// The number of the line that comes next.
    pub end: usize,
}

impl Kept {
    /// The next lines that pass the filter, where only these have to be read to tell;
    /// else `None`.
    pub(super) fn likely(
        ahead: &Ahead,
        wishes: &Wishes,
        limit: Limit,
        above: &mut Above,
    ) -> Option<Kept> {
        let Ahead { batch, next, .. } = ahead;
        let are_asked = limit.until.is_some() || wishes.context > 0 || wishes.filter.needs_record();
        let are_known = !batch.known_records().is_empty();
        if are_asked || are_known || likely::finder(batch, wishes).is_none() {
            return None;
        }
        Kept::of(batch, *next, wishes, limit, &mut above.as_asked())
    }

    /// Looks at the lines of `batch` from number `next` on, until an event is full;
    /// `None` when not all of their `records` can be told.
    pub(super) fn of(
        batch: &Batch,
        next: usize,
        wishes: &Wishes,
        limit: Limit,
        records: &mut Records<'_>,
    ) -> Option<Kept> {
        let mut likely = Likely::in_batch(batch, wishes);
        let mut kept = Kept {
            end: next,
            ..Kept::default()
        };
        let mut bytes = 0;
        for (number, line) in batch.lines().iter().enumerate().skip(next) {
            let time = match limit.until {
                Some(_) => records.of(batch, number)?.time,
                None => None,
            };
            if number > next && limit.excludes(line, time) {
                break;
            }
            let text = batch.text(line);
            if likely.may_match(line) && wishes.filter.keeps_text(text) {
                let record = records.of(batch, number)?;
                if wishes.filter.keeps_record(&record) {
                    let length = wire_bytes(text);
                    if !kept.numbers.is_empty() && bytes + length > EVENT_BYTES_MAX {
                        break;
                    }
                    bytes += length;
                    kept.numbers.push(number as u32);
                    kept.records.push(record);
                }
            }
            kept.end += 1;
            if kept.numbers.len() == EVENT_LINES_MAX {
                break;
            }
        }
        Some(kept)
    }
}
