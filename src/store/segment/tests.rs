use crate::store::segment::Segment;

impl Segment {
    /// As if its batches had been the oldest of a full memory: readers have to go to the disk.
    pub(crate) fn forget_everything(&self) {
        while self.recent_batches() > 0 {
            self.forget_oldest();
        }
    }

    fn recent_batches(&self) -> usize {
        self.recent.lock().unwrap().len()
    }
}
