//! What a path names, looked at again and again.
//!
//! A path that was a file itself when it was first there is pinned: a symbolic
//! link that takes its place later is refused. It could point at anything, and
//! whoever may write the log need not be allowed to read that.

use std::fs::File;
use std::fs::Metadata;
use std::io;
use std::path::Path;
use std::path::PathBuf;

use crate::follow::rotation::Seen;
use crate::source::identity::Identity;
use crate::source::regular;
use crate::source::trouble::Trouble;

/// See the module's description.
#[derive(Debug)]
pub(super) struct PinnedPath {
    path: PathBuf,
    /// `None` until it was there.
    is_pinned: Option<bool>,
}

impl PinnedPath {
    /// A path that was not looked at yet.
    pub(super) fn new(path: &Path) -> PinnedPath {
        PinnedPath {
            path: path.to_owned(),
            is_pinned: None,
        }
    }

    /// Looks at what the path names now.
    pub(super) fn see(&mut self) -> Seen {
        self.look().0
    }

    /// The same, with all that is known of a file without opening it.
    pub(super) fn look(&mut self) -> (Seen, Option<Metadata>) {
        match self.try_look() {
            Ok(looked) => looked,
            Err(error) => match error.kind() {
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => (Seen::Missing, None),
                _ => (Seen::Unreadable(Trouble::from(&error)), None),
            },
        }
    }

    /// Opens what it names.
    pub(super) fn open(&self) -> io::Result<(File, Metadata)> {
        if self.is_pinned == Some(true) {
            regular::open_itself(&self.path)
        } else {
            regular::open(&self.path)
        }
    }

    fn try_look(&mut self) -> io::Result<(Seen, Option<Metadata>)> {
        let mut metadata = self.path.symlink_metadata()?;
        let is_link = metadata.is_symlink();
        if is_link && self.is_pinned == Some(true) {
            return Ok((Seen::Unreadable(Trouble::refused_symlink()), None));
        }
        if is_link {
            metadata = self.path.metadata()?;
        }
        Ok(match regular::what_it_is(metadata.file_type()) {
            None => {
                self.is_pinned.get_or_insert(!is_link);
                (Seen::File(Identity::of(&metadata)), Some(metadata))
            }
            Some(what) => (Seen::Unreadable(Trouble::not_a_file(what)), None),
        })
    }
}
