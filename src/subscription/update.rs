//! Everything that can happen to a reader.

use std::sync::Arc;

use crate::line::Batch;
use crate::position::SegmentId;
use crate::record::Record;
use crate::store::boundary::Boundary;
use crate::store::chain::Source;
use crate::store::torn::Torn;
use crate::subscription::kept_file::KeptFile;

/// Everything that can happen to a reader.
#[derive(Debug)]
pub enum Update {
    /// The next lines of one source that pass the filter, or stand near one that
    /// does, in order.
    Lines(Lines),
    /// A source went on in another segment. Comes after the lines of the old
    /// one that were there, and before those of the new one; late lines of the
    /// old one may follow.
    Boundary {
        /// The source.
        source: Arc<Source>,
        /// The segment that gave way.
        segment: Option<SegmentId>,
        /// When and how.
        boundary: Boundary,
    },
    /// The last line of a source, which has no end yet, as it stands. When it has
    /// one it comes among the lines, like any other.
    Unfinished {
        /// The source.
        source: Arc<Source>,
        /// Its newest segment, unless this is its first line.
        segment: Option<SegmentId>,
        /// One line, which passes the filter. Its record is known.
        line: Arc<Batch>,
    },
    /// Lines that this reader is not given.
    Gap(Gap),
    /// The state of a source; comes first for every source, and whenever it
    /// changes.
    Source(Arc<Source>),
}

/// See [`Update::Lines`].
#[derive(Clone, Debug)]
pub struct Lines {
    /// The source.
    pub source: Arc<Source>,
    /// The segment.
    pub segment: SegmentId,
    /// What the lines are of.
    pub batch: Arc<Batch>,
    /// Which lines of the batch are given; not empty.
    pub kept: Vec<u32>,
    /// What each of these says of itself. What it owes to lines above is the level of its
    /// record and whether it continues one; the time of its record only where the filter
    /// asks for that.
    pub records: Vec<Record>,
    /// Which of these do not pass the filter, and stand near one that does.
    pub context: Vec<u32>,
    /// Past the last line that was looked at.
    pub end: u64,
    /// Where they can be read again, once they are no more in memory.
    pub file: Option<KeptFile>,
}

/// See [`Update::Gap`]. Offsets are bytes in the segment.
#[derive(Clone, Debug)]
pub struct Gap {
    /// The source.
    pub source: Arc<Source>,
    /// The segment, where it is known.
    pub segment: Option<SegmentId>,
    /// Where the gap begins.
    pub from: Option<u64>,
    /// Where it ends.
    pub to: Option<u64>,
    /// How many lines it holds, where that was cheap to count.
    pub lines: Option<u64>,
    /// Why.
    pub reason: GapReason,
    /// Whether the lines can still be read from the file.
    pub is_loadable: bool,
}

/// Why a reader is not given lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GapReason {
    /// It was too far behind and wanted to be moved ahead.
    Lag,
    /// The file is there no more.
    Rotated,
    /// The file was truncated before the lines were read.
    Truncated,
    /// What follows in the file is damaged: it was compressed, and is cut short or
    /// changed.
    Damaged,
    /// The reader's cursor does not say where it was in this source.
    Cursor,
}

impl From<Torn> for GapReason {
    fn from(torn: Torn) -> GapReason {
        match torn {
            Torn::Damaged => GapReason::Damaged,
            Torn::Gone => GapReason::Rotated,
        }
    }
}
