//! Older lines, found by reading backward from a place.
//!
//! A file has no index of its lines, and needs none: the newest *n* are found by
//! reading blocks from the end. With a filter it is the newest *n* that pass
//! it, looked for in a bounded number of bytes.

use std::fs::File;
use std::io;
use std::sync::Arc;

use crate::config::LINE_SEARCH_BYTES_MAX;
use crate::config::READ_BYTES;
use crate::config::TAIL_SCAN_BYTES;
use crate::filter::Filter;
use crate::line::Trail;
use crate::redaction::Redaction;
use crate::store::above;
use crate::store::chain::Source;
use crate::store::encoding::Encoding;
use crate::store::reading;
use crate::store::reading::read_full_at;
use crate::store::segment::Segment;
use crate::store::splitter::Splitter;

/// Where a reader begins in one segment.
#[derive(Clone, Debug)]
pub struct Start {
    /// The segment.
    pub segment: Arc<Segment>,
    /// Where a line starts.
    pub offset: u64,
    /// The bytes before it.
    pub trail: Trail,
    /// Keeps the segment readable, whatever happens to its name; `None` when it
    /// cannot be opened (any more).
    pub file: Option<Arc<File>>,
}

impl Start {
    /// The place at `offset` of `segment`, which is where a line starts.
    pub fn at(segment: &Arc<Segment>, offset: u64) -> Start {
        let file = segment.open().ok();
        let read = file
            .as_ref()
            .and_then(|file| reading::trail_at(file, offset).ok());
        let at_head = || segment.last().filter(|(head, _)| *head == offset);
        let trail = read.or_else(|| Some(at_head()?.1));
        Start {
            segment: Arc::clone(segment),
            offset,
            trail: trail.unwrap_or(Trail::EMPTY),
            file,
        }
    }

    /// Where a reader begins that comes from the segment before.
    pub fn first(segment: &Arc<Segment>) -> Start {
        let start = Start::at(segment, segment.first());
        if start.offset > segment.hole() {
            return start;
        }
        // Whatever stands there now: what was read stood behind a hole, or nothing.
        let trail = Trail::behind_hole(start.offset);
        Start { trail, ..start }
    }

    /// Past the last line there is.
    pub fn end(segment: &Arc<Segment>) -> Start {
        // What has to be unpacked has no end before.
        let _file = segment.open();
        Start::at(segment, segment.head())
    }
}

/// Where the newest `count` lines of `source` that pass `filter` begin, through
/// its rotated segments; `None` when it never had a file. Looks at no more
/// than `bytes_max` bytes.
pub fn newest_lines(
    source: &Source,
    count: usize,
    filter: &Filter,
    bytes_max: u64,
) -> Option<Start> {
    if source.newest().is_none() {
        source.link_neighbours();
    }
    let end = Start::end(&source.newest()?);
    Some(newest_lines_before(source, end, count, filter, bytes_max))
}

/// The same, of the lines before `end`.
pub fn newest_lines_before(
    source: &Source,
    end: Start,
    count: usize,
    filter: &Filter,
    bytes_max: u64,
) -> Start {
    let mut segment = Arc::clone(&end.segment);
    let mut start = end;
    let mut search = Backward {
        filter,
        encoding: segment.encoding(),
        redaction: Arc::clone(segment.redaction()),
        wanted: count,
        bytes_left: if filter.passes_all() {
            bytes_max
        } else {
            bytes_max.min(TAIL_SCAN_BYTES)
        },
    };
    while search.wanted > 0 && search.bytes_left > 0 {
        let Some(file) = &start.file else { break };
        let Ok(offset) = search.scan(file, start.offset) else {
            break;
        };
        start = Start::at(&segment, offset);
        if offset > 0 || search.wanted == 0 {
            break;
        }
        let Some(end) = end_before(source, &segment) else {
            break;
        };
        segment = Arc::clone(&end.segment);
        start = end;
        search.encoding = segment.encoding();
    }
    start
}

/// The end of the segment before `segment` that can be read.
fn end_before(source: &Source, segment: &Segment) -> Option<Start> {
    let mut end = Start::end(&older(source, segment)?);
    while end.file.is_none() {
        end = Start::end(&older(source, &end.segment)?);
    }
    Some(end)
}

/// The segment before `segment`, also one that was rotated before the program
/// started.
pub fn older(source: &Source, segment: &Segment) -> Option<Arc<Segment>> {
    let before = || {
        source
            .segments()
            .into_iter()
            .rev()
            .find(|s| s.ordinal() < segment.ordinal())
    };
    before().or_else(|| {
        source.link_neighbours();
        before()
    })
}

/// Where the last whole line of a file of this length ends. A line so long that
/// its beginning is not found nearby is taken up where it is.
pub fn last_line_end(file: &File, encoding: Encoding, length: u64) -> io::Result<u64> {
    let mut block = vec![0; 64 * 1024];
    let length = encoding.whole(length as usize) as u64;
    let mut at = length;
    while at > 0 && length - at < LINE_SEARCH_BYTES_MAX {
        let begin = at.saturating_sub(block.len() as u64);
        let wanted = (at - begin) as usize;
        let filled = read_full_at(file, &mut block[..wanted], begin)?;
        if let Some(end) = encoding.line_ends_back(&block[..filled]).next() {
            return Ok(begin + end as u64);
        }
        at = begin;
    }
    Ok(if at == 0 { 0 } else { length })
}

/// Where the first line starts that begins at or after `offset`; `end` is where
/// a line ends.
pub fn line_start(file: &File, encoding: Encoding, offset: u64, end: u64) -> io::Result<u64> {
    if offset == 0 {
        return Ok(0);
    }
    // The newline before tells whether a line starts right here.
    let unit = encoding.unit() as u64;
    let mut at = offset.next_multiple_of(unit) - unit;
    let mut block = vec![0; READ_BYTES];
    while at < end {
        let wanted = ((end - at) as usize).min(READ_BYTES);
        let filled = read_full_at(file, &mut block[..wanted], at)?;
        if let Some(newline) = encoding.line_ends(&block[..filled]).next() {
            return Ok(at + newline as u64);
        }
        if filled < wanted {
            break;
        }
        at += filled as u64;
    }
    Ok(end)
}

/// Newlines in `file` between two offsets at which lines start.
pub fn count_lines(file: &File, encoding: Encoding, from: u64, to: u64) -> io::Result<u64> {
    let mut block = vec![0; READ_BYTES];
    let mut at = from;
    let mut count = 0;
    while at < to {
        let wanted = ((to - at) as usize).min(READ_BYTES);
        let filled = read_full_at(file, &mut block[..wanted], at)?;
        count += encoding.line_ends(&block[..filled]).count() as u64;
        if filled < wanted {
            break;
        }
        at += filled as u64;
    }
    Ok(count)
}

struct Backward<'a> {
    filter: &'a Filter,
    encoding: Encoding,
    redaction: Arc<Redaction>,
    wanted: usize,
    bytes_left: u64,
}

impl Backward<'_> {
    /// Where to begin in `file`, whose lines end at `end`, to have the wanted
    /// ones or all it has; what is still wanted then is left in `self`.
    fn scan(&mut self, file: &File, end: u64) -> io::Result<u64> {
        if self.filter.passes_all() {
            self.scan_newlines(file, end)
        } else {
            self.scan_lines(file, end)
        }
    }

    fn scan_newlines(&mut self, file: &File, end: u64) -> io::Result<u64> {
        let mut block = vec![0; READ_BYTES];
        // The newline that ends the newest line starts none.
        let mut at = end.saturating_sub(self.encoding.unit() as u64);
        let mut oldest = end;
        while at > 0 && self.bytes_left > 0 {
            let length = at.min(READ_BYTES as u64);
            self.bytes_left = self.bytes_left.saturating_sub(length);
            let filled = read_full_at(file, &mut block[..length as usize], at - length)?;
            for newline in self.encoding.line_ends_back(&block[..filled]) {
                oldest = at - length + newline as u64;
                self.wanted -= 1;
                if self.wanted == 0 {
                    return Ok(oldest);
                }
            }
            at -= length;
        }
        if at == 0 && end > 0 {
            self.wanted -= 1;
            return Ok(0);
        }
        Ok(oldest)
    }

    fn scan_lines(&mut self, file: &File, end: u64) -> io::Result<u64> {
        let mut at = end;
        let mut length = READ_BYTES as u64;
        while at > 0 && self.bytes_left > 0 {
            let begin = at.saturating_sub(length);
            let start = line_start(file, self.encoding, begin, at)?;
            if start == at {
                // One line fills the block, and its beginning lies before it.
                length *= 2;
                continue;
            }
            length = READ_BYTES as u64;
            self.bytes_left = self.bytes_left.saturating_sub(at - start);
            let kept = self.kept(file, start, at)?;
            if kept.len() >= self.wanted {
                let oldest = kept[kept.len() - self.wanted];
                self.wanted = 0;
                return Ok(oldest);
            }
            self.wanted -= kept.len();
            at = start;
        }
        Ok(at)
    }

    /// Where the lines start that the filter keeps.
    fn kept(&self, file: &File, start: u64, end: u64) -> io::Result<Vec<u64>> {
        let (redaction, encoding) = (&self.redaction, self.encoding);
        let mut splitter = Splitter::redacting(redaction, file, encoding, start, Trail::EMPTY);
        let mut recogniser = above::recogniser(file, self.encoding, start);
        let mut block = vec![0; READ_BYTES];
        let mut kept = Vec::new();
        while splitter.read_to() < end {
            let wanted = ((end - splitter.read_to()) as usize).min(READ_BYTES);
            let filled = read_full_at(file, &mut block[..wanted], splitter.read_to())?;
            if filled < wanted {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let whole = splitter.push(&block[..filled]);
            let is_end = splitter.read_to() == end;
            let unfinished = is_end.then(|| splitter.finish()).flatten();
            for batch in whole.into_iter().chain(unfinished) {
                let records = batch.records(&mut recogniser);
                let lines = batch.lines().iter().zip(records);
                let passing =
                    lines.filter(|(line, record)| self.filter.keeps(batch.text(line), record));
                kept.extend(passing.map(|(line, _)| line.offset));
            }
        }
        Ok(kept)
    }
}

#[cfg(test)]
mod tests;
