//! Which rotated files of a source are no news: they were there in the
//! beginning, or have been followed.
//!
//! A file is known by its identity. Compression gives its text another one, so
//! the beginning of each plain file is remembered as well.

use std::collections::HashMap;
use std::collections::HashSet;
use std::io;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;

use crate::source::identity::Identity;
use crate::store::beginning::Beginning;
use crate::store::neighbours::Neighbour;
use crate::store::segment::Segment;

/// See the module's description.
#[derive(Debug, Default)]
pub(super) struct Known {
    files: Mutex<HashMap<Identity, File>>,
}

#[derive(Debug, Default)]
struct File {
    beginning: Beginning,
    /// It was empty: a copy may just have been begun.
    was_empty: bool,
}

impl Known {
    /// Whether a rotated file is no news.
    pub(super) fn contains(&self, neighbour: &Neighbour) -> bool {
        let files = self.lock();
        let file = files.get(&neighbour.identity);
        file.is_some_and(|file| !file.was_empty || neighbour.size == 0)
    }

    /// These are no news.
    pub(super) fn add<'a>(&self, neighbours: impl Iterator<Item = &'a Neighbour>) {
        for neighbour in neighbours {
            // What is compressed stays what it is.
            let is_plain = neighbour.compression.is_none();
            let head = is_plain.then(|| neighbour.head().ok()).flatten();
            let file = File {
                beginning: Beginning::of(&head.unwrap_or_default()),
                was_empty: neighbour.size == 0,
            };
            self.lock().insert(neighbour.identity, file);
        }
    }

    /// Neither is `held`; of the others those are forgotten that are not `there`.
    pub(super) fn hold(&self, held: Identity, there: &[Neighbour]) {
        let there: HashSet<_> = there.iter().map(|n| n.identity).collect();
        let mut files = self.lock();
        files.entry(held).or_default().was_empty = false;
        files.retain(|file, _| *file == held || there.contains(file));
    }

    /// Recognises, among the files that are `there`, what became of known ones
    /// that were compressed, or of `segments` that gave way. What is read now may be
    /// copied and compressed, which is news when it is truncated then.
    ///
    /// # Errors
    ///
    /// `NotFound` when one was rotated on meanwhile.
    pub(super) fn recognise(
        &self,
        there: &[Neighbour],
        segments: &[Arc<Segment>],
    ) -> io::Result<()> {
        let is_new = |n: &&Neighbour| n.compression.is_some() && !self.contains(n);
        let is_left = |head: &[u8]| {
            let mut left = segments.iter().filter(|s| s.boundary().is_some());
            left.any(|segment| segment.begins_like(head))
        };
        for packed in there.iter().filter(is_new) {
            let head = match packed.head() {
                Ok(head) => head,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(error),
                // It is damaged, or not whole yet.
                Err(_) => continue,
            };
            let is_there = |file: &Identity| there.iter().any(|n| n.identity == *file);
            let is_known = |(identity, file): (&Identity, &File)| {
                !is_there(identity) && file.beginning.is_of(&head)
            };
            // There is nothing new in nothing.
            if head.is_empty() || is_left(&head) || self.lock().iter().any(is_known) {
                self.lock().entry(packed.identity).or_default();
            }
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Identity, File>> {
        self.files.lock().expect("no holder of the lock panics")
    }
}
