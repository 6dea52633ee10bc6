//! From a position back to the segment that holds it, under whatever name and
//! compressed or not. An id is derived from the file, so this works for links
//! that an earlier run of the program gave out.

use std::sync::Arc;

use crate::position::Position;
use crate::position::SegmentId;
use crate::store::chain::Source;
use crate::store::neighbours;
use crate::store::segment::Segment;

/// Where a line is.
#[derive(Debug)]
pub struct Located {
    /// The source.
    pub source: Arc<Source>,
    /// The segment that holds it.
    pub segment: Arc<Segment>,
    /// Whether that is what the source's path names now.
    pub is_current: bool,
}

/// The segment of this id. Directories are read only when no known segment
/// has it.
pub fn segment(sources: &[Arc<Source>], id: SegmentId) -> Option<(Arc<Source>, Arc<Segment>)> {
    let known = |source: &Arc<Source>| {
        let segments = source.segments();
        let found = segments.into_iter().find(|s| s.id() == Some(id))?;
        Some((Arc::clone(source), found))
    };
    sources.iter().find_map(known).or_else(|| {
        let mut all = sources.iter();
        all.find_map(|source| {
            source.link_neighbours();
            known(source)
        })
    })
}

/// Where the line at `position` is; `None` when its bytes are in no file.
pub fn line(sources: &[Arc<Source>], position: Position) -> Option<Located> {
    let (source, segment) = segment(sources, position.segment)?;
    // Names that moved are learned, and whether it is on disk at all.
    source.link_neighbours();
    let is_there = !segment.is_destroyed() && segment.is_somewhere() && segment.is_settled();
    // What is still to be unpacked has no head yet.
    let has_offset = position.offset <= segment.head() || segment.head() == 0;
    if !is_there || !has_offset {
        return None;
    }
    let is_newest = source
        .newest()
        .is_some_and(|newest| Arc::ptr_eq(&newest, &segment));
    let is_current = is_newest && segment.file_name() == neighbours::display_name(&source.path);
    Some(Located {
        source,
        segment,
        is_current,
    })
}

#[cfg(test)]
mod tests;
