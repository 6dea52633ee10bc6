//! One directory and what is below it, looked at again and again.
//!
//! Most looks find what the last one found, so a directory is listed again only when
//! its times have changed. That is why directories are walked here and not by a
//! library.

use std::collections::HashMap;
use std::collections::HashSet;
use std::ffi::OsStr;
use std::ffi::OsString;
use std::fs;
use std::fs::DirEntry;
use std::fs::Metadata;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;
use std::time::SystemTime;

use crate::error::reason;
use crate::source::identity::Identity;
use crate::source::pattern::Glob;
use crate::source::pattern::is_hidden;
use crate::source::rotated::compression_of;
use crate::source::rotated::is_rotated_neighbour;
use crate::source::rotated::numbered_log;

/// A directory changed more recently than this may change again within the same tick of its
/// clock (2 s on FAT), without a trace in its times.
const TIMES_SETTLE: Duration = Duration::from_secs(2);

/// Every so many looks all directories are listed: some network file systems do not keep the
/// times of directories.
const LOOKS_BETWEEN_LISTINGS: u32 = 30;

/// The files below a directory that a pattern asks for.
#[derive(Debug)]
pub(super) struct Walk {
    base: PathBuf,
    glob: Option<Glob>,
    depth_max: usize,
    times_settle: Duration,
    /// What was found in each directory, by its path relative to the base.
    listings: HashMap<PathBuf, Listing>,
    looks: u32,
}

#[derive(Debug)]
struct Listing {
    stamp: Stamp,
    /// The times will tell the next change.
    is_settled: bool,
    /// Relative to the base.
    folders: Vec<PathBuf>,
}

/// What changes when something is added to a directory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Stamp {
    identity: Identity,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Walk {
    /// All files in a directory and below it.
    pub(super) fn of_directory(base: PathBuf, depth_max: usize) -> Self {
        Self::new(base, None, depth_max)
    }

    /// The files that match a glob.
    pub(super) fn of_glob(glob: Glob, depth_max: usize) -> Self {
        Self::new(glob.base().to_path_buf(), Some(glob), depth_max)
    }

    fn new(base: PathBuf, glob: Option<Glob>, depth_max: usize) -> Self {
        Self {
            base,
            glob,
            depth_max,
            times_settle: TIMES_SETTLE,
            listings: HashMap::new(),
            looks: 0,
        }
    }

    /// What everything found is below.
    pub(super) fn base(&self) -> &Path {
        &self.base
    }

    /// The directories that were there at the last look, or at least the base.
    pub(super) fn directories(&self) -> impl Iterator<Item = PathBuf> {
        let base = self.listings.is_empty().then(|| self.base.clone());
        let visited = self.listings.keys().map(|folder| join(&self.base, folder));
        base.into_iter().chain(visited)
    }

    /// The log that `path`, a file that was found, is an older part of, even if
    /// that is missing: a rotation takes two steps. Else `path` itself.
    pub(super) fn log_of(&self, path: PathBuf) -> PathBuf {
        let log = path.file_name().and_then(numbered_log);
        let Some(log) = log.map(|name| path.with_file_name(name)) else {
            return path;
        };
        let relative = log.strip_prefix(&self.base).unwrap_or(&log);
        if self.glob.as_ref().is_none_or(|glob| glob.matches(relative)) {
            log
        } else {
            path
        }
    }

    /// The next look finds everything anew.
    fn forget_listings(&mut self) {
        self.listings.clear();
    }

    /// The files that are asked for, in order, in all directories that changed since the last
    /// look. Directories that cannot be read are added to `unreadable` at every look.
    pub(super) fn files(&mut self, unreadable: &mut Vec<(PathBuf, String)>) -> Vec<PathBuf> {
        self.looks += 1;
        if self.looks.is_multiple_of(LOOKS_BETWEEN_LISTINGS) {
            self.forget_listings();
        }
        let mut files = Vec::new();
        let mut visited = HashMap::new();
        let mut pending = vec![PathBuf::new()];
        while let Some(folder) = pending.pop() {
            let path = join(&self.base, &folder);
            let before = self.listings.remove(&folder);
            match self.look(&path, &folder, before, &mut files) {
                Ok(listing) => {
                    pending.extend_from_slice(&listing.folders);
                    visited.insert(folder, listing);
                }
                // Waited for, or removed a moment ago.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => unreadable.push((path, reason(&error))),
            }
        }
        self.listings = visited;
        files.sort_unstable();
        files
    }

    fn look(
        &self,
        path: &Path,
        folder: &Path,
        before: Option<Listing>,
        files: &mut Vec<PathBuf>,
    ) -> io::Result<Listing> {
        // The times are taken first: what happens during the listing shows at the next look.
        let stamp = Stamp::of(&fs::metadata(path)?);
        match before {
            Some(listing) if listing.is_settled && listing.stamp == stamp => Ok(listing),
            _ => self.list(path, folder, stamp, files),
        }
    }

    fn list(
        &self,
        path: &Path,
        folder: &Path,
        stamp: Stamp,
        files: &mut Vec<PathBuf>,
    ) -> io::Result<Listing> {
        let mut listing = Listing {
            stamp,
            is_settled: stamp.is_settled(SystemTime::now(), self.times_settle),
            folders: Vec::new(),
        };
        let mut names = HashSet::new();
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            let name = entry.file_name();
            match Kind::of(&entry) {
                Kind::File if self.wants_file(&folder.join(&name)) => {
                    names.insert(name);
                }
                Kind::Directory if self.wants_folder(&folder.join(&name)) => {
                    listing.folders.push(folder.join(&name));
                }
                // What the link leads to may appear without a change in this directory.
                Kind::Dangling => listing.is_settled = false,
                Kind::File | Kind::Directory | Kind::Other => {}
            }
        }
        let logs = names
            .iter()
            .filter(|name| is_text(name) && !is_part(name, &names));
        files.extend(logs.map(|name| path.join(name)));
        Ok(listing)
    }

    fn wants_file(&self, relative: &Path) -> bool {
        match &self.glob {
            Some(glob) => glob.matches(relative),
            None => !relative.file_name().is_some_and(is_hidden),
        }
    }

    fn wants_folder(&self, relative: &Path) -> bool {
        let is_wanted = match &self.glob {
            Some(glob) => glob.leads_into(relative),
            None => !relative.file_name().is_some_and(is_hidden),
        };
        is_wanted && relative.components().count() <= self.depth_max
    }
}

enum Kind {
    File,
    Directory,
    Dangling,
    Other,
}

impl Kind {
    /// A link to a file is a file. A link to a directory is not followed: it might lead back.
    fn of(entry: &DirEntry) -> Self {
        match entry.file_type() {
            Ok(found) if found.is_file() => Self::File,
            Ok(found) if found.is_dir() => Self::Directory,
            Ok(found) if found.is_symlink() => match fs::metadata(entry.path()) {
                Ok(target) if target.is_file() => Self::File,
                Ok(_) => Self::Other,
                Err(_) => Self::Dangling,
            },
            Ok(_) | Err(_) => Self::Other,
        }
    }
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        Self {
            identity: Identity::of(metadata),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }

    /// Not when the time is in the future: the file system has another clock, then.
    fn is_settled(self, now: SystemTime, times_settle: Duration) -> bool {
        let changed = Duration::new(self.changed.0.max(0) as u64, self.changed.1 as u32);
        SystemTime::UNIX_EPOCH + changed + times_settle <= now
    }
}

/// Not compressed, not an archive, not one of the binary records that live among logs.
fn is_text(name: &OsStr) -> bool {
    const BINARY: [&str; 10] = [
        "tar", "tgz", "txz", "tzst", "journal", "db", "sqlite", "pcap", "core", "swp",
    ];
    const RECORDS: [&str; 6] = ["wtmp", "btmp", "utmp", "lastlog", "faillog", "tallylog"];
    let extension = Path::new(name).extension();
    let is_binary =
        extension.is_some_and(|extension| BINARY.iter().any(|binary| extension == *binary));
    let is_record = |name: &OsStr| RECORDS.iter().any(|record| name == *record);
    !is_binary
        && compression_of(name).is_none()
        && !is_record(name)
        // Also when the current one does not exist.
        && !is_rotated_neighbour(name, is_record)
}

fn is_part(name: &OsStr, names: &HashSet<OsString>) -> bool {
    is_rotated_neighbour(name, |log| names.contains(log))
}

/// Without the slash that an empty path would leave.
fn join(base: &Path, folder: &Path) -> PathBuf {
    if folder.as_os_str().is_empty() {
        base.to_path_buf()
    } else {
        base.join(folder)
    }
}

#[cfg(test)]
mod tests;
