//! Lines as byte ranges into one shared buffer, each with the offset at which
//! it starts in its segment. Bytes inside, text at the edge: nothing here
//! decodes, so a line that is not UTF-8 is a line like any other.

use bytes::Bytes;
use std::sync::OnceLock;

use crate::position::MARK_BYTES;
use crate::position::Mark;
use crate::record::Recogniser;
use crate::record::Record;

/// One line of a [`Batch`]. Offsets are bytes in the segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Where the line starts.
    pub offset: u64,
    /// Where the next line starts: past the terminator.
    pub end: u64,
    /// The text in the batch's buffer, without its terminator.
    pub text: (u32, u32),
    /// Bytes of the terminator: `\n` 1, `\r\n` 2, none (a file's unfinished
    /// last line) 0; twice as many in UTF-16.
    pub terminator: u8,
    /// The text is only the beginning of the line.
    pub is_cut: bool,
}

impl Line {
    /// The whole length in bytes, when the text was cut at the line limit.
    pub fn cut(&self) -> Option<u64> {
        let length = self.end - self.offset - u64::from(self.terminator);
        self.is_cut.then_some(length)
    }
}

/// How many bytes a text takes on the wire, about: control characters are escaped there, one
/// byte in six.
pub fn wire_bytes(text: &[u8]) -> usize {
    let (blocks, rest) = text.as_chunks::<CONTROLS_BLOCK_BYTES>();
    let in_blocks: usize = blocks.iter().map(|block| controls(block)).sum();
    text.len() + 5 * (in_blocks + controls(rest))
}

/// Bytes that are looked at together: so many that their sum is a byte.
const CONTROLS_BLOCK_BYTES: usize = 128;

fn controls(block: &[u8]) -> usize {
    // A check for an overflow would look at each byte by itself.
    let count = |count: u8, &byte| count.wrapping_add(u8::from(byte < b' '));
    block.iter().fold(0, count).into()
}

/// Lines read together from one segment: contiguous, in order, never empty.
#[derive(Debug)]
pub struct Batch {
    lines: Vec<Line>,
    /// What the lines' ranges point into.
    text: Bytes,
    /// The segment's own bytes up to the end of the last line; what came
    /// before them is in `before`.
    raw: Bytes,
    before: Trail,
    records: OnceLock<(Box<[Record]>, Recogniser)>,
}

impl Batch {
    /// `lines` is not empty and points into `text`; `raw` are the bytes of the
    /// segment that end where the last line ends, preceded by `before`.
    pub fn new(lines: Vec<Line>, text: Bytes, raw: Bytes, before: Trail) -> Batch {
        debug_assert!(!lines.is_empty());
        Batch {
            lines,
            text,
            raw,
            before,
            records: OnceLock::new(),
        }
    }

    /// The lines, oldest first.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The bytes of a line of this batch, without its terminator.
    pub fn text(&self, line: &Line) -> &[u8] {
        &self.text[line.text.0 as usize..line.text.1 as usize]
    }

    /// What the ranges of the lines point into: their texts, and what stands between them.
    pub fn all_text(&self) -> &[u8] {
        &self.text
    }

    /// Whether the text of a line is all that stands between two line feeds there: it is
    /// not when it was cut, or put in the place of another.
    pub fn is_whole(&self, line: &Line) -> bool {
        let (before, rest) = self.text.split_at(line.text.0 as usize);
        let rest = &rest[(line.text.1 - line.text.0) as usize..];
        let is_begun = before.is_empty() || before.ends_with(b"\n");
        let is_ended = rest.is_empty() || rest.starts_with(b"\n") || rest.starts_with(b"\r\n");
        is_begun && is_ended && !line.is_cut
    }

    /// Where the first line starts.
    pub fn start(&self) -> u64 {
        self.lines[0].offset
    }

    /// Where the line after the last one starts.
    pub fn end(&self) -> u64 {
        self.lines[self.lines.len() - 1].end
    }

    /// Memory this batch keeps, in bytes.
    pub fn weight(&self) -> usize {
        size_of::<Batch>() + self.text.len() + self.lines.len() * size_of::<Line>()
    }

    /// The bytes before `offset`, which is the end of a line of this batch.
    pub fn trail_at(&self, offset: u64) -> Trail {
        let behind = (self.end() - offset) as usize;
        let mut trail = self.before;
        trail.push(&self.raw[..self.raw.len() - behind]);
        trail
    }

    /// What each line says of itself. Read once, by whoever asks first, and
    /// shared: a thousand readers of a batch pay for one. `recogniser` is that
    /// of the asking reader and stands after the batch when this returns.
    pub fn records(&self, recogniser: &mut Recogniser) -> &[Record] {
        let (records, after) = self.records.get_or_init(|| {
            let mut after = recogniser.clone();
            let records = self.lines.iter().map(|line| after.read(self.text(line)));
            (records.collect(), after)
        });
        recogniser.clone_from(after);
        records
    }

    /// The same, when somebody has asked before; else nothing.
    pub fn known_records(&self) -> &[Record] {
        self.records.get().map_or(&[], |(records, _)| records)
    }
}

/// The newest bytes before an offset, at most [`MARK_BYTES`] of them. They tell
/// whether a file is still the one that was read: length and inode do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trail {
    bytes: [u8; MARK_BYTES],
    length: u8,
}

impl Trail {
    /// The trail at the beginning of a segment.
    pub const EMPTY: Trail = Trail {
        bytes: [0; MARK_BYTES],
        length: 0,
    };

    /// The trail behind so many NULs, with which a segment begins.
    pub fn behind_hole(hole: u64) -> Trail {
        let mut trail = Trail::EMPTY;
        trail.push(&[0; MARK_BYTES][..MARK_BYTES.min(hole as usize)]);
        trail
    }

    /// Moves on over `read`.
    pub fn push(&mut self, read: &[u8]) {
        let kept = MARK_BYTES
            .saturating_sub(read.len())
            .min(self.as_bytes().len());
        let taken = read.len().min(MARK_BYTES);
        let old = self.length as usize;
        self.bytes.copy_within(old - kept..old, 0);
        self.bytes[kept..kept + taken].copy_from_slice(&read[read.len() - taken..]);
        self.length = (kept + taken) as u8;
    }

    /// The bytes, oldest first.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.length as usize]
    }

    /// Their short form in a cursor.
    pub fn mark(&self) -> Mark {
        Mark::of(self.as_bytes())
    }
}

#[cfg(test)]
mod tests;
