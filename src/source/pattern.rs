//! What the user names: a file, a directory, or a glob.
//!
//! An argument is understood once, at the start, and mostly by its text, since what
//! it names may not exist yet. The disk is asked only where text cannot decide: a
//! path that exists is what it is, even with brackets in its name.
//!
//! Paths are made absolute but links in them are not resolved, because a link may
//! point elsewhere later and is then to be followed there.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Component;
use std::path::Path;
use std::path::PathBuf;

use globset::GlobBuilder;
use globset::GlobMatcher;

/// What makes an argument a glob.
const WILDCARDS: &[u8] = b"*?[{";

/// What has a meaning inside a glob: a backslash takes it away.
const SPECIAL: &[u8] = b"*?[{\\";

/// One argument, understood. All paths are absolute.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// One path, whether it exists or not.
    File(PathBuf),
    /// The files in a directory and below it, whether it exists or not.
    Directory(PathBuf),
    /// The files whose paths match.
    Glob(Glob),
}

/// A glob, divided where its first special character stands.
///
/// `*`, `?`, `[…]` and `{…,…}` stay within one part of a path, `**` spans any number of them. As
/// in a shell, a name that begins with a dot has to be named with it.
#[derive(Clone, Debug)]
pub struct Glob {
    base: PathBuf,
    whole: GlobMatcher,
    /// What a directory one, two, … levels below the base has to match, to be worth a look.
    folders: Vec<GlobMatcher>,
    /// Deeper directories are to be looked into as well: there is a `**`.
    is_deep: bool,
    /// The parts that begin with a dot.
    hidden: Vec<GlobMatcher>,
}

/// Why a glob cannot be understood.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PatternError {
    /// Not even a path.
    #[error("it is empty")]
    Empty,
    /// What the glob syntax says.
    #[error("{0}")]
    Syntax(String),
    /// The part with special characters is compared as text.
    #[error("a name that is not UTF-8 cannot be part of a glob")]
    NotUtf8,
    /// Nothing that is found by a glob is below "..".
    #[error("\"..\" cannot follow a special character")]
    Parent,
}

impl Pattern {
    /// Understands an argument; relative paths are below `cwd`, which has no links in it.
    pub fn parse(argument: &OsStr, cwd: &Path) -> Result<Self, PatternError> {
        if argument.is_empty() {
            return Err(PatternError::Empty);
        }
        let path = absolute(Path::new(argument), cwd);
        if path.is_dir() {
            return Ok(Self::Directory(path));
        }
        // A link that leads nowhere yet is a file, too.
        if path.symlink_metadata().is_ok() {
            return Ok(Self::File(path));
        }
        let ends_with_slash = argument.as_bytes().ends_with(b"/");
        if has_any(argument, WILDCARDS) {
            Glob::new(&path, ends_with_slash).map(Self::Glob)
        } else if ends_with_slash {
            Ok(Self::Directory(path))
        } else {
            Ok(Self::File(path))
        }
    }
}

impl Glob {
    fn new(path: &Path, ends_with_slash: bool) -> Result<Self, PatternError> {
        let mut base = PathBuf::new();
        let mut parts = Vec::new();
        for component in path.components() {
            match component {
                Component::Normal(name) if !parts.is_empty() || has_any(name, SPECIAL) => {
                    parts.push(name.to_str().ok_or(PatternError::NotUtf8)?);
                }
                Component::ParentDir if !parts.is_empty() => return Err(PatternError::Parent),
                other => base.push(other),
            }
        }
        if ends_with_slash {
            parts.push("**");
        }
        let whole = matcher(&parts.join("/"))?;
        let folders = folder_matchers(&parts);
        let is_deep = folders.len() + 1 < parts.len() || parts.last() == Some(&"**");
        Ok(Self {
            base,
            whole,
            is_deep,
            folders,
            hidden: hidden_matchers(&parts),
        })
    }

    /// The directory that holds everything that may match.
    pub fn base(&self) -> &Path {
        &self.base
    }

    /// Whether a file matches, by its path relative to the base.
    pub fn matches(&self, relative: &Path) -> bool {
        self.whole.is_match(relative) && self.shows(relative)
    }

    /// Whether files that match may be below a directory, by its path relative to the base.
    pub fn leads_into(&self, relative: &Path) -> bool {
        let depth = relative.components().count();
        let shallow = depth.min(self.folders.len());
        let start: PathBuf = relative.components().take(shallow).collect();
        let is_on_the_way = shallow == 0 || self.folders[shallow - 1].is_match(start);
        is_on_the_way && (shallow == depth || self.is_deep) && self.shows(relative)
    }

    /// Whether all names in the path that begin with a dot are named by the pattern.
    fn shows(&self, relative: &Path) -> bool {
        let mut hidden = relative.iter().filter(|name| is_hidden(name));
        hidden.all(|name| self.hidden.iter().any(|part| part.is_match(name)))
    }
}

/// A name that is shown only to those who ask for it.
pub fn is_hidden(name: &OsStr) -> bool {
    name.as_bytes().starts_with(b".")
}

fn has_any(name: &OsStr, characters: &[u8]) -> bool {
    name.as_bytes().iter().any(|byte| characters.contains(byte))
}

/// `.` goes everywhere. `..` goes only where the directory before it is one of `cwd`, which has
/// no links: the parent of a link's target is not where the link stands.
fn absolute(path: &Path, cwd: &Path) -> PathBuf {
    let mut absolute = cwd.to_path_buf();
    for component in path.components() {
        match component {
            Component::ParentDir if cwd.starts_with(&absolute) => {
                absolute.pop();
            }
            Component::CurDir => {}
            // The root replaces what is there.
            other => absolute.push(other),
        }
    }
    absolute
}

fn matcher(glob: &str) -> Result<GlobMatcher, PatternError> {
    GlobBuilder::new(glob)
        .literal_separator(true)
        .empty_alternates(true)
        .backslash_escape(true)
        .build()
        .map(|glob| glob.compile_matcher())
        .map_err(|error| PatternError::Syntax(error.kind().to_string()))
}

/// Up to the first `**`, or the first brace that is open across a slash.
fn folder_matchers(parts: &[&str]) -> Vec<GlobMatcher> {
    let folders = &parts[..parts.len() - 1];
    let shallow = folders.iter().take_while(|part| **part != "**").count();
    (1..=shallow)
        .map_while(|depth| matcher(&parts[..depth].join("/")).ok())
        .collect()
}

fn hidden_matchers(parts: &[&str]) -> Vec<GlobMatcher> {
    let names_a_dot = |part: &&&str| {
        part.starts_with('.')
            || (part.starts_with('{') && (part.contains("{.") || part.contains(",.")))
    };
    let parts = parts.iter().filter(names_a_dot);
    parts.filter_map(|part| matcher(part).ok()).collect()
}

#[cfg(test)]
mod tests;
