//! The file that was renamed just before the program started: whoever writes it may not
//! have noticed yet. It is followed first, and then gives way as it would have otherwise.

use std::io;
use std::sync::Arc;
use std::time::SystemTime;

use crate::config::ROTATE_GRACE;
use crate::follow::held::Begin;
use crate::follow::held::Held;
use crate::follow::held_files::HeldFiles;
use crate::follow::pinned::PinnedPath;
use crate::source::identity::Identity;
use crate::store::Store;
use crate::store::encoding::Encoding;
use crate::store::history;
use crate::store::neighbours::Neighbour;
use crate::store::reading;

/// Holds the newest rotated file, if it may still be written to and nothing is held so far, and the
/// file that `path` names, which is newer; a copy of that would not be older. Whether it does.
///
/// That one is opened first, so that both are held whatever is renamed meanwhile: whoever comes back
/// may have been in either.
pub(super) fn hold(files: &mut HeldFiles, store: &Store, path: &PinnedPath) -> bool {
    if files.newest_first().next().is_some() {
        return false;
    }
    let current = match path.open() {
        Ok(opened) => Some(opened),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(_) => return false,
    };
    let identity = current.as_ref().map(|(_, metadata)| Identity::of(metadata));
    let source = Arc::clone(files.source());
    let held = source.look_beside(|there| match there.last() {
        Some(newest) if may_be_written(newest, identity)? => {
            let file = Arc::new(newest.open()?);
            Held::open(store, &source, &newest.path, file, Begin::End).map(Some)
        }
        _ => Ok(None),
    });
    let Ok((Some(held), there)) = held else {
        return false;
    };
    source.note_older(held.identity());
    source.note_history(held.identity(), there.clone());
    files.current = Some(held);
    files.leave_current(&there);
    // What cannot be read is tried again.
    if let Some((file, _)) = current
        && let Ok(held) = Held::open(store, &source, &source.path, Arc::new(file), Begin::End)
    {
        source.note_history(held.identity(), there);
        files.current = Some(held);
    }
    true
}

/// Whether a line of a writer who has not noticed may still come; the path names `current`.
fn may_be_written(newest: &Neighbour, current: Option<Identity>) -> io::Result<bool> {
    let is_older = current.is_none_or(|current| !newest.identity.is_younger_than(current));
    let is_text = newest.compression.is_none() && newest.size > 0;
    Ok(is_older && is_text && is_fresh(newest) && ends_whole(newest)?)
}

fn is_fresh(neighbour: &Neighbour) -> bool {
    let modified = neighbour.path.metadata().and_then(|now| now.modified());
    let since = modified.map(|modified| SystemTime::now().duration_since(modified));
    // A time that is still to come says nothing.
    since.is_ok_and(|since| since.is_ok_and(|since| since < ROTATE_GRACE))
}

/// Whether its last line is finished: one that is not may have been given already, as
/// the last of a file to which nothing is appended.
fn ends_whole(neighbour: &Neighbour) -> io::Result<bool> {
    let file = neighbour.open()?;
    let length = file.metadata()?.len();
    let encoding = Encoding::of(&reading::head(&file)?);
    Ok(history::last_line_end(&file, encoding, length)? == length)
}
