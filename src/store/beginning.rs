//! How a text begins: enough to find it again in another file.
//!
//! A rotated file is copied or compressed, and then its text lies in a file of
//! another identity. The first line tells most logs apart; where every file
//! begins with the same header line, what follows it within the first bytes does.

use xxhash_rust::xxh3::xxh3_64;

/// A hash of the first bytes of a text, see [`crate::store::reading::head`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Beginning {
    length: u16,
    hash: u64,
}

impl Beginning {
    /// The beginning of the text that begins with `head`.
    pub fn of(head: &[u8]) -> Beginning {
        Beginning {
            length: head.len() as u16,
            hash: xxh3_64(head),
        }
    }

    /// Whether `head` is too short to be compared with it; always where nothing is
    /// known of it.
    pub fn is_longer_than(self, head: &[u8]) -> bool {
        self.length == 0 || usize::from(self.length) > head.len()
    }

    /// Whether the text that begins with `head` may be this one, or this one and
    /// more. No text begins like nothing.
    pub fn is_of(self, head: &[u8]) -> bool {
        let part = head.get(..usize::from(self.length));
        self.length > 0 && part.is_some_and(|part| xxh3_64(part) == self.hash)
    }
}

#[cfg(test)]
mod tests;
