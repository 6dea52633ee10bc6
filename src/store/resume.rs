//! From a cursor back to places in the files.
//!
//! A place is believed only when the bytes before it are the ones the cursor
//! remembers: names move, inodes are given out again, files are rewritten. What
//! cannot be found again is a gap, with the reason.

use std::sync::Arc;

use crate::position::Mark;
use crate::position::Place;
use crate::position::SegmentId;
use crate::store::chain::Source;
use crate::store::history::Start;
use crate::store::segment::Segment;

/// Why a reader cannot go on where it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// The file is still there, but not what stood before the place.
    Truncated,
    /// The file is not there.
    Rotated,
}

/// Where a reader goes on in one source.
#[derive(Debug, Default)]
pub struct Resumed {
    /// Oldest first; none when the source has no file.
    pub starts: Vec<Start>,
    /// The places that were not found again.
    pub lost: Vec<(Place, Lost)>,
}

/// Finds `places`, all of them in `source`, again.
pub fn resume(source: &Source, places: &[Place]) -> Resumed {
    source.link_neighbours();
    let segments = source.segments();
    let mut resumed = Resumed::default();
    for place in places {
        match find(&segments, place) {
            Ok(start) => resumed.starts.push(start),
            Err(lost) => resumed.lost.push((*place, lost)),
        }
    }
    resumed.starts.sort_by_key(|start| start.segment.ordinal());
    resumed.starts.dedup_by_key(|start| start.segment.ordinal());
    let is_front_lost = places.last() == resumed.lost.last().map(|(place, _)| place);
    if let Some(newest) = segments.last().filter(|_| is_front_lost) {
        // What came after the lost place is at least the newest segment; and from
        // an older place nobody must walk through what lies between.
        let is_there = |start: &Start| start.segment.ordinal() == newest.ordinal();
        if !resumed.starts.iter().any(is_there) {
            resumed.starts.push(Start::first(newest));
        }
    }
    resumed
}

fn find(segments: &[Arc<Segment>], place: &Place) -> Result<Start, Lost> {
    let Some(id) = place.segment else {
        let start = empty(segments, place).ok_or(Lost::Rotated)?;
        return Ok(Start::first(start));
    };
    let is_file = |segment: &Segment| segment.identity().hint() == place.file;
    let mut candidates: Vec<_> = segments
        .iter()
        .filter(|segment| is_file(segment) || segment.id() == Some(id))
        .collect();
    candidates.sort_by_key(|segment| (segment.id() != Some(id), !is_file(segment)));
    let found = candidates.iter().find_map(|segment| at(segment, id, place));
    found.ok_or(if candidates.is_empty() {
        Lost::Rotated
    } else {
        Lost::Truncated
    })
}

/// The segment that was empty, or whatever came after the same segment as it.
fn empty<'a>(segments: &'a [Arc<Segment>], place: &Place) -> Option<&'a Arc<Segment>> {
    let after = if place.mark == Mark::of(b"") {
        // Nothing stood before, so all there is now came later.
        return segments.first();
    } else {
        let is_before = |s: &Arc<Segment>| s.id().is_some_and(|id| id.mark() == place.mark);
        &segments[segments.iter().position(is_before)? + 1..]
    };
    let mut same = after
        .iter()
        .filter(|segment| segment.began().hint() == place.file);
    same.next().or(after.first())
}

fn at(segment: &Arc<Segment>, id: SegmentId, place: &Place) -> Option<Start> {
    if segment.is_destroyed() && segment.id() == Some(id) {
        // Its bytes can be compared no more, but while the program runs an id is
        // given only once. What memory does not give of the rest is a gap.
        return Some(Start::at(segment, place.offset)).filter(|_| place.offset <= segment.head());
    }
    let end = Start::end(segment);
    if place.offset > end.offset {
        return None;
    }
    if place.offset == 0 && segment.id() != Some(id) {
        // No bytes before it can tell: another file took the inode.
        return None;
    }
    let start = Start::at(segment, place.offset);
    let remembered = segment.recent_at(place.offset).is_some();
    let is_same = start.trail.mark() == place.mark && (start.file.is_some() || remembered);
    is_same.then_some(start)
}

#[cfg(test)]
mod tests;
