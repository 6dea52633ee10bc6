//! A search that runs ahead of another one, of which the hits come first.

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::SyncSender;

use crate::store::search::course::Hit;
use crate::store::search::course::Listener;
use crate::store::search::course::Progress;
use crate::store::search::course::Stop;

/// So many events may wait: 16 KiB of lines each at most, or one line.
const WAITING_MAX: usize = 256;

/// Keeps the hits until they are due. When there are many, the search waits.
pub(super) struct Ahead<'a> {
    hits: SyncSender<Vec<Hit>>,
    is_wanted: &'a AtomicBool,
}

impl Ahead<'_> {
    /// Where the hits arrive; nobody waits for them any more when `is_wanted` is not
    /// set.
    pub(super) fn new(is_wanted: &AtomicBool) -> (Ahead<'_>, Receiver<Vec<Hit>>) {
        let (hits, arriving) = mpsc::sync_channel(WAITING_MAX);
        (Ahead { hits, is_wanted }, arriving)
    }
}

impl Listener for Ahead<'_> {
    fn take(&mut self, hits: &[Hit]) -> Result<(), Stop> {
        self.hits.send(hits.to_vec()).map_err(|_| Stop::Left)
    }

    fn go_on(&mut self, _: Progress) -> Result<(), Stop> {
        let is_wanted = self.is_wanted.load(Ordering::Relaxed);
        is_wanted.then_some(()).ok_or(Stop::Left)
    }
}
