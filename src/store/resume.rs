//! From a cursor back to places in the files.
//!
//! A place is believed only when the bytes before it are the ones the cursor
//! remembers: names move, inodes are given out again, files are rewritten. What
//! cannot be found again is a gap, with the reason.

use std::cmp::Reverse;
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
    for (number, place) in places.iter().enumerate() {
        let (mut starts, lost) = if let Some(id) = place.segment {
            by_bytes(&segments, id, place)
        } else {
            let later = places[number + 1..].iter().find_map(|later| {
                let id = later.segment?;
                let (found, _) = by_bytes(&segments, id, later);
                // Also where that one is lost: what is left of its file is not this one.
                let left = || segments.iter().find(|segment| segment.id() == Some(id));
                let segment = found.first().map(|start| &start.segment).or_else(left);
                segment.map(|segment| segment.ordinal())
            });
            let is_before = |s: &Arc<Segment>| later.is_none_or(|later| s.ordinal() < later);
            let end = segments.partition_point(is_before);
            empty(&segments[..end], next.min(end), later.is_some(), place)
        };
        // Where to go on after a loss only matters at the front.
        front = starts.pop();
        if let Some(lost) = lost {
            resumed.lost.push((*place, lost));
        } else if let Some(last) = &front {
            let found = last.segment.ordinal();
            next = segments.partition_point(|segment| segment.ordinal() <= found);
            resumed.starts.append(&mut starts);
            resumed.starts.push(last.clone());
        }
    }
    if front.is_none() {
        // What came after the lost place is at least the newest segment; and from
        // an older place nobody must walk through what lies between.
        front = segments.last().map(newest_after);
    }
    resumed.starts.extend(front);
    // A place in an empty file is only guessed, and another one may be known.
    let by_place = |start: &Start| (start.segment.ordinal(), Reverse(start.offset));
    resumed.starts.sort_by_key(by_place);
    resumed.starts.dedup_by_key(|start| start.segment.ordinal());
    resumed
}

/// Where to go on in the newest segment when the place was lost. A rotated file,
/// where there is no other, may be older than what was lost, and was given then.
fn newest_after(newest: &Arc<Segment>) -> Start {
    if newest.is_finished() || newest.boundary().is_some() {
        Start::end(newest)
    } else {
        Start::first(newest)
    }
}

/// Where to go on, if that is known, and what was lost.
fn by_bytes(segments: &[Arc<Segment>], id: SegmentId, place: &Place) -> (Vec<Start>, Option<Lost>) {
    let is_file = |segment: &Segment| segment.identity().hint() == place.file;
    let mut candidates: Vec<_> = segments
        .iter()
        .filter(|segment| is_file(segment) || segment.id() == Some(id))
        .collect();
    candidates.sort_by_key(|segment| (segment.id() != Some(id), !is_file(segment)));
    if let Some(found) = candidates.iter().find_map(|segment| at(segment, id, place)) {
        return (vec![found], None);
    }
    let lost = if candidates.is_empty() {
        Lost::Rotated
    } else {
        Lost::Truncated
    };
    (Vec::new(), Some(lost))
}

/// For a place in a file that had no line: all that can be said is which file it
/// was and after which segment it came. Without the file, its lines are lost, and
/// whatever came after that segment is new.
///
/// `segments` are those before the next place that was found, if one `has_next`;
/// from number `next` on they are newer than all that was found before.
fn empty(
    segments: &[Arc<Segment>],
    next: usize,
    has_next: bool,
    place: &Place,
) -> (Vec<Start>, Option<Lost>) {
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
    let is_empty = |segment: &Arc<Segment>| segment.id().is_none();
    // An unfinished line is no line yet, and will be one.
    let has_no_text = |s: &&Arc<Segment>| {
        let had_none = s.is_finished() && s.head() <= s.hole();
        is_empty(s) && (had_none || s.beginning().is_ok_and(|b| b.is_empty()))
    };
    // What may be copies of it stands before it.
    let with_copies = |at: usize| {
        let is_copy =
            |s: &Arc<Segment>| !(is_empty(s) && s.is_finished()) && s.may_be_copy_of(&after[at]);
        (after[..at].iter().position(is_copy).unwrap_or(at), at)
    };
    let found = after
        .iter()
        .position(|s| s.was(place.file))
        .map(with_copies);
    // Another file may look like it; no line stood between it and what came before. Where
    // files begin alike, their ids may have been given to others since.
    let may_be_before = |s: &Arc<Segment>| {
        let id = |b: Vec<u8>| SegmentId::of(place.source, &b, 0);
        s.beginning()
            .is_ok_and(|b| id(b).is_some_and(|id| id.mark() == place.mark))
    };
    let is_it = |&(first, _): &(usize, usize)| {
        let before = after[..first].iter().rev().find(|s| !has_no_text(s));
        before.is_none_or(may_be_before)
    };
    if let Some((first, at)) = found.filter(is_it) {
        // Before another place nobody walks from one segment to the next.
        let last = if has_next { at } else { first };
        return (after[first..=last].iter().map(Start::first).collect(), None);
    }
    // Of several that were found compressed the first is the safest guess. A file that
    // was left for the next one is rather the last that still has no line.
    let may_be = |s: &Arc<Segment>| s.may_have_been(place.file);
    let possible = if has_next {
        let has_no_line = |s: &Arc<Segment>| s.beginning().is_ok_and(|b| !b.contains(&b'\n'));
        let without = after.iter().rposition(|s| may_be(s) && has_no_line(s));
        without.or_else(|| after.iter().rposition(may_be))
    } else {
        let first = after.iter().position(may_be);
        first.filter(|&at| after[..at].iter().all(|s| has_no_text(&s)))
    };
    let start = possible.map_or(after.first(), |at| after.get(at));
    let lost = possible.is_none().then_some(Lost::Rotated);
    (start.map(Start::first).into_iter().collect(), lost)
}

fn at(segment: &Arc<Segment>, id: SegmentId, place: &Place) -> Option<Start> {
    let end = Start::end(segment);
    if end.file.is_none() && segment.id() == Some(id) {
        // Its bytes can be compared no more, but while the program runs an id is
        // given only once. What memory does not give of the rest is a gap.
        return Some(Start::at(segment, place.offset)).filter(|_| place.offset <= segment.head());
    }
    if place.offset > end.offset {
        return None;
    }
    if place.offset == 0 && segment.id() != Some(id) {
        // No bytes before it can tell: another file took the inode.
        return None;
    }
    let start = Start::at(segment, place.offset);
    let is_remembered = segment.recent_at(place.offset).is_some()
        || segment.last().is_some_and(|(head, _)| head == place.offset);
    let is_same = start.trail.mark() == place.mark && (start.file.is_some() || is_remembered);
    is_same.then_some(start)
}

#[cfg(test)]
mod tests;
