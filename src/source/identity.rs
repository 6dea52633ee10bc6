//! Which file this is, whatever its name.
//!
//! A path may name one file now and another a moment later, and a file keeps what
//! it is when it is renamed. The pair of device and inode says which file is
//! meant for as long as somebody holds it open; once it is deleted and closed the
//! system may give its inode to another. So an identity alone never proves that
//! bytes are the same: whoever has to know compares the bytes as well.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::time::SystemTime;

use xxhash_rust::xxh3::xxh3_64;

#[cfg(not(unix))]
compile_error!(
    "which file a descriptor holds is known through device and inode, which this system does not have"
);

/// A file, independent of its names.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Identity {
    device: u64,
    inode: u64,
    /// When it was made, in nanoseconds since the epoch; 0 where that is not known.
    birth: u128,
}

impl Identity {
    /// The identity of the file that was looked at.
    pub fn of(metadata: &Metadata) -> Self {
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            birth: birth(metadata).unwrap_or_default(),
        }
    }

    /// Whether the file was made before `time`, or nobody knows when.
    pub fn is_older_than(self, time: SystemTime) -> bool {
        let since = time.duration_since(SystemTime::UNIX_EPOCH);
        since.is_ok_and(|since| self.birth < since.as_nanos())
    }

    /// Whether the file may have been made after `other`; clocks are coarse.
    pub fn is_younger_than(self, other: Self) -> bool {
        self.birth >= other.birth
    }

    /// Sixteen bits of the identity for a cursor, the same in every process.
    ///
    /// Enough to try the likely file first, too few to prove anything. The device is
    /// left out: its number may change when the machine starts anew, and the
    /// candidates are neighbours in one directory anyway.
    pub fn hint(self) -> u16 {
        let mut bytes = [0; 24];
        bytes[..8].copy_from_slice(&self.inode.to_le_bytes());
        bytes[8..].copy_from_slice(&self.birth.to_le_bytes());
        xxh3_64(&bytes) as u16
    }
}

fn birth(metadata: &Metadata) -> Option<u128> {
    let made = metadata.created().ok()?;
    Some(made.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_nanos())
}

#[cfg(test)]
mod tests;
