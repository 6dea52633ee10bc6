//! The lines of one source, one after the other from a place on, forward or
//! backward, through its rotated files.
//!
//! A walk reads blocks and keeps the one it is in. Whether a line passes the
//! filter does not depend on where the walk began: what a line owes to those
//! above it (the level of its record, its time) is looked for above the block.

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::sync::Arc;

use crate::config::BLOCK_BYTES_MIN;
use crate::filter::Filter;
use crate::filter::Finder;
use crate::line::Batch;
use crate::line::Line;
use crate::record::Recogniser;
use crate::record::Record;
use crate::record::window::Window;
use crate::store::above;
use crate::store::block::Block;
use crate::store::block::Lines;
use crate::store::chain::Source;
use crate::store::encoding::Encoding;
use crate::store::history;
use crate::store::segment::Segment;

/// Which way a walk goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To older lines.
    Backward,
    /// To newer ones.
    Forward,
}

/// A line that was come across.
#[derive(Clone, Debug)]
pub struct Met {
    /// What it was read with.
    pub batch: Arc<Batch>,
    /// Which line of that.
    pub number: u32,
    /// What it says of itself; nothing when no line around it is wanted.
    pub record: Record,
    /// Its time, or that of the lines above it.
    pub time: Option<i64>,
    /// Whether it passes the filter.
    pub is_wanted: bool,
    /// Whether nobody may see it; looked at only when all lines have to be known.
    pub is_hidden: bool,
}

impl Met {
    /// Where it is.
    pub fn line(&self) -> &Line {
        &self.batch.lines()[self.number as usize]
    }

    /// Its text.
    pub fn text(&self) -> &[u8] {
        self.batch.text(self.line())
    }
}

/// What a step brought.
#[derive(Debug)]
pub enum Step {
    /// The next line.
    Line(Met),
    /// A block was passed that has nothing wanted.
    Passed,
    /// The walk is in another segment now, at its beginning or end.
    Segment,
    /// Nothing more may be read.
    OutOfBudget,
    /// There are no more lines.
    End,
}

/// A file is just being truncated, and the follower has not noticed yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsettled;

/// How lines are read.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// Which are wanted.
    pub filter: &'a Filter,
    /// Which may be seen at all.
    pub boundary: &'a Filter,
    /// Whether the others have to be known as well as the wanted ones.
    pub knows_all: bool,
    /// Bytes that are read at once, at most.
    pub block_bytes_max: u64,
}

/// See the module's description.
#[derive(Debug)]
pub struct Walk<'a> {
    source: Arc<Source>,
    reading: Reading<'a>,
    direction: Direction,
    segment: Arc<Segment>,
    /// `None` when it cannot be read, or not any further.
    file: Option<Arc<File>>,
    /// Past the lines that are ahead.
    read_to: u64,
    ahead: VecDeque<Met>,
    block_bytes: u64,
    /// Tells which blocks have nothing, once there was one that had nothing.
    finder: Option<Finder>,
    /// All that comes is on the far side of what the filter wants.
    is_past_window: bool,
    /// What the lines above owe to the next block, when that is known.
    above: Option<Recogniser>,
    /// What was read from where.
    used: Vec<(Arc<Segment>, Arc<File>)>,
}

impl<'a> Walk<'a> {
    /// A walk that begins at `offset` of `segment`, which is where a line starts.
    pub fn new(
        source: &Arc<Source>,
        segment: Arc<Segment>,
        offset: u64,
        direction: Direction,
        reading: Reading<'a>,
    ) -> Walk<'a> {
        Walk {
            source: Arc::clone(source),
            reading,
            direction,
            file: segment.open().ok(),
            read_to: offset.clamp(segment.hole(), segment.head()),
            segment,
            ahead: VecDeque::new(),
            block_bytes: BLOCK_BYTES_MIN.min(reading.block_bytes_max),
            finder: None,
            is_past_window: false,
            above: None,
            used: Vec::new(),
        }
    }

    /// Its source.
    pub fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// The segment it is in.
    pub fn segment(&self) -> &Arc<Segment> {
        &self.segment
    }

    /// Past the last line it gave, when no other is ahead.
    pub fn offset(&self) -> u64 {
        self.read_to
    }

    /// The next line. Reads a block only while there is something of `budget`
    /// left, in bytes.
    pub fn step(&mut self, budget: &mut u64) -> Result<Step, Unsettled> {
        loop {
            if let Some(met) = self.ahead.pop_front() {
                return Ok(Step::Line(met));
            }
            if self.is_past_window {
                return Ok(Step::End);
            }
            if !self.has_more_here() {
                return Ok(if self.enter_next() {
                    Step::Segment
                } else {
                    Step::End
                });
            }
            if *budget == 0 {
                return Ok(Step::OutOfBudget);
            }
            let before = self.read_to;
            if self.load().is_err() {
                if !self.segment.is_finished() {
                    return Err(Unsettled);
                }
                // Somebody truncated a rotated file: the rest of it is gone.
                self.file = None;
            }
            let passed = self.read_to.abs_diff(before);
            *budget = budget.saturating_sub(passed);
            if passed > 0 && self.ahead.is_empty() {
                return Ok(Step::Passed);
            }
        }
    }

    /// Whether everything that was read was in its segment, and not what
    /// somebody has written over it since.
    pub fn is_undisturbed(&self) -> bool {
        self.used.iter().all(|(segment, file)| {
            let is_same = segment.open().is_ok_and(|now| Arc::ptr_eq(&now, file));
            is_same && (segment.is_finished() || segment.is_settled())
        })
    }

    /// What has no id has no lines that could be named.
    fn has_more_here(&self) -> bool {
        let is_readable = self.file.is_some() && self.segment.id().is_some();
        is_readable
            && match self.direction {
                Direction::Backward => self.read_to > self.segment.hole(),
                Direction::Forward => self.read_to < self.segment.head(),
            }
    }

    fn enter_next(&mut self) -> bool {
        let next = match self.direction {
            Direction::Backward => history::older(&self.source, &self.segment),
            Direction::Forward => self.source.after(self.segment.ordinal()),
        };
        let Some(next) = next else { return false };
        self.file = next.open().ok();
        self.read_to = match self.direction {
            Direction::Backward => next.head(),
            Direction::Forward => next.hole(),
        };
        self.segment = next;
        self.above = None;
        true
    }

    /// Reads the next block.
    fn load(&mut self) -> io::Result<()> {
        let Some(file) = self.file.clone() else {
            return Ok(());
        };
        let segment = Arc::clone(&self.segment);
        let lines = Lines::of(&segment, &file);
        // It knows bytes, and each file may be written in another way.
        let finder = self.finder.as_ref();
        let finder = finder.filter(|_| lines.encoding == Encoding::Bytes);
        let rules = lines.redaction.rules();
        let finding = finder.and_then(|finder| rules.finding(finder));
        let is_useless = |bytes: &[u8]| finding.is_some_and(|f| f.find(bytes, 0).is_none());
        let block = match self.direction {
            Direction::Backward => {
                lines.block_before(self.read_to, self.block_bytes, &is_useless)?
            }
            Direction::Forward => lines.block_after(self.read_to, self.block_bytes, &is_useless)?,
        };
        let Block {
            start,
            end,
            batches,
        } = block.ok_or(io::ErrorKind::UnexpectedEof)?;
        let mut met = self.meet(&lines, start, batches);
        self.note_what_was_found(&met);
        match self.direction {
            Direction::Backward => {
                met.reverse();
                self.read_to = start;
            }
            Direction::Forward => self.read_to = end,
        }
        self.ahead = met.into();
        self.block_bytes = (self.block_bytes * 2).min(self.reading.block_bytes_max);
        let is_noted = self
            .used
            .last()
            .is_some_and(|(segment, _)| Arc::ptr_eq(segment, &self.segment));
        if !is_noted {
            self.used.push((Arc::clone(&self.segment), file));
        }
        Ok(())
    }

    /// After a block without anything wanted, the next ones are looked at as a
    /// whole first.
    fn note_what_was_found(&mut self, met: &[Met]) {
        let Reading {
            filter, knows_all, ..
        } = self.reading;
        let is_rare = !met.is_empty() && !met.iter().any(|met| met.is_wanted);
        let may_skip = !knows_all && filter.window() == Window::ALL;
        if is_rare && may_skip && self.finder.is_none() {
            self.finder = filter.finder();
        }
    }

    /// Looks at the lines of a block that begins at `start`.
    fn meet(&mut self, lines: &Lines<'_>, start: u64, batches: Vec<Batch>) -> Vec<Met> {
        let Reading {
            filter,
            boundary,
            knows_all,
            ..
        } = self.reading;
        let mut met = Vec::new();
        for batch in batches.into_iter().map(Arc::new) {
            met.extend((0..).zip(batch.lines()).map(|(number, line)| Met {
                batch: Arc::clone(&batch),
                number,
                record: Record::default(),
                time: None,
                is_wanted: filter.keeps_text(batch.text(line)),
                is_hidden: false,
            }));
        }
        let above = self.above.take();
        let window = filter.window();
        let knows_all = knows_all || window != Window::ALL;
        if knows_all || met.iter().any(|met| met.is_wanted) {
            let mut recogniser =
                above.unwrap_or_else(|| above::recogniser(lines.file, lines.encoding, start));
            for met in &mut met {
                met.record = recogniser.read(met.text());
                met.time = met.record.record_time;
                met.is_wanted = met.is_wanted && filter.keeps_record(&met.record);
                met.is_hidden = knows_all && !boundary.keeps(met.text(), &met.record);
            }
            // Above the first line with a time there is only the time below.
            let first_known = met.iter().find_map(|met| met.time);
            for met in met.iter_mut().take_while(|met| met.time.is_none()) {
                met.time = first_known;
            }
            self.is_past_window = !met.is_empty()
                && met.iter().all(|met| match (self.direction, met.time) {
                    (Direction::Backward, Some(time)) => window.since.is_some_and(|s| time < s),
                    (Direction::Forward, Some(time)) => window.until.is_some_and(|u| time >= u),
                    (_, None) => false,
                });
            self.above = Some(recogniser).filter(|_| self.direction == Direction::Forward);
        }
        met
    }
}

#[cfg(test)]
mod tests;
