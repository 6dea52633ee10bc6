//! Files that were renamed just before the program started: whoever writes them may not
//! have noticed yet, and is heard for a grace time.

use std::io;
use std::sync::Arc;
use std::time::SystemTime;

use crate::config::ROTATE_GRACE;
use crate::follow::held::Begin;
use crate::follow::held::Held;
use crate::follow::held_files::HeldFiles;
use crate::follow::rotation::Seen;
use crate::store::Store;
use crate::store::boundary::Boundary;
use crate::store::boundary::BoundaryKind;
use crate::store::encoding::Encoding;
use crate::store::history;
use crate::store::neighbours;
use crate::store::neighbours::Neighbour;
use crate::store::reading;

/// Holds the newest rotated files that may still be written to, if nothing is held yet.
/// The path names what was `seen`, which is newer; a copy of that would not be older.
pub(super) fn hold(files: &mut HeldFiles, store: &Store, seen: &Seen) {
    let source = Arc::clone(files.source());
    if files.newest_first().next().is_some() {
        return;
    }
    let is_older = |n: &Neighbour| match seen {
        Seen::File(current) => !n.identity.is_younger_than(*current),
        Seen::Missing | Seen::Unreadable(_) => true,
    };
    let may_be_written = |n: &&Neighbour| {
        let is_plain = n.compression.is_none();
        is_plain && is_older(n) && is_fresh(n) && ends_whole(n).unwrap_or(false)
    };
    let there = neighbours::list(source.home());
    let left = there.iter().rev().take_while(may_be_written).count();
    for neighbour in &there[there.len() - left..] {
        let opened = neighbour.open();
        let held = opened.and_then(|file| {
            let file = Arc::new(file);
            Held::open(store, &source, &neighbour.path, file, Begin::End)
        });
        // What cannot be opened is history, and so is what came before it.
        if let Ok(held) = held {
            let name = Some(neighbours::display_name(&neighbour.path));
            held.segment()
                .give_way(Boundary::now(BoundaryKind::Rotated { name }));
            // What comes into it, were it empty now, is given here.
            source.note_history(held.identity(), there.clone());
            files.leaving.push(held);
        }
    }
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
