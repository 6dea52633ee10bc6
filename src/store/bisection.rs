//! Finds a moment in a file of any size with a few dozen small reads.
//!
//! Lines of a log stand nearly in the order of their times, and that is all that
//! is asked of them: lines without a time are passed over, a few that are out of
//! order are outvoted by their neighbours, and the last stretch is read line by
//! line from a little before. Where that may not have been enough, the answer
//! says that it is approximate.

use std::io;

use crate::record::time::TimeReader;
use crate::store::encoding::Encoding;

/// Bytes read at first at each place that is tried.
const PROBE_BYTES: u64 = 16 * 1024;

/// Bytes read on from there, until a line has a time; beyond, only here and there.
const PROBE_BYTES_MAX: u64 = 1024 * 1024;

/// Times that vote on how a place stands to the moment.
const VOTES: usize = 7;

/// A stretch of this many bytes is not halved any more but read.
const LAST_BYTES: u64 = 32 * 1024;

/// So many bytes before it are read too: lines that are out of order are near.
const DISORDER_BYTES: u64 = 64 * 1024;

/// Bytes read at once where lines are read one by one.
const SCAN_BYTES: u64 = 64 * 1024;

/// Bytes that are read one after the other to the first line of the moment.
const SCAN_BYTES_MAX: u64 = 8 * 1024 * 1024;

/// Reads of one search: beyond these it gives what it has.
const READS_MAX: usize = 400;

/// A line that has no end within what was read says its time if so much of it is there.
const HEAD_BYTES: usize = 512;

/// A mark in front of text, which says nothing.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What a search found. Offsets are bytes in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where the first line starts that is not older; where the file ends when all are.
    pub offset: u64,
    /// Whether another line may be the first.
    pub is_approximate: bool,
    /// How often the file was read.
    pub reads: usize,
}

/// A search in one file.
pub struct Bisection<R> {
    read_at: R,
    encoding: Encoding,
    /// Where the text begins and ends: where lines start.
    begin: u64,
    end: u64,
    times: TimeReader,
    reads: usize,
    is_approximate: bool,
}

/// A line's place and time.
#[derive(Clone, Copy, Debug)]
struct Stamped {
    offset: u64,
    time: i64,
}

impl<R: FnMut(&mut [u8], u64) -> io::Result<usize>> Bisection<R> {
    /// A search in the text between two offsets at which lines start; `read_at` fills a buffer
    /// from an offset on, and less only where the file ends.
    pub fn new(read_at: R, encoding: Encoding, begin: u64, end: u64) -> Self {
        Self {
            read_at,
            encoding,
            begin,
            end,
            times: TimeReader::new(),
            reads: 0,
            is_approximate: false,
        }
    }

    /// Where the lines begin that are not older than `moment`, in milliseconds since the epoch;
    /// `None` when no line seems to have a time.
    pub fn find(mut self, moment: i64) -> io::Result<Option<Found>> {
        let Some(first) = self.probe(self.begin, self.end)? else {
            return Ok(None);
        };
        let (mut low, mut high) = (self.begin, self.end);
        if median(&first) < moment {
            low = first[0].offset;
        } else {
            high = low;
        }
        // Some line that is not older: what there is should the last stretch be too long.
        let mut spare = None;
        let mut seen = vec![(first[0].offset, median(&first))];
        while high - low > LAST_BYTES && self.reads < READS_MAX {
            let middle = low + (high - low) / 2;
            let Some(probe) = self.probe(middle, high)? else {
                high = middle;
                continue;
            };
            seen.push((probe[0].offset, median(&probe)));
            if median(&probe) < moment {
                low = probe[0].offset;
            } else {
                high = middle;
                spare = probe.iter().find(|line| line.time >= moment).copied();
            }
        }
        let offset = self.first_from(low.saturating_sub(DISORDER_BYTES), high, moment, spare)?;
        seen.extend(self.elsewhere(offset)?);
        seen.sort_unstable();
        self.is_approximate |= !seen.is_sorted_by_key(|(_, time)| *time);
        Ok(Some(Found {
            offset,
            is_approximate: self.is_approximate,
            reads: self.reads,
        }))
    }

    /// Some places on both sides of what was found, which halving has hardly looked at: whether
    /// the lines are in order can be told nowhere else.
    fn elsewhere(&mut self, offset: u64) -> io::Result<Vec<(u64, i64)>> {
        let mut seen = Vec::new();
        for (from, to) in [(self.begin, offset), (offset, self.end)] {
            let third = (to - from) / 3;
            for at in [from + third, from + 2 * third] {
                if third > LAST_BYTES
                    && let Some(probe) = self.probe(at, to)?
                {
                    seen.push((probe[0].offset, median(&probe)));
                }
            }
        }
        Ok(seen)
    }

    /// Reads on from `from`, line by line, to the first that is not older.
    fn first_from(
        &mut self,
        from: u64,
        high: u64,
        moment: i64,
        spare: Option<Stamped>,
    ) -> io::Result<u64> {
        let mut at = from.max(self.begin);
        let limit = high.saturating_add(SCAN_BYTES_MAX);
        while at < self.end {
            if at >= limit {
                self.is_approximate = true;
                return Ok(spare.map_or(self.end, |line| line.offset));
            }
            let (lines, next) = self.stamped(at, SCAN_BYTES)?;
            if let Some(line) = lines.iter().find(|line| line.time >= moment) {
                return Ok(line.offset);
            }
            at = next;
        }
        Ok(self.end)
    }

    /// The first lines with a time that start between the offsets; not empty. After
    /// [`PROBE_BYTES_MAX`] it is only looked here and there.
    fn probe(&mut self, from: u64, to: u64) -> io::Result<Option<Vec<Stamped>>> {
        let (mut at, mut length) = (from, PROBE_BYTES);
        while at < to && self.reads < READS_MAX {
            let (mut lines, next) = self.stamped(at, length)?;
            lines.retain(|line| line.offset < to);
            if !lines.is_empty() {
                lines.truncate(VOTES);
                return Ok(Some(lines));
            }
            let passed = next - from;
            at = if passed < PROBE_BYTES_MAX {
                length = (2 * length).min(PROBE_BYTES_MAX);
                next
            } else {
                length = PROBE_BYTES;
                from + 2 * passed
            };
        }
        Ok(None)
    }

    /// The lines with a time that start in the `length` bytes from `from` on, and where to read
    /// on; that is past the bytes read unless a line begun there is to be read from its start.
    fn stamped(&mut self, from: u64, length: u64) -> io::Result<(Vec<Stamped>, u64)> {
        let unit = self.encoding.unit() as u64;
        // The newline before tells whether a line starts right here.
        let begin = if from == self.begin {
            from
        } else {
            from.next_multiple_of(unit) - unit
        };
        let wanted = length.min(self.end - begin) as usize;
        let mut block = vec![0; self.encoding.whole(wanted)];
        let filled = (self.read_at)(&mut block, begin)?;
        self.reads += 1;
        block.truncate(filled);
        let is_end = begin + filled as u64 >= self.end || filled == 0;
        let mut starts: Vec<usize> = self.encoding.line_ends(&block).collect();
        if from == self.begin {
            starts.insert(0, 0);
        }
        let mut lines = Vec::new();
        let mut next = if is_end {
            self.end
        } else {
            begin + filled as u64
        };
        for (index, &start) in starts.iter().enumerate() {
            let until = starts.get(index + 1).copied();
            let text = &block[start..until.unwrap_or(block.len())];
            if until.is_none() && !is_end && text.len() < HEAD_BYTES {
                // Its head may be cut; a line that starts here is read with the next bytes.
                if start > 0 {
                    next = begin + start as u64;
                }
                break;
            }
            if let Some(time) = self.time_of(text) {
                let offset = begin + start as u64;
                lines.push(Stamped { offset, time });
            }
        }
        Ok((lines, next))
    }

    fn time_of(&mut self, text: &[u8]) -> Option<i64> {
        let mut decoded = Vec::new();
        let text = if self.encoding == Encoding::Bytes {
            text
        } else {
            let head = &text[..text.len().min(2 * HEAD_BYTES)];
            self.encoding.append_text(head, &mut decoded);
            &decoded
        };
        let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
        self.times.read(text.trim_ascii_end())
    }
}

/// The time that as many lines are before as after.
fn median(lines: &[Stamped]) -> i64 {
    let mut times: Vec<i64> = lines.iter().map(|line| line.time).collect();
    let middle = times.len() / 2;
    *times.select_nth_unstable(middle).1
}

#[cfg(test)]
mod tests;
