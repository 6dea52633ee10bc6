//! Lines around those that pass the filter, on their way to a reader.
//!
//! A line may be context of a match that is still to come, and waits until that
//! is decided. The place of the reader is before the lines that wait: whoever
//! goes on from there finds them again, and those before it tell what it still
//! owes to the last match.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::config::EVENT_BYTES_MAX;
use crate::config::EVENT_LINES_MAX;
use crate::config::READ_BYTES;
use crate::filter::Filter;
use crate::line::Batch;
use crate::line::Line;
use crate::line::Trail;
use crate::line::wire_bytes;
use crate::position::SegmentId;
use crate::record::Record;
use crate::store::chain::Source;
use crate::store::context::Context;
use crate::store::spot::Spot;
use crate::store::walk::Direction;
use crate::store::walk::Reading;
use crate::subscription::kept::Limit;
use crate::subscription::kept_file::KeptFile;
use crate::subscription::kept_file::blocking;
use crate::subscription::update::Lines;
use crate::subscription::wishes::Wishes;

/// A line that was looked at.
#[derive(Clone, Debug)]
struct LookedAt {
    batch: Arc<Batch>,
    number: u32,
    /// The bytes before it.
    trail: Trail,
}

impl LookedAt {
    fn line(&self) -> &Line {
        &self.batch.lines()[self.number as usize]
    }

    fn record(&self) -> Record {
        self.batch.known_records()[self.number as usize]
    }

    fn length(&self) -> usize {
        wire_bytes(self.batch.text(self.line()))
    }
}

/// See the module's description.
#[derive(Clone, Debug)]
pub(super) struct Around {
    context: Context<LookedAt>,
    given: Vec<(LookedAt, bool)>,
    given_bytes: usize,
    ready: VecDeque<Lines>,
    /// Past the lines that the reader was given last.
    told: Option<(u64, Trail)>,
}

impl Around {
    /// See [`Context::new`].
    pub(super) fn new(reach: usize, distance: Option<usize>) -> Around {
        Around {
            context: Context::new(reach, distance),
            given: Vec::new(),
            given_bytes: 0,
            ready: VecDeque::new(),
            told: None,
        }
    }

    /// What is to be given from `spot` on.
    pub(super) async fn begin(spot: Spot, wishes: &Wishes) -> Around {
        let context = wishes.context;
        let (filter, boundary) = (Arc::clone(&wishes.filter), Arc::clone(&wishes.boundary));
        let around = blocking(move || Ok(Around::beginning(&spot, context, &filter, &boundary)));
        around.await.unwrap_or_else(|_| Around::new(context, None))
    }

    /// Reads the disk.
    fn beginning(spot: &Spot, reach: usize, filter: &Filter, boundary: &Filter) -> Around {
        let reading = Reading {
            filter,
            boundary,
            knows_all: true,
            block_bytes_max: READ_BYTES as u64,
        };
        let distance = spot.match_before(Direction::Forward, reading, reach);
        Around::new(reach, distance.unwrap_or(None))
    }

    /// Looks at the lines of `batch` from number `next` on, which stands behind
    /// the bytes `before`, until an event is full; the number of the next one.
    pub(super) fn look_at(
        &mut self,
        batch: &Arc<Batch>,
        next: usize,
        before: Trail,
        wishes: &Wishes,
        limit: Limit,
    ) -> usize {
        let records = batch.known_records();
        let mut end = next;
        for (line, record) in batch.lines()[next..].iter().zip(&records[next..]) {
            if self.is_full() || end > next && limit.excludes(line, record.time) {
                break;
            }
            let text = batch.text(line);
            let is_match = wishes.filter.keeps(text, record);
            if is_match || wishes.boundary.keeps(text, record) {
                let looked_at = LookedAt {
                    batch: Arc::clone(batch),
                    number: end as u32,
                    trail: match end {
                        _ if end == next => before,
                        _ => batch.trail_at(line.offset),
                    },
                };
                self.push(looked_at, is_match);
            }
            end += 1;
        }
        end
    }

    fn push(&mut self, looked_at: LookedAt, is_match: bool) {
        let before = self.given.len();
        self.context.push(looked_at, is_match, &mut self.given);
        let added = self.given[before..].iter();
        self.given_bytes += added.map(|(given, _)| given.length()).sum::<usize>();
    }

    fn is_full(&self) -> bool {
        self.given.len() >= EVENT_LINES_MAX || self.given_bytes >= EVENT_BYTES_MAX
    }

    /// Whether there are lines for the reader.
    pub(super) fn is_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    /// Makes events of the lines that are to be given.
    pub(super) fn make_ready(&mut self, source: &Arc<Source>, segment: SegmentId, file: &KeptFile) {
        self.given_bytes = 0;
        let mut bytes = 0;
        for (given, is_context) in self.given.drain(..) {
            bytes += given.length();
            let is_full =
                |lines: &Lines| lines.kept.len() >= EVENT_LINES_MAX || bytes > EVENT_BYTES_MAX;
            let last = self.ready.back().filter(|lines| !is_full(lines));
            if last.is_none_or(|lines| !Arc::ptr_eq(&lines.batch, &given.batch)) {
                bytes = given.length();
                self.ready.push_back(Lines {
                    source: Arc::clone(source),
                    segment,
                    batch: Arc::clone(&given.batch),
                    kept: Vec::new(),
                    records: Vec::new(),
                    context: Vec::new(),
                    end: 0,
                    file: Some(file.clone()),
                });
            }
            let Some(lines) = self.ready.back_mut() else {
                continue;
            };
            lines.kept.push(given.number);
            lines.records.push(given.record());
            lines.end = given.line().end;
            if is_context {
                lines.context.push(given.number);
            }
        }
    }

    /// The next event.
    pub(super) fn next(&mut self) -> Option<Lines> {
        let lines = self.ready.pop_front()?;
        self.told = Some((lines.end, lines.batch.trail_at(lines.end)));
        Some(lines)
    }

    /// The place of the reader, if it is before the one up to which lines were
    /// looked at.
    pub(super) fn place(&self) -> Option<(u64, Trail)> {
        if self.is_ready() {
            return self.told;
        }
        let first = self.context.first_waiting()?;
        Some((first.line().offset, first.trail))
    }
}

#[cfg(test)]
mod tests;
