//! Where the bytes of a segment are.

use std::fs::File;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Weak;

use crate::source::identity::Identity;
use crate::source::rotated;
use crate::store::beginning::Beginning;
use crate::store::found::Found;

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

impl Whereabouts {
    /// The bytes are in this file now.
    pub(super) fn move_to(&mut self, path: &Path, identity: Identity, file: Weak<File>) {
        path.clone_into(&mut self.path);
        self.identity = identity;
        self.file = file;
        self.is_destroyed = false;
    }

    /// Whether its name says that the file is compressed.
    pub(super) fn is_compressed(&self) -> bool {
        let name = self.path.file_name();
        name.is_some_and(|name| rotated::compression_of(name).is_some())
    }

    /// Where they were found.
    pub(super) fn of(found: Found) -> Whereabouts {
        Whereabouts {
            path: found.path,
            identity: found.identity,
            began: (!found.is_packed).then_some(found.identity),
            file: found.file,
            beginning: Beginning::default(),
            is_destroyed: false,
        }
    }
}
