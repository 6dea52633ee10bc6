//! Where a reader begins in one source.

use std::sync::Arc;
use std::time::Duration;
use std::time::SystemTime;

use crate::config::LAG_SKIP_BYTES;
use crate::config::TAIL_BYTES_MAX;
use crate::filter::Filter;
use crate::position;
use crate::store::chain::Source;
use crate::store::history;
use crate::store::history::Start;
use crate::store::moment;
use crate::store::resume;
use crate::store::resume::Lost;
use crate::store::spot::Spot;
use crate::subscription::update::Gap;
use crate::subscription::update::GapReason;
use crate::subscription::wishes::From;
use crate::subscription::wishes::Wishes;

/// Where a reader begins in one source, and what it is told of first.
#[derive(Debug, Default)]
pub(super) struct Beginning {
    pub starts: Vec<Start>,
    pub gaps: Vec<Gap>,
}

impl Beginning {
    /// Where the wishes say. Reads the disk.
    pub(super) fn new(source: &Arc<Source>, wishes: &Wishes) -> Beginning {
        match &wishes.from {
            From::Tail(count) => tail(source, *count, wishes),
            From::Moment(time) => from_moment(source, *time, wishes),
            From::LostCursor => {
                let mut beginning = tail(source, wishes.tail, wishes);
                beginning.gaps.push(cursor_gap(source));
                beginning
            }
            From::Cursor(cursor) => {
                let is_here = |place: &&position::Place| place.source == source.id;
                let places: Vec<_> = cursor.places.iter().filter(is_here).copied().collect();
                if !places.is_empty() {
                    resumed(source, &places)
                } else if cursor.selection != wishes.selection.hash() {
                    tail(source, wishes.tail, wishes)
                } else if cursor.is_complete {
                    from_the_first(source)
                } else {
                    unless_changed(source, cursor.made, wishes)
                }
            }
        }
    }
}

fn tail(source: &Arc<Source>, count: usize, wishes: &Wishes) -> Beginning {
    let bytes_max = if wishes.skips_lag {
        LAG_SKIP_BYTES / 2
    } else {
        TAIL_BYTES_MAX
    };
    let start = newest_in_window(source, count, &wishes.filter, bytes_max);
    let start = start.map(|start| match wishes.context {
        0 => start,
        context => {
            let spot = Spot {
                source: Arc::clone(source),
                segment: Arc::clone(&start.segment),
                offset: start.offset,
            };
            Start::at(&start.segment, spot.back(context, &wishes.boundary))
        }
    });
    Beginning {
        starts: start.map_or_else(Vec::new, |start| beside_older(source, start)),
        gaps: Vec::new(),
    }
}

/// A reader that begins at `start`, and hears who still writes into the files that gave way
/// before that, as one does who was there then.
fn beside_older(source: &Source, start: Start) -> Vec<Start> {
    let newest = start.segment.ordinal();
    let segments = source.segments();
    let older = segments
        .iter()
        .filter(|s| s.ordinal() < newest && !s.is_finished());
    older.map(Start::end).chain([start]).collect()
}

/// The newest lines within the filter's stretch of time: they are not looked for
/// in what is newer, and begin nowhere in what is older.
fn newest_in_window(
    source: &Arc<Source>,
    count: usize,
    filter: &Filter,
    bytes_max: u64,
) -> Option<Start> {
    let window = filter.window();
    // Within its ends nothing has to be asked for its time.
    let filter = &filter.at_any_time();
    let until = window.until.and_then(|until| moment::find(source, until));
    let newest = match until {
        Some(until) => {
            let end = until.start;
            history::newest_lines_before(source, end, count, filter, bytes_max)
        }
        None => history::newest_lines(source, count, filter, bytes_max)?,
    };
    let since = window.since.and_then(|since| moment::find(source, since));
    let place = |start: &Start| (start.segment.ordinal(), start.offset);
    let since = since.map(|since| since.start);
    Some(
        since
            .filter(|since| place(since) > place(&newest))
            .unwrap_or(newest),
    )
}

fn from_moment(source: &Arc<Source>, time: i64, wishes: &Wishes) -> Beginning {
    let Some(moment) = moment::find(source, time) else {
        return tail(source, wishes.tail, wishes);
    };
    Beginning {
        starts: beside_older(source, moment.start),
        gaps: Vec::new(),
    }
}

fn from_the_first(source: &Arc<Source>) -> Beginning {
    source.link_neighbours();
    let oldest = source.oldest();
    let start = oldest.map(|segment| Start::first(&segment));
    Beginning {
        starts: start.into_iter().collect(),
        gaps: Vec::new(),
    }
}

/// For a source of very many, which the cursor had no room for: it was at its
/// end when the cursor was made, and still is if it has not been written to.
fn unless_changed(source: &Arc<Source>, made: u64, wishes: &Wishes) -> Beginning {
    let mut beginning = tail(source, 0, wishes);
    let file = beginning
        .starts
        .last()
        .and_then(|start| start.file.as_ref());
    let modified = file.and_then(|file| file.metadata().ok()?.modified().ok());
    let made = SystemTime::UNIX_EPOCH + Duration::from_millis(made);
    if modified.is_some_and(|modified| modified >= made) {
        beginning.gaps.push(cursor_gap(source));
    }
    beginning
}

fn resumed(source: &Arc<Source>, places: &[position::Place]) -> Beginning {
    let resumed = resume::resume(source, places);
    let gaps = resumed.lost.into_iter().map(|(place, lost)| Gap {
        source: Arc::clone(source),
        segment: place.segment,
        from: Some(place.offset),
        to: None,
        lines: None,
        reason: match lost {
            Lost::Truncated => GapReason::Truncated,
            Lost::Rotated => GapReason::Rotated,
        },
        is_loadable: false,
    });
    Beginning {
        gaps: gaps.collect(),
        starts: resumed.starts,
    }
}

fn cursor_gap(source: &Arc<Source>) -> Gap {
    Gap {
        source: Arc::clone(source),
        segment: None,
        from: None,
        to: None,
        lines: None,
        reason: GapReason::Cursor,
        is_loadable: true,
    }
}
