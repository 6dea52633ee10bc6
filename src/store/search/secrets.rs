//! What is kept out of the lines of a piece.
//!
//! A search looks for lines as they are shown, in bytes that still have the secrets.
//! A text that is in no mark stands in what is shown of a line only where it stands
//! in the line itself: whoever looks for such a text, or for what cannot reach into a
//! mark, misses nothing and pays for no other line. For everything else the lines that may have a secret are asked one by
//! one, beside those that are found; all others are shown as they are.

use std::fs::File;
use std::ops::Range;

use memchr::memrchr;

use crate::filter::Finder;
use crate::filter::Finding;
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
    /// What misses no line for its secrets.
    finding: Option<Finding<'a>>,
    /// Parts of lines that belong to private keys, by where the lines start.
    key_parts: Vec<(usize, Range<usize>)>,
}

impl<'a> Secrets<'a> {
    /// What is kept out of `piece`, which is in `file`.
    pub(super) fn of(
        rules: &'a Rules,
        piece: &Piece<'_>,
        encoding: Encoding,
        finder: Option<&'a Finder>,
        file: &File,
    ) -> Secrets<'a> {
        let is_bytes = encoding == Encoding::Bytes;
        let finding = finder.and_then(|finder| rules.finding(finder));
        Secrets {
            rules,
            suspects: match finding {
                _ if rules.are_empty() => Suspects::At(Vec::new()),
                None if is_bytes => rules.suspects(piece.bytes),
                _ => Suspects::All,
            },
            finding,
            key_parts: key_parts(rules, piece, encoding, file),
        }
    }

    /// What finds the lines that may be wanted, and where those start of which it
    /// cannot tell; `None` when it can of none.
    pub(super) fn finding(
        &self,
        finder: &'a Finder,
        bytes: &[u8],
    ) -> Option<(Finding<'a>, Vec<usize>)> {
        if let Some(finding) = self.finding {
            return Some((finding, Vec::new()));
        }
        let Suspects::At(places) = &self.suspects else {
            return None;
        };
        let start = |place: &usize| memrchr(b'\n', &bytes[..*place]).map_or(0, |at| at + 1);
        let of_keys = self.key_parts.iter().map(|(start, _)| *start);
        let odd = places.iter().map(start).chain(of_keys).collect();
        Some((finder.plain(), odd))
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
