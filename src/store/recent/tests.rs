use crate::store::segment::Segment;

impl Segment {
    /// As if its batches had been the oldest of a full memory: readers have to go to the disk.
    pub(crate) fn forget_everything(&self) {
        self.recent().lock().clear();
    }
}
