//! How a reader wants to be served.

use std::sync::Arc;
use std::sync::OnceLock;

use xxhash_rust::xxh3::xxh3_64;

use crate::filter::Filter;
use crate::filter::Finder;
use crate::position::Cursor;
use crate::store::chain::Source;

/// Which sources a reader wants.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Selection {
    /// All there are and all that will be found.
    All,
    /// Those with these names or ids.
    Named(Vec<String>),
}

/// Where a reader begins.
#[derive(Clone, Debug)]
pub enum From {
    /// So many of the newest lines of every source.
    Tail(usize),
    /// With the first line that is not older than this, in milliseconds since the
    /// epoch; as `Tail` where no line has a time.
    Moment(i64),
    /// Where it was.
    Cursor(Cursor),
    /// It brought a cursor that cannot be read: as `Tail`, and told so.
    LostCursor,
}

/// How a reader wants to be served.
#[derive(Clone, Debug)]
pub struct Wishes {
    /// Which sources.
    pub selection: Selection,
    /// Which lines.
    pub filter: Arc<Filter>,
    /// So many lines around each of them as well.
    pub context: usize,
    /// Which lines exist for this reader at all, also around others.
    pub boundary: Arc<Filter>,
    /// Where to begin.
    pub from: From,
    /// How many of the newest lines to begin with in a source that the cursor
    /// does not speak of.
    pub tail: usize,
    /// Rather be moved to the end than be far behind.
    pub skips_lag: bool,
    /// See [`Wishes::finder`].
    pub finder: OnceLock<Option<Finder>>,
}

impl Wishes {
    /// What finds the lines that the filter may want in many at once, if it can be found;
    /// made when it is first asked for.
    pub fn finder(&self) -> Option<&Finder> {
        self.finder.get_or_init(|| self.filter.finder()).as_ref()
    }
}

impl Selection {
    /// Whether `source` is wanted.
    pub fn includes(&self, source: &Source) -> bool {
        match self {
            Selection::All => true,
            Selection::Named(names) => names.iter().any(|name| is_called(source, name)),
        }
    }

    /// Whether each of the names is that of a source.
    pub fn is_there(&self, sources: &[Arc<Source>]) -> bool {
        let is_known = |name: &String| sources.iter().any(|source| is_called(source, name));
        match self {
            Selection::All => true,
            Selection::Named(names) => names.iter().all(is_known),
        }
    }

    /// For the cursor: whether it was made for the same wish.
    pub fn hash(&self) -> u16 {
        match self {
            Selection::All => 0,
            Selection::Named(names) => {
                let mut names = names.clone();
                names.sort();
                xxh3_64(names.join("\n").as_bytes()) as u16 | 1
            }
        }
    }
}

/// Whether `source` has this name or id.
pub fn is_called(source: &Source, name: &str) -> bool {
    source.name == name || source.id.to_string() == name
}

#[cfg(test)]
mod tests;
