//! What stands in a line in the place of a secret.

use std::ops::Range;

use memchr::memchr;
use memchr::memmem;

/// What replaces a secret begins with this; the kind and a bracket follow.
pub(super) const MARK: &[u8] = b"[redacted:";

/// What stands for the rest of a line that was not looked at.
pub const REST_MARK: &[u8] = b"[redacted:rest]";

/// A secret in a line.
#[derive(Debug)]
pub(super) struct Span {
    pub(super) range: Range<usize>,
    pub(super) kind: &'static str,
}

/// The first bytes of the line with marks for what was found; `None` when there is
/// nothing in them.
pub(super) fn replace(line: &[u8], shown: usize, mut found: Vec<Span>) -> Option<Vec<u8>> {
    // Stable: of two that begin together the first one says what it is.
    found.sort_by_key(|span| span.range.start);
    found.dedup_by(|next, last| {
        let overlaps = next.range.start < last.range.end;
        if overlaps {
            last.range.end = last.range.end.max(next.range.end);
        }
        overlaps
    });
    found.retain(|span| span.range.start < shown);
    if found.is_empty() {
        return None;
    }
    let mut text = Vec::with_capacity(shown);
    let mut from = 0;
    for Span { range, kind } in found {
        text.extend_from_slice(&line[from..range.start]);
        text.extend_from_slice(MARK);
        text.extend_from_slice(kind.as_bytes());
        text.push(b']');
        from = range.end;
    }
    text.extend_from_slice(line.get(from..shown).unwrap_or_default());
    Some(text)
}

/// Where the mark ends that begins there.
pub(super) fn mark_at(text: &[u8], start: usize) -> Option<usize> {
    let kind = text[start..].strip_prefix(MARK)?;
    let is_kind = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
    let length = memchr(b']', kind)?;
    let is_mark = length > 0 && kind[..length].iter().all(is_kind);
    is_mark.then_some(start + MARK.len() + length + 1)
}

/// Behind the last mark.
pub(super) fn marks_end(text: &[u8]) -> usize {
    let last = memmem::rfind(text, MARK);
    last.and_then(|start| mark_at(text, start)).unwrap_or(0)
}
