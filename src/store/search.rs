//! Finding lines in all segments of some sources, without an index.
//!
//! A search reads every byte, in the order in which its hits are given: newest
//! or oldest first, source after source by name. It runs on a thread of its
//! caller and gives hits as it finds them; when they are not taken, it waits, so
//! that nothing is kept. Wherever it ends it says where to go on, so that a
//! limit costs a reader one more request and no hit.

mod course;
mod pieces;
mod hits;

use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;

use crate::config::EVENT_BYTES_MAX;
use crate::config::EVENT_LINES_MAX;
use crate::config::whole_files::SEARCH_BLOCK_BYTES_MAX;
use crate::config::whole_files::SEARCH_BLOCK_BYTES_MIN;
use crate::filter::Filter;
use crate::filter::Finder;
use crate::line::Line;
use crate::position::Position;
use crate::position::SegmentId;
use crate::record::Record;
use crate::store::chain::Source;
use crate::store::content::Content;
use crate::store::history;
use crate::store::moment;
pub use crate::store::search::course::Order;
pub use crate::store::search::course::Stop;
use crate::store::search::hits::Found;
use crate::store::search::hits::Looking;
use crate::store::search::pieces::Piece;
use crate::store::search::pieces::Pieces;
use crate::store::segment::Segment;

/// A block that takes longer is followed by a shorter one: between two blocks is
/// looked whether anybody waits for hits.
const BLOCK_TIME_MAX: Duration = Duration::from_millis(15);

/// One that takes less time is followed by a longer one.
const BLOCK_TIME_MIN: Duration = Duration::from_millis(3);

/// A finder that is wrong more often than once in so many bytes takes longer than
/// one that looks at whole patterns.
const BYTES_PER_MISS_MIN: usize = 256;

/// What is looked for, and where.
#[derive(Clone, Debug)]
pub struct Request {
    /// The sources.
    pub sources: Vec<Arc<Source>>,
    /// Which lines are hits.
    pub filter: Arc<Filter>,
    /// Which come first.
    pub order: Order,
    /// Where to begin, unless at the end or at the beginning of all.
    pub from: Option<Position>,
    /// After so many hits it ends.
    pub hits_max: usize,
}

/// A line that is looked for.
#[derive(Debug)]
pub struct Hit {
    /// Its source.
    pub source: Arc<Source>,
    /// Its segment.
    pub segment: SegmentId,
    /// Where it is there.
    pub line: Line,
    /// Its text, see [`Line::text`].
    pub text: Vec<u8>,
    /// What it says of itself.
    pub record: Record,
}

/// How far a search is, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Looked through.
    pub scanned: u64,
    /// There are, as far as is known: a compressed file counts when it is reached.
    pub total: u64,
    /// Found.
    pub hits: u64,
}

/// Whom a search tells.
pub trait Listener {
    /// Takes hits, when there is room for them.
    fn take(&mut self, hits: &[Hit]) -> Result<(), Stop>;

    /// Is asked all the time; `Err` ends the search.
    fn go_on(&mut self, progress: Progress) -> Result<(), Stop>;
}

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
    let Some(stretches) = stretches(request) else {
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
    for (index, stretch) in stretches.iter().enumerate() {
        match search.look_through(stretch, &stretches[index + 1..]) {
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
        stop: stop.or((!is_whole).then_some(Stop::Lost)),
    }
}

/// A segment that is to be looked through.
struct Stretch {
    source: Arc<Source>,
    segment: Arc<Segment>,
    id: SegmentId,
    /// Where to begin, unless at its end or its beginning.
    from: Option<u64>,
}

impl Stretch {
    /// Bytes of its lines; none as long as they are compressed.
    fn bytes(&self, order: Order) -> u64 {
        let (first, head) = (self.segment.first(), self.segment.head());
        match (order, self.from) {
            (_, None) => head.saturating_sub(first),
            (Order::Newest, Some(from)) => from.min(head).saturating_sub(first),
            (Order::Oldest, Some(from)) => head.saturating_sub(from.max(first)),
        }
    }
}

/// The segments in the order in which they are looked through; `None` when that
/// of the place to begin is not among them.
fn stretches(request: &Request) -> Option<Vec<Stretch>> {
    let mut sources = request.sources.clone();
    sources.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    let of_source = |source: Arc<Source>| {
        source.link_neighbours();
        let mut segments = source.segments();
        let within = moment::segments_in(&segments, request.filter.window());
        let first = request.from.map(|from| from.segment);
        let is_within = |(index, segment): &(usize, &Arc<Segment>)| {
            within.contains(index) || first.is_some() && segment.id() == first
        };
        let chosen = segments.iter().enumerate().filter(is_within);
        segments = chosen.map(|(_, segment)| Arc::clone(segment)).collect();
        if request.order == Order::Newest {
            segments.reverse();
        }
        let there = segments
            .into_iter()
            .filter(|segment| !segment.is_destroyed());
        there.filter_map(move |segment| {
            Some(Stretch {
                source: Arc::clone(&source),
                // Without an id it has no line.
                id: segment.id()?,
                segment,
                from: None,
            })
        })
    };
    let mut stretches: Vec<_> = sources.into_iter().flat_map(of_source).collect();
    if let Some(from) = request.from {
        let first = stretches.iter().position(|s| s.id == from.segment)?;
        stretches.drain(..first);
        stretches[0].from = Some(from.offset);
    }
    Some(stretches)
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
        let mut pieces = Pieces::new(content, order, first..head.max(first));
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
        let looking = Looking {
            filter: &self.request.filter,
            finder: self.finder.as_ref(),
            encoding: stretch.segment.encoding(),
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
