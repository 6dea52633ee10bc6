//! The descriptor of a followed file, which is given back while the file is at
//! rest: which file it is, and what it looked like, are remembered then.

use std::fs::File;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use crate::config::FRESH_CHANGE;
use crate::source::identity::Identity;
use crate::store::reading;

/// See the module's description.
#[derive(Debug)]
pub(super) struct Descriptor {
    /// `None` while it is given back.
    file: Option<Arc<File>>,
    /// When that was.
    rests_since: SystemTime,
    identity: Identity,
    /// What the file looked like when it was last read to its end.
    at_end: Option<Stamp>,
    /// It had been written to just before: a clock too coarse to tell two changes
    /// apart would hide the second.
    was_fresh: bool,
}

/// What changes when a file is written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    length: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Descriptor {
    pub(super) fn new(file: Arc<File>, identity: Identity) -> Descriptor {
        Descriptor {
            file: Some(file),
            rests_since: SystemTime::UNIX_EPOCH,
            identity,
            at_end: None,
            was_fresh: true,
        }
    }

    pub(super) fn identity(&self) -> Identity {
        self.identity
    }

    /// `None` while it is given back.
    pub(super) fn file(&self) -> Option<Arc<File>> {
        self.file.clone()
    }

    /// Whether there was nothing more to read when the file was last looked at.
    pub(super) fn is_read_to_end(&self) -> bool {
        self.at_end.is_some()
    }

    /// Gives it back, if it is sure where the file at `path` really is: there.
    pub(super) fn give_back(&mut self, path: &Path) -> Option<PathBuf> {
        let real = path.canonicalize().ok()?;
        let now = Identity::of(&real.metadata().ok()?);
        if now != self.identity {
            return None;
        }
        // Clocks of file systems are coarser than this one.
        self.rests_since = SystemTime::now() - FRESH_CHANGE;
        self.file = None;
        Some(real)
    }

    /// When it was given back, if it is.
    pub(super) fn rests_since(&self) -> Option<SystemTime> {
        self.file.is_none().then_some(self.rests_since)
    }

    /// `file` is the one that was given back.
    pub(super) fn take_up(&mut self, file: File) -> Arc<File> {
        Arc::clone(self.file.insert(Arc::new(file)))
    }

    /// The file is read to its end, and looked like this just before. What is written
    /// through a mapping into space that `is_blank` does not always change that.
    pub(super) fn note_read_to_end(&mut self, metadata: &Metadata, is_blank: bool) {
        let stamp = Stamp::of(metadata);
        self.was_fresh = is_blank || reading::is_fresh(stamp.changed);
        self.at_end = Some(stamp);
    }

    /// Whether there is nothing to be read: nothing happened to it since it was
    /// read to its end.
    pub(super) fn is_as_it_was(&self, now: &Metadata) -> bool {
        !self.was_fresh && self.at_end == Some(Stamp::of(now))
    }
}

impl Stamp {
    fn of(metadata: &Metadata) -> Stamp {
        Stamp {
            length: metadata.len(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}

#[cfg(test)]
mod tests;
