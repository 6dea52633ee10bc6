//! Which way a search goes, and why it goes no further.

/// In which order hits are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The newest first; a position to go on from is behind what is left.
    Newest,
    /// The oldest first; a position to go on from is before what is left.
    Oldest,
}

/// Why a search goes on no further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Nobody waits for it any more.
    Left,
    /// Its time is up.
    Budget,
    /// It has as many hits as it may have.
    Capped,
    /// The bytes it was reading are gone.
    Lost,
}
