//! Where the bytes of a segment are.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Weak;

use crate::source::identity::Identity;
use crate::store::beginning::Beginning;

/// See the module's description.
#[derive(Debug)]
pub(super) struct Whereabouts {
    /// The name under which the file was last seen.
    pub(super) path: PathBuf,
    /// Which file it is.
    pub(super) identity: Identity,
    /// Which file it was in the beginning, unless it was found compressed.
    pub(super) began: Option<Identity>,
    /// Strong ones are with the follower and with readers.
    pub(super) file: Weak<File>,
    /// How the text begins, as far as it was noted.
    pub(super) beginning: Beginning,
    /// The bytes are gone: truncated away.
    pub(super) is_destroyed: bool,
}
