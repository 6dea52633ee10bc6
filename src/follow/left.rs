//! The file that was renamed just before the program started: whoever writes it may not
//! have noticed yet. It is followed first, and then gives way as it would have otherwise.

use std::io;
use std::sync::Arc;
use std::time::SystemTime;

use crate::config::ROTATE_GRACE;
use crate::follow::held::Begin;
use crate::follow::held::Held;
use crate::follow::held_files::HeldFiles;
use crate::follow::rotation::Seen;
use crate::store::Store;
use crate::store::encoding::Encoding;
use crate::store::history;
use crate::store::neighbours::Neighbour;
use crate::store::reading;

/// Holds the newest rotated file, if it may still be written to and nothing is held so far. The
/// path names what was `seen`, which is newer; a copy of that would not be older. Whether it does.
pub(super) fn hold(files: &mut HeldFiles, store: &Store, seen: &Seen) -> bool {
    if files.newest_first().next().is_some() {
        return false;
    }
    let source = Arc::clone(files.source());
    let held = source.look_beside(|there| match there.last() {
        Some(newest) if may_be_written(newest, seen)? => {
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
    true
}

/// Whether a line of a writer who has not noticed may still come.
fn may_be_written(newest: &Neighbour, seen: &Seen) -> io::Result<bool> {
    let is_older = match seen {
        Seen::File(current) => !newest.identity.is_younger_than(*current),
        Seen::Missing => true,
        Seen::Unreadable(_) => false,
    };
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
