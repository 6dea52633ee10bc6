//! What is kept out of the lines of a piece.
//!
//! A search looks for lines as they are shown, in bytes that still have the secrets.
//! A text that is in no mark stands in what is shown of a line only where it stands
//! in the line itself: whoever looks for such a text misses nothing and pays for no
//! other line. For everything else the lines that may have a secret are asked one by
//! one, beside those that are found; all others are shown as they are.

use std::fs::File;
use std::ops::Range;

use memchr::memrchr;

use crate::filter::Finder;
use crate::redaction::Rules;
use crate::redaction::Suspects;
use crate::store::encoding::Encoding;
use crate::store::redactor::keys_above;
use crate::store::search::pieces::Piece;
use crate::store::search::seen::Seen;

/// See the module's description.
#[derive(Debug)]
pub(super) struct Secrets<'a> {
    rules: &'a Rules,
    suspects: Suspects,
    /// The finder misses no line for its secrets.
    finder_is_enough: bool,
    /// Parts of lines that belong to private keys, by where the lines start.
    key_parts: Vec<(usize, Range<usize>)>,
}

impl Secrets<'_> {
    /// What is kept out of `piece`, which is in `file`.
    pub(super) fn of<'a>(
        rules: &'a Rules,
        piece: &Piece<'_>,
        encoding: Encoding,
        finder: Option<&Finder>,
        file: &File,
    ) -> Secrets<'a> {
        let is_bytes = encoding == Encoding::Bytes;
        let finder_is_enough =
            rules.are_empty() || finder.is_some_and(|finder| finder.is_apart_from(&rules.marks()));
        Secrets {
            rules,
            suspects: match finder_is_enough {
                _ if rules.are_empty() => Suspects::At(Vec::new()),
                false if is_bytes => rules.suspects(piece.bytes),
                _ => Suspects::All,
            },
            finder_is_enough,
            key_parts: key_parts(rules, piece, encoding, file),
        }
    }

    /// Where lines start of which a finder cannot tell whether they are wanted; `None`
    /// when it can of none.
    pub(super) fn lines(&self, bytes: &[u8]) -> Option<Vec<usize>> {
        if self.finder_is_enough {
            return Some(Vec::new());
        }
        let Suspects::At(places) = &self.suspects else {
            return None;
        };
        let start = |place: &usize| memrchr(b'\n', &bytes[..*place]).map_or(0, |at| at + 1);
        let of_keys = self.key_parts.iter().map(|(start, _)| *start);
        Some(places.iter().map(start).chain(of_keys).collect())
    }

    /// The first `shown` bytes of `text`, which stands at `line`, without the secrets
    /// in it, if it has some.
    pub(super) fn redact(&self, line: Range<usize>, text: &[u8], shown: usize) -> Option<Vec<u8>> {
        let key = self
            .key_parts
            .binary_search_by_key(&line.start, |(start, _)| *start)
            .ok()
            .map(|at| self.key_parts[at].1.clone());
        let is_suspect = match &self.suspects {
            Suspects::All => true,
            Suspects::At(places) => {
                let next = places.partition_point(|place| *place < line.start);
                places.get(next).is_some_and(|place| *place < line.end)
            }
        };
        (is_suspect || key.is_some())
            .then(|| self.rules.redact(text, shown, key))
            .flatten()
    }
}

/// Nearly no piece has any, and most are known to have none at a glance.
fn key_parts(
    rules: &Rules,
    piece: &Piece<'_>,
    encoding: Encoding,
    file: &File,
) -> Vec<(usize, Range<usize>)> {
    if !rules.know_keys() {
        return Vec::new();
    }
    let mut keys = keys_above(rules, file, encoding, piece.offset);
    if encoding == Encoding::Bytes && keys.are_absent(piece.bytes) {
        return Vec::new();
    }
    let mut parts = Vec::new();
    let mut start = 0;
    for end in encoding.line_ends(piece.bytes).chain([piece.bytes.len()]) {
        if start < end {
            let seen = Seen::of(piece, encoding, start..end);
            parts.extend(
                rules
                    .key_part(&mut keys, &seen.text)
                    .map(|part| (start, part)),
            );
            start = end;
        }
    }
    parts
}

#[cfg(test)]
mod tests;
