//! From when to when the lines of a segment are, as far as it says so.
//!
//! The first time stands at the beginning of the file, the last one at its end:
//! two small reads, which are made once for as long as the segment does not grow.

use std::collections::HashMap;
use std::sync::Mutex;

use crate::config::BLOCK_BYTES_MIN;
use crate::config::SPANS_KNOWN_MAX;
use crate::position::SegmentId;
use crate::record::time::Zone;
use crate::store::above;
use crate::store::block::Lines;
use crate::store::moment;
use crate::store::segment::Segment;

/// Milliseconds since the epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// In which zone the first time is written.
    pub zone: Option<Zone>,
    /// The first time near the beginning.
    pub from: Option<i64>,
    /// The time of the last line, or of those above it. Not known of what would
    /// have to be unpacked first.
    pub to: Option<i64>,
}

/// The spans that were looked for, each with the head that its segment had.
#[derive(Debug, Default)]
pub struct Spans {
    known: Mutex<HashMap<SegmentId, (u64, Span)>>,
}

impl Spans {
    /// The span of `segment`. Reads its file only while there is something of
    /// `looks` left.
    pub fn of(&self, segment: &Segment, looks: &mut usize) -> Span {
        let Some(id) = segment.id() else {
            return Span::default();
        };
        let head = segment.head();
        let known = self.lock().get(&id).copied();
        match known {
            Some((known_head, span)) if known_head == head => span,
            _ if *looks == 0 => Span::default(),
            _ => {
                *looks -= 1;
                let before = known.map(|(_, span)| span);
                let span = find(segment, head, before);
                let mut known = self.lock();
                if known.len() >= SPANS_KNOWN_MAX {
                    known.clear();
                }
                known.insert(id, (head, span));
                span
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<SegmentId, (u64, Span)>> {
        self.known.lock().expect("no holder of the lock panics")
    }
}

/// `before` is what was found when the segment was shorter.
fn find(segment: &Segment, head: u64, before: Option<Span>) -> Span {
    let known = before.and_then(|span| span.from.zip(span.zone));
    let first = known.or_else(|| moment::first_zoned(segment));
    Span {
        from: first.map(|(time, _)| time),
        zone: first.map(|(_, zone)| zone),
        to: last_time(segment, head),
    }
}

fn last_time(segment: &Segment, head: u64) -> Option<i64> {
    if segment.is_compressed() {
        return None;
    }
    let file = segment.open().ok()?;
    let lines = Lines {
        head,
        ..Lines::of(segment, &file)
    };
    let block = lines.shortly_before(head, BLOCK_BYTES_MIN, &|_| false);
    let block = block.ok()??;
    let mut recogniser = above::recogniser(&file, lines.encoding, block.start);
    let records = block
        .batches
        .iter()
        .map(|batch| batch.records(&mut recogniser));
    records.filter_map(<[_]>::last).last()?.record_time
}

#[cfg(test)]
mod tests;
