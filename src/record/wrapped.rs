//! Lines that a container's runtime has written on behalf of a program.
//!
//! The runtime says when it got the line; the level, and whether the line goes on
//! with a stack trace, are for the program's own text inside to say.

use std::borrow::Cow;

use crate::record::head::PLAIN_BYTES_MAX;

/// The longest time of RFC 3339 that containerd and CRI-O write: nanoseconds and a zone.
const TIME_BYTES_MAX: usize = 36;

const ESCAPE: u8 = 0x1b;

/// The beginning of the program's own text, if the line is wrapped.
pub(super) fn text_inside(head: &[u8]) -> Option<Cow<'_, [u8]>> {
    match head.first()? {
        b'{' => Some(Cow::Owned(unescaped(head.strip_prefix(b"{\"log\":\"")?))),
        b'0'..=b'9' if head.get(4) == Some(&b'-') => after_stream(head).map(Cow::Borrowed),
        _ => None,
    }
}

/// Kubernetes: `2026-11-22T10:47:02.403210987Z stderr F the text`; `P` for a part of a line.
fn after_stream(head: &[u8]) -> Option<&[u8]> {
    let time = memchr::memchr(b' ', &head[..head.len().min(TIME_BYTES_MAX)])?;
    let rest = head[time..].strip_prefix(b" std")?;
    let rest = rest.strip_prefix(b"out ").or(rest.strip_prefix(b"err "))?;
    match rest {
        [b'F' | b'P', b' ', text @ ..] => Some(text),
        _ => None,
    }
}

/// Docker's `{"log":"the text\n","stream":"stderr","time":"..."}`: as much of a JSON string as
/// fits, without colour codes. Characters that are written as numbers become question marks.
fn unescaped(string: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(PLAIN_BYTES_MAX);
    let mut is_colour = false;
    let mut at = 0;
    while text.len() < PLAIN_BYTES_MAX {
        let (byte, next) = match string.get(at..).unwrap_or_default() {
            [] | [b'"', ..] => break,
            [b'\\', b'u', b'0', b'0', b'1', b'b' | b'B', ..] => (ESCAPE, 6),
            [b'\\', b'u', ..] => (b'?', 6),
            [b'\\', b'n' | b'r', ..] => (b' ', 2),
            [b'\\', b't', ..] => (b'\t', 2),
            [b'\\', byte, ..] => (*byte, 2),
            [byte, ..] => (*byte, 1),
        };
        at += next;
        if byte == ESCAPE {
            is_colour = true;
        } else if is_colour {
            is_colour = !byte.is_ascii_alphabetic();
        } else {
            text.push(byte);
        }
    }
    text.truncate(text.trim_ascii_end().len());
    text
}

#[cfg(test)]
mod tests;
