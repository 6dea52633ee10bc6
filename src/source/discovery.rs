//! Patterns to paths, again and again.
//!
//! A file that matches may appear at any time, in a directory that did not exist
//! before, so the patterns are looked at anew every second and after every
//! notification. A source, once found, keeps its path and its public name; that its
//! file went away is for the follower to see.
//!
//! Older parts of a log that is followed are not sources of their own, and neither
//! are files that are no text by their names. Both may be named as a path, and then
//! are.

mod names;
mod walk;

use std::collections::HashMap;
use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::Path;
use std::path::PathBuf;

use crate::source::discovery::names::Candidate;
use crate::source::discovery::names::Naming;
use crate::source::discovery::walk::Walk;
use crate::source::pattern::Pattern;
use crate::source::rotated::is_rotated_neighbour;

/// How much may be found.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Sources at one time.
    pub sources_max: usize,
    /// Levels of directories below the one that was named.
    pub depth_max: usize,
}

/// A source that was not there before.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewSource {
    /// Absolute; links are not resolved.
    pub path: PathBuf,
    /// The public name: no other source has it, and it stays.
    pub name: String,
    /// The user named this very path: it is a source whether it exists or not.
    pub explicit: bool,
}

/// What one look found.
#[derive(Debug, Default)]
pub struct Found {
    /// In the order of the patterns, and by path within one.
    pub new: Vec<NewSource>,
    /// More was found than there is room for.
    pub limit_reached: bool,
    /// The directories that cannot be read at the moment, and why.
    pub unreadable: Vec<(PathBuf, String)>,
}

/// The patterns, and the sources that they have led to.
#[derive(Debug)]
pub struct Discovery {
    patterns: Vec<Search>,
    bounds: Bounds,
    /// The paths named by the user.
    explicit: HashSet<PathBuf>,
    /// The sources there are, with their names.
    known: HashMap<PathBuf, String>,
}

#[derive(Debug)]
enum Search {
    File(PathBuf),
    Below(Box<Walk>),
}

impl Search {
    fn below(walk: Walk) -> Self {
        Self::Below(Box::new(walk))
    }
}

impl Discovery {
    /// Nothing is looked at before the first [`scan`](Self::scan).
    pub fn new(patterns: Vec<Pattern>, bounds: Bounds) -> Self {
        let explicit = patterns.iter().filter_map(|pattern| match pattern {
            Pattern::File(path) => Some(path.clone()),
            Pattern::Directory(_) | Pattern::Glob(_) => None,
        });
        let explicit: HashSet<PathBuf> = explicit.collect();
        let patterns = patterns.into_iter().map(|pattern| match pattern {
            Pattern::File(path) => Search::File(path),
            Pattern::Directory(path) => Search::below(Walk::of_directory(path, bounds.depth_max)),
            Pattern::Glob(glob) => Search::below(Walk::of_glob(glob, bounds.depth_max)),
        });
        Self {
            patterns: patterns.collect(),
            bounds,
            explicit,
            known: HashMap::new(),
        }
    }

    /// Looks for sources that were not there at the last look.
    pub fn scan(&mut self) -> Found {
        let mut found = Found::default();
        let candidates = self.candidates(&mut found.unreadable);
        let room = self.bounds.sources_max.saturating_sub(self.known.len());
        found.limit_reached = candidates.len() > room;
        let candidates: Vec<Candidate> = candidates.into_iter().take(room).collect();
        let names = Naming::new(&self.known).name(&candidates);
        for (candidate, name) in candidates.into_iter().zip(names) {
            self.known.insert(candidate.path.clone(), name.clone());
            found.new.push(NewSource {
                path: candidate.path,
                name,
                explicit: candidate.explicit,
            });
        }
        found
    }

    /// The directories in which something new may appear, or in place of a missing one the
    /// nearest above it, in order.
    pub fn directories(&self) -> Vec<PathBuf> {
        let mut directories = HashSet::new();
        for pattern in &self.patterns {
            match pattern {
                Search::File(path) => {
                    directories.insert(path.parent().unwrap_or(path).to_path_buf());
                }
                Search::Below(walk) => directories.extend(walk.directories()),
            }
        }
        let existing: HashSet<&Path> = directories
            .iter()
            .map(|path| nearest_existing(path))
            .collect();
        let mut existing: Vec<PathBuf> = existing.into_iter().map(Path::to_path_buf).collect();
        existing.sort_unstable();
        existing
    }

    /// What is to become a source, each path once.
    fn candidates(&mut self, unreadable: &mut Vec<(PathBuf, String)>) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        let mut paths = HashSet::new();
        for pattern in &mut self.patterns {
            match pattern {
                Search::File(path) => {
                    let is_new = !self.known.contains_key(path)
                        && !is_part_of_another(path, |log| self.explicit.contains(log))
                        && paths.insert(path.clone());
                    if is_new {
                        candidates.push(Candidate {
                            path: path.clone(),
                            parts: 1,
                            explicit: true,
                        });
                    }
                }
                Search::Below(walk) => {
                    let parts_of_base = walk.base().components().count();
                    for path in walk.files(unreadable) {
                        let path = walk.log_of(path);
                        let is_new = !self.known.contains_key(&path)
                            && !self.explicit.contains(&path)
                            && !is_part_of_another(&path, |log| {
                                self.known.contains_key(log) || self.explicit.contains(log)
                            })
                            && paths.insert(path.clone());
                        if is_new {
                            candidates.push(Candidate {
                                parts: path.components().count() - parts_of_base,
                                path,
                                explicit: false,
                            });
                        }
                    }
                }
            }
        }
        candidates
    }
}

/// Between the two steps of a rotation the log itself is missing, so its place among the sources
/// counts as well as its file.
fn is_part_of_another(path: &Path, is_source: impl Fn(&Path) -> bool) -> bool {
    let name = path.file_name().unwrap_or(OsStr::new(""));
    is_rotated_neighbour(name, |log| is_source(&path.with_file_name(log)))
}

fn nearest_existing(path: &Path) -> &Path {
    let mut ancestors = path.ancestors();
    ancestors
        .find(|path| path.is_dir())
        .unwrap_or(Path::new("/"))
}

#[cfg(test)]
mod tests;
