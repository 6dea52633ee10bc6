//! Which segment has which id, over all sources.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::Weak;

use crate::position::SegmentId;
use crate::position::SourceId;
use crate::store::segment::Segment;

/// The ids that are taken. Two files may begin alike; an id is never given
/// twice.
#[derive(Debug, Default)]
pub struct Ids {
    taken: Mutex<HashMap<SegmentId, Weak<Segment>>>,
}

impl Ids {
    /// Gives `segment` of `source` its id, if `head`, the first bytes of its
    /// file, hold a whole line.
    pub(super) fn give(&self, source: SourceId, segment: &Arc<Segment>, head: &[u8]) {
        let mut taken = self.taken.lock().expect("no holder of the lock panics");
        for attempt in 0.. {
            // Segments that begin alike are told apart by which file they are.
            let salt = match attempt {
                0 => 0,
                _ => u64::from(segment.identity().hint()) + (attempt << 16),
            };
            let Some(id) = SegmentId::of(source, head, salt) else {
                return;
            };
            let owner = taken.get(&id).and_then(Weak::upgrade);
            if owner.is_none_or(|owner| Arc::ptr_eq(&owner, segment)) {
                segment.set_id(id);
                taken.insert(id, Arc::downgrade(segment));
                return;
            }
        }
    }
}
