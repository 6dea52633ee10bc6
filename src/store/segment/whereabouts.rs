//! Where the bytes of a segment are.

use std::fs::File;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Weak;

use crate::source::identity::Identity;
use crate::source::rotated;
use crate::store::beginning::Beginning;
use crate::store::found::Found;
use crate::store::neighbours::LastSeen;
use crate::store::neighbours::Neighbour;

/// See the module's description.
#[derive(Debug)]
pub(super) struct Whereabouts {
    /// Where the file was seen last, and which it is.
    pub(super) seen: LastSeen,
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
        path.clone_into(&mut self.seen.path);
        self.seen.identity = identity;
        self.file = file;
        self.is_destroyed = false;
    }

    /// They were found in this file, which is open as `file`.
    pub(super) fn note_found(&mut self, found: &Neighbour, file: &Arc<File>) {
        self.seen.path.clone_from(&found.path);
        self.seen.identity = found.identity;
        self.file = Arc::downgrade(file);
    }

    /// The file, if somebody has it open; `NotFound` when the bytes are gone.
    pub(super) fn opened(&self) -> io::Result<Option<Arc<File>>> {
        if self.is_destroyed {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(self.file.upgrade())
    }

    /// Whether its name says that the file is compressed.
    pub(super) fn is_compressed(&self) -> bool {
        let name = self.seen.path.file_name();
        name.is_some_and(|name| rotated::compression_of(name).is_some())
    }

    /// Where they were found.
    pub(super) fn of(found: Found) -> Whereabouts {
        Whereabouts {
            seen: LastSeen {
                path: found.path,
                rested_at: PathBuf::new(),
                identity: found.identity,
            },
            began: (!found.is_packed).then_some(found.identity),
            file: found.file,
            beginning: Beginning::default(),
            is_destroyed: false,
        }
    }
}
