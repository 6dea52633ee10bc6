//! The names in the directories of sources, listed again when one has changed.
//!
//! Ten thousand sources in one directory ask for their rotated neighbours; to
//! read the directory for each of them would take minutes. A listing is sorted,
//! and rotated names begin as the log's own name does, so that each source
//! looks at its own few.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::ffi::OsString;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;

use crate::store::reading::is_fresh;

/// Directories whose listing is remembered.
const LISTINGS_MAX: usize = 1024;

/// See the module's description.
#[derive(Debug, Default)]
pub struct Listings {
    listed: Mutex<HashMap<PathBuf, Listing>>,
}

#[derive(Clone, Debug)]
struct Listing {
    changed: (i64, i64),
    names: Arc<[OsString]>,
}

impl Listings {
    /// The names in `directory` that begin with `prefix`, sorted; none where it
    /// cannot be read.
    pub fn names(&self, directory: &Path, prefix: &OsStr) -> Vec<OsString> {
        let names = self.all_names(directory).unwrap_or_default();
        let prefix = prefix.as_encoded_bytes();
        let first = names.partition_point(|name| name.as_encoded_bytes() < prefix);
        let from_first = names[first..].iter();
        from_first
            .take_while(|name| name.as_encoded_bytes().starts_with(prefix))
            .cloned()
            .collect()
    }

    fn all_names(&self, directory: &Path) -> Option<Arc<[OsString]>> {
        let metadata = directory.metadata().ok()?;
        let changed = (metadata.ctime(), metadata.ctime_nsec());
        let mut listed = self.listed.lock().expect("no holder of the lock panics");
        if let Some(listing) = listed
            .get(directory)
            .filter(|listing| listing.changed == changed)
        {
            return Some(Arc::clone(&listing.names));
        }
        let entries = directory.read_dir().ok()?;
        let mut names: Vec<_> = entries.flatten().map(|entry| entry.file_name()).collect();
        names.sort_unstable();
        let names: Arc<[OsString]> = names.into();
        if is_fresh(changed) {
            // It may change again within the same tick of the clock.
            listed.remove(directory);
        } else {
            if listed.len() >= LISTINGS_MAX {
                listed.clear();
            }
            let names = Arc::clone(&names);
            listed.insert(directory.to_owned(), Listing { changed, names });
        }
        Some(names)
    }
}
