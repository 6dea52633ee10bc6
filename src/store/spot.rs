//! Places between two lines in the files of a source, and how a reader names them.

use std::fs::File;
use std::sync::Arc;

use crate::config::BLOCK_BYTES_MIN;
use crate::filter::Filter;
use crate::line::Trail;
use crate::position;
use crate::position::Position;
use crate::store::above;
use crate::store::block::Lines;
use crate::store::chain::Source;
use crate::store::history;
use crate::store::locate;
use crate::store::moment;
use crate::store::reading;
use crate::store::resume;
use crate::store::resume::Lost;
use crate::store::segment::Segment;
use crate::store::walk::Direction;
use crate::store::walk::Reading;
use crate::store::walk::Step;
use crate::store::walk::Unsettled;
use crate::store::walk::Walk;

/// A place between two lines of one source.
#[derive(Clone, Debug)]
pub struct Spot {
    /// The source.
    pub source: Arc<Source>,
    /// Which file of it.
    pub segment: Arc<Segment>,
    /// Where the next line starts there.
    pub offset: u64,
}

/// Why a position is no place any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Nobody knows its segment.
    Unknown,
    /// Its file was there and is not any more.
    Gone,
}

/// What became of a position.
#[derive(Clone, Debug)]
pub enum Found {
    /// It is a line, and this is where that starts.
    Line(Spot),
    /// It is past the last line, which ends here.
    PastEnd(Spot),
}

impl Spot {
    /// Past the last line of `source`; `None` when it never had a file.
    pub fn end(source: &Arc<Source>) -> Option<Spot> {
        let segment = source.newest().or_else(|| {
            source.link_neighbours();
            source.newest()
        })?;
        // What has to be unpacked has no end before.
        let _file = segment.open();
        Some(Spot {
            source: Arc::clone(source),
            offset: segment.head(),
            segment,
        })
    }

    /// Before the first line of `source`; `None` when it never had a file.
    pub fn beginning(source: &Arc<Source>) -> Option<Spot> {
        source.link_neighbours();
        let segment = source.oldest()?;
        Some(Spot {
            source: Arc::clone(source),
            offset: segment.hole(),
            segment,
        })
    }

    /// Where the line at `position` starts, among `sources`. An offset inside a
    /// line is the line.
    pub fn at(sources: &[Arc<Source>], position: Position) -> Result<Found, Missing> {
        let located = locate::segment(sources, position.segment);
        let (source, segment) = located.ok_or(Missing::Unknown)?;
        let file = segment.open().map_err(|_| Missing::Gone)?;
        let mut spot = Spot {
            source,
            offset: segment.head(),
            segment,
        };
        if position.offset > spot.offset {
            return Ok(Found::PastEnd(spot));
        }
        if position.offset < spot.offset {
            let start = spot.lines(&file).start_of(position.offset);
            spot.offset = start.map_err(|_| Missing::Gone)?;
        }
        Ok(Found::Line(spot))
    }

    /// Where a cursor stood in `source`, by its places there; with whether that
    /// is only near to it, as the files are not there any more. The place in the
    /// newest segment counts when going to older lines, and the other way round.
    pub fn resumed(
        source: &Arc<Source>,
        places: &[position::Place],
        direction: Direction,
    ) -> Option<(Spot, bool)> {
        let resumed = resume::resume(source, places);
        if resumed.lost.iter().any(|(_, lost)| *lost == Lost::Rotated) {
            return Some((Spot::beginning(source)?, true));
        }
        let start = match direction {
            Direction::Backward => resumed.starts.last(),
            Direction::Forward => resumed.starts.first(),
        }?;
        let spot = Spot {
            source: Arc::clone(source),
            segment: Arc::clone(&start.segment),
            offset: start.offset,
        };
        Some((spot, !resumed.lost.is_empty()))
    }

    /// Where the lines begin that are not older than `time`; with whether that is
    /// only near to it, as the lines are out of order or say no time.
    pub fn at_time(source: &Arc<Source>, time: i64) -> Option<(Spot, bool)> {
        let Some(moment) = moment::find(source, time) else {
            return Some((Spot::end(source)?, true));
        };
        let spot = Spot {
            source: Arc::clone(source),
            segment: moment.start.segment,
            offset: moment.start.offset,
        };
        Some((spot, moment.is_approximate))
    }

    /// The time of the line that starts here, if it or a line near it says one.
    pub fn time(&self) -> Option<i64> {
        let file = self.segment.open().ok()?;
        let lines = self.lines(&file);
        let mut recogniser = above::recogniser(&file, lines.encoding, self.offset);
        let batches = lines.after(self.offset, BLOCK_BYTES_MIN).ok()?;
        let records = batches.first()?.records(&mut recogniser);
        records.iter().find_map(|record| record.record_time)
    }

    /// For a reader that goes on from here in this direction: how many lines before
    /// it came the last match, if it is so near that what follows is its context.
    pub fn match_before(
        &self,
        direction: Direction,
        reading: Reading<'_>,
        context: usize,
    ) -> Result<Option<usize>, Unsettled> {
        let back = match direction {
            Direction::Backward => Direction::Forward,
            Direction::Forward => Direction::Backward,
        };
        let mut walk = self.walk(back, reading);
        let mut budget = u64::MAX;
        let mut distance = 1;
        while distance <= context {
            match walk.step(&mut budget)? {
                Step::Line(met) if met.is_wanted => return Ok(Some(distance)),
                Step::Line(met) => distance += usize::from(!met.is_hidden),
                Step::Passed | Step::Segment | Step::OutOfBudget | Step::End => break,
            }
        }
        Ok(None)
    }

    /// So many lines above this place in the same file, of those that `boundary`
    /// lets through: where the first of them starts.
    pub fn back(&self, lines: usize, boundary: &Filter) -> u64 {
        let reading = Reading {
            filter: boundary,
            boundary,
            knows_all: false,
            block_bytes_max: BLOCK_BYTES_MIN,
        };
        let mut walk = self.walk(Direction::Backward, reading);
        let mut budget = u64::MAX;
        let mut offset = self.offset;
        let mut left = lines;
        while left > 0 {
            match walk.step(&mut budget) {
                Ok(Step::Line(met)) if met.is_wanted => {
                    offset = met.line().offset;
                    left -= 1;
                }
                Ok(Step::Line(_) | Step::Passed) => {}
                _ => break,
            }
        }
        offset
    }

    /// The lines from here on.
    pub fn walk<'a>(&self, direction: Direction, reading: Reading<'a>) -> Walk<'a> {
        let segment = Arc::clone(&self.segment);
        Walk::new(&self.source, segment, self.offset, direction, reading)
    }

    fn lines<'a>(&'a self, file: &'a File) -> Lines<'a> {
        Lines::of(&self.segment, file)
    }

    /// For a reader of this one source; `None` before the first line of its
    /// segment is known.
    pub fn position(&self) -> Option<Position> {
        Some(Position {
            segment: self.segment.id()?,
            offset: self.offset,
        })
    }

    /// For a reader of several sources.
    pub fn for_cursor(&self) -> position::Place {
        let segment = self.segment.id();
        let trail = || reading::trail_at(&*self.segment.open().ok()?, self.offset).ok();
        position::Place {
            source: self.source.id,
            segment,
            file: self.segment.identity().hint(),
            offset: self.offset,
            mark: match segment {
                Some(_) => trail().unwrap_or(Trail::EMPTY).mark(),
                None => self.source.mark_before(&self.segment),
            },
        }
    }

    /// Whether there are bytes in this direction, as far as can be told without
    /// reading them.
    pub fn has_more(&self, direction: Direction) -> bool {
        let segment = &self.segment;
        match direction {
            Direction::Backward if self.offset > segment.hole() => true,
            Direction::Forward if self.offset < segment.head() => true,
            Direction::Backward => {
                // Looks at the directory when this is the oldest one known.
                history::older(&self.source, segment).is_some_and(|_| {
                    let segments = self.source.segments();
                    let is_older = |s: &&Arc<Segment>| s.ordinal() < segment.ordinal();
                    segments.iter().filter(is_older).any(|s| has_lines(s))
                })
            }
            Direction::Forward => {
                let segments = self.source.segments();
                let is_newer = |s: &&Arc<Segment>| s.ordinal() > segment.ordinal();
                segments.iter().filter(is_newer).any(|s| has_lines(s))
            }
        }
    }
}

/// Compressed ones have no known end before they were unpacked.
fn has_lines(segment: &Segment) -> bool {
    let may_have = segment.head() > segment.hole() || segment.is_compressed();
    segment.id().is_some() && may_have && !segment.is_destroyed()
}

#[cfg(test)]
mod tests;
