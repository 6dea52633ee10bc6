//! Who is not heard of those that write into a file that was renamed.

use std::fs::File;
use std::path::Path;

/// Whether the `file` that was renamed is empty, and nothing on disk tells it from a copy of the
/// one at `path` that was just begun: both were made within one tick of the clock.
pub(in crate::subscription) fn may_be_begun(file: &File, path: &Path) -> bool {
    let (renamed, now) = (file.metadata().unwrap(), path.metadata());
    let is_not_older = |made| renamed.created().is_ok_and(|own| own >= made);
    renamed.len() == 0 && now.and_then(|now| now.created()).is_ok_and(is_not_older)
}
