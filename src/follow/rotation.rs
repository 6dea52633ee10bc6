//! Decides what happened to a path between two looks at it.
//!
//! A follower holds a file open and knows how far it has read. The path may
//! meanwhile name the same file, grown or not, a shorter one, another one, or
//! nothing. This module turns the two sides into a verdict. It does no I/O, so
//! that every case can be written down as a test.
//!
//! Length alone is not enough: a file truncated and refilled past our offset
//! between two looks has only grown, as far as its length can tell. So the last
//! bytes read are compared as well, and they alone decide: a network file
//! system that reports an old, smaller length does not make a truncation.

use crate::line::Trail;
use crate::source::identity::Identity;
use crate::source::trouble::Trouble;

/// What a look at a path found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// A regular file.
    File(Identity),
    /// Nothing.
    Missing,
    /// Something that cannot be followed, or not now.
    Unreadable(Trouble),
}

/// What happened to the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It names the file that is held.
    Same,
    /// It names a file that is not held yet.
    Another(Identity),
    /// It names nothing that can be followed: go on with what is held.
    Nothing,
}

/// What happened to the path whose file was `held`.
pub fn verdict(held: Option<Identity>, seen: &Seen) -> Verdict {
    match seen {
        Seen::File(identity) if held == Some(*identity) => Verdict::Same,
        Seen::File(identity) => Verdict::Another(*identity),
        Seen::Missing | Seen::Unreadable(_) => Verdict::Nothing,
    }
}

/// Whether the file still has what was read of it: `found` are its bytes from
/// where the trail begins on. Says where what follows the trail begins.
pub fn continues(trail: &Trail, found: &[u8]) -> Option<usize> {
    let read = trail.as_bytes();
    found.starts_with(read).then_some(read.len())
}

#[cfg(test)]
mod tests;
