//! A reader in one source: its places, oldest first, and its way along the
//! chain of segments.
//!
//! There is one place most of the time. When a file gives way to a newer one the
//! reader goes on in both, since a renamed file may still be written to; the
//! place in the old one ends when the follower has seen the last of it.
//!
//! Whoever writes late into the old file writes into the new one afterwards. So
//! the newer one is given as far as it went before the older one was looked at,
//! and only then; neither keeps the other back for long.

use std::sync::Arc;

use crate::filter::Filter;
use crate::position;
use crate::record::Recogniser;
use crate::store::boundary::Boundary;
use crate::store::boundary::BoundaryKind;
use crate::store::chain::Source;
use crate::store::chain::State;
use crate::store::segment::Segment;
use crate::subscription::beginning::Beginning;
use crate::subscription::kept::Limit;
use crate::subscription::kept::Looked;
use crate::subscription::place::Place;
use crate::subscription::update::Gap;
use crate::subscription::update::Update;
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
#[derive(Clone, Debug)]
pub(super) struct SourceReader {
    source: Arc<Source>,
    state: Option<State>,
    /// Gaps that were there from the beginning and are still to be told.
    gaps: Vec<Gap>,
    places: Vec<Place>,
    /// The end of the unfinished line that was told of, and its segment.
    unfinished: Option<(i64, u64)>,
    /// Up to where each place is given, before all of them are looked at again.
    ends: Vec<u64>,
    is_queued: bool,
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
            unfinished: None,
            ends: Vec::new(),
            is_queued: true,
        }
    }

    /// A reader that begins where the wishes say. Reads the disk.
    pub(super) fn begin(source: Arc<Source>, wishes: &Wishes) -> SourceReader {
        let beginning = Beginning::new(&source, wishes);
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

    /// Whether what comes next is the same for both, once neither has anything left.
    pub(super) fn stands_like(&self, other: &SourceReader) -> bool {
        let mut places = self.places.iter().zip(&other.places);
        self.source.index == other.source.index
            && self.state == other.state
            && self.gaps.is_empty()
            && other.gaps.is_empty()
            && self.told() == other.told()
            && self.places.len() == other.places.len()
            && places.all(|(own, other)| own.stands_like(other))
    }

    /// Whether both are in the same files.
    pub(super) fn is_in_files_of(&self, other: &SourceReader) -> bool {
        let files = |reader: &SourceReader| {
            reader
                .places
                .iter()
                .map(|place| place.segment().ordinal())
                .collect::<Vec<_>>()
        };
        files(self) == files(other)
    }

    /// The unfinished line that was told of, if it is still to come among the lines.
    fn told(&self) -> Option<(i64, u64)> {
        let newest = self.places.last()?;
        let is_ahead = |(ordinal, end): &(i64, u64)| {
            *ordinal == newest.segment().ordinal() && *end > newest.offset()
        };
        self.unfinished.filter(is_ahead)
    }

    /// Whether it is in the queue.
    pub(super) fn is_queued(&self) -> bool {
        self.is_queued
    }

    /// It was put into the queue.
    pub(super) fn note_queued(&mut self) {
        self.is_queued = true;
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
        if let Some(gap) = self.places.iter_mut().find_map(Place::loss) {
            return Step::Update(Update::Gap(gap));
        }
        let Some(index) = self.whose_turn() else {
            return self.at_end(wishes, true).await;
        };
        let has_successor = self.has_successor(index);
        let up_to = self.ends[index];
        let place = &mut self.places[index];
        if wishes.skips_lag
            && place.may_skip()
            && let Ok(gap) = place.skip(has_successor, wishes.filter.passes_all()).await
        {
            return Step::Update(Update::Gap(gap));
        }
        match place.look(wishes, Limit { up_to, until }).await {
            Looked::Lines(lines) => Step::Update(Update::Lines(lines)),
            Looked::Gap(gap) => Step::Update(Update::Gap(gap)),
            Looked::Nothing => Step::Busy,
            Looked::Unsettled => {
                // The others have to wait for what the follower finds.
                self.ends.clear();
                self.at_end(wishes, false).await
            }
        }
    }

    /// The place that goes on; `None` when there is nothing in any of them.
    fn whose_turn(&mut self) -> Option<usize> {
        let next = self.next_place();
        if next.is_some() {
            return next;
        }
        let newest_first = self.places.iter().rev();
        self.ends = newest_first.map(|place| place.segment().head()).collect();
        self.ends.reverse();
        self.next_place()
    }

    fn next_place(&self) -> Option<usize> {
        let mut places = self.places.iter().zip(&self.ends);
        places.position(|(place, &end)| place.offset() < end || place.is_ready())
    }

    /// All of its places have been read: on to the next segment, or to nothing.
    async fn at_end(&mut self, wishes: &Wishes, is_settled: bool) -> Step {
        if is_settled && let Some(update) = self.go_on().await {
            return Step::Update(update);
        }
        if is_settled && let Some(update) = self.tell_unfinished(&wishes.filter) {
            return Step::Update(update);
        }
        self.drop_finished();
        self.places.iter_mut().for_each(Place::rest);
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
    async fn go_on(&mut self) -> Option<Update> {
        let old = Arc::clone(self.places.last()?.segment());
        let next = self.source.after(old.ordinal())?;
        if self.places.iter().any(|place| !place.is_done()) {
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

    /// The line without an end behind all that was given, unless it is as it was told.
    fn tell_unfinished(&mut self, filter: &Filter) -> Option<Update> {
        let segment = self.places.last()?.segment();
        let line = segment.unfinished()?;
        let told = Some((segment.ordinal(), line.end()));
        if std::mem::replace(&mut self.unfinished, told) == told {
            return None;
        }
        let record = line.records(&mut Recogniser::new())[0];
        let passes = filter.keeps(line.text(&line.lines()[0]), &record);
        passes.then(|| Update::Unfinished {
            source: Arc::clone(&self.source),
            segment: segment.id(),
            line,
        })
    }

    fn drop_finished(&mut self) {
        let Some(newest) = self.newest().map(Segment::ordinal) else {
            return;
        };
        // Where a file had no line, what came after it tells which one it was.
        let mut is_after_nameless = false;
        self.places.retain(|place| {
            let segment = place.segment();
            // First whether it can still grow, then whether all was given.
            let is_finished = segment.is_finished();
            let is_over = is_finished && place.is_done() && segment.ordinal() != newest;
            let is_kept = !is_over || is_after_nameless;
            is_after_nameless |= is_kept && segment.id().is_none();
            is_kept
        });
        self.ends.clear();
    }
}

#[cfg(test)]
mod tests;
