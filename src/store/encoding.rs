//! How the bytes of a segment are text, as far as lines need to know.
//!
//! Everything that has ASCII in it as single bytes is read the same way. Only
//! UTF-16, which Windows programs write with a byte order mark in front, has
//! other line ends; it is read in pairs of bytes, so offsets of lines are even.

use memchr::memchr_iter;
use memchr::memrchr_iter;

/// See the module's description.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, Latin-1 and the like.
    #[default]
    Bytes,
    /// UTF-16, the lower byte first.
    Utf16Little,
    /// UTF-16, the higher byte first.
    Utf16Big,
}

impl Encoding {
    /// The encoding of a file that begins with `head`.
    pub fn of(head: &[u8]) -> Encoding {
        match head {
            [0xff, 0xfe, ..] => Encoding::Utf16Little,
            [0xfe, 0xff, ..] => Encoding::Utf16Big,
            _ => Encoding::Bytes,
        }
    }

    /// Bytes of the smallest unit: every line has a whole number of them.
    pub fn unit(self) -> usize {
        match self {
            Encoding::Bytes => 1,
            Encoding::Utf16Little | Encoding::Utf16Big => 2,
        }
    }

    /// How many of `length` bytes make whole units.
    pub fn whole(self, length: usize) -> usize {
        length - length % self.unit()
    }

    /// Where lines end in `block`, which starts with a whole unit: each past its
    /// newline.
    pub fn line_ends(self, block: &[u8]) -> impl Iterator<Item = usize> {
        memchr_iter(b'\n', block).filter_map(move |at| self.line_end(block, at))
    }

    /// The same, from the end.
    pub fn line_ends_back(self, block: &[u8]) -> impl Iterator<Item = usize> {
        memrchr_iter(b'\n', block).filter_map(move |at| self.line_end(block, at))
    }

    fn line_end(self, block: &[u8], at: usize) -> Option<usize> {
        match self {
            Encoding::Bytes => Some(at + 1),
            Encoding::Utf16Little => {
                (at.is_multiple_of(2) && block.get(at + 1) == Some(&0)).then_some(at + 2)
            }
            Encoding::Utf16Big => (at % 2 == 1 && block[at - 1] == 0).then_some(at + 1),
        }
    }

    /// Whether `bytes` end with a carriage return.
    pub fn ends_with_return(self, bytes: &[u8]) -> bool {
        bytes.ends_with(match self {
            Encoding::Bytes => b"\r",
            Encoding::Utf16Little => b"\r\0",
            Encoding::Utf16Big => b"\0\r",
        })
    }

    /// Appends the text of `bytes` to `text`, as UTF-8; half characters become
    /// U+FFFD. Bytes stay as they are.
    pub fn append_text(self, bytes: &[u8], text: &mut Vec<u8>) {
        let units = bytes.as_chunks::<2>().0.iter();
        match self {
            Encoding::Bytes => text.extend_from_slice(bytes),
            Encoding::Utf16Little => {
                append_utf16(units.map(|unit| u16::from_le_bytes(*unit)), text);
            }
            Encoding::Utf16Big => append_utf16(units.map(|unit| u16::from_be_bytes(*unit)), text),
        }
    }
}

fn append_utf16(units: impl Iterator<Item = u16>, text: &mut Vec<u8>) {
    for character in char::decode_utf16(units) {
        let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
        text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

#[cfg(test)]
mod tests;
