//! Rotated files that nobody has looked at: several rotations or truncations may
//! lie between two looks.
//!
//! What is beside a log is news unless it was there in the beginning, was held,
//! or is a copy of what is: a copy in the making above all, which will be the
//! only place of the text soon, and is not yet.

use std::fs::File;
use std::io;

use crate::follow::held::Held;
use crate::follow::held_files::HeldFiles;
use crate::follow::rotation::Seen;
use crate::source::identity::Identity;
use crate::store::chain::Source;
use crate::store::neighbours::Neighbour;
use crate::store::reading;

/// A source, and the files that its follower holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unseen<'a> {
    pub source: &'a Source,
    pub files: &'a HeldFiles,
}

impl Unseen<'_> {
    /// The copies that were made of earlier contents of `file`, which begins with
    /// `beginning`, and are news, oldest first. What the next copy, in the making,
    /// is made of is still there. The path names what was `seen`. And all that lies
    /// beside it.
    pub(super) fn copies(
        &self,
        file: &File,
        beginning: &[u8],
        seen: &Seen,
    ) -> io::Result<(Vec<Neighbour>, Vec<Neighbour>)> {
        self.source
            .look_beside(|there| self.copies_among(there, file, beginning, seen))
    }

    fn copies_among(
        &self,
        there: &[Neighbour],
        file: &File,
        beginning: &[u8],
        seen: &Seen,
    ) -> io::Result<Vec<Neighbour>> {
        let identity = Identity::of(&file.metadata()?);
        let is_of_now = |head: &[u8]| {
            let length = head.len().min(beginning.len());
            length > 0 && head[..length] == beginning[..length]
        };
        let is_own = |n: &Neighbour| n.identity == identity;
        let end = match there.iter().position(is_own) {
            // It was renamed then, and what follows it is newer.
            Some(own) => own,
            None if *seen == Seen::File(identity) => there.len(),
            // It was compressed since, or went away.
            None => {
                let mut own = 0;
                for (at, packed) in there.iter().enumerate() {
                    let is_packed = packed.compression.is_some();
                    if is_packed && packed.try_head()?.is_some_and(|head| is_of_now(&head)) {
                        own = at;
                    }
                }
                own
            }
        };
        let last = self
            .files
            .newest_first()
            .map(Held::identity)
            .find(|&held| held != identity);
        let last = there[..end].iter().position(|n| Some(n.identity) == last);
        let begin = last.map_or(0, |last| last + 1);
        let is_text = |head: Vec<u8>| !head.is_empty() && !is_of_now(&head);
        let mut copies = Vec::new();
        for copy in there[begin..end].iter().filter(|n| self.is_news(n)) {
            if copy.try_head()?.is_some_and(is_text) {
                copies.push(copy.clone());
            }
        }
        Ok(copies)
    }

    /// Whether nothing of a rotated file was given under any name.
    pub(super) fn is_news(&self, neighbour: &Neighbour) -> bool {
        !self.files.contains(neighbour.identity) && !self.source.is_history(neighbour)
    }

    /// A rotated file that came between what is held and `newest`, the `file` that
    /// the path names now: several rotations may lie between two looks. And all that
    /// lies beside it.
    pub(super) fn middle(
        &self,
        newest: Identity,
        file: &File,
    ) -> io::Result<(Option<Neighbour>, Vec<Neighbour>)> {
        self.source
            .look_beside(|there| self.middle_among(there, newest, file))
    }

    fn middle_among(
        &self,
        neighbours: &[Neighbour],
        newest: Identity,
        file: &File,
    ) -> io::Result<Option<Neighbour>> {
        let held = self.files.newest_first().next();
        // When the held one was deleted since, all that is not known is newer.
        let is_held = |n: &Neighbour| held.is_some_and(|held| held.identity() == n.identity);
        let newer = neighbours.iter().position(is_held).map_or(0, |at| at + 1);
        // That one may have been rotated as well by now: what follows it comes later.
        let until = neighbours.iter().position(|n| n.identity == newest);
        let until = until.unwrap_or(neighbours.len()).max(newer);
        let news = neighbours[newer..until].iter().filter(|n| self.is_news(n));
        let newest_news = news.clone().next_back().map(|n| n.identity);
        let is_copy = |n: &Neighbour| {
            if n.compression.is_none() {
                let is_of = |held: &Held| n.is_copy_of(held.trail(), held.read_to());
                let is_of_held = held.map_or(Ok(false), is_of)?;
                // Of a copy that was only begun there is one at most.
                let may_be_made = n.size > 0 || Some(n.identity) == newest_news;
                let is_copy = is_of_held || may_be_made && n.is_being_made_of(newest, file)?;
                return io::Result::Ok(is_copy);
            }
            // What cannot be read is not whole yet.
            let Some(text) = n.try_head()? else {
                return Ok(true);
            };
            let is_of_held = held.is_some_and(|held| held.began_like(&text));
            Ok(is_of_held || reading::head(file).is_ok_and(|own| own.starts_with(&text)))
        };
        for between in news {
            if !is_copy(between)? {
                return Ok(Some(between.clone()));
            }
        }
        Ok(None)
    }
}
