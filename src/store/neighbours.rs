//! The rotated files beside a source, on disk.
//!
//! `source/rotated.rs` knows their names; here they are listed, opened and told
//! apart. What the follower has not seen itself (the program was not running
//! when it happened) is found in this way.

use std::ffi::OsStr;
use std::fs::File;
use std::fs::Metadata;
use std::io;
use std::mem;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use crate::line::Batch;
use crate::line::Trail;
use crate::position::SourceId;
use crate::redaction::Redaction;
use crate::source::identity::Identity;
use crate::source::regular;
use crate::source::rotated;
use crate::source::rotated::Compression;
use crate::source::rotated::Order;
use crate::store::lately::Lately;
use crate::store::listing::Listings;
use crate::store::reading;
use crate::store::room::Room;
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
    /// For its lines that are read ahead.
    pub room: Room,
    /// Those that its readers used last, and those of all others.
    pub lately: Lately<Batch>,
}

/// What is known of where a file is.
#[derive(Clone, Debug)]
pub struct LastSeen {
    /// The name under which it was.
    pub path: PathBuf,
    /// Where it came to rest, whatever links led there; empty where it never did.
    pub rested_at: PathBuf,
    /// Which file it is.
    pub identity: Identity,
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

    /// The same; none where it cannot be read, or not yet.
    ///
    /// # Errors
    ///
    /// `NotFound` when it was rotated on.
    pub fn try_head(&self) -> io::Result<Option<Vec<u8>>> {
        unless_moved(self.head())
    }

    /// Whether it is not compressed and has `trail` before `offset`, where the
    /// file had it of which it may be a copy.
    ///
    /// # Errors
    ///
    /// `NotFound` when it was rotated on.
    pub fn is_copy_of(&self, trail: &Trail, offset: u64) -> io::Result<bool> {
        if offset == 0 || self.compression.is_some() || self.size < offset {
            return Ok(false);
        }
        let found = self
            .open()
            .and_then(|file| reading::trail_at(&file, offset));
        Ok(unless_moved(found)?.is_some_and(|found| found == *trail))
    }

    /// Whether it may be a copy in the making of `file`, of that identity: all that
    /// is in it stands there as well.
    ///
    /// # Errors
    ///
    /// `NotFound` when it was rotated on.
    pub fn is_being_made_of(&self, identity: Identity, file: &File) -> io::Result<bool> {
        if !self.identity.is_younger_than(identity) {
            return Ok(false);
        }
        if self.size == 0 {
            return Ok(true);
        }
        let (Ok(trail), Ok(head)) = (reading::trail_at(file, self.size), reading::head(file))
        else {
            return Ok(false);
        };
        // Lines that are all alike end alike wherever one looks.
        let ends_alike = self.is_copy_of(&trail, self.size)?;
        Ok(ends_alike && self.try_head()?.is_some_and(|own| head.starts_with(&own)))
    }

    /// Whether this is what becomes of `other`, which is being compressed: the
    /// text is still there, and here perhaps not yet.
    fn is_twin_of(&self, other: &Neighbour) -> bool {
        self.compression.is_some()
            && other.compression.is_none()
            && self.path.with_extension("") == other.path
    }
}

/// What `look` finds among the rotated files of the source at `home`, oldest first,
/// and these. Where one was rotated on meanwhile, which is `NotFound`, it looks again.
///
/// # Errors
///
/// Those of `look`; `NotFound` when rotations do not end.
pub fn look_beside<T>(
    home: &Home,
    mut look: impl FnMut(&[Neighbour]) -> io::Result<T>,
) -> io::Result<(T, Vec<Neighbour>)> {
    let mut tries = 1..TRIES;
    loop {
        let there = list(home);
        match look(&there) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && tries.next().is_some() => {}
            found => return Ok((found?, there)),
        }
    }
}

/// What was found; none where that failed, unless because a file was rotated on.
fn unless_moved<T>(found: io::Result<T>) -> io::Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(error),
        Err(_) => Ok(None),
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
    let mut found: Vec<(Order, Neighbour)> = Vec::new();
    for number in 0..TRIES {
        let before = changed_beside(path);
        // Within a tick of the clock nothing tells of a second change.
        let is_telling = before.is_none_or(|changed| !reading::is_fresh(changed));
        let names = listings.names(folder, stem);
        let now = names
            .iter()
            .filter_map(|name| neighbour(folder, base, name));
        let earlier = mem::replace(&mut found, now.collect());
        // A rotation in between would show a file twice, or not at all.
        if changed_beside(path) == before && (is_telling || number > 0 && is_same(&earlier, &found))
        {
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

/// Whether the same files have the same names.
fn is_same(earlier: &[(Order, Neighbour)], now: &[(Order, Neighbour)]) -> bool {
    let file = |(_, n): &(Order, Neighbour)| (n.identity, n.path.clone());
    earlier.iter().map(file).eq(now.iter().map(file))
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

/// Where the file is now that was `seen` last: under that name, under that of its
/// source, where it came to rest, or among the rotated files there; by identity, or
/// as the one of which `begins_alike` says so, where it was copied or compressed.
pub fn find_again(
    home: &Home,
    seen: &LastSeen,
    begins_alike: impl Fn(&[u8]) -> bool,
) -> Option<Neighbour> {
    let identity = seen.identity;
    let is_there = |path: &&PathBuf| {
        path.metadata()
            .is_ok_and(|metadata| Identity::of(&metadata) == identity)
    };
    if let Some(path) = [&home.path, &seen.rested_at].into_iter().find(is_there) {
        return Some(Neighbour {
            path: path.clone(),
            identity,
            size: 0,
            compression: None,
        });
    }
    let mut tries = 0..TRIES;
    loop {
        let mut neighbours = list(home);
        if seen.rested_at != home.path {
            neighbours.extend(list_beside(&seen.rested_at, &home.listings));
        }
        // Under its old name first, and a plain file rather than a compressed one.
        neighbours.sort_by_key(|n| (n.path != seen.path, n.compression.is_some()));
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
///
/// # Errors
///
/// `NotFound` when one of them was rotated on.
pub fn copy_of(
    there: &[Neighbour],
    original: Identity,
    trail: &Trail,
    offset: u64,
) -> io::Result<Option<(Neighbour, File)>> {
    for copy in there.iter().rev().filter(|n| n.identity != original) {
        if copy.is_copy_of(trail, offset)? {
            return Ok(unless_moved(copy.open())?.map(|file| (copy.clone(), file)));
        }
    }
    Ok(None)
}

/// A file's name for people: what is not UTF-8 is replaced.
pub fn display_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests;
