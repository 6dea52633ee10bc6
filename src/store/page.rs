//! Pages of the lines there are: those before a place, behind it, or around it,
//! of one source or of several merged by time.
//!
//! A page costs what it holds, wherever it is: it reads from its place on until
//! it is full, or until enough was looked through in vain. It ends with places
//! from which to go on, so that pages put together are the files, whole.
//!
//! Each source keeps its order. Between sources the times of the lines decide;
//! a line without one goes with the line above it. Sources without any time take
//! turns, since nothing says when their lines were written.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::Weak;
use std::time::Instant;

use crate::config::BLOCK_BYTES_MIN;
use crate::filter::Filter;
use crate::line::Line;
use crate::position::Position;
use crate::position::SegmentId;
use crate::record::Record;
use crate::store::chain::Source;
use crate::store::context::Context;
use crate::store::segment::Segment;
use crate::store::spot::Spot;
use crate::store::walk::Direction;
use crate::store::walk::Met;
use crate::store::walk::Reading;
use crate::store::walk::Step;
use crate::store::walk::Unsettled;
use crate::store::walk::Walk;

/// What a page is to hold.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Which lines.
    pub filter: &'a Filter,
    /// Which lines exist for this reader at all, also around others.
    pub boundary: &'a Filter,
    /// So many lines around each of them as well.
    pub context: usize,
    /// Lines, at most.
    pub lines_max: usize,
    /// Bytes of text, at most, unless a single line is longer.
    pub text_bytes_max: usize,
    /// Bytes that are looked through, about.
    pub scan_bytes_max: u64,
    /// Bytes that are read at once, at most, unless a single line is longer.
    pub block_bytes_max: u64,
    /// How long it is waited for.
    pub patience: Patience<'a>,
}

/// How long somebody waits for a page. A page that takes longer ends early, behind its first step.
#[derive(Clone, Copy, Debug)]
pub struct Patience<'a> {
    /// Until then,
    pub until: Instant,
    /// or until nobody holds this any more.
    pub reader: &'a Weak<()>,
}

impl Patience<'_> {
    /// `has_moved` behind the first step.
    fn is_over(self, has_moved: bool) -> bool {
        self.reader.strong_count() == 0 || has_moved && Instant::now() > self.until
    }
}

/// One line of a page.
#[derive(Debug)]
pub struct PageLine {
    /// Its source.
    pub source: Arc<Source>,
    /// Its segment.
    pub segment: SegmentId,
    /// Where it is there.
    pub line: Line,
    /// Its text.
    pub text: Box<[u8]>,
    /// What it says of itself.
    pub record: Record,
    /// It does not pass the filter, and stands near one that does.
    pub is_context: bool,
}

/// See the module's description.
#[derive(Debug, Default)]
pub struct Page {
    /// Oldest first.
    pub lines: Vec<PageLine>,
    /// Before these places there is more, or may be; none at the oldest line.
    pub older: Option<Vec<Spot>>,
    /// The same for newer lines.
    pub newer: Option<Vec<Spot>>,
    /// How many lines stand before the place that the page is around.
    pub before: usize,
}

impl PageLine {
    /// Its address.
    pub fn position(&self) -> Position {
        Position {
            segment: self.segment,
            offset: self.line.offset,
        }
    }
}

impl Page {
    /// The newest lines before `spots`, one for each source.
    pub fn before(spots: &[Spot], wanted: &Wanted<'_>) -> Result<Page, Unsettled> {
        let mut merge = Merge::new(spots, Direction::Backward, wanted)?;
        let mut lines = merge.take(wanted)?;
        lines.reverse();
        Ok(Page {
            lines,
            older: merge.rest()?,
            newer: Page::empty(spots).newer,
            before: 0,
        })
    }

    /// The oldest lines behind `spots`.
    pub fn after(spots: &[Spot], wanted: &Wanted<'_>) -> Result<Page, Unsettled> {
        let mut merge = Merge::new(spots, Direction::Forward, wanted)?;
        Ok(Page {
            lines: merge.take(wanted)?,
            older: Page::empty(spots).older,
            newer: merge.rest()?,
            before: 0,
        })
    }

    /// Half a page from each side of `spots`; of what lies before them more,
    /// where little lies behind.
    pub fn around(spots: &[Spot], wanted: &Wanted<'_>) -> Result<Page, Unsettled> {
        let half = Wanted {
            lines_max: wanted.lines_max.div_ceil(2),
            text_bytes_max: wanted.text_bytes_max / 2,
            scan_bytes_max: wanted.scan_bytes_max / 2,
            ..*wanted
        };
        let after = Page::after(spots, &half)?;
        let bytes: usize = after.lines.iter().map(|line| line.text.len()).sum();
        let rest = Wanted {
            lines_max: wanted.lines_max - after.lines.len(),
            text_bytes_max: wanted.text_bytes_max.saturating_sub(bytes),
            ..half
        };
        let before = if rest.lines_max > 0 {
            Page::before(spots, &rest)?
        } else {
            Page::empty(spots)
        };
        let mut lines = before.lines;
        let count = lines.len();
        lines.extend(after.lines);
        Ok(Page {
            lines,
            older: before.older,
            newer: after.newer,
            before: count,
        })
    }

    /// No lines, and where to go on from `spots`.
    pub fn empty(spots: &[Spot]) -> Page {
        let more = |direction| {
            let has_more = spots.iter().any(|spot| spot.has_more(direction));
            has_more.then(|| spots.to_vec())
        };
        Page {
            lines: Vec::new(),
            older: more(Direction::Backward),
            newer: more(Direction::Forward),
            before: 0,
        }
    }
}

/// Sources side by side.
struct Merge<'a> {
    lanes: Vec<Lane<'a>>,
    direction: Direction,
    budget: u64,
    patience: Patience<'a>,
    /// Whose turn it is among those without a time.
    turn: usize,
}

impl<'a> Merge<'a> {
    fn new(
        spots: &[Spot],
        direction: Direction,
        wanted: &Wanted<'a>,
    ) -> Result<Merge<'a>, Unsettled> {
        let reading = Reading {
            filter: wanted.filter,
            boundary: wanted.boundary,
            knows_all: wanted.context > 0,
            // Each source holds a block.
            block_bytes_max: (wanted.block_bytes_max / spots.len().max(1) as u64)
                .max(BLOCK_BYTES_MIN.min(wanted.block_bytes_max)),
        };
        let lanes = spots
            .iter()
            .map(|spot| Lane::new(spot, direction, reading, wanted.context));
        Ok(Merge {
            lanes: lanes.collect::<Result<_, _>>()?,
            direction,
            budget: wanted.scan_bytes_max,
            patience: wanted.patience,
            turn: 0,
        })
    }

    /// The next lines, as many as are wanted.
    fn take(&mut self, wanted: &Wanted<'_>) -> Result<Vec<PageLine>, Unsettled> {
        let mut lines = Vec::new();
        let mut bytes = 0;
        while lines.len() < wanted.lines_max
            && let Some(number) = self.next_lane()?
        {
            let lane = &mut self.lanes[number];
            let length = lane.ready.front().map_or(0, |(met, _)| met.text().len());
            if !lines.is_empty() && bytes + length > wanted.text_bytes_max {
                break;
            }
            bytes += length;
            lines.extend(lane.take());
        }
        Ok(lines)
    }

    /// Which source has the next line. None when all have ended, or one cannot
    /// tell without reading too much.
    fn next_lane(&mut self) -> Result<Option<usize>, Unsettled> {
        let mut best: Option<(i64, usize)> = None;
        let mut timeless = Vec::new();
        for (number, lane) in self.lanes.iter_mut().enumerate() {
            match lane.peek(&mut self.budget, self.patience)? {
                Peek::OutOfBudget => return Ok(None),
                Peek::End => {}
                Peek::Line(None) => timeless.push(number),
                Peek::Line(Some(time)) => {
                    let is_next = best.is_none_or(|(other, _)| match self.direction {
                        Direction::Backward => time >= other,
                        Direction::Forward => time < other,
                    });
                    if is_next {
                        best = Some((time, number));
                    }
                }
            }
        }
        if timeless.is_empty() {
            return Ok(best.map(|(_, number)| number));
        }
        timeless.extend(best.map(|(_, number)| number));
        self.turn += 1;
        Ok(Some(timeless[self.turn % timeless.len()]))
    }

    /// Where to go on; nothing was changed under the reading.
    fn rest(&self) -> Result<Option<Vec<Spot>>, Unsettled> {
        if !self.lanes.iter().all(|lane| lane.walk.is_undisturbed()) {
            return Err(Unsettled);
        }
        let spots: Vec<_> = self.lanes.iter().map(Lane::spot).collect();
        let has_more = |(lane, spot): (&Lane<'_>, &Spot)| {
            !lane.ready.is_empty() || !lane.has_ended && spot.has_more(self.direction)
        };
        let has_more = self.lanes.iter().zip(&spots).any(has_more);
        Ok(has_more.then_some(spots))
    }
}

enum Peek {
    /// The next line has this time.
    Line(Option<i64>),
    OutOfBudget,
    End,
}

/// The lines of one source that are to be given.
struct Lane<'a> {
    walk: Walk<'a>,
    direction: Direction,
    context: Context<Met>,
    ready: VecDeque<(Met, bool)>,
    /// Of everything up to here it is decided whether it is given.
    segment: Arc<Segment>,
    offset: u64,
    has_moved: bool,
    has_ended: bool,
}

impl<'a> Lane<'a> {
    fn new(
        spot: &Spot,
        direction: Direction,
        reading: Reading<'a>,
        context: usize,
    ) -> Result<Lane<'a>, Unsettled> {
        let distance = if context == 0 {
            None
        } else {
            spot.match_before(direction, reading, context)?
        };
        Ok(Lane {
            walk: spot.walk(direction, reading),
            direction,
            context: Context::new(context, distance),
            ready: VecDeque::new(),
            segment: Arc::clone(&spot.segment),
            offset: spot.offset,
            has_moved: false,
            has_ended: false,
        })
    }

    /// Whether there is a line, read within `budget`. Goes on at least by one
    /// line, so that every page is a step.
    fn peek(&mut self, budget: &mut u64, patience: Patience<'_>) -> Result<Peek, Unsettled> {
        loop {
            if let Some((met, _)) = self.ready.front() {
                return Ok(Peek::Line(met.time));
            }
            if self.has_ended {
                return Ok(Peek::End);
            }
            if patience.is_over(self.has_moved) {
                return Ok(Peek::OutOfBudget);
            }
            if !self.has_moved {
                *budget = (*budget).max(1);
            }
            match self.walk.step(budget)? {
                Step::Line(met) if met.is_hidden => {}
                Step::Line(met) => {
                    let is_wanted = met.is_wanted;
                    if let Some(left_out) = self.context.push(met, is_wanted, &mut self.ready) {
                        self.decide(left_out.line());
                    }
                }
                // Nothing waits: with context every line is met.
                Step::Passed => {
                    self.offset = self.walk.offset();
                    self.has_moved = true;
                }
                Step::Segment => {
                    self.context.begin_anew();
                    self.segment = Arc::clone(self.walk.segment());
                    self.offset = self.walk.offset();
                    self.has_moved = true;
                }
                Step::OutOfBudget => return Ok(Peek::OutOfBudget),
                Step::End => self.has_ended = true,
            }
        }
    }

    fn take(&mut self) -> Option<PageLine> {
        let (met, is_context) = self.ready.pop_front()?;
        self.decide(met.line());
        Some(PageLine {
            source: Arc::clone(self.walk.source()),
            segment: self.segment.id()?,
            line: *met.line(),
            text: met.text().into(),
            record: met.record,
            is_context,
        })
    }

    fn decide(&mut self, line: &Line) {
        self.offset = match self.direction {
            Direction::Backward => line.offset,
            Direction::Forward => line.end,
        };
        self.has_moved = true;
    }

    fn spot(&self) -> Spot {
        Spot {
            source: Arc::clone(self.walk.source()),
            segment: Arc::clone(&self.segment),
            offset: self.offset,
        }
    }
}

#[cfg(test)]
mod tests;
