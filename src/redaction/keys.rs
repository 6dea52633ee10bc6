//! Private keys that lie over several lines.
//!
//! A line in the middle of a key is nothing but letters and digits; that it belongs
//! to one is known from the line above that begins it. Whoever begins to read in the
//! middle of a file looks so far back ([`KEY_BYTES_MAX`]), so that a line is hidden or
//! not wherever the reading began. A key that is longer than that shows its rest, as
//! does one in lines of less than [`RUN_BYTES_MIN`] letters behind a time and a name.
//!
//! Lines of other programs may stand between, so that a line without a long run of
//! letters neither ends a key nor is hidden. The last line of a key is short: it is
//! known by standing right behind another one, or by its padding.

use std::ops::Range;

use memchr::memchr_iter;
use memchr::memmem;
use regex::bytes::Regex;

use crate::redaction::rule::compile;

/// Bytes of lines behind the beginning of a key that may belong to it: twice what
/// the longest key in use has.
pub const KEY_BYTES_MAX: usize = 32 * 1024;

/// Bytes that are looked at above a place: the first line of a key is no long one.
pub const ABOVE_BYTES: usize = KEY_BYTES_MAX + 1024;

/// A run of letters that is a part of a key, wherever it stands in its line.
const RUN_BYTES_MIN: usize = 32;

/// The same, when the line has nothing else.
const LINE_BYTES_MIN: usize = 16;

/// How every key begins.
const BEGIN: &[u8] = b"-----BEGIN ";

/// Recognises the lines of keys.
#[derive(Clone, Debug)]
pub(super) struct KeyLooks {
    beginning: Regex,
    end: Regex,
    run: Regex,
    /// What stands behind the letters at a line's end are quotes and escapes.
    last_run: Regex,
}

/// Where the next line stands to a private key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// Bytes of lines since the one that began a key, while it goes on.
    since: Option<usize>,
    /// A part of it has come.
    has_part: bool,
    /// The line above is a part of it.
    follows_part: bool,
}

impl KeyLooks {
    pub(super) fn new() -> KeyLooks {
        KeyLooks {
            beginning: compile("-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----"),
            end: compile("-----END [A-Z0-9 ]{1,40}-----"),
            run: compile(&format!("[A-Za-z0-9+/]{{{RUN_BYTES_MIN},}}={{0,2}}")),
            last_run: compile(r#"([A-Za-z0-9+/]+={0,2})(?:\\+[rn]|["',\s\\])*$"#),
        }
    }

    /// Where a line stands behind these bytes, which end where a line does.
    pub(super) fn behind(&self, above: &[u8]) -> Keys {
        let mut keys = Keys::default();
        let Some(first) = memmem::find(above, BEGIN) else {
            return keys;
        };
        let mut start = first;
        for end in memchr_iter(b'\n', above).filter(|end| *end >= first) {
            let line = &above[start..end];
            self.line(&mut keys, line.strip_suffix(b"\r").unwrap_or(line));
            start = end + 1;
        }
        keys
    }

    /// Goes over the next line; the part of it that belongs to a key.
    pub(super) fn line(&self, keys: &mut Keys, text: &[u8]) -> Option<Range<usize>> {
        if memmem::find(text, BEGIN).is_some()
            && let Some(begun) = self.beginning.find(text)
        {
            // What stands in the same line has a pattern of its own.
            let is_open = !self.end.is_match_at(text, begun.end());
            *keys = Keys {
                since: within(text.len() - begun.end()).filter(|_| is_open),
                ..Keys::default()
            };
            return None;
        }
        let since = keys.since?;
        let end = self.end.find(text).map(|end| end.start());
        let part = self.part(*keys, &text[..end.unwrap_or(text.len())]);
        *keys = Keys {
            since: within(since + text.len()).filter(|_| end.is_none()),
            has_part: keys.has_part || part.is_some(),
            follows_part: part.is_some(),
        };
        part
    }

    /// The part of a line that belongs to a key.
    fn part(&self, keys: Keys, text: &[u8]) -> Option<Range<usize>> {
        let last = self.last_run.captures(text).and_then(|found| found.get(1));
        let last = last.filter(|run| {
            let (above, run) = (&text[..run.start()], run.as_bytes());
            let has = |is: fn(&u8) -> bool| run.iter().any(is);
            let is_mixed = has(u8::is_ascii_uppercase)
                && (has(u8::is_ascii_lowercase) || has(u8::is_ascii_digit));
            let is_alone = above.trim_ascii().is_empty();
            is_alone && (keys.follows_part || run.len() >= LINE_BYTES_MIN)
                || keys.follows_part && is_mixed
                || keys.has_part && run.ends_with(b"=")
        });
        let runs = self.run.find_iter(text).chain(last).map(|run| run.range());
        runs.reduce(|all, run| all.start.min(run.start)..all.end.max(run.end))
    }
}

/// So many bytes are behind the beginning of a key, if it may go on; the line ends there.
fn within(bytes: usize) -> Option<usize> {
    Some(bytes + 1).filter(|bytes| *bytes <= KEY_BYTES_MAX)
}

impl Keys {
    /// Whether no line of `block` can be a part of a key.
    pub fn are_absent(self, block: &[u8]) -> bool {
        self.since.is_none() && memmem::find(block, BEGIN).is_none()
    }

    /// The same place, when all that stands there belongs to a key if there is one:
    /// a line that is still being written is shorter than it will be.
    #[must_use]
    pub fn at_unfinished(self) -> Keys {
        Keys {
            follows_part: self.since.is_some(),
            ..self
        }
    }
}

#[cfg(test)]
mod tests;
