//! Rotated files become segments: those that are older than everything that was
//! followed are linked in before it.

use std::io;
use std::sync::Arc;
use std::sync::Weak;

use crate::position::SegmentId;
use crate::store::found::Found;
use crate::store::ids::Ids;
use crate::store::known::Known;
use crate::store::neighbours;
use crate::store::neighbours::Home;
use crate::store::neighbours::Neighbour;
use crate::store::reading;
use crate::store::segment::Segment;

/// What is needed to make a segment of a rotated file.
pub(super) struct Links<'a> {
    pub home: &'a Arc<Home>,
    pub ids: &'a Ids,
    pub known: &'a Known,
}

impl Links<'_> {
    /// Links the rotated files in that are older than all of `chain`, and notes
    /// which segments are on disk no more.
    ///
    /// # Errors
    ///
    /// `NotFound` when a file was rotated on meanwhile; `chain` is as it was then.
    pub(super) fn link(&self, chain: &mut Vec<Arc<Segment>>) -> io::Result<()> {
        let neighbours = neighbours::list(self.home);
        for segment in chain.iter() {
            let now = neighbours.iter().find(|n| n.identity == segment.identity());
            if let Some(neighbour) = now {
                segment.rename(&neighbour.path);
            }
        }
        self.known.recognise(&neighbours, chain)?;
        let is_linked = |n: &Neighbour| chain.iter().any(|s| s.identity() == n.identity);
        let linked = neighbours.iter().position(is_linked);
        // What stands after a linked one, and what is news, is the follower's to find.
        let older = &neighbours[..linked.unwrap_or(neighbours.len())];
        let oldest = chain.first().map_or(0, |segment| segment.ordinal());
        let followed = chain.last().filter(|newest| !newest.is_finished());
        let followed = followed.and_then(|newest| Some((newest.identity(), newest.open().ok()?)));
        let is_being_made = |n: &Neighbour| {
            let Some((identity, file)) = followed.as_ref().filter(|_| n.size > 0) else {
                return Ok(false);
            };
            n.is_being_made_of(*identity, file)
        };
        let mut found = Vec::new();
        for (neighbour, ordinal) in older.iter().zip(oldest - older.len() as i64..) {
            if self.known.contains(neighbour) && !is_being_made(neighbour)? {
                let others = chain.iter().chain(&found);
                match self.segment(others, &neighbours, neighbour, ordinal) {
                    Ok(segment) => found.extend(segment),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(error),
                    Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
                    // It is damaged from its first line on: readers are told so.
                    Err(_) => found.push(self.make(neighbour, b"", ordinal)?),
                }
            }
        }
        for segment in chain.iter().filter(|segment| segment.is_finished()) {
            let is_on_disk = neighbours.iter().any(|n| n.identity == segment.identity());
            if !is_on_disk && !segment.is_somewhere() {
                segment.destroy();
            }
        }
        chain.splice(0..0, found);
        Ok(())
    }

    /// The segment that `neighbour` is; none when it is one of `others` already.
    fn segment<'a>(
        &self,
        others: impl Iterator<Item = &'a Arc<Segment>>,
        there: &[Neighbour],
        neighbour: &Neighbour,
        ordinal: i64,
    ) -> io::Result<Option<Arc<Segment>>> {
        let head = neighbour.head()?;
        for other in others.filter(|other| other.begins_like(&head)) {
            let is_listed = || there.iter().any(|n| n.identity == other.identity());
            let is_there = !other.is_destroyed() && (other.held().is_some() || is_listed());
            if !is_there && other.is_finished() {
                other.move_to(neighbour);
                return Ok(None);
            }
            // Its own text in another file: a copy was made and the file is going
            // to be truncated, or just was. Or it only begins alike.
            if !other.is_settled() || is_copy_of(neighbour, &head, other)? {
                return Ok(None);
            }
        }
        self.make(neighbour, &head, ordinal).map(Some)
    }

    /// A segment of `neighbour`, to which nothing will be appended any more, whose
    /// text begins with `head`.
    pub(super) fn make(
        &self,
        neighbour: &Neighbour,
        head: &[u8],
        ordinal: i64,
    ) -> io::Result<Arc<Segment>> {
        let (hole, end) = match neighbour.compression {
            Some(_) => (0, 0),
            None => (reading::leading_hole(&neighbour.open()?)?, neighbour.size),
        };
        let segment = Arc::new(Segment::new(
            self.home,
            ordinal,
            Found {
                path: neighbour.path.clone(),
                identity: neighbour.identity,
                file: Weak::new(),
                hole,
                first: hole,
                head: end,
                trail: None,
                is_packed: neighbour.compression.is_some(),
            },
        ));
        segment.finish();
        segment.note_encoding(head);
        segment.note_beginning(head);
        let mut head = head.to_vec();
        if SegmentId::of(self.home.id, &head, 0).is_none() && !head.is_empty() {
            // Nothing will be appended any more to its one unfinished line.
            head.push(b'\n');
        }
        self.ids.give(self.home.id, &segment, &head);
        Ok(segment)
    }
}

/// Whether `neighbour`, whose text begins with `head`, is a copy of what `segment`
/// is, or was when the copy was made.
fn is_copy_of(neighbour: &Neighbour, head: &[u8], segment: &Segment) -> io::Result<bool> {
    if let Some((end, trail)) = segment.last()
        && neighbour.is_copy_of(&trail, end)?
    {
        return Ok(true);
    }
    let Ok(file) = segment.open() else {
        return Ok(false);
    };
    if neighbour.compression.is_some() {
        // How long its text is nobody knows before it was unpacked.
        return Ok(reading::head(&file).is_ok_and(|own| own.starts_with(head)));
    }
    match reading::trail_at(&file, neighbour.size) {
        Ok(trail) => neighbour.is_copy_of(&trail, neighbour.size),
        Err(_) => Ok(false),
    }
}
