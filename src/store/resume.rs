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
    // Places stand in the order of their segments.
    let mut next = 0;
    let mut front = None;
    for place in places {
        let (start, lost) = find(&segments, next, place);
        match (&start, lost) {
            // Where to go on after a loss only matters at the front.
            (_, Some(lost)) => resumed.lost.push((*place, lost)),
            (None, None) => {}
            (Some(start), None) => {
                let found = start.segment.ordinal();
                next = segments.partition_point(|segment| segment.ordinal() <= found);
                resumed.starts.push(start.clone());
            }
        }
        front = start;
    }
    if front.is_none() {
        // What came after the lost place is at least the newest segment; and from
        // an older place nobody must walk through what lies between.
        front = segments.last().map(newest_after);
    }
    resumed.starts.extend(front);
    resumed.starts.sort_by_key(|start| start.segment.ordinal());
    resumed.starts.dedup_by_key(|start| start.segment.ordinal());
    resumed
}

/// Where to go on in the newest segment when the place was lost. A rotated file,
/// where there is no other, may be older than what was lost, and was given then.
fn newest_after(newest: &Arc<Segment>) -> Start {
    if newest.is_finished() {
        Start::end(newest)
    } else {
        Start::first(newest)
    }
}

/// Where to go on, if that is known, and what was lost. The segments from number
/// `next` on are newer than all that was found before.
fn find(segments: &[Arc<Segment>], next: usize, place: &Place) -> (Option<Start>, Option<Lost>) {
    let Some(id) = place.segment else {
        return empty(segments, next, place);
    };
    let is_file = |segment: &Segment| segment.identity().hint() == place.file;
    let mut candidates: Vec<_> = segments
        .iter()
        .filter(|segment| is_file(segment) || segment.id() == Some(id))
        .collect();
    candidates.sort_by_key(|segment| (segment.id() != Some(id), !is_file(segment)));
    let found = candidates.iter().find_map(|segment| at(segment, id, place));
    let lost = if candidates.is_empty() {
        Lost::Rotated
    } else {
        Lost::Truncated
    };
    let is_found = found.is_some();
    (found, (!is_found).then_some(lost))
}

/// For a place in a file that had no line: all that can be said is which file it
/// was and after which segment it came. Without the file, its lines are lost, and
/// whatever came after that segment is new.
fn empty(segments: &[Arc<Segment>], next: usize, place: &Place) -> (Option<Start>, Option<Lost>) {
    let is_before = |s: &Arc<Segment>| s.id().is_some_and(|id| id.mark() == place.mark);
    let first = if place.mark == Mark::of(b"") {
        0
    } else {
        segments
            .iter()
            .position(is_before)
            .map_or(segments.len(), |before| before + 1)
    };
    let after = &segments[first.max(next)..];
    let is_file = |s: &Arc<Segment>| s.may_have_been(place.file);
    // The same inode is not enough where a segment with lines stands between.
    let same = after.iter().position(is_file);
    let same = same.filter(|&at| after[..at].iter().all(|segment| segment.id().is_none()));
    match same {
        Some(at) => (Some(Start::first(&after[at])), None),
        None => (after.first().map(Start::first), Some(Lost::Rotated)),
    }
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
