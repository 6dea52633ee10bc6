//! A segment cut into pieces of whole lines, from either end.
//!
//! A piece is in memory as a whole, but for a single line that is longer than a
//! piece: of that only the beginning is, which is all that is shown of it.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::thread;
use std::time::Instant;

use crate::config::READ_BYTES;
use crate::config::SETTLE_PAUSE;
use crate::config::SETTLE_TIMEOUT;
use crate::store::content::Content;
use crate::store::encoding::Encoding;
use crate::store::reading;
use crate::store::search::course::Order;
use crate::store::search::course::Stop;
use crate::store::splitter::SEEN_BYTES_MAX;

/// Longest terminator of a line: `\r\n` in UTF-16.
const TERMINATOR_BYTES_MAX: usize = 4;

/// To look whether a file is still the segment's takes as long as to look through
/// a few KiB: so many pieces without a hit are read before.
const UNSURE_PIECES_MAX: usize = 16;

/// Bytes that are announced at once.
const ANNOUNCED_BYTES: u64 = 4 * 1024 * 1024;

/// What is left of a segment: the lines that start between two offsets.
#[derive(Debug)]
pub(super) struct Pieces {
    content: Content,
    encoding: Encoding,
    order: Order,
    left: Range<u64>,
    block: Vec<u8>,
    piece: Place,
    /// What was left when the file was surely still the segment's.
    left_surely: Range<u64>,
    /// Pieces since.
    unsure: usize,
    /// What is read backward was announced down to here.
    announced: u64,
}

/// Where the last piece is, in the segment and in the block.
#[derive(Debug, Default)]
struct Place {
    offset: u64,
    end: u64,
    block: Range<usize>,
    terminator: usize,
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
            left_surely: left.clone(),
            announced: left.end,
            left,
            block: Vec::new(),
            piece: Place::default(),
            unsure: 0,
        }
    }

    /// Goes to the next piece, of about `length` bytes; false at the end. Calls
    /// `tick` before every read, with the bytes of the piece that were read so far.
    pub(super) fn next(
        &mut self,
        length: usize,
        tick: &mut impl FnMut(u64) -> Result<(), Stop>,
    ) -> Result<bool, Stop> {
        while self.left.is_empty() {
            if self.make_sure(tick)? {
                return Ok(false);
            }
        }
        let length = self.encoding.whole(length) as u64;
        let (piece, loaded) = match self.order {
            Order::Oldest => self.first(length, tick)?,
            Order::Newest => self.last(length, tick)?,
        };
        let (block, terminator) = if let Some(begin) = loaded {
            let block = begin..begin + (piece.end - piece.start) as usize;
            let terminator = terminator(self.encoding, &self.block[block.clone()]);
            (block, terminator)
        } else {
            let terminator = self.read_long_line(&piece, tick)?;
            (0..self.block.len(), terminator)
        };
        match self.order {
            Order::Oldest => self.left.start = piece.end,
            Order::Newest => self.left.end = piece.start,
        }
        self.unsure += 1;
        self.piece = Place {
            offset: piece.start,
            end: piece.end,
            block,
            terminator,
        };
        Ok(true)
    }

    /// The piece it stands at.
    pub(super) fn piece(&self) -> Piece<'_> {
        Piece {
            offset: self.piece.offset,
            end: self.piece.end,
            bytes: &self.block[self.piece.block.clone()],
            terminator: self.piece.terminator,
        }
    }

    /// The file that holds it.
    pub(super) fn file(&self) -> &File {
        self.content.file()
    }

    /// Bytes that are left.
    pub(super) fn left_bytes(&self) -> u64 {
        self.left.end - self.left.start
    }

    /// Where what is left begins or ends: behind all that was looked at.
    pub(super) fn front(&self) -> u64 {
        match self.order {
            Order::Oldest => self.left.start,
            Order::Newest => self.left.end,
        }
    }

    /// Whether it is about time to make sure.
    pub(super) fn is_unsure(&self) -> bool {
        self.unsure >= UNSURE_PIECES_MAX
    }

    /// Whether all pieces until now were of the segment. If not, it goes back to
    /// where they surely were, as soon as it is known in which file that goes on.
    pub(super) fn make_sure(
        &mut self,
        tick: &mut impl FnMut(u64) -> Result<(), Stop>,
    ) -> Result<bool, Stop> {
        self.unsure = 0;
        if self.content.is_sure().map_err(|_| Stop::Lost)? {
            self.left_surely = self.left.clone();
            return Ok(true);
        }
        self.settle(tick)?;
        self.left = self.left_surely.clone();
        Ok(false)
    }

    /// Waits until a truncation has been noticed: the bytes may be in a copy, which
    /// is found then.
    fn settle(&self, tick: &mut impl FnMut(u64) -> Result<(), Stop>) -> Result<(), Stop> {
        let deadline = Instant::now() + SETTLE_TIMEOUT;
        while !self.content.segment().is_settled() {
            if Instant::now() > deadline {
                return Err(Stop::Lost);
            }
            tick(0)?;
            thread::park_timeout(SETTLE_PAUSE);
        }
        Ok(())
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
        self.announce(begin);
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
            self.announce(begin);
            self.read(begin..before, tick, end - before)?;
            if let Some(last) = self.encoding.line_ends_back(&self.block).next() {
                return Ok((begin + last as u64..end, None));
            }
            before = begin;
        }
        Ok((start..end, None))
    }

    /// What comes after `begin`, going backward, is going to be read.
    fn announce(&mut self, begin: u64) {
        if begin < self.announced.saturating_add(ANNOUNCED_BYTES / 2) {
            let next = self.announced.saturating_sub(ANNOUNCED_BYTES);
            let next = next.max(self.left.start).min(self.announced);
            reading::announce(self.content.file(), next..self.announced);
            self.announced = next;
        }
    }

    /// Where a block of this length begins; whole units of the encoding stand at
    /// multiples of their length.
    fn begin(&self, end: u64, length: u64) -> u64 {
        let begin = end.saturating_sub(length);
        let unit = self.encoding.unit() as u64;
        (begin - begin % unit).max(self.left.start)
    }

    /// Reads what is looked at of a line that is longer than a piece; gives the bytes
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
        // Where all of it is looked at, all of it is read, so that it looks like any other.
        let is_seen = length <= (SEEN_BYTES_MAX + TERMINATOR_BYTES_MAX) as u64;
        let seen = if is_seen {
            length
        } else {
            SEEN_BYTES_MAX as u64
        };
        self.read(line.start..line.start + seen, tick, length)?;
        Ok(terminator)
    }

    /// Reads into the block.
    fn read(
        &mut self,
        range: Range<u64>,
        tick: &mut impl FnMut(u64) -> Result<(), Stop>,
        so_far: u64,
    ) -> Result<(), Stop> {
        self.block.resize((range.end - range.start) as usize, 0);
        loop {
            tick(so_far)?;
            match self.content.read_unsure(&mut self.block, range.start) {
                Ok(()) => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    if self.content.is_sure().map_err(|_| Stop::Lost)? {
                        return Err(Stop::Lost);
                    }
                    self.settle(tick)?;
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
