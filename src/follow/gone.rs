//! Where the text of a file is that is not there any more: in a copy that was made
//! before it was truncated, or nowhere.

use std::fs::File;
use std::fs::Metadata;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use std::time::SystemTime;

use crate::config::DELETED_GRACE;
use crate::follow::held::Held;
use crate::follow::held_files::HeldFiles;
use crate::follow::unseen::Unseen;
use crate::store::Store;
use crate::store::boundary::Boundary;
use crate::store::boundary::BoundaryKind;
use crate::store::chain::Source;
use crate::store::neighbours;
use crate::store::neighbours::Neighbour;
use crate::store::reading;
use crate::store::torn::Torn;

/// What was held is not there any more. It is read on from a copy, if one was made
/// before; then the file itself, which is given back, from its start.
pub(super) fn truncated(files: &mut HeldFiles, store: &Store) -> Option<Arc<File>> {
    let old = files.current.take()?;
    let file = old.file();
    let size = old.length();
    old.segment()
        .give_way(Boundary::now(BoundaryKind::Truncated { size }));
    read_on_elsewhere(files, store, old);
    file
}

/// Whether the current file was deleted.
pub(super) fn is_deleted(files: &HeldFiles) -> bool {
    let current = files.current.as_ref();
    current.is_some_and(|current| nameless(current).is_some())
}

/// The current file was deleted, and nothing came in its place. Once nobody has written to
/// it for long, it gives way: as long as it is held, nobody else gets its space. What it
/// held may be in a copy.
pub(super) fn leave_deleted(files: &mut HeldFiles) {
    let source = Arc::clone(files.source());
    let current = files.current.as_mut();
    let Some(current) = current.filter(|held| held.grew().elapsed() >= DELETED_GRACE) else {
        return;
    };
    let (copy, there) = find_copy(&source, current);
    if let Some((copy, file)) = copy
        && current.move_to(&copy.path, file).is_ok()
    {
        source.note_history(current.identity(), there.clone());
    }
    files.leave_current(&there);
}

/// The file that was at rest is gone, and with it whatever was written last.
pub(super) fn vanished(files: &mut HeldFiles, store: &Store) {
    if let Some(old) = files.current.take() {
        old.segment()
            .give_way(Boundary::now(BoundaryKind::Rotated { name: None }));
        read_on_elsewhere(files, store, old);
    }
}

/// The current file was truncated before anything was read of it, and what it held is
/// in `copy`, one of those that are `there`. Gives the file back.
pub(super) fn copied(
    files: &mut HeldFiles,
    store: &Store,
    copy: &Neighbour,
    there: Vec<Neighbour>,
) -> Option<Arc<File>> {
    let old = files.current.take()?;
    let file = old.file();
    let size = copy.size;
    old.segment()
        .give_way(Boundary::now(BoundaryKind::Truncated { size }));
    read_on_in(files, store, old, copy, there);
    file
}

/// What comes after the current file is `next`, which is rotated already. Where that is
/// the oldest of those that are `there`, and the current one has no name any more, others
/// may have come in between and gone.
pub(super) fn note_missed(files: &HeldFiles, next: &Neighbour, there: &[Neighbour]) {
    let is_oldest = there.first().map(|oldest| oldest.identity) == Some(next.identity);
    if let Some(current) = files.current.as_ref().filter(|_| is_oldest)
        && nameless(current).is_some()
    {
        let _ = current.segment().torn.set(Torn::Gone);
    }
}

/// Goes on with the current file in `file`, which took its place at `path`, if that was
/// made of it: an editor saved it. Else gives it back.
pub(super) fn go_on_in_saved(
    files: &mut HeldFiles,
    path: &Path,
    file: File,
    metadata: &Metadata,
) -> Result<(), File> {
    match files.current.as_mut() {
        Some(current) if was_saved_in(current, &file, metadata) => {
            let moved = file
                .try_clone()
                .and_then(|copy| current.move_to(path, copy));
            moved.map_err(|_| file)
        }
        _ => Err(file),
    }
}

/// Whether `file` was made while what is `held` still had a name, and begins with all
/// that was read of that.
fn was_saved_in(held: &Held, file: &File, metadata: &Metadata) -> bool {
    let Some(own) = nameless(held) else {
        return false;
    };
    // It changed last when its name was taken.
    let since_epoch = Duration::new(own.ctime() as u64, own.ctime_nsec() as u32);
    let taken = SystemTime::UNIX_EPOCH + since_epoch;
    let begins_alike = || reading::head(file).is_ok_and(|head| held.began_like(&head));
    let trail = || reading::trail_at(file, held.read_to());
    !held.is_untouched()
        && metadata.created().is_ok_and(|made| made <= taken)
        && metadata.len() >= held.read_to()
        && begins_alike()
        && trail().is_ok_and(|trail| trail == *held.trail())
}

/// What is `held`, if it has no name any more.
fn nameless(held: &Held) -> Option<Metadata> {
    let own = held.file()?.metadata().ok()?;
    (own.nlink() == 0).then_some(own)
}

/// What `old` held is read on in a copy, if there is one, and is over otherwise.
fn read_on_elsewhere(files: &mut HeldFiles, store: &Store, mut old: Held) {
    let source = Arc::clone(files.source());
    let (copy, there) = find_copy(&source, &old);
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

/// A copy that has all that was read of `old`, and all that lies beside it.
fn find_copy(source: &Source, old: &Held) -> (Option<(Neighbour, File)>, Vec<Neighbour>) {
    let copy = neighbours::look_beside(source.home(), |there| {
        neighbours::copy_of(there, old.identity(), old.trail(), old.read_to())
    });
    copy.unwrap_or_default()
}

/// `old`, of which nothing was read, is read in this copy of its file, which is one of
/// those that are `there`.
fn read_on_in(
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
