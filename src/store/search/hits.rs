//! The lines of a piece that a filter wants.

use std::borrow::Cow;
use std::fs::File;
use std::ops::Range;

use memchr::memchr;
use memchr::memrchr;

use crate::config::LINE_BYTES_MAX;
use crate::filter::Filter;
use crate::filter::Finder;
use crate::filter::Finding;
use crate::line::Line;
use crate::record::Recogniser;
use crate::record::Record;
use crate::store::above;
use crate::store::encoding::Encoding;
use crate::store::search::pieces::Piece;
use crate::store::search::secrets::Secrets;
use crate::store::search::seen::Seen;
use crate::store::splitter::BYTE_ORDER_MARK;

/// How far above a line it is looked whether it continues a record, when the
/// filter does not ask.
const CONTEXT_BYTES: usize = 8 * 1024;

/// A line of a piece that is wanted.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Where it starts in the piece's bytes.
    start: usize,
    /// Where it ends there; of a long line, where its beginning ends.
    end: usize,
    /// What it says of itself.
    pub(super) record: Record,
    /// Its text, if that is not what stands there.
    redacted: Option<Vec<u8>>,
}

/// Looks through pieces of one segment.
#[derive(Debug)]
pub(super) struct Looking<'a> {
    pub(super) filter: &'a Filter,
    pub(super) finder: Option<&'a Finder>,
    pub(super) encoding: Encoding,
    /// What is kept out of the piece that is looked at.
    pub(super) secrets: Secrets<'a>,
}

impl Looking<'_> {
    /// The lines that are wanted, oldest first, and how many others were asked
    /// because of the finder. `file` holds the piece.
    pub(super) fn hits(&self, piece: &Piece<'_>, file: &File) -> (Vec<Found>, usize) {
        let finder = self.finder.filter(|_| self.encoding == Encoding::Bytes);
        let finding = finder.and_then(|finder| self.secrets.finding(finder, piece.bytes));
        match finding {
            Some((finding, odd)) => self.found(piece, finding, odd, file),
            None => (self.asked(piece, file), 0),
        }
    }

    /// With the finder: only lines that may match are asked, and the `odd` ones, of
    /// which it knows nothing.
    fn found(
        &self,
        piece: &Piece<'_>,
        finding: Finding<'_>,
        mut odd: Vec<usize>,
        file: &File,
    ) -> (Vec<Found>, usize) {
        let bytes = piece.bytes;
        odd.extend(odd_lines(piece));
        odd.sort_unstable();
        let mut odd = odd.into_iter().peekable();
        let mut seen = None;
        let mut hits = Vec::new();
        let mut asked = 0;
        let mut from = 0;
        let find = |from| {
            let at = finding.find(bytes, from)?;
            let before = memrchr(b'\n', &bytes[from..at]);
            Some(before.map_or(from, |newline| from + newline + 1))
        };
        let mut found = find(from);
        while from < bytes.len() {
            while odd.next_if(|&start| start < from).is_some() {}
            // Not again for every odd line before it.
            if found.is_some_and(|start| start < from) {
                found = find(from);
            }
            let start = match (found, odd.peek()) {
                (Some(found), Some(&odd)) => found.min(odd),
                (Some(start), None) | (None, Some(&start)) => start,
                (None, None) => break,
            };
            if start == bytes.len() {
                // The last line feed starts no line.
                break;
            }
            let end = memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |at| start + at + 1);
            hits.extend(self.ask(piece, start..end, |text| {
                if self.filter.needs_record() {
                    self.exact_record(piece, start..end, text, &mut seen, file)
                } else {
                    self.near_record(piece, start..end, text, &mut seen)
                }
            }));
            asked += 1;
            from = end;
        }
        let misses = asked - hits.len();
        (hits, misses)
    }

    /// Without one: every line is asked.
    fn asked(&self, piece: &Piece<'_>, file: &File) -> Vec<Found> {
        let exact = self.filter.needs_record();
        let mut recogniser = if exact {
            above::recogniser(file, self.encoding, piece.offset)
        } else {
            Recogniser::new()
        };
        let mut seen = None;
        let mut hits = Vec::new();
        let mut start = 0;
        let rest = [piece.bytes.len()];
        for end in self.encoding.line_ends(piece.bytes).chain(rest) {
            if start == end {
                continue;
            }
            if exact {
                let record = recogniser.read(&self.text(piece, start..end));
                hits.extend(self.ask(piece, start..end, |_| record));
            } else {
                hits.extend(self.ask(piece, start..end, |text| {
                    self.near_record(piece, start..end, text, &mut seen)
                }));
            }
            start = end;
        }
        hits
    }

    /// The line, if the filter wants it; `record` says what it says of itself.
    fn ask(
        &self,
        piece: &Piece<'_>,
        line: Range<usize>,
        record: impl FnOnce(&[u8]) -> Record,
    ) -> Option<Found> {
        let seen = Seen::of(piece, self.encoding, line.clone());
        let redacted = self.secrets.redact(line.clone(), &seen.text, seen.shown);
        let text = redacted.as_deref().unwrap_or(&seen.text[..seen.shown]);
        if !self.filter.keeps_text(text) {
            return None;
        }
        let record = record(text);
        self.filter.keeps_record(&record).then_some(Found {
            start: line.start,
            end: line.end,
            record,
            redacted,
        })
    }

    /// What a line says of itself, for a filter that asks. `seen` is where the last
    /// hit ended, and what had been read up to there.
    fn exact_record(
        &self,
        piece: &Piece<'_>,
        line: Range<usize>,
        text: &[u8],
        seen: &mut Option<(usize, Recogniser)>,
        file: &File,
    ) -> Record {
        let mut recogniser = Recogniser::new();
        let mut record = recogniser.read(text);
        // With a time of its own it owes nothing to the lines above it.
        if record.time.is_none() {
            let near = line.start.saturating_sub(CONTEXT_BYTES);
            recogniser = match seen.take() {
                Some((end, recogniser)) if end >= near => {
                    self.read_on(piece, end..line.start, recogniser)
                }
                _ => {
                    let offset = piece.offset + line.start as u64;
                    above::recogniser(file, self.encoding, offset)
                }
            };
            record = recogniser.read(text);
        }
        *seen = Some((line.end, recogniser));
        record
    }

    /// The same for a reader: only lines of the piece that stand near are looked
    /// at. `seen` is where the last hit ended, and what had been read up to there.
    fn near_record(
        &self,
        piece: &Piece<'_>,
        line: Range<usize>,
        text: &[u8],
        seen: &mut Option<(usize, Recogniser)>,
    ) -> Record {
        let mut alone = Recogniser::new();
        let mut record = alone.read(text);
        if record.time.is_none() && record.level.is_none() {
            let near = line.start.saturating_sub(CONTEXT_BYTES);
            let (from, recogniser) = match seen.take() {
                Some((end, recogniser)) if end >= near => (end, recogniser),
                _ => (self.line_start(piece, near, line.start), Recogniser::new()),
            };
            alone = self.read_on(piece, from..line.start, recogniser);
            record = alone.read(text);
        }
        *seen = Some((line.end, alone));
        record
    }

    /// Lets the recogniser read the lines of a part of the piece.
    fn read_on(
        &self,
        piece: &Piece<'_>,
        lines: Range<usize>,
        mut recogniser: Recogniser,
    ) -> Recogniser {
        let mut start = lines.start;
        for end in self.encoding.line_ends(&piece.bytes[lines.clone()]) {
            recogniser.read(&self.text(piece, start..lines.start + end));
            start = lines.start + end;
        }
        recogniser
    }

    /// Where the first line starts that begins in this part of the piece.
    fn line_start(&self, piece: &Piece<'_>, near: usize, end: usize) -> usize {
        if near == 0 {
            return 0;
        }
        let near = self.encoding.whole(near);
        let first = self.encoding.line_ends(&piece.bytes[near..end]).next();
        first.map_or(end, |first| near + first)
    }

    /// The text of a line as it stands there, for what it says of itself.
    fn text<'p>(&self, piece: &Piece<'p>, line: Range<usize>) -> Cow<'p, [u8]> {
        Seen::of(piece, self.encoding, line).shown()
    }
}

/// A line that was found, and its text.
pub(super) fn line(piece: &Piece<'_>, encoding: Encoding, found: &Found) -> (Line, Vec<u8>) {
    let seen = Seen::of(piece, encoding, found.start..found.end);
    let mut line = seen.line;
    let text = match &found.redacted {
        Some(text) => text.clone(),
        None => seen.shown().into_owned(),
    };
    line.text = (0, text.len() as u32);
    (line, text)
}

/// Where lines start whose text is not all that stands between two line ends: the
/// finder does not see where it begins or ends.
fn odd_lines(piece: &Piece<'_>) -> Vec<usize> {
    let bytes = piece.bytes;
    let mut odd = Vec::new();
    if piece.offset == 0 && bytes.starts_with(BYTE_ORDER_MARK) {
        odd.push(0);
    }
    if (bytes.len() as u64) < piece.end - piece.offset {
        odd.push(0);
    }
    // A line of that length lies over at least one multiple of it.
    for middle in (0..bytes.len()).step_by(LINE_BYTES_MAX).skip(1) {
        let start = memrchr(b'\n', &bytes[..middle]).map_or(0, |newline| newline + 1);
        let end = memchr(b'\n', &bytes[middle..]).map_or(bytes.len(), |at| middle + at + 1);
        if end - start > LINE_BYTES_MAX && odd.last() != Some(&start) {
            odd.push(start);
        }
    }
    odd
}
