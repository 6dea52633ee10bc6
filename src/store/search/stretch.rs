//! What a search looks through, in which order.

use std::sync::Arc;

use crate::position::SegmentId;
use crate::store::chain::Source;
use crate::store::moment;
use crate::store::search::course::Order;
use crate::store::search::course::Request;
use crate::store::segment::Segment;

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

/// The segments in the order in which they are looked through; `None` when that
/// of the place to begin is not among them.
pub(super) fn stretches(request: &Request) -> Option<Vec<Stretch>> {
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
