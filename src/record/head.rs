//! The part of a line in which it says when it was written and how bad it is.
//!
//! Everything here is bounded: however long the line, only its first bytes are
//! looked at. A structured line is walked as JSON or logfmt without building
//! anything; nested objects are walked as if they were flat.

use std::borrow::Cow;

/// How far a line is read for its time and level.
const HEAD_BYTES_MAX: usize = 4096;

/// How far a line is looked through for colour codes, and what is kept of one that has them.
pub(super) const PLAIN_BYTES_MAX: usize = 256;

/// How many fields of a line are looked at.
const FIELDS_MAX: usize = 64;

/// The longest key that lets a line be taken for logfmt.
const KEY_BYTES_MAX: usize = 64;

/// The start of the line without its ANSI colour codes, which programs like to put around
/// the level.
pub(super) fn head(line: &[u8]) -> Cow<'_, [u8]> {
    const ESCAPE: u8 = 0x1b;
    let start = &line[..line.len().min(PLAIN_BYTES_MAX)];
    if memchr::memchr(ESCAPE, start).is_none() {
        return Cow::Borrowed(&line[..line.len().min(HEAD_BYTES_MAX)]);
    }
    let mut kept = Vec::with_capacity(start.len());
    let mut bytes = start.iter().copied();
    while let Some(byte) = bytes.next() {
        if byte == ESCAPE {
            // ECMA-48, 5.4: ESC [, parameters, then one final byte of 0x40-0x7e.
            bytes
                .by_ref()
                .skip(1)
                .find(|byte| (0x40..=0x7e).contains(byte));
        } else {
            kept.push(byte);
        }
    }
    Cow::Owned(kept)
}

/// The named values of a structured line, in its own order; strings without their quotes
/// and as they were escaped.
#[derive(Clone, Debug)]
pub(super) struct Fields<'a> {
    rest: &'a [u8],
    is_json: bool,
    /// How many more fields to give.
    left: usize,
}

impl<'a> Fields<'a> {
    /// The fields of a text that is a JSON object or begins with a logfmt pair.
    pub(super) fn of(text: &'a [u8]) -> Option<Self> {
        let is_json = *text.first()? == b'{' && text[1..].trim_ascii_start().first() == Some(&b'"');
        (is_json || starts_with_pair(text)).then_some(Self {
            rest: text,
            is_json,
            left: FIELDS_MAX,
        })
    }

    fn next_in_json(&mut self) -> Option<(&'a [u8], &'a [u8])> {
        loop {
            let quote = memchr::memchr(b'"', self.rest)?;
            let (key, rest) = quoted(&self.rest[quote..]);
            let rest = rest.trim_ascii_start();
            let Some(value) = rest.strip_prefix(b":") else {
                self.rest = rest;
                continue;
            };
            let value = value.trim_ascii_start();
            match value.first()? {
                b'{' | b'[' => self.rest = value,
                b'"' => {
                    let (text, rest) = quoted(value);
                    self.rest = rest;
                    return Some((key, text));
                }
                _ => {
                    let end = memchr::memchr3(b',', b'}', b']', value).unwrap_or(value.len());
                    self.rest = &value[end..];
                    return Some((key, value[..end].trim_ascii_end()));
                }
            }
        }
    }

    fn next_in_logfmt(&mut self) -> Option<(&'a [u8], &'a [u8])> {
        loop {
            self.rest = self.rest.trim_ascii_start();
            let end = memchr::memchr3(b'=', b' ', b'\t', self.rest)?;
            let (key, rest) = self.rest.split_at(end);
            let Some(value) = rest.strip_prefix(b"=") else {
                self.rest = rest;
                continue;
            };
            let (value, rest) = if matches!(value.first(), Some(b'"' | b'\'')) {
                quoted(value)
            } else {
                let end = memchr::memchr2(b' ', b'\t', value).unwrap_or(value.len());
                value.split_at(end)
            };
            self.rest = rest;
            return Some((key, value));
        }
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        if self.is_json {
            self.next_in_json()
        } else {
            self.next_in_logfmt()
        }
    }
}

/// Splits a text that begins with a quote, of either kind, into what is inside the quotes and
/// what follows.
fn quoted(text: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 1;
    while let Some(found) = memchr::memchr2(text[0], b'\\', &text[at..]) {
        at += found;
        if text[at] == text[0] {
            return (&text[1..at], &text[at + 1..]);
        }
        at = (at + 2).min(text.len());
    }
    (&text[1..], &[])
}

/// Whether the text begins with a logfmt key and its `=`.
fn starts_with_pair(text: &[u8]) -> bool {
    let is_in_key =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'@');
    if text.first().is_none_or(u8::is_ascii_digit) {
        // Most lines begin with a time.
        return false;
    }
    let key = text
        .iter()
        .take(KEY_BYTES_MAX)
        .take_while(|byte| is_in_key(byte))
        .count();
    key > 0 && text.get(key) == Some(&b'=')
}

#[cfg(test)]
mod tests;
