//! Bytes to whole lines.
//!
//! However the bytes of a segment are cut into reads, the same lines come out:
//! a line is given out once, when its terminator has been seen. Until then only
//! its beginning is held, at most [`LINE_BYTES_MAX`] of it, and its length is
//! counted; so a line of a gigabyte costs what a line of 64 KiB costs.
//!
//! `\n` ends a line, and a `\r` directly before it belongs to the terminator. A
//! lone `\r` is text: progress bars write it, and it is no line end in a log.

use bytes::Bytes;
use memchr::memchr_iter;
use memchr::memrchr;

use crate::config::LINE_BYTES_MAX;
use crate::line::Batch;
use crate::line::Line;
use crate::line::Trail;

/// Cuts the bytes of one segment into lines, read after read.
#[derive(Debug)]
pub struct Splitter {
    /// Where the unfinished line starts.
    offset: u64,
    /// The beginning of the unfinished line.
    held: Vec<u8>,
    /// How long the unfinished line is so far.
    held_length: u64,
    /// The bytes before [`Splitter::read_to`].
    trail: Trail,
}

impl Splitter {
    /// A splitter for the bytes from `offset` on, which is where a line starts;
    /// `trail` are the bytes before it.
    pub fn new(offset: u64, trail: Trail) -> Splitter {
        Splitter {
            offset,
            held: Vec::new(),
            held_length: 0,
            trail,
        }
    }

    /// Where the unfinished line starts: past the last whole line.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Up to where the segment has been read.
    pub fn read_to(&self) -> u64 {
        self.offset + self.held_length
    }

    /// The bytes before [`Splitter::read_to`].
    pub fn trail(&self) -> &Trail {
        &self.trail
    }

    /// Takes the next bytes of the segment and gives the lines they complete.
    pub fn push(&mut self, read: &[u8]) -> Option<Batch> {
        let before = self.trail;
        self.trail.push(read);
        let Some(last) = memrchr(b'\n', read) else {
            self.hold(read);
            return None;
        };
        let (complete, rest) = read.split_at(last + 1);
        let batch = self.complete(complete, before);
        self.hold(rest);
        Some(batch)
    }

    /// Gives the unfinished line as a line without a terminator, for when its
    /// segment is known to grow no more.
    pub fn finish(&mut self) -> Option<Batch> {
        if self.held_length == 0 {
            return None;
        }
        let line = Line {
            offset: self.offset,
            end: self.read_to(),
            text: (0, limited(self.held_length)),
            terminator: 0,
        };
        self.offset = line.end;
        self.held_length = 0;
        let text = Bytes::from(std::mem::take(&mut self.held));
        Some(Batch::new(vec![line], text, Bytes::new(), self.trail))
    }

    fn hold(&mut self, bytes: &[u8]) {
        let room = LINE_BYTES_MAX - self.held.len();
        self.held.extend_from_slice(&bytes[..bytes.len().min(room)]);
        self.held_length += bytes.len() as u64;
    }

    /// `complete` ends with a newline.
    fn complete(&mut self, complete: &[u8], before: Trail) -> Batch {
        let held = self.held.len();
        let mut text = Vec::with_capacity(held + complete.len());
        text.append(&mut self.held);
        text.extend_from_slice(complete);

        let mut lines = Vec::with_capacity(1 + complete.len() / 128);
        // The first line begins with what was held, however much of it there is.
        let mut unseen = self.held_length;
        let mut offset = self.offset;
        let mut start = 0;
        let mut from = 0;
        for newline in memchr_iter(b'\n', complete) {
            let length = unseen + (newline - from) as u64;
            let last = match newline.checked_sub(1) {
                Some(index) if index >= from => Some(complete[index]),
                _ if unseen > 0 => before.as_bytes().last().copied(),
                _ => None,
            };
            let terminator = if last == Some(b'\r') { 2 } else { 1 };
            lines.push(Line {
                offset,
                end: offset + length + 1,
                text: (start, start + limited(length + 1 - u64::from(terminator))),
                terminator,
            });
            offset += length + 1;
            from = newline + 1;
            start = (held + from) as u32;
            unseen = 0;
        }
        self.offset = offset;
        self.held_length = 0;
        let text = Bytes::from(text);
        let raw = text.slice(held..);
        Batch::new(lines, text, raw, before)
    }
}

fn limited(length: u64) -> u32 {
    length.min(LINE_BYTES_MAX as u64) as u32
}

#[cfg(test)]
mod tests;
