//! A file of which nothing was read: a truncation would not show in it, and what it held
//! may be in a copy only.

use std::sync::Arc;

use crate::follow::held_files::HeldFiles;
use crate::follow::pinned::PinnedPath;
use crate::follow::unseen::Unseen;
use crate::store::neighbours;
use crate::store::neighbours::Neighbour;
use crate::store::reading;

/// What is remembered of the directory of such a file.
#[derive(Debug, Default)]
pub(super) struct Untouched {
    /// How it was when there was no copy in it.
    has_no_copy: Option<(i64, i64)>,
}

impl Untouched {
    /// A copy that was made of the current file, which was truncated then, before
    /// anything was read of it: nothing in the file itself tells of that. With all
    /// that lies beside it.
    pub(super) fn missed_copy(
        &mut self,
        files: &mut HeldFiles,
        path: &mut PinnedPath,
    ) -> Option<(Neighbour, Vec<Neighbour>)> {
        let source = Arc::clone(files.source());
        let current = files.current.as_ref().filter(|held| held.is_untouched())?;
        let file = current.file()?;
        let beginning = reading::head(&file).ok()?;
        let changed = neighbours::changed(source.home());
        if changed.is_none() || self.has_no_copy != changed {
            let seen = path.see();
            let is_telling = changed.filter(|changed| !reading::is_fresh(*changed));
            let unseen = Unseen {
                source: &source,
                files,
            };
            let (copies, there) = unseen.copies(&file, &beginning, &seen).ok()?;
            if let Some(copy) = copies.into_iter().next() {
                return Some((copy, there));
            }
            self.has_no_copy = is_telling;
        }
        // What was written since the look into the directory has to wait for another.
        files.current.as_mut()?.foresee(beginning);
        None
    }
}
