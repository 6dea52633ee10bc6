//! The parts of a source that are counted one after the other, and what a glance
//! at each tells before it is.
//!
//! A glance reads a few lines where a part begins. Taken together they say when
//! the lines of each part are, and about how many there are of which level.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use crate::config::whole_files::TIMELINE_GLANCE_BYTES;
use crate::filter::Filter;
use crate::record::window::Window;
use crate::store::above;
use crate::store::block::Lines;
use crate::store::history::line_start;
use crate::store::moment;
use crate::store::segment::Segment;
use crate::store::timeline::bucket::Bucket;

/// So many times longer than on disk is the text of a log, about, that is compressed.
const PACKED_RATIO: u64 = 8;

/// See the module's description.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// The number of its source.
    pub(super) source: usize,
    pub(super) segment: Arc<Segment>,
    /// Which bytes of it, between two offsets at which lines start; `None` for all
    /// of one that has to be unpacked first.
    pub(super) range: Option<Range<u64>>,
    /// Bytes on disk of what has to be unpacked first.
    pub(super) packed_bytes: u64,
    pub(super) glance: Glance,
    /// When the next part begins, or the last line of the source is.
    pub(super) until: Option<i64>,
}

/// What was seen of a part, in so many bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Glance {
    pub(super) bytes: u64,
    pub(super) kept: Bucket,
    /// The first time, and the last, that was seen.
    pub(super) first: Option<i64>,
    pub(super) last: Option<i64>,
}

impl Glance {
    /// What was seen of both, without the times.
    pub(super) fn and(self, other: Glance) -> Glance {
        Glance {
            bytes: self.bytes + other.bytes,
            kept: Bucket {
                total: self.kept.total + other.kept.total,
                warn: self.kept.warn + other.kept.warn,
                error: self.kept.error + other.kept.error,
            },
            ..Glance::default()
        }
    }
}

impl Part {
    /// A part that was not looked at.
    pub(super) fn new(source: usize, segment: &Arc<Segment>, range: Option<Range<u64>>) -> Part {
        Part {
            source,
            segment: Arc::clone(segment),
            range,
            packed_bytes: 0,
            glance: Glance::default(),
            until: None,
        }
    }

    /// From when to when its lines are, as far as is known.
    pub(super) fn times(&self) -> Option<(i64, i64)> {
        let first = self.glance.first?;
        let last = self.until.or(self.glance.last).unwrap_or(first);
        Some((first, last.max(first) + 1))
    }

    /// Its bytes, also of what has to be unpacked first.
    pub(super) fn whole_range(&self, window: Window) -> io::Result<Range<u64>> {
        if let Some(range) = self.range.clone() {
            return Ok(range);
        }
        let _unpacked = self.segment.open()?;
        let range = moment::range_in(&self.segment, window)?;
        Ok(range.unwrap_or_default())
    }

    /// The time of the last line.
    pub(super) fn last_time(&self) -> Option<i64> {
        let end = self.range.as_ref()?.end;
        let file = self.segment.open().ok()?;
        let lines = Lines {
            first: self.segment.first(),
            head: end,
            ..Lines::of(&self.segment, &file)
        };
        let batches = lines.before(end, TIMELINE_GLANCE_BYTES).ok()?;
        let mut recogniser = above::recogniser(&file, lines.encoding, batches.first()?.start());
        let records = batches.iter().map(|batch| batch.records(&mut recogniser));
        records.filter_map(<[_]>::last).last()?.record_time
    }

    pub(super) fn bytes(&self) -> u64 {
        let range = self.range.as_ref();
        range.map_or(0, |range| range.end - range.start)
    }

    /// About how many lines there are, by those that were seen.
    pub(super) fn estimate(&self) -> [f64; 3] {
        let bytes = self.bytes() + self.packed_bytes * PACKED_RATIO;
        let share = bytes as f64 / self.glance.bytes.max(1) as f64;
        let Bucket { total, warn, error } = self.glance.kept;
        [total, warn, error].map(|count| count as f64 * share)
    }

    /// Looks at the first lines.
    pub(super) fn look(&mut self, filter: &Filter) -> io::Result<()> {
        let Some(range) = self.range.clone() else {
            self.glance.first = moment::first_time(&self.segment);
            return Ok(());
        };
        let file = self.segment.open()?;
        let lines = Lines {
            first: self.segment.first(),
            head: range.end,
            ..Lines::of(&self.segment, &file)
        };
        let mut recogniser = above::recogniser(&file, lines.encoding, range.start);
        let mut glance = Glance::default();
        for batch in lines.after(range.start, TIMELINE_GLANCE_BYTES)? {
            glance.bytes += batch.end() - batch.start();
            let records = batch.records(&mut recogniser);
            for (line, record) in batch.lines().iter().zip(records) {
                glance.first = glance.first.or(record.record_time);
                glance.last = record.record_time.or(glance.last);
                if filter.keeps(batch.text(line), record) {
                    glance.kept.count(record);
                }
            }
        }
        self.glance = glance;
        Ok(())
    }
}

/// Cuts a range into parts of about `length` bytes each, at which lines start.
pub(super) fn cut(whole: &Part, range: Range<u64>, length: u64) -> io::Result<Vec<Part>> {
    let segment = &whole.segment;
    let file = segment.open()?;
    let mut parts = Vec::new();
    let mut start = range.start;
    while start < range.end {
        let aim = start + length;
        let end = if aim + length / 2 >= range.end {
            range.end
        } else {
            line_start(&file, segment.encoding(), aim, range.end)?
        };
        parts.push(Part::new(whole.source, segment, Some(start..end)));
        start = end;
    }
    Ok(parts)
}
