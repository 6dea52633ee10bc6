//! Bytes to whole lines.
//!
//! However the bytes of a segment are cut into reads, the same lines come out:
//! a line is given out once, when its terminator has been seen. Until then only
//! its beginning is held, at most [`SEEN_BYTES_MAX`] of it, and its length is
//! counted; so a line of a gigabyte costs what a line of 64 KiB costs.
//!
//! `\n` ends a line, and a `\r` directly before it belongs to the terminator. A
//! lone `\r` is text: progress bars write it, and it is no line end in a log.
//! A byte order mark at the beginning is no text.

use std::fs::File;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;

use crate::config::LINE_BYTES_MAX;
use crate::line::Batch;
use crate::line::Line;
use crate::line::Trail;
use crate::redaction::AHEAD_BYTES;
use crate::redaction::Redaction;
use crate::store::encoding::Encoding;
use crate::store::redactor::Redactor;

/// A mark in front of UTF-8 text, which says nothing.
pub const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Bytes of a line that are looked at: to tell what stands at the end of those that
/// are shown, a few more.
pub const SEEN_BYTES_MAX: usize = LINE_BYTES_MAX + AHEAD_BYTES;

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
    /// What is kept out of the next lines.
    redactor: Redactor,
}

impl Splitter {
    /// A splitter for the bytes from `offset` on, which is where a line starts;
    /// `trail` are the bytes before it. Secrets stay in the lines.
    pub fn new(encoding: Encoding, offset: u64, trail: Trail) -> Splitter {
        Splitter {
            encoding,
            offset,
            held: Vec::new(),
            held_length: 0,
            trail,
            redactor: Redactor::default(),
        }
    }

    /// The same for lines of `file` that are given without their secrets.
    pub fn redacting(
        redaction: &Arc<Redaction>,
        file: &File,
        encoding: Encoding,
        offset: u64,
        trail: Trail,
    ) -> Splitter {
        Splitter {
            redactor: Redactor::below(redaction, file, encoding, offset),
            ..Splitter::new(encoding, offset, trail)
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
        let mut lines = self.rest()?;
        self.redactor
            .redact(&mut lines.found, &mut lines.text, &lines.ahead);
        self.go_on(lines.offset);
        Some(lines.batch(Bytes::new(), self.trail))
    }

    /// The unfinished line as it stands.
    pub fn unfinished(&self) -> Option<Batch> {
        let mut lines = self.rest()?;
        let ahead = lines.ahead.first().map_or(0, |(_, bytes)| *bytes);
        self.redactor
            .redact_unfinished(&mut lines.found[0], &mut lines.text, ahead);
        Some(lines.batch(Bytes::new(), self.trail))
    }

    fn rest(&self) -> Option<Lines> {
        if self.held_length == 0 {
            return None;
        }
        let mut lines = Lines::new(self, &[]);
        lines.add(0, self.held_length, 0);
        Some(lines)
    }

    fn hold(&mut self, bytes: &[u8]) {
        let room = SEEN_BYTES_MAX - self.held.len();
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
        self.redactor
            .redact(&mut lines.found, &mut lines.text, &lines.ahead);
        self.go_on(lines.offset);
        let raw = match self.encoding {
            Encoding::Bytes => Bytes::new(),
            Encoding::Utf16Little | Encoding::Utf16Big => Bytes::copy_from_slice(complete),
        };
        lines.batch(raw, before)
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
    /// Where in the text the complete bytes are.
    complete: Range<usize>,
    /// Of lines that are cut, how many bytes of text follow what is shown, by number.
    ahead: Vec<(usize, u32)>,
}

impl Lines {
    fn new(splitter: &Splitter, complete: &[u8]) -> Lines {
        let bytes = [&splitter.held, complete].concat();
        let (bytes, text) = match splitter.encoding {
            Encoding::Bytes => (Vec::new(), bytes),
            Encoding::Utf16Little | Encoding::Utf16Big => (bytes, Vec::new()),
        };
        Lines {
            complete: splitter.held.len()..bytes.len() + text.len(),
            ahead: Vec::new(),
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
        let seen = length.min(SEEN_BYTES_MAX as u64) as usize;
        let mut text = start..start + shown;
        let mut ahead = seen - shown;
        if self.encoding != Encoding::Bytes {
            text.start = self.text.len();
            let bytes = &self.bytes[start..start + seen];
            self.encoding.append_text(&bytes[..shown], &mut self.text);
            text.end = self.text.len();
            self.encoding.append_text(&bytes[shown..], &mut self.text);
            ahead = self.text.len() - text.end;
            self.text.push(b'\n');
        }
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
        if line.is_cut {
            self.ahead.push((self.found.len(), ahead as u32));
        }
        self.offset = line.end;
        self.found.push(line);
    }

    /// `raw` are the segment's bytes, unless they are in the text.
    fn batch(self, raw: Bytes, before: Trail) -> Batch {
        let text = Bytes::from(self.text);
        let raw = match self.encoding {
            Encoding::Bytes => text.slice(self.complete),
            Encoding::Utf16Little | Encoding::Utf16Big => raw,
        };
        Batch::new(self.found, text, raw, before)
    }
}

#[cfg(test)]
mod tests;
