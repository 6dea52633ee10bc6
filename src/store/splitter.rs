//! Bytes to whole lines.
//!
//! However the bytes of a segment are cut into reads, the same lines come out:
//! a line is given out once, when its terminator has been seen. Until then only
//! its beginning is held, at most [`LINE_BYTES_MAX`] of it, and its length is
//! counted; so a line of a gigabyte costs what a line of 64 KiB costs.
//!
//! `\n` ends a line, and a `\r` directly before it belongs to the terminator. A
//! lone `\r` is text: progress bars write it, and it is no line end in a log.
//! A byte order mark at the beginning is no text.

use bytes::Bytes;

use crate::config::LINE_BYTES_MAX;
use crate::line::Batch;
use crate::line::Line;
use crate::line::Trail;
use crate::store::encoding::Encoding;

/// A mark in front of UTF-8 text, which says nothing.
pub const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Cuts the bytes of one segment into lines, read after read.
#[derive(Debug)]
pub struct Splitter {
    encoding: Encoding,
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
    pub fn new(encoding: Encoding, offset: u64, trail: Trail) -> Splitter {
        Splitter {
            encoding,
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

    /// Takes the next bytes of the segment, in whole units of its encoding, and
    /// gives the lines they complete.
    pub fn push(&mut self, read: &[u8]) -> Option<Batch> {
        let before = self.trail;
        self.trail.push(read);
        let Some(last) = self.encoding.line_ends_back(read).next() else {
            self.hold(read);
            return None;
        };
        let (complete, rest) = read.split_at(last);
        let batch = self.complete(complete, before);
        self.hold(rest);
        Some(batch)
    }

    /// Gives the unfinished line as a line without a terminator, for when its
    /// segment is known to grow no more.
    pub fn finish(&mut self) -> Option<Batch> {
        let batch = self.unfinished()?;
        self.go_on(batch.end());
        Some(batch)
    }

    /// The unfinished line as it stands.
    pub fn unfinished(&self) -> Option<Batch> {
        if self.held_length == 0 {
            return None;
        }
        let mut lines = Lines::new(self, &[]);
        lines.add(0, self.held_length, 0);
        Some(Batch::new(
            lines.found,
            lines.text.into(),
            Bytes::new(),
            self.trail,
        ))
    }

    fn hold(&mut self, bytes: &[u8]) {
        let room = LINE_BYTES_MAX - self.held.len();
        self.held.extend_from_slice(&bytes[..bytes.len().min(room)]);
        self.held_length += bytes.len() as u64;
    }

    /// `complete` ends with a newline.
    fn complete(&mut self, complete: &[u8], before: Trail) -> Batch {
        let newline = self.encoding.unit();
        let held = self.held.len();
        let mut lines = Lines::new(self, complete);
        // The first line begins with what was held, however much of it there is.
        let mut unseen = self.held_length;
        let mut start = 0;
        let mut from = 0;
        for end in self.encoding.line_ends(complete) {
            let part = &complete[from..end - newline];
            let last = if part.is_empty() && unseen > 0 {
                before.as_bytes()
            } else {
                part
            };
            let returns = if self.encoding.ends_with_return(last) {
                newline
            } else {
                0
            };
            let length = unseen + (part.len() as u64) - returns as u64;
            lines.add(start, length, (newline + returns) as u8);
            unseen = 0;
            from = end;
            start = held + end;
        }
        self.go_on(lines.offset);
        let raw = match self.encoding {
            Encoding::Bytes => None,
            Encoding::Utf16Little | Encoding::Utf16Big => Some(Bytes::copy_from_slice(complete)),
        };
        let text = Bytes::from(lines.text);
        let raw = raw.unwrap_or_else(|| text.slice(held..));
        Batch::new(lines.found, text, raw, before)
    }

    /// Nothing is held any more; the next line starts at `offset`.
    fn go_on(&mut self, offset: u64) {
        self.offset = offset;
        self.held.clear();
        self.held_length = 0;
    }
}

/// The lines of a batch, as they are found.
struct Lines {
    encoding: Encoding,
    /// Where the next line starts.
    offset: u64,
    found: Vec<Line>,
    /// The bytes that hold the lines, from the first held one on.
    bytes: Vec<u8>,
    /// What the lines' ranges point into: the bytes themselves, if they are text.
    text: Vec<u8>,
}

impl Lines {
    fn new(splitter: &Splitter, complete: &[u8]) -> Lines {
        let bytes = [&splitter.held, complete].concat();
        let (bytes, text) = match splitter.encoding {
            Encoding::Bytes => (Vec::new(), bytes),
            Encoding::Utf16Little | Encoding::Utf16Big => (bytes, Vec::new()),
        };
        Lines {
            encoding: splitter.encoding,
            offset: splitter.offset,
            found: Vec::with_capacity(1 + complete.len() / 128),
            bytes,
            text,
        }
    }

    /// Adds the line of `length` bytes that begins at `start` of the bytes.
    fn add(&mut self, start: usize, length: u64, terminator: u8) {
        let shown = length.min(LINE_BYTES_MAX as u64) as usize;
        let mut text = match self.encoding {
            Encoding::Bytes => start..start + shown,
            Encoding::Utf16Little | Encoding::Utf16Big => {
                let from = self.text.len();
                let bytes = &self.bytes[start..start + shown];
                self.encoding.append_text(bytes, &mut self.text);
                from..self.text.len()
            }
        };
        if self.offset == 0 && self.text[text.clone()].starts_with(BYTE_ORDER_MARK) {
            text.start += BYTE_ORDER_MARK.len();
        }
        let line = Line {
            offset: self.offset,
            end: self.offset + length + u64::from(terminator),
            text: (text.start as u32, text.end as u32),
            terminator,
            is_cut: length > shown as u64,
        };
        self.offset = line.end;
        self.found.push(line);
    }
}

#[cfg(test)]
mod tests;
