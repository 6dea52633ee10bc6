//! What a search looks through, in which order.

use std::sync::Arc;

use crate::position::SegmentId;
use crate::store::chain::Source;
use crate::store::moment;
use crate::store::search::course::Order;
use crate::store::search::course::Request;
use crate::store::segment::Segment;
use crate::store::torn::Torn;

/// A segment that is to be looked through.
pub(super) struct Stretch {
    pub source: Arc<Source>,
    pub segment: Arc<Segment>,
    pub id: SegmentId,
    /// Where to begin, unless at its end or its beginning.
    pub from: Option<u64>,
}

impl Stretch {
    /// Bytes of its lines; none as long as they are compressed.
    pub(super) fn bytes(&self, order: Order) -> u64 {
        let (first, head) = (self.segment.first(), self.segment.head());
        match (order, self.from) {
            (_, None) => head.saturating_sub(first),
            (Order::Newest, Some(from)) => from.min(head).saturating_sub(first),
            (Order::Oldest, Some(from)) => head.saturating_sub(from.max(first)),
        }
    }
}

/// What a search looks through.
pub(super) struct Stretches {
    /// The segments, in that order.
    pub all: Vec<Stretch>,
    /// Of a compressed file beside them not even the first line can be read.
    pub is_damaged: bool,
}

/// What is looked through; `None` when the segment of the place to begin is not in
/// it.
pub(super) fn stretches(request: &Request) -> Option<Stretches> {
    let mut is_damaged = false;
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
        let stretch = |segment: Arc<Segment>| {
            // Without an id it has no line.
            let Some(id) = segment.id() else {
                is_damaged |= is_damaged_at_once(&segment);
                return None;
            };
            Some(Stretch {
                source: Arc::clone(&source),
                id,
                segment,
                from: None,
            })
        };
        there.filter_map(stretch).collect::<Vec<_>>()
    };
    let mut all: Vec<_> = sources.into_iter().flat_map(of_source).collect();
    if let Some(from) = request.from {
        let first = all.iter().position(|s| s.id == from.segment)?;
        all.drain(..first);
        all[0].from = Some(from.offset);
    }
    Some(Stretches { all, is_damaged })
}

/// Whether nothing can be read of a segment that has no line.
fn is_damaged_at_once(segment: &Segment) -> bool {
    segment.is_compressed() && segment.open().is_ok() && segment.torn.get() == Some(&Torn::Damaged)
}
