//! A file of which nothing was read: a truncation would not show in it, and what it held
//! may be in a copy only.

use crate::follow::held_files::HeldFiles;
use crate::follow::pinned::PinnedPath;
use crate::follow::unseen::Unseen;
use crate::store::neighbours::Neighbour;
use crate::store::reading;

/// A copy that was made of the current file, which was truncated then, before anything
/// was read of it: nothing in the file itself tells of that, but that something happened
/// to it. With all that lies beside it.
pub(super) fn missed_copy(
    files: &mut HeldFiles,
    path: &mut PinnedPath,
) -> Option<(Neighbour, Vec<Neighbour>)> {
    let current = files.current.as_ref().filter(|held| held.is_untouched())?;
    let file = current.file()?;
    let beginning = reading::head(&file).ok()?;
    let seen = path.see();
    let unseen = Unseen {
        source: files.source(),
        files,
    };
    let (copies, there) = unseen.copies(&file, &beginning, &seen).ok()?;
    if let Some(copy) = copies.into_iter().next() {
        return Some((copy, there));
    }
    // What was written since the look into the directory has to wait for another.
    files.current.as_mut()?.foresee(beginning);
    None
}
