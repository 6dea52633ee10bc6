//! Which lines of a batch make the next event.

use crate::config::EVENT_BYTES_MAX;
use crate::config::EVENT_LINES_MAX;
use crate::line::Batch;
use crate::record::Record;
use crate::subscription::wishes::Wishes;

/// Looks at the lines of `batch` from number `next` on, until an event is full;
/// the number of the next one.
pub(super) fn keep(
    batch: &Batch,
    next: usize,
    wishes: &Wishes,
    until: Option<i64>,
    kept: &mut Vec<u32>,
) -> usize {
    let records = batch.known_records();
    let mut bytes = 0;
    let mut end = next;
    for (line, record) in batch.lines()[next..].iter().zip(&records[next..]) {
        if end > next && is_newer(record, until) {
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

/// Whether a line comes after a time.
pub(super) fn is_newer(record: &Record, time: Option<i64>) -> bool {
    let times = record.time.zip(time);
    times.is_some_and(|(own, time)| own > time)
}
