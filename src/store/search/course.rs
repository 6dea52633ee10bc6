//! Which way a search goes, what it gives on it, and why it goes no further.

use std::sync::Arc;

use crate::filter::Filter;
use crate::line::Line;
use crate::position::Position;
use crate::position::SegmentId;
use crate::record::Record;
use crate::store::chain::Source;

/// In which order hits are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The newest first; a position to go on from is behind what is left.
    Newest,
    /// The oldest first; a position to go on from is before what is left.
    Oldest,
}

/// Why a search goes on no further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Nobody waits for it any more.
    Left,
    /// Its time is up.
    Budget,
    /// It has as many hits as it may have.
    Capped,
    /// The bytes it was reading are gone.
    Lost,
    /// A compressed file is damaged; everything else was looked through.
    Damaged,
}

/// What is looked for, and where.
#[derive(Clone, Debug)]
pub struct Request {
    /// The sources.
    pub sources: Vec<Arc<Source>>,
    /// Which lines are hits.
    pub filter: Arc<Filter>,
    /// Which come first.
    pub order: Order,
    /// Where to begin, unless at the end or at the beginning of all.
    pub from: Option<Position>,
    /// After so many hits it ends.
    pub hits_max: usize,
}

/// A line that is looked for.
#[derive(Clone, Debug)]
pub struct Hit {
    /// Its source.
    pub source: Arc<Source>,
    /// Its segment.
    pub segment: SegmentId,
    /// Where it is there.
    pub line: Line,
    /// Its text, see [`Line::text`].
    pub text: Vec<u8>,
    /// What it says of itself.
    pub record: Record,
}

/// How far a search is, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Looked through.
    pub scanned: u64,
    /// There are, as far as is known: a compressed file counts when it is reached.
    pub total: u64,
    /// Found.
    pub hits: u64,
}

/// Whom a search tells.
pub trait Listener {
    /// Takes hits, when there is room for them.
    fn take(&mut self, hits: &[Hit]) -> Result<(), Stop>;

    /// Is asked all the time; `Err` ends the search.
    fn go_on(&mut self, progress: Progress) -> Result<(), Stop>;
}
