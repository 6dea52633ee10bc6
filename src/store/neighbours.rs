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
use crate::position::SegmentId;
use crate::position::SourceId;
use crate::source::identity::Identity;
use crate::source::regular;
use crate::source::rotated;
use crate::source::rotated::Compression;
use crate::source::rotated::Order;
use crate::store::listing::Listings;
use crate::store::reading;
use crate::store::unpacked;
use crate::store::unpacked::Unpacked;

/// How often a directory is listed anew that changes under our eyes.
const LIST_TRIES: usize = 64;

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
}

/// A rotated file beside a source.
#[derive(Debug)]
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
    /// The first bytes of its text, see [`reading::head`].
    pub fn head(&self) -> io::Result<Vec<u8>> {
        let (file, _) = regular::open(&self.path)?;
        match self.compression {
            None => reading::head(&file),
            Some(compression) => unpacked::head(&file, compression),
        }
    }

    /// Whether it is not compressed and has `trail` before `offset`, where the
    /// file had it of which it may be a copy.
    pub fn is_copy_of(&self, trail: &Trail, offset: u64) -> bool {
        let has_trail = || {
            let (file, _) = regular::open(&self.path).ok()?;
            Some(reading::trail_at(&file, offset).ok()? == *trail)
        };
        offset > 0 && self.compression.is_none() && self.size >= offset && has_trail() == Some(true)
    }
}

/// The readable rotated files of the source at `home`, oldest first. None where
/// the directory cannot be read.
pub fn list(home: &Home) -> Vec<Neighbour> {
    let path = &home.path;
    let (Some(folder), Some(base), Some(stem)) =
        (path.parent(), path.file_name(), path.file_stem())
    else {
        return Vec::new();
    };
    let changed = || folder.metadata().map(|m| (m.ctime(), m.ctime_nsec())).ok();
    let mut found: Vec<_>;
    let mut tries = 0..LIST_TRIES;
    loop {
        let before = changed();
        let names = home.listings.names(folder, stem);
        let neighbours = names
            .iter()
            .filter_map(|name| neighbour(folder, base, name));
        found = neighbours.collect();
        // A rotation in between would show a file twice, or not at all.
        if changed() == before || tries.next().is_none() {
            break;
        }
    }
    found.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| x.path.cmp(&y.path)));
    found.into_iter().map(|(_, neighbour)| neighbour).collect()
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
/// that of its source, or among the source's rotated files; by identity, or by
/// its first line where it was copied or compressed.
pub fn find_again(
    home: &Home,
    path: &Path,
    identity: Identity,
    id: Option<SegmentId>,
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
    let mut neighbours = list(home);
    // Under its old name first, and a plain file rather than a compressed one.
    neighbours.sort_by_key(|n| (n.path != path, n.compression.is_some()));
    let same = neighbours.iter().position(|n| n.identity == identity);
    let found = same.or_else(|| {
        let begins_alike = |n: &Neighbour| {
            n.head()
                .is_ok_and(|head| SegmentId::of(home.id, &head, 0) == id)
        };
        neighbours
            .iter()
            .position(|n| id.is_some() && begins_alike(n))
    });
    found.map(|index| neighbours.swap_remove(index))
}

/// The copy, at `home`, of a file that was then truncated: it has `trail` before
/// `offset` as the original had.
pub fn copy_of(
    home: &Home,
    original: Identity,
    trail: &Trail,
    offset: u64,
) -> Option<(PathBuf, File)> {
    let mut newest_first = list(home).into_iter().rev();
    let is_copy = |n: &Neighbour| n.identity != original && n.is_copy_of(trail, offset);
    let copy = newest_first.find(is_copy)?;
    let (file, _) = regular::open(&copy.path).ok()?;
    Some((copy.path, file))
}

/// A file's name for people: what is not UTF-8 is replaced.
pub fn display_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests;
