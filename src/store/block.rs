//! Lines that stand together in a file, read at once: those that end at a
//! place, or those that begin there.
//!
//! One read brings about as many bytes as were wanted, cut where lines start.
//! Where a single line is longer than that, the block is this line, which costs
//! the time to read it and no memory.

use std::fs::File;
use std::io;
use std::sync::Arc;

use crate::config::READ_BYTES;
use crate::line::Batch;
use crate::line::Trail;
use crate::redaction::Redaction;
use crate::store::encoding::Encoding;
use crate::store::reading::read_full_at;
use crate::store::segment::Segment;
use crate::store::splitter::Splitter;

/// Bytes looked at first for the start of a line.
const FIRST_LOOK_BYTES: u64 = 4096;

/// A file that is read as lines; they stand between two offsets at which lines
/// start or end.
#[derive(Clone, Copy, Debug)]
pub struct Lines<'a> {
    /// The file.
    pub file: &'a File,
    /// How its bytes are text.
    pub encoding: Encoding,
    /// Where its text starts.
    pub first: u64,
    /// Past its last line.
    pub head: u64,
    /// What is kept out of its lines.
    pub redaction: &'a Arc<Redaction>,
}

/// A stretch of lines that was read.
#[derive(Debug)]
pub struct Block {
    /// Where its first line starts.
    pub start: u64,
    /// Past its last line.
    pub end: u64,
    /// Its lines; none when a look at its bytes said that nobody wants them.
    pub batches: Vec<Batch>,
}

/// Whether the lines in these bytes are of no use, as far as one look tells.
pub type IsUseless<'a> = dyn Fn(&[u8]) -> bool + 'a;

impl Block {
    fn of(batches: Vec<Batch>) -> Option<Block> {
        Some(Block {
            start: batches.first()?.start(),
            end: batches.last()?.end(),
            batches,
        })
    }
}

impl<'a> Lines<'a> {
    /// All lines of `segment`, which are in `file`.
    pub fn of(segment: &'a Segment, file: &'a File) -> Lines<'a> {
        Lines {
            file,
            encoding: segment.encoding(),
            first: segment.hole(),
            head: segment.head(),
            redaction: segment.redaction(),
        }
    }

    /// Where the line starts that holds the byte at `offset`, or that starts there.
    pub fn start_of(&self, offset: u64) -> io::Result<u64> {
        let mut end = self.encoding.whole(offset as usize) as u64;
        let mut length = FIRST_LOOK_BYTES;
        while end > self.first {
            let begin = self.begin(end, length);
            let block = self.read(begin, end)?;
            if let Some(line_end) = self.encoding.line_ends_back(&block).next() {
                return Ok(begin + line_end as u64);
            }
            end = begin;
            length = (length * 4).min(READ_BYTES as u64);
        }
        Ok(self.first)
    }

    /// The lines that end at `end`, in about `length` bytes before it; at least
    /// one, if there is one.
    pub fn before(&self, end: u64, length: u64) -> io::Result<Vec<Batch>> {
        let block = self.block_before(end, length, &|_| false)?;
        Ok(block.map(|block| block.batches).unwrap_or_default())
    }

    /// The lines that begin at `start`, in about `length` bytes behind it; at
    /// least one, if there is one.
    pub fn after(&self, start: u64, length: u64) -> io::Result<Vec<Batch>> {
        let block = self.block_after(start, length, &|_| false)?;
        Ok(block.map(|block| block.batches).unwrap_or_default())
    }

    /// As [`Lines::before`], if the lines are of use.
    pub fn block_before(
        &self,
        end: u64,
        length: u64,
        is_useless: &IsUseless<'_>,
    ) -> io::Result<Option<Block>> {
        if end <= self.first {
            return Ok(None);
        }
        let block = self.shortly_before(end, length, is_useless)?;
        if block.is_some() {
            return Ok(block);
        }
        let start = self.start_of(self.begin(end, length))?;
        self.between(start, end)
    }

    /// The same; `None` also when no line starts in these bytes.
    pub fn shortly_before(
        &self,
        end: u64,
        length: u64,
        is_useless: &IsUseless<'_>,
    ) -> io::Result<Option<Block>> {
        let begin = self.begin(end, length);
        if begin == self.first {
            return self.between(begin, end);
        }
        // The newline before tells whether a line starts right at the beginning.
        let begin = begin - self.encoding.unit() as u64;
        let block = self.read(begin, end)?;
        let starts = self.encoding.line_ends(&block);
        let first = starts.map(|at| at as u64).find(|at| begin + at < end);
        Ok(first.and_then(|first| {
            let (start, block) = (begin + first, &block[first as usize..]);
            if is_useless(block) {
                return Some(Block {
                    start,
                    end,
                    batches: Vec::new(),
                });
            }
            let mut splitter = self.splitter(start);
            let whole = splitter.push(block);
            Block::of(whole.into_iter().chain(splitter.finish()).collect())
        }))
    }

    /// As [`Lines::after`], if the lines are of use.
    pub fn block_after(
        &self,
        start: u64,
        length: u64,
        is_useless: &IsUseless<'_>,
    ) -> io::Result<Option<Block>> {
        let mut splitter = self.splitter(start);
        let mut length = self.encoding.whole(length as usize) as u64;
        let mut batches = Vec::new();
        while batches.is_empty() && splitter.read_to() < self.head {
            let at = splitter.read_to();
            let block = self.read(at, self.head.min(at + length))?;
            let whole = self.encoding.line_ends_back(&block).next();
            if let Some(whole) = whole.filter(|whole| at == start && is_useless(&block[..*whole])) {
                return Ok(Some(Block {
                    start,
                    end: start + whole as u64,
                    batches: Vec::new(),
                }));
            }
            batches.extend(splitter.push(&block));
            if splitter.read_to() == self.head {
                batches.extend(splitter.finish());
            }
            length = READ_BYTES as u64;
        }
        Ok(Block::of(batches))
    }

    /// The lines between two places; in memory at once, but for what is cut of
    /// long ones.
    fn between(&self, start: u64, end: u64) -> io::Result<Option<Block>> {
        let mut splitter = self.splitter(start);
        let mut batches = Vec::new();
        while splitter.read_to() < end {
            let at = splitter.read_to();
            let block = self.read(at, end.min(at + READ_BYTES as u64))?;
            batches.extend(splitter.push(&block));
        }
        batches.extend(splitter.finish());
        Ok(Block::of(batches))
    }

    fn splitter(&self, start: u64) -> Splitter {
        Splitter::redacting(
            self.redaction,
            self.file,
            self.encoding,
            start,
            Trail::EMPTY,
        )
    }

    fn begin(&self, end: u64, length: u64) -> u64 {
        let begin = end.saturating_sub(length) as usize;
        (self.encoding.whole(begin) as u64).max(self.first)
    }

    /// The bytes between two offsets.
    fn read(&self, begin: u64, end: u64) -> io::Result<Vec<u8>> {
        let mut block = vec![0; (end - begin) as usize];
        let filled = read_full_at(self.file, &mut block, begin)?;
        if filled < block.len() {
            // The file is shorter than it was.
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(block)
    }
}

#[cfg(test)]
mod tests;
