//! A file that becomes a segment.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Weak;

use crate::line::Trail;
use crate::source::identity::Identity;

/// A file that becomes a segment. Offsets are bytes in the file.
#[derive(Debug)]
pub struct Found {
    /// Where it lies now.
    pub path: PathBuf,
    /// Which file it is.
    pub identity: Identity,
    /// The open file; a dead one when nobody holds it.
    pub file: Weak<File>,
    /// How many NULs it begins with: its text starts there.
    pub hole: u64,
    /// Where a reader begins that comes from the segment before: with the text,
    /// but for a file whose beginning was already given under another name.
    pub first: u64,
    /// Past the last line that may be read; 0 for what has to be unpacked first.
    pub head: u64,
    /// The bytes before that, for a file that may change.
    pub trail: Option<Trail>,
    /// It was found compressed: which file it had been is not known.
    pub is_packed: bool,
}
