//! A reader in one source: its places, oldest first, and its way along the
//! chain of segments.
//!
//! There is one place most of the time. When a file gives way to a newer one the
//! reader goes on in both, since a renamed file may still be written to; the
//! place in the old one ends when the follower has seen the last of it.

use std::sync::Arc;
use std::time::Duration;
use std::time::SystemTime;

use crate::config::LAG_SKIP_BYTES;
use crate::config::TAIL_BYTES_MAX;
use crate::filter::Filter;
use crate::position;
use crate::store::boundary::Boundary;
use crate::store::boundary::BoundaryKind;
use crate::store::chain::Source;
use crate::store::chain::State;
use crate::store::history;
use crate::store::history::Start;
use crate::store::moment;
use crate::store::resume;
use crate::store::resume::Lost;
use crate::store::segment::Segment;
use crate::store::spot::Spot;
use crate::subscription::place::Looked;
use crate::subscription::place::Place;
use crate::subscription::update::Gap;
use crate::subscription::update::GapReason;
use crate::subscription::update::Update;
use crate::subscription::wishes::From;
use crate::subscription::wishes::Wishes;

/// What one step brought.
#[derive(Debug)]
pub(super) enum Step {
    /// Something for the reader.
    Update(Update),
    /// It moved, without anything for the reader.
    Busy,
    /// Nothing to do until the source changes.
    Idle,
    /// The same, and the follower has something to notice.
    Unsettled,
}

/// See the module's description.
#[derive(Debug)]
pub(super) struct SourceReader {
    source: Arc<Source>,
    state: Option<State>,
    /// Gaps that were there from the beginning and are still to be told.
    gaps: Vec<Gap>,
    places: Vec<Place>,
    turn: usize,
    is_queued: bool,
}

/// Where a reader begins in one source.
#[derive(Debug, Default)]
pub(super) struct Beginning {
    starts: Vec<Start>,
    gaps: Vec<Gap>,
}

impl SourceReader {
    /// A reader that begins with `beginning` and is in the queue.
    pub(super) fn new(source: Arc<Source>, beginning: Beginning) -> SourceReader {
        let starts = beginning.starts.into_iter();
        SourceReader {
            places: starts.map(|start| Place::new(&source, start)).collect(),
            source,
            state: None,
            gaps: beginning.gaps,
            turn: 0,
            is_queued: true,
        }
    }

    /// A reader that begins where the wishes say. Reads the disk.
    pub(super) fn begin(source: Arc<Source>, wishes: &Wishes) -> SourceReader {
        let beginning = match &wishes.from {
            From::Tail(count) => tail(&source, *count, wishes),
            From::Moment(time) => from_moment(&source, *time, wishes),
            From::LostCursor => {
                let mut beginning = tail(&source, wishes.tail, wishes);
                beginning.gaps.push(cursor_gap(&source));
                beginning
            }
            From::Cursor(cursor) => {
                let is_here = |place: &&position::Place| place.source == source.id;
                let places: Vec<_> = cursor.places.iter().filter(is_here).copied().collect();
                if !places.is_empty() {
                    resumed(&source, &places)
                } else if cursor.selection != wishes.selection.hash() {
                    tail(&source, wishes.tail, wishes)
                } else if cursor.is_complete {
                    from_the_first(&source)
                } else {
                    unless_changed(&source, cursor.made, wishes)
                }
            }
        };
        SourceReader::new(source, beginning)
    }

    pub(super) fn source(&self) -> &Arc<Source> {
        &self.source
    }

    pub(super) fn places(&self) -> impl Iterator<Item = position::Place> {
        self.places.iter().map(Place::for_cursor)
    }

    /// Bytes that are still to be given.
    pub(super) fn behind(&self) -> u64 {
        let here: u64 = self.places.iter().map(Place::behind).sum();
        here + self
            .newest()
            .map_or(0, |segment| self.source.bytes_after(segment.ordinal()))
    }

    /// Whether it has to be put into the queue.
    pub(super) fn enqueue(&mut self) -> bool {
        !std::mem::replace(&mut self.is_queued, true)
    }

    /// The time of the line that comes next; `None` when something else does, or
    /// the line does not say.
    pub(super) async fn next_time(&mut self) -> Option<i64> {
        match &mut self.places[..] {
            [place] if self.gaps.is_empty() => place.next_time().await,
            _ => None,
        }
    }

    /// Goes on by at most one event, and not past lines that are newer than
    /// `until`. When this is idle the reader has left the queue.
    pub(super) async fn step(&mut self, wishes: &Wishes, until: Option<i64>) -> Step {
        if let Some(update) = self.news() {
            return Step::Update(update);
        }
        self.find_first_place().await;
        let mut is_settled = true;
        // Late lines of an old file must not keep the new one's back.
        self.turn = self.turn.wrapping_add(1);
        for shift in 0..self.places.len() {
            let index = (self.turn + shift) % self.places.len();
            let has_successor = self.has_successor(index);
            let place = &mut self.places[index];
            if !place.is_done() {
                let counts = wishes.filter.passes_all();
                if wishes.skips_lag
                    && place.may_skip()
                    && let Ok(gap) = place.skip(has_successor, counts).await
                {
                    return Step::Update(Update::Gap(gap));
                }
                match place.look(wishes, until).await {
                    Looked::Lines(lines) => return Step::Update(Update::Lines(lines)),
                    Looked::Gap(gap) => return Step::Update(Update::Gap(gap)),
                    Looked::Nothing => return Step::Busy,
                    Looked::Unsettled => {
                        is_settled = false;
                        continue;
                    }
                }
            }
            if let Some(update) = self.go_on(index).await {
                return Step::Update(update);
            }
        }
        self.drop_finished();
        self.is_queued = false;
        if is_settled {
            Step::Idle
        } else {
            Step::Unsettled
        }
    }

    /// The state of the source and the first gaps, which are then told.
    pub(super) fn greeting(&mut self) -> Vec<Update> {
        let state = self.tell_state();
        let gaps = std::mem::take(&mut self.gaps).into_iter().map(Update::Gap);
        std::iter::once(state).chain(gaps).collect()
    }

    fn tell_state(&mut self) -> Update {
        self.state = Some(self.source.state());
        Update::Source(Arc::clone(&self.source))
    }

    /// What is to be told before lines.
    fn news(&mut self) -> Option<Update> {
        if self.state.as_ref() != Some(&self.source.state()) {
            return Some(self.tell_state());
        }
        self.gaps.pop().map(Update::Gap)
    }

    /// A source that had no file when the reader came is read from its first
    /// line on.
    async fn find_first_place(&mut self) {
        if self.places.is_empty()
            && let Some(segment) = self.source.oldest()
        {
            self.places.push(Place::first(&self.source, segment).await);
        }
    }

    fn newest(&self) -> Option<&Segment> {
        self.places.last().map(|place| &**place.segment())
    }

    fn has_successor(&self, index: usize) -> bool {
        let ordinal = self.places[index].segment().ordinal();
        index + 1 < self.places.len() || self.source.after(ordinal).is_some()
    }

    /// From the end of the newest segment it knows into the next one.
    async fn go_on(&mut self, index: usize) -> Option<Update> {
        if index + 1 < self.places.len() {
            return None;
        }
        let old = Arc::clone(self.places[index].segment());
        let next = self.source.after(old.ordinal())?;
        if !self.places[index].is_done() {
            // It grew meanwhile: these lines come first.
            return None;
        }
        self.places.push(Place::first(&self.source, next).await);
        self.drop_finished();
        let boundary = old.boundary().cloned().unwrap_or_else(|| {
            Boundary::now(BoundaryKind::Rotated {
                name: Some(old.file_name()),
            })
        });
        Some(Update::Boundary {
            source: Arc::clone(&self.source),
            segment: old.id(),
            boundary,
        })
    }

    fn drop_finished(&mut self) {
        let Some(newest) = self.newest().map(Segment::ordinal) else {
            return;
        };
        self.places.retain(|place| {
            let segment = place.segment();
            // First whether it can still grow, then whether all was given.
            let is_finished = segment.is_finished();
            segment.ordinal() == newest || !is_finished || !place.is_done()
        });
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
        starts: start.into_iter().collect(),
        gaps: Vec::new(),
    }
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
        starts: vec![moment.start],
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
        .first()
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

#[cfg(test)]
mod tests;
