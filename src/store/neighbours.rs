//! The rotated files beside a source, on disk.
//!
//! `source/rotated.rs` knows their names; here they are listed, opened and told
//! apart. What the follower has not seen itself (the program was not running
//! when it happened) is found in this way.

use std::ffi::OsStr;
use std::fs::File;
use std::fs::Metadata;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use crate::line::Trail;
use crate::position::SourceId;
use crate::redaction::Redaction;
use crate::source::identity::Identity;
use crate::source::regular;
use crate::source::rotated;
use crate::source::rotated::Compression;
use crate::source::rotated::Order;
use crate::store::listing::Listings;
use crate::store::reading;
use crate::store::unpacked;
use crate::store::unpacked::Unpacked;

/// How often it is looked again in a directory that changes under our eyes.
pub const TRIES: usize = 64;

/// Where the segments of a source are.
#[derive(Debug)]
pub struct Home {
    /// The source.
    pub id: SourceId,
    /// Where it is followed.
    pub path: PathBuf,
    /// The texts of its compressed segments.
    pub unpacked: Arc<Unpacked>,
    /// What lies beside it.
    pub listings: Arc<Listings>,
    /// What is kept out of its lines.
    pub redaction: Arc<Redaction>,
}

/// A rotated file beside a source.
#[derive(Clone, Debug)]
pub struct Neighbour {
    /// Where it lies now.
    pub path: PathBuf,
    /// Which file it is.
    pub identity: Identity,
    /// Its length in bytes, on disk.
    pub size: u64,
    /// How its text was compressed.
    pub compression: Option<Compression>,
}

impl Neighbour {
    /// Opens it.
    ///
    /// # Errors
    ///
    /// `NotFound` when its name is another file's by now: it was rotated on.
    pub fn open(&self) -> io::Result<File> {
        let (file, metadata) = regular::open(&self.path)?;
        if Identity::of(&metadata) == self.identity {
            Ok(file)
        } else {
            Err(io::ErrorKind::NotFound.into())
        }
    }

    /// The first bytes of its text, see [`reading::head`].
    pub fn head(&self) -> io::Result<Vec<u8>> {
        let file = self.open()?;
        match self.compression {
            None => reading::head(&file),
            Some(compression) => unpacked::head(&file, compression),
        }
    }

    /// Whether it is not compressed and has `trail` before `offset`, where the
    /// file had it of which it may be a copy.
    pub fn is_copy_of(&self, trail: &Trail, offset: u64) -> bool {
        let has_trail = || {
            let found = reading::trail_at(&self.open()?, offset)?;
            io::Result::Ok(found == *trail)
        };
        let may_be = offset > 0 && self.compression.is_none() && self.size >= offset;
        may_be && has_trail().unwrap_or(false)
    }

    /// Whether it may be a copy in the making of `file`, of that identity: all that
    /// is in it stands there as well.
    pub fn is_being_made_of(&self, identity: Identity, file: &File) -> bool {
        if !self.identity.is_younger_than(identity) {
            return false;
        }
        // Lines that are all alike end alike wherever one looks.
        let begins_alike = || io::Result::Ok(reading::head(file)?.starts_with(&self.head()?));
        let trail = reading::trail_at(file, self.size);
        let ends_alike = trail.is_ok_and(|trail| self.is_copy_of(&trail, self.size));
        self.size == 0 || ends_alike && begins_alike().unwrap_or(false)
    }

    /// Whether this is what becomes of `other`, which is being compressed: the
    /// text is still there, and here perhaps not yet.
    fn is_twin_of(&self, other: &Neighbour) -> bool {
        self.compression.is_some()
            && other.compression.is_none()
            && self.path.with_extension("") == other.path
    }
}

/// The readable rotated files of the source at `home`, oldest first. None where
/// the directory cannot be read.
pub fn list(home: &Home) -> Vec<Neighbour> {
    list_beside(&home.path, &home.listings)
}

/// Those of the log at `path`.
pub fn list_beside(path: &Path, listings: &Listings) -> Vec<Neighbour> {
    let (Some(folder), Some(base), Some(stem)) =
        (path.parent(), path.file_name(), path.file_stem())
    else {
        return Vec::new();
    };
    let mut found: Vec<_>;
    let mut tries = 0..TRIES;
    loop {
        let before = changed_beside(path);
        let names = listings.names(folder, stem);
        let neighbours = names
            .iter()
            .filter_map(|name| neighbour(folder, base, name));
        found = neighbours.collect();
        // A rotation in between would show a file twice, or not at all.
        if changed_beside(path) == before || tries.next().is_none() {
            break;
        }
    }
    found.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| x.path.cmp(&y.path)));
    let mut neighbours: Vec<Neighbour> = Vec::with_capacity(found.len());
    for (_, neighbour) in found {
        // A plain file stands right before what becomes of it.
        let before = neighbours.last();
        if !before.is_some_and(|before| neighbour.is_twin_of(before)) {
            neighbours.push(neighbour);
        }
    }
    neighbours
}

/// When something in the directory of `home` was last renamed, made or removed.
pub fn changed(home: &Home) -> Option<(i64, i64)> {
    changed_beside(&home.path)
}

fn changed_beside(path: &Path) -> Option<(i64, i64)> {
    let metadata = path.parent()?.metadata().ok()?;
    Some((metadata.ctime(), metadata.ctime_nsec()))
}

fn neighbour(folder: &Path, base: &OsStr, name: &OsStr) -> Option<(Order, Neighbour)> {
    let rotation = rotated::rotation_of(base, name)?;
    if rotation.compression == Some(Compression::Unsupported) {
        return None;
    }
    let path = folder.join(name);
    let metadata = path.symlink_metadata().ok().filter(Metadata::is_file)?;
    let neighbour = Neighbour {
        path,
        identity: Identity::of(&metadata),
        size: metadata.len(),
        compression: rotation.compression,
    };
    Some((rotation.order, neighbour))
}

/// Where the file is now that was last seen at `path`: under that name, under
/// that of its source, or among the source's rotated files; by identity, or as
/// the one of which `begins_alike` says so, where it was copied or compressed.
pub fn find_again(
    home: &Home,
    path: &Path,
    identity: Identity,
    begins_alike: impl Fn(&[u8]) -> bool,
) -> Option<Neighbour> {
    let is_there = |path: &Path| {
        path.metadata()
            .is_ok_and(|metadata| Identity::of(&metadata) == identity)
    };
    if is_there(&home.path) {
        return Some(Neighbour {
            path: home.path.clone(),
            identity,
            size: 0,
            compression: None,
        });
    }
    let mut tries = 0..TRIES;
    loop {
        let mut neighbours = list(home);
        // Under its old name first, and a plain file rather than a compressed one.
        neighbours.sort_by_key(|n| (n.path != path, n.compression.is_some()));
        if let Some(same) = neighbours.iter().position(|n| n.identity == identity) {
            return Some(neighbours.swap_remove(same));
        }
        let mut has_moved = false;
        let is_alike = |n: &Neighbour| match n.head() {
            Ok(head) => begins_alike(&head),
            Err(error) => {
                has_moved |= error.kind() == io::ErrorKind::NotFound;
                false
            }
        };
        let alike = neighbours.iter().position(is_alike);
        if alike.is_some() || !has_moved || tries.next().is_none() {
            return alike.map(|alike| neighbours.swap_remove(alike));
        }
    }
}

/// The copy, among those that are `there`, of a file that was then truncated: it has
/// `trail` before `offset` as the original had.
pub fn copy_of<'a>(
    there: &'a [Neighbour],
    original: Identity,
    trail: &Trail,
    offset: u64,
) -> Option<(&'a Neighbour, File)> {
    let mut newest_first = there.iter().rev();
    let is_copy = |n: &&Neighbour| n.identity != original && n.is_copy_of(trail, offset);
    let copy = newest_first.find(is_copy)?;
    Some((copy, copy.open().ok()?))
}

/// A file's name for people: what is not UTF-8 is replaced.
pub fn display_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests;
