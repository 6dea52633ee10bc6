//! A segment cut into pieces of whole lines, from either end.
//!
//! A piece is in memory as a whole, but for a single line that is longer than a
//! piece: of that only the beginning is, which is all that is shown of it.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::thread;
use std::time::Instant;

use crate::config::LINE_BYTES_MAX;
use crate::config::READ_BYTES;
use crate::config::SETTLE_PAUSE;
use crate::config::SETTLE_TIMEOUT;
use crate::store::content::Content;
use crate::store::encoding::Encoding;
use crate::store::search::course::Order;
use crate::store::search::course::Stop;

/// Longest terminator of a line: `\r\n` in UTF-16.
const TERMINATOR_BYTES_MAX: usize = 4;

/// What is left of a segment: the lines that start between two offsets.
#[derive(Debug)]
pub(super) struct Pieces {
    content: Content,
    encoding: Encoding,
    order: Order,
    left: Range<u64>,
    block: Vec<u8>,
}

/// Whole lines.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    /// Where the first line starts.
    pub offset: u64,
    /// Where the last line ends.
    pub end: u64,
    /// The bytes; of a line that is too long, its beginning.
    pub bytes: &'a [u8],
    /// Bytes of the last line's terminator.
    pub terminator: usize,
}

impl Pieces {
    /// The lines that start in `left`, whose ends are where lines start.
    pub(super) fn new(content: Content, order: Order, left: Range<u64>) -> Pieces {
        Pieces {
            encoding: content.segment().encoding(),
            content,
            order,
            left,
            block: Vec::new(),
        }
    }

    /// The next piece, of about `length` bytes, and the file that holds it; `None` at the end. Calls `tick`
    /// before every read, with the bytes of the piece that were read so far.
    pub(super) fn next(
        &mut self,
        length: usize,
        tick: &mut impl FnMut(u64) -> Result<(), Stop>,
    ) -> Result<Option<(Piece<'_>, &File)>, Stop> {
        if self.left.is_empty() {
            return Ok(None);
        }
        let length = self.encoding.whole(length) as u64;
        let (piece, loaded) = match self.order {
            Order::Oldest => self.first(length, tick)?,
            Order::Newest => self.last(length, tick)?,
        };
        match self.order {
            Order::Oldest => self.left.start = piece.end,
            Order::Newest => self.left.end = piece.start,
        }
        if let Some(begin) = loaded {
            let bytes = &self.block[begin..begin + (piece.end - piece.start) as usize];
            let piece = Piece {
                offset: piece.start,
                end: piece.end,
                terminator: terminator(self.encoding, bytes),
                bytes,
            };
            return Ok(Some((piece, self.content.file())));
        }
        let terminator = self.read_long_line(&piece, tick)?;
        let piece = Piece {
            offset: piece.start,
            end: piece.end,
            bytes: &self.block,
            terminator,
        };
        Ok(Some((piece, self.content.file())))
    }

    /// Where the piece lies that begins where what is left begins, and from where
    /// on it is in the block.
    fn first(
        &mut self,
        length: u64,
        tick: &mut impl FnMut(u64) -> Result<(), Stop>,
    ) -> Result<(Range<u64>, Option<usize>), Stop> {
        let Range { start, end } = self.left;
        let filled = end.min(start + length);
        self.read(start..filled, tick, 0)?;
        if filled == end {
            return Ok((start..end, Some(0)));
        }
        if let Some(last) = self.encoding.line_ends_back(&self.block).next() {
            return Ok((start..start + last as u64, Some(0)));
        }
        // Inside of a long line: up to its end, and no further.
        let mut at = filled;
        while at < end {
            let next = end.min(at + READ_BYTES as u64);
            self.read(at..next, tick, at - start)?;
            if let Some(first) = self.encoding.line_ends(&self.block).next() {
                return Ok((start..at + first as u64, None));
            }
            at = next;
        }
        Ok((start..end, None))
    }

    /// The same for the piece that ends where what is left ends.
    fn last(
        &mut self,
        length: u64,
        tick: &mut impl FnMut(u64) -> Result<(), Stop>,
    ) -> Result<(Range<u64>, Option<usize>), Stop> {
        let Range { start, end } = self.left;
        let begin = self.begin(end, length);
        self.read(begin..end, tick, 0)?;
        if begin == start {
            return Ok((start..end, Some(0)));
        }
        // The last newline ends the last line, and starts none.
        let first = self.encoding.line_ends(&self.block).next();
        if let Some(first) = first.filter(|&at| at < self.block.len()) {
            return Ok((begin + first as u64..end, Some(first)));
        }
        let mut before = begin;
        while before > start {
            let begin = self.begin(before, READ_BYTES as u64);
            self.read(begin..before, tick, end - before)?;
            if let Some(last) = self.encoding.line_ends_back(&self.block).next() {
                return Ok((begin + last as u64..end, None));
            }
            before = begin;
        }
        Ok((start..end, None))
    }

    /// Where a block of this length begins; whole units of the encoding stand at
    /// multiples of their length.
    fn begin(&self, end: u64, length: u64) -> u64 {
        let begin = end.saturating_sub(length);
        let unit = self.encoding.unit() as u64;
        (begin - begin % unit).max(self.left.start)
    }

    /// Reads what is shown of a line that is longer than a piece; gives the bytes
    /// of its terminator.
    fn read_long_line(
        &mut self,
        line: &Range<u64>,
        tick: &mut impl FnMut(u64) -> Result<(), Stop>,
    ) -> Result<usize, Stop> {
        let length = line.end - line.start;
        let tail = length.min(TERMINATOR_BYTES_MAX as u64);
        self.read(line.end - tail..line.end, tick, length)?;
        let terminator = terminator(self.encoding, &self.block);
        // Where all of it is shown, all of it is read, so that it looks like any other.
        let is_shown = length <= (LINE_BYTES_MAX + TERMINATOR_BYTES_MAX) as u64;
        let shown = if is_shown {
            length
        } else {
            LINE_BYTES_MAX as u64
        };
        self.read(line.start..line.start + shown, tick, length)?;
        Ok(terminator)
    }

    /// Reads into the block. A truncation is waited out: the bytes may be in a
    /// copy, which is found when the truncation is noticed.
    fn read(
        &mut self,
        range: Range<u64>,
        tick: &mut impl FnMut(u64) -> Result<(), Stop>,
        so_far: u64,
    ) -> Result<(), Stop> {
        self.block.resize((range.end - range.start) as usize, 0);
        let mut settling = None;
        loop {
            tick(so_far)?;
            match self.content.read(&mut self.block, range.start) {
                Ok(()) => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    let since = *settling.get_or_insert_with(Instant::now);
                    if since.elapsed() > SETTLE_TIMEOUT {
                        return Err(Stop::Lost);
                    }
                    thread::park_timeout(SETTLE_PAUSE);
                }
                Err(_) => return Err(Stop::Lost),
            }
        }
    }
}

/// How many of the last bytes of a line are no text.
pub(super) fn terminator(encoding: Encoding, line: &[u8]) -> usize {
    let unit = encoding.unit();
    let last = &line[line.len().saturating_sub(unit)..];
    if encoding.line_ends(last).next() != Some(unit) {
        return 0;
    }
    let text = &line[..line.len() - unit];
    if encoding.ends_with_return(text) {
        2 * unit
    } else {
        unit
    }
}
