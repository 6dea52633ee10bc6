//! The public names of sources: as short as they can be, and never two the same.

use std::collections::HashMap;
use std::collections::HashSet;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::path::PathBuf;

use xxhash_rust::xxh3::xxh3_64;

/// A path on its way to become a source.
pub(super) struct Candidate {
    pub(super) path: PathBuf,
    /// How many parts at the end of the path say which it is, to the one who named the pattern.
    pub(super) parts: usize,
    pub(super) explicit: bool,
}

/// The names that are taken.
pub(super) struct Naming<'a> {
    taken: HashSet<&'a str>,
}

impl<'a> Naming<'a> {
    /// The sources there are keep their names.
    pub(super) fn new(known: &'a HashMap<PathBuf, String>) -> Self {
        Self {
            taken: known.values().map(String::as_str).collect(),
        }
    }

    /// One name for each, in the same order. Those that would have the same name all get longer
    /// ones, directory by directory, so that none of them looks like the one that is meant.
    pub(super) fn name(&self, candidates: &[Candidate]) -> Vec<String> {
        let mut parts: Vec<usize> = candidates.iter().map(|candidate| candidate.parts).collect();
        loop {
            let ends = candidates.iter().zip(&parts);
            let names: Vec<String> = ends
                .map(|(candidate, &parts)| end_of(&candidate.path, parts))
                .collect();
            let mut count: HashMap<&str, usize> = HashMap::new();
            for name in &names {
                *count.entry(name).or_default() += 1;
            }
            let mut is_settled = true;
            for (index, name) in names.iter().enumerate() {
                let clashes = count[name.as_str()] > 1 || self.taken.contains(name.as_str());
                if clashes && parts[index] < candidates[index].path.components().count() {
                    parts[index] += 1;
                    is_settled = false;
                }
            }
            if is_settled {
                return names;
            }
        }
    }
}

/// The last parts of a path. Where it is not UTF-8 the text loses what made it different, and a
/// hash of the bytes takes its place.
fn end_of(path: &Path, parts: usize) -> String {
    let skipped = path.components().count().saturating_sub(parts);
    let end: PathBuf = path.components().skip(skipped).collect();
    if let Some(text) = end.to_str() {
        return text.to_owned();
    }
    let hash = xxh3_64(end.as_os_str().as_bytes()) as u32;
    format!("{}~{hash:08x}", end.display())
}

#[cfg(test)]
mod tests;
