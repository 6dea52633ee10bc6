//! The rotated files beside a source, on disk.
//!
//! `source/rotated.rs` knows their names; here they are listed, opened and told
//! apart. What the follower has not seen itself (the program was not running
//! when it happened) is found in this way.

use std::fs::File;
use std::fs::Metadata;
use std::io;
use std::path::Path;
use std::path::PathBuf;

use crate::line::Trail;
use crate::position::SegmentId;
use crate::position::SourceId;
use crate::source::identity::Identity;
use crate::source::regular;
use crate::source::rotated;
use crate::store::reading;

/// A rotated file beside a source.
#[derive(Debug)]
pub struct Neighbour {
    /// Where it lies now.
    pub path: PathBuf,
    /// Which file it is.
    pub identity: Identity,
    /// Its length in bytes.
    pub size: u64,
}

/// The readable rotated files of the source at `source_path`, oldest first.
/// None where the directory cannot be read.
pub fn list(source_path: &Path) -> Vec<Neighbour> {
    let (Some(folder), Some(base)) = (source_path.parent(), source_path.file_name()) else {
        return Vec::new();
    };
    let Ok(entries) = folder.read_dir() else {
        return Vec::new();
    };
    let mut found: Vec<_> = entries
        .flatten()
        .filter_map(|entry| {
            let rotation = rotated::rotation_of(base, &entry.file_name())?;
            if rotation.compression.is_some() {
                return None;
            }
            let metadata = entry.metadata().ok().filter(Metadata::is_file)?;
            let neighbour = Neighbour {
                path: entry.path(),
                identity: Identity::of(&metadata),
                size: metadata.len(),
            };
            Some((rotation.order, neighbour))
        })
        .collect();
    found.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| x.path.cmp(&y.path)));
    found.into_iter().map(|(_, neighbour)| neighbour).collect()
}

/// Opens the file again that was last seen at `path`: under that name, under
/// that of its source, or among the source's rotated files; by identity, or by
/// its first line where it was copied.
///
/// # Errors
///
/// `NotFound` when it is none of them.
pub fn find_again(
    path: &Path,
    source: (&Path, SourceId),
    identity: Identity,
    id: Option<SegmentId>,
) -> io::Result<(PathBuf, File)> {
    let (source_path, source_id) = source;
    for candidate in [path, source_path] {
        if let Some(file) = open_if(candidate, identity) {
            return Ok((candidate.to_owned(), file));
        }
    }
    let neighbours = list(source_path);
    for neighbour in neighbours.iter().filter(|n| n.identity == identity) {
        if let Some(file) = open_if(&neighbour.path, identity) {
            return Ok((neighbour.path.clone(), file));
        }
    }
    for neighbour in neighbours {
        let (file, _) = regular::open(&neighbour.path)?;
        if id.is_some() && segment_id(&file, source_id)? == id {
            return Ok((neighbour.path, file));
        }
    }
    Err(io::ErrorKind::NotFound.into())
}

fn open_if(path: &Path, identity: Identity) -> Option<File> {
    let (file, metadata) = regular::open(path).ok()?;
    (Identity::of(&metadata) == identity).then_some(file)
}

/// The id that a segment of `source` has from its first line, where no other
/// one begins alike.
pub fn segment_id(file: &File, source: SourceId) -> io::Result<Option<SegmentId>> {
    Ok(SegmentId::of(source, &reading::head(file)?, 0))
}

/// The copy of a file that was then truncated: the rotated file of
/// `source_path` that has `trail` before `offset` as the original had.
pub fn copy_of(
    source_path: &Path,
    original: Identity,
    trail: &Trail,
    offset: u64,
) -> Option<(PathBuf, File)> {
    if offset == 0 {
        return None;
    }
    let mut newest_first = list(source_path).into_iter().rev();
    newest_first.find_map(|neighbour| {
        if neighbour.identity == original || neighbour.size < offset {
            return None;
        }
        let (file, _) = regular::open(&neighbour.path).ok()?;
        let found = reading::trail_at(&file, offset).ok()?;
        (found == *trail).then_some((neighbour.path, file))
    })
}

/// A file's name for people: what is not UTF-8 is replaced.
pub fn display_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}
