//! Texts as JSON strings.
//!
//! Nearly everything that is sent is text, and nearly all of that stands in the JSON as
//! it is. So it is looked through a block at a time for bytes that do not, and copied as
//! a whole up to there.

use std::borrow::Cow;

use serde::Serialize;

/// Bytes that are looked at together: a few of the processor's vectors.
const BLOCK_BYTES: usize = 32;

/// Why what is written never fails.
pub(super) const IN_MEMORY: &str = "writing to memory does not fail";

/// Writes `value` as JSON.
pub(super) fn value(out: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) {
    serde_json::to_writer(out, value).expect(IN_MEMORY);
}

/// Writes a text as a JSON string.
pub(super) fn string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    inside(out, text);
    out.push(b'"');
}

/// Writes a text as it stands inside a JSON string.
pub(super) fn inside(out: &mut Vec<u8>, text: &str) {
    let mut rest = text.as_bytes();
    loop {
        let (plain, behind) = rest.split_at(plain_bytes(rest));
        out.extend_from_slice(plain);
        let Some((&byte, behind)) = behind.split_first() else {
            break;
        };
        escape(out, byte);
        rest = behind;
    }
}

/// How many bytes a text begins with that stand in a JSON string as they are.
fn plain_bytes(text: &[u8]) -> usize {
    let (blocks, _) = text.as_chunks::<BLOCK_BYTES>();
    let is_plain = |block: &&[u8; BLOCK_BYTES]| {
        !block
            .iter()
            .fold(false, |any, &byte| any | is_special(byte))
    };
    let plain = blocks.iter().take_while(is_plain).count() * BLOCK_BYTES;
    let rest = &text[plain..];
    let special = rest.iter().position(|&byte| is_special(byte));
    plain + special.unwrap_or(rest.len())
}

/// RFC 8259, 7: quotation marks, backslashes and control characters are escaped.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "without a branch, so that the bytes of a block are compared at once"
)]
fn is_special(byte: u8) -> bool {
    (byte == b'"') | (byte == b'\\') | (byte < b' ')
}

fn escape(out: &mut Vec<u8>, byte: u8) {
    let letter = match byte {
        b'"' | b'\\' => byte,
        b'\t' => b't',
        b'\n' => b'n',
        b'\r' => b'r',
        0x08 => b'b',
        0x0c => b'f',
        _ => {
            const DIGITS: &[u8; 16] = b"0123456789abcdef";
            let (high, low) = (byte >> 4, byte & 0xf);
            out.extend_from_slice(b"\\u00");
            out.extend_from_slice(&[DIGITS[high as usize], DIGITS[low as usize]]);
            return;
        }
    };
    out.extend_from_slice(&[b'\\', letter]);
}

/// The text of a line; U+FFFD for each maximal part that is not UTF-8. A line
/// that was cut ends with a whole character.
pub(super) fn text_of(bytes: &[u8], is_cut: bool) -> Cow<'_, str> {
    if let Ok(text) = str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let last = bytes.utf8_chunks().last().filter(|_| is_cut);
    let broken = last.map_or(&[][..], |chunk| chunk.invalid());
    // A beginning of a character, as opposed to bytes that can begin none.
    let is_begun = str::from_utf8(broken).is_err_and(|error| error.error_len().is_none());
    let whole = if is_begun {
        bytes.len() - broken.len()
    } else {
        bytes.len()
    };
    String::from_utf8_lossy(&bytes[..whole])
}

#[cfg(test)]
mod tests;
