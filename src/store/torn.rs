//! Why the text of a segment ends before it should.

/// See the module's description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Torn {
    /// What follows is damaged: a compressed file was cut short, or has wrong bits.
    Damaged,
    /// Its file went away while it was not open: there may have been more.
    Gone,
}
