//! Where the text of a file is that is not there any more: in a copy that was made
//! before it was truncated, or nowhere.

use std::io;
use std::sync::Arc;

use crate::follow::held::Held;
use crate::follow::held_files::HeldFiles;
use crate::follow::unseen::Unseen;
use crate::store::Store;
use crate::store::neighbours;
use crate::store::neighbours::Neighbour;
use crate::store::torn::Torn;

/// What `old` held is read on in a copy, if there is one, and is over otherwise.
pub(super) fn read_on_elsewhere(files: &mut HeldFiles, store: &Store, mut old: Held) {
    let source = Arc::clone(files.source());
    let copy = neighbours::look_beside(source.home(), |there| {
        neighbours::copy_of(there, old.identity(), old.trail(), old.read_to())
    });
    let (copy, there) = copy.unwrap_or_default();
    let moved = copy.is_some_and(|(copy, file)| old.move_to(&copy.path, file).is_ok());
    if moved && !source.has_another(old.segment(), old.beginning()) {
        give_to_copy(files, old, there);
        return;
    }
    let mut has_rest = false;
    if !moved {
        // A copy that has less than was read, or was compressed since.
        let unseen = Unseen {
            source: &source,
            files,
        };
        let is_news = |n: &Neighbour| unseen.is_news(n);
        let began_like = |head: &[u8]| old.began_like(head);
        let may_be_packed = may_be_packed(&old, &there);
        if !source.take_copy(old.segment(), is_news, began_like) {
            if !may_be_packed {
                // What was written last nobody has seen.
                let _ = old.segment().torn.set(Torn::Gone);
            }
            old.segment().destroy();
        }
        has_rest = old.segment().head() > old.offset();
    }
    if moved || has_rest || source.has_another(old.segment(), old.beginning()) {
        // A copy has the rest, or a reader came first and found it there.
        old.segment().finish();
        store.touch(&source);
    } else {
        old.finish(store, &source);
    }
}

/// `old`, of which nothing was read, is read in this copy of its file, which is one of
/// those that are `there`.
pub(super) fn read_on_in(
    files: &mut HeldFiles,
    store: &Store,
    mut old: Held,
    copy: &Neighbour,
    there: Vec<Neighbour>,
) {
    let moved = match copy.compression {
        None => copy.open().and_then(|file| old.move_to(&copy.path, file)),
        // It is whole, and a segment of its own.
        Some(_) => Err(io::ErrorKind::Unsupported.into()),
    };
    match moved {
        Ok(()) => give_to_copy(files, old, there),
        Err(_) => old.finish(store, files.source()),
    }
}

/// `old` is read on in a copy of its file, which is one of those that are `there`.
fn give_to_copy(files: &mut HeldFiles, old: Held, there: Vec<Neighbour>) {
    files.source().note_history(old.identity(), there);
    files.leaving.push(old);
}

/// Whether all that `old` held may be in one of those that are `there`, which will be
/// found: it was truncated and is open, or was compressed before anything was read.
fn may_be_packed(old: &Held, there: &[Neighbour]) -> bool {
    let Some(since) = old.rests_since() else {
        return true;
    };
    let is_new = |n: &Neighbour| n.compression.is_some() && !n.identity.is_older_than(since);
    old.is_untouched() && there.iter().any(is_new)
}
