//! Finding lines in all segments of some sources, without an index.
//!
//! A search reads every byte, in the order in which its hits are given: newest
//! or oldest first, source after source by name. It runs on a thread of its
//! caller and gives hits as it finds them; when they are not taken, it waits, so
//! that nothing is kept. Wherever it ends it says where to go on, so that a
//! limit costs a reader one more request and no hit.

mod course;
mod stretch;
mod ahead;
mod pieces;
mod seen;
mod secrets;
mod hits;

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::RecvTimeoutError;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use crate::config::EVENT_BYTES_MAX;
use crate::config::EVENT_LINES_MAX;
use crate::config::whole_files::SEARCH_BLOCK_BYTES_MAX;
use crate::config::whole_files::SEARCH_BLOCK_BYTES_MIN;
use crate::config::whole_files::SEARCH_HALVES_BYTES_MIN;
use crate::filter::Finder;
use crate::position::Position;
use crate::store::content::Content;
use crate::store::encoding::Encoding;
use crate::store::history;
use crate::store::moment;
use crate::store::search::ahead::Ahead;
pub use crate::store::search::course::Hit;
pub use crate::store::search::course::Listener;
pub use crate::store::search::course::Order;
pub use crate::store::search::course::Progress;
pub use crate::store::search::course::Request;
pub use crate::store::search::course::Stop;
use crate::store::search::hits::Found;
use crate::store::search::hits::Looking;
use crate::store::search::pieces::Piece;
use crate::store::search::pieces::Pieces;
use crate::store::search::secrets::Secrets;
use crate::store::search::stretch::Stretch;
use crate::store::search::stretch::Stretches;
use crate::store::search::stretch::stretches;
use crate::store::torn::Torn;

/// A block that takes longer is followed by a shorter one: between two blocks is
/// looked whether anybody waits for hits.
const BLOCK_TIME_MAX: Duration = Duration::from_millis(15);

/// A file of so many bytes is looked through from two places at once; tests have
/// none that large.
const HALVES_BYTES_MIN: u64 = if cfg!(test) {
    256
} else {
    SEARCH_HALVES_BYTES_MIN
};

/// Between two looks whether anybody still waits for what is found ahead.
const AHEAD_PAUSE: Duration = Duration::from_millis(50);

/// One that takes less time is followed by a longer one.
const BLOCK_TIME_MIN: Duration = Duration::from_millis(3);

/// A finder that is wrong more often than once in so many bytes takes longer than
/// one that looks at whole patterns.
const BYTES_PER_MISS_MIN: usize = 256;

/// How a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Why, unless everything was looked through.
    pub stop: Option<Stop>,
    /// How far it came. All hits were taken.
    pub progress: Progress,
    /// Where to go on.
    pub resume: Option<Position>,
}

/// Looks for what is asked for until there is no more, or a limit is reached.
pub fn search(request: &Request, listener: &mut impl Listener) -> Outcome {
    let Some(Stretches {
        all,
        mut is_damaged,
    }) = stretches(request)
    else {
        return Outcome {
            stop: Some(Stop::Lost),
            progress: Progress::default(),
            resume: None,
        };
    };
    let mut search = Search {
        request,
        listener,
        finder: request.filter.finder(),
        progress: Progress::default(),
        waiting: Vec::new(),
        waiting_bytes: 0,
        place: request.from,
        block_bytes: SEARCH_BLOCK_BYTES_MIN,
    };
    let mut is_whole = true;
    let mut stop = None;
    for (index, stretch) in all.iter().enumerate() {
        match search.look_through(stretch, &all[index + 1..]) {
            Ok(()) if stretch.segment.torn.get() == Some(&Torn::Damaged) => is_damaged = true,
            Ok(()) => {}
            Err(Stop::Lost) => is_whole = false,
            Err(other) => {
                stop = Some(other);
                break;
            }
        }
    }
    Outcome {
        resume: search.place.filter(|_| stop.is_some()),
        progress: search.progress,
        stop: stop
            .or((!is_whole).then_some(Stop::Lost))
            .or(is_damaged.then_some(Stop::Damaged)),
    }
}

/// A search on its way.
struct Search<'a, L> {
    request: &'a Request,
    listener: &'a mut L,
    finder: Option<Finder>,
    progress: Progress,
    /// Hits that were not given yet.
    waiting: Vec<Hit>,
    waiting_bytes: usize,
    /// Behind everything that was looked through and given.
    place: Option<Position>,
    /// How much is looked through at once.
    block_bytes: usize,
}

impl<L: Listener> Search<'_, L> {
    fn look_through(&mut self, stretch: &Stretch, rest: &[Stretch]) -> Result<(), Stop> {
        self.listener.go_on(self.progress)?;
        let order = self.request.order;
        let mut stop = None;
        let content = Content::open_while(&stretch.segment, &mut || {
            stop = self.listener.go_on(self.progress).err();
            stop.is_none()
        });
        let content = content.map_err(|_| stop.unwrap_or(Stop::Lost))?;
        let encoding = stretch.segment.encoding();
        // What is unpacked has a length by now.
        let window = self.request.filter.window();
        let range = moment::range_in(&stretch.segment, window).map_err(|_| Stop::Lost)?;
        let (mut first, mut head) = range.map_or((0, 0), |range| (range.start, range.end));
        if let Some(from) = stretch.from {
            let place = history::line_start(content.file(), encoding, from.min(head), head);
            let place = place.map_err(|_| Stop::Lost)?.max(first);
            match order {
                Order::Newest => head = place.clamp(first, head),
                Order::Oldest => first = place.min(head),
            }
        }
        let bytes_left: u64 = rest.iter().map(|stretch| stretch.bytes(order)).sum();
        self.progress.total = self.progress.scanned + head.saturating_sub(first) + bytes_left;
        let range = first..head.max(first);
        match self.middle(&content, &range) {
            Some(middle) => self.look_at_both(stretch, content, &range, middle),
            None => self.look_at(stretch, content, range),
        }
    }

    /// Where the lines of `range` are cut in two halves, if that is worth it: where
    /// a processor is faster with two of its cores, and one would not be kept busy
    /// for long.
    fn middle(&self, content: &Content, range: &Range<u64>) -> Option<u64> {
        let length = range.end - range.start;
        let encoding = content.segment().encoding();
        if self.finder.is_none() || encoding != Encoding::Bytes || length < HALVES_BYTES_MIN {
            return None;
        }
        let middle = range.start + length / 2;
        let middle = history::line_start(content.file(), encoding, middle, range.end);
        middle.ok().filter(|&middle| middle < range.end)
    }

    /// Looks through the half of `range` that comes first, and through the other one
    /// on a thread of its own. Hits of that one wait until they are due, and it waits
    /// when they are many.
    fn look_at_both(
        &mut self,
        stretch: &Stretch,
        content: Content,
        range: &Range<u64>,
        middle: u64,
    ) -> Result<(), Stop> {
        let order = self.request.order;
        let (near, far, front) = match order {
            Order::Oldest => (range.start..middle, middle..range.end, range.end),
            Order::Newest => (middle..range.end, range.start..middle, range.start),
        };
        let far_bytes = far.end - far.start;
        let other = Content::open(&stretch.segment).map_err(|_| Stop::Lost)?;
        let (request, finder) = (self.request, self.finder.clone());
        let is_wanted = AtomicBool::new(true);
        let outcome = thread::scope(|scope| {
            let (mut ahead, hits) = Ahead::new(&is_wanted);
            let looking = scope.spawn(move || {
                let mut search = Search {
                    request,
                    listener: &mut ahead,
                    finder,
                    progress: Progress::default(),
                    waiting: Vec::new(),
                    waiting_bytes: 0,
                    place: None,
                    block_bytes: SEARCH_BLOCK_BYTES_MIN,
                };
                search.look_at(stretch, other, far)
            });
            let outcome = self.look_at(stretch, content, near);
            let outcome = outcome.and_then(|()| self.give_ahead(&hits));
            is_wanted.store(false, Ordering::Relaxed);
            drop(hits);
            let looked = looking.join().unwrap_or(Err(Stop::Lost));
            outcome.and(looked)
        });
        outcome?;
        self.progress.scanned += far_bytes;
        self.place = Some(Position {
            segment: stretch.id,
            offset: front,
        });
        Ok(())
    }

    /// Gives what was found ahead, until that has come to its end.
    fn give_ahead(&mut self, hits: &Receiver<Vec<Hit>>) -> Result<(), Stop> {
        loop {
            self.listener.go_on(self.progress)?;
            match hits.recv_timeout(AHEAD_PAUSE) {
                Ok(hits) => {
                    for hit in hits {
                        self.give(hit)?;
                    }
                    self.flush()?;
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
        }
    }

    fn look_at(
        &mut self,
        stretch: &Stretch,
        content: Content,
        range: Range<u64>,
    ) -> Result<(), Stop> {
        let mut pieces = Pieces::new(content, self.request.order, range);
        self.stand(stretch, &pieces);
        let all = self.progress.scanned + pieces.left_bytes();
        while self.look_at_next(stretch, &mut pieces)? {
            self.progress.scanned = all - pieces.left_bytes();
        }
        self.stand(stretch, &pieces);
        Ok(())
    }

    /// Looks through one piece; whether there was one.
    fn look_at_next(&mut self, stretch: &Stretch, pieces: &mut Pieces) -> Result<bool, Stop> {
        let progress = self.progress;
        let mut tick = |so_far| {
            self.listener.go_on(Progress {
                scanned: progress.scanned + so_far,
                ..progress
            })
        };
        if !pieces.next(self.block_bytes, &mut tick)? {
            return Ok(false);
        }
        let started = Instant::now();
        let encoding = stretch.segment.encoding();
        let rules = stretch.segment.redaction().rules();
        let finder = self.finder.as_ref();
        let looking = Looking {
            filter: &self.request.filter,
            finder,
            encoding,
            secrets: Secrets::of(&rules, &pieces.piece(), encoding, finder, pieces.file()),
        };
        let (mut found, misses) = looking.hits(&pieces.piece(), pieces.file());
        let took = started.elapsed();
        if !found.is_empty() || pieces.is_unsure() {
            if !pieces.make_sure(&mut tick)? {
                return Ok(true);
            }
            if self.request.order == Order::Newest {
                found.reverse();
            }
            self.give_all(stretch, &pieces.piece(), &found)?;
            self.stand(stretch, pieces);
        }
        if misses * BYTES_PER_MISS_MIN > pieces.piece().bytes.len() {
            self.finder.as_mut().map(Finder::without_text);
        }
        self.adapt(took);
        Ok(true)
    }

    fn give_all(
        &mut self,
        stretch: &Stretch,
        piece: &Piece<'_>,
        found: &[Found],
    ) -> Result<(), Stop> {
        let encoding = stretch.segment.encoding();
        for found in found {
            let (line, text) = hits::line(piece, encoding, found);
            self.give(Hit {
                source: Arc::clone(&stretch.source),
                segment: stretch.id,
                line,
                text,
                record: found.record,
            })?;
        }
        self.flush()
    }

    fn give(&mut self, hit: Hit) -> Result<(), Stop> {
        self.waiting_bytes += hit.text.len();
        self.waiting.push(hit);
        let is_last = self.progress.hits as usize + self.waiting.len() >= self.request.hits_max;
        if is_last || self.waiting.len() == EVENT_LINES_MAX || self.waiting_bytes > EVENT_BYTES_MAX
        {
            self.flush()?;
        }
        if is_last { Err(Stop::Capped) } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), Stop> {
        let Some(last) = self.waiting.last() else {
            return Ok(());
        };
        let offset = match self.request.order {
            Order::Newest => last.line.offset,
            Order::Oldest => last.line.end,
        };
        let segment = last.segment;
        self.listener.take(&self.waiting)?;
        self.place = Some(Position { segment, offset });
        self.progress.hits += self.waiting.len() as u64;
        self.waiting.clear();
        self.waiting_bytes = 0;
        Ok(())
    }

    fn stand(&mut self, stretch: &Stretch, pieces: &Pieces) {
        self.place = Some(Position {
            segment: stretch.id,
            offset: pieces.front(),
        });
    }

    fn adapt(&mut self, took: Duration) {
        if took > BLOCK_TIME_MAX {
            self.block_bytes = (self.block_bytes / 2).max(SEARCH_BLOCK_BYTES_MIN);
        } else if took < BLOCK_TIME_MIN {
            self.block_bytes = (self.block_bytes * 2).min(SEARCH_BLOCK_BYTES_MAX);
        }
    }
}

#[cfg(test)]
mod tests;
