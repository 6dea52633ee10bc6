//! Finds a moment in a source: the first line that is not older than a time.
//!
//! First the segment, by the times with which segments begin, then the line in
//! it. Nothing is read but a few small blocks, so it does not matter how large
//! the source is; a compressed segment is unpacked when the moment is in it.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use crate::record::time::TimeReader;
use crate::record::time::Zone;
use crate::record::window::Window;
use crate::store::bisection::Bisection;
use crate::store::chain::Source;
use crate::store::history::Start;
use crate::store::history::line_start;
use crate::store::reading::read_full_at;
use crate::store::segment::Segment;

/// How many segments one after another are asked for a time that have none.
const SILENT_SEGMENTS_MAX: usize = 8;

/// Lines that are out of order are so near to where they belong, in bytes.
const DISORDER_BYTES: u64 = 64 * 1024;

/// How many segments one after another are searched.
const SEGMENTS_MAX: usize = 3;

/// Where the lines begin that are not older than a time.
#[derive(Clone, Debug)]
pub struct Moment {
    /// The first of them; the end of the newest segment when there are none.
    pub start: Start,
    /// Whether another line may be the first: the lines are not in order, or too
    /// few of them have a time.
    pub is_approximate: bool,
    /// How often the segment was read in which it is.
    pub reads: usize,
}

/// Where the lines of `source` begin that are not older than `time`, in
/// milliseconds since the epoch; `None` when no line seems to have a time. Reads
/// the disk.
pub fn find(source: &Source, time: i64) -> Option<Moment> {
    source.link_neighbours();
    let mut segments = source.segments();
    segments.retain(|segment| !segment.is_destroyed());
    // The last segment that begins before it holds it, or the next one begins with it.
    let begun = begun_before(&segments, time);
    let mut newest = segments.iter().rev().take(SEGMENTS_MAX);
    let has_times = begun > 0 || newest.any(|segment| first_time(segment).is_some());
    let from = if has_times {
        begun.saturating_sub(1)
    } else {
        segments.len().checked_sub(1)?
    };
    let mut is_approximate = false;
    let mut has_times = has_times;
    for segment in segments[from..].iter().take(SEGMENTS_MAX) {
        let found = find_in(segment, time);
        has_times |= found.is_some();
        is_approximate |= found.as_ref().is_none_or(|found| found.is_approximate);
        match found {
            Some(found) if found.start.offset < segment.head() => {
                return Some(Moment {
                    is_approximate,
                    ..found
                });
            }
            // Every line of it is older.
            _ => {}
        }
    }
    let start = match segments.get(from + SEGMENTS_MAX) {
        Some(next) => Start::first(next),
        None => Start::end(segments.last()?),
    };
    has_times.then_some(Moment {
        start,
        is_approximate,
        reads: 0,
    })
}

/// The same in one segment, whose end it is when all its lines are older.
fn find_in(segment: &Arc<Segment>, time: i64) -> Option<Moment> {
    let file = segment.open().ok()?;
    let (encoding, begin) = (segment.encoding(), segment.first());
    let read_at = |buffer: &mut [u8], offset| read_full_at(&file, buffer, offset);
    let search = Bisection::new(read_at, encoding, begin, segment.head().max(begin));
    let found = search.find(time).ok()??;
    Some(Moment {
        start: Start::at(segment, found.offset),
        is_approximate: found.is_approximate,
        reads: found.reads,
    })
}

/// The bytes of `segment` that hold the lines of a stretch of time, and a little more
/// on both sides; `None` for what has to be unpacked first.
pub fn range_in(segment: &Arc<Segment>, window: Window) -> io::Result<Option<Range<u64>>> {
    if segment.is_compressed() && segment.head() == 0 {
        return Ok(None);
    }
    let file = segment.open()?;
    let (first, head) = (segment.first(), segment.head());
    let offset_of = |time: i64| Some(find_in(segment, time)?.start.offset);
    let mut range = first..head.max(first);
    if let Some(since) = window.since.and_then(offset_of) {
        let before = since.saturating_sub(DISORDER_BYTES).max(first);
        range.start = line_start(&file, segment.encoding(), before, head)?.max(first);
    }
    if let Some(until) = window.until.and_then(offset_of) {
        let behind = (until + DISORDER_BYTES).min(head);
        range.end = line_start(&file, segment.encoding(), behind, head)?.max(range.start);
    }
    Ok(Some(range))
}

/// Which of the segments of a source, oldest first, may have lines of a stretch of time, as
/// far as their first lines tell.
pub fn segments_in(segments: &[Arc<Segment>], window: Window) -> Range<usize> {
    let first = window
        .since
        .map_or(0, |since| begun_before(segments, since));
    let first = first.saturating_sub(1);
    let end = window.until.map(|until| begun_before(segments, until));
    first..end.unwrap_or(segments.len()).max(first)
}

/// How many segments, of those that stand before all others, begin before `time`.
fn begun_before(segments: &[Arc<Segment>], time: i64) -> usize {
    let (mut low, mut high) = (0, segments.len());
    while low < high {
        let middle = low + (high - low) / 2;
        // One without a time says nothing; the next one may.
        let from_middle = segments[middle..high].iter().enumerate();
        let mut from_middle = from_middle.take(SILENT_SEGMENTS_MAX);
        let known = from_middle.find_map(|(index, segment)| Some((index, first_time(segment)?)));
        match known {
            Some((index, first)) if first < time => low = middle + index + 1,
            _ => high = middle,
        }
    }
    low
}

/// The time of the first line of `segment` that has one, among its first lines.
pub fn first_time(segment: &Segment) -> Option<i64> {
    first_zoned(segment).map(|(time, _)| time)
}

/// The same, and the zone in which it is written.
pub fn first_zoned(segment: &Segment) -> Option<(i64, Zone)> {
    let beginning = segment.beginning().ok()?;
    let mut text = Vec::new();
    segment.encoding().append_text(&beginning, &mut text);
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text);
    let mut times = TimeReader::new();
    let mut lines = text.split(|byte| *byte == b'\n');
    lines.find_map(|line| times.read_zoned(line))
}

#[cfg(test)]
mod tests;
