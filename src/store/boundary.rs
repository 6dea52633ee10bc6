//! Where a segment of a source ends and the next one begins.

use std::time::SystemTime;

/// How a segment gave way to the next one of its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Boundary {
    /// Milliseconds since the epoch at which it was noticed.
    pub time: i64,
    /// What happened.
    pub kind: BoundaryKind,
}

impl Boundary {
    /// What happened was noticed just now.
    pub fn now(kind: BoundaryKind) -> Boundary {
        let now = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        Boundary {
            time: now.as_millis() as i64,
            kind,
        }
    }
}

/// See [`Boundary`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BoundaryKind {
    /// The path names another file now.
    Rotated {
        /// What the finished file is called now, where that is known.
        name: Option<String>,
    },
    /// The same file became shorter or was refilled.
    Truncated {
        /// How long it had been, in bytes, when it was last looked at.
        size: u64,
    },
}
