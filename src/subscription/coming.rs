//! Lines that are read from disk while a reader looks at those before them.
//!
//! A reader that is far behind would otherwise wait for the disk, and the disk for it:
//! here both go on at the same time, and what lines say of themselves is found out
//! there as well. One block is read ahead, as long as there is room for it.

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use futures_util::future::Shared;

use crate::config::BLOCK_AHEAD_BYTES;
use crate::line::Batch;
use crate::record::Recogniser;
use crate::store::room::Room;
use crate::store::room::Taken;
use crate::subscription::kept_file::KeptFile;
use crate::subscription::kept_file::blocking;

/// See the module's description. All clones wait for the same lines.
#[derive(Clone, Debug)]
pub(super) struct Coming {
    offset: u64,
    taken: Taken,
    lines: Shared<BoxFuture<'static, Option<Arc<Batch>>>>,
}

impl Coming {
    /// The lines behind `batch`, which was read from `file`: begins to read them, unless
    /// these are `coming` already, need not be read, or have no `room`. `recogniser` has read the batch;
    /// what lines say of themselves is left to others without it.
    pub(super) fn behind(
        batch: &Batch,
        coming: Option<Coming>,
        file: &KeptFile,
        recogniser: Option<&Recogniser>,
        room: &Room,
    ) -> Option<Coming> {
        let offset = batch.end();
        let coming = coming.filter(|coming| coming.is_at(offset));
        let is_wanted = coming.is_none() && file.must_be_read_at(offset);
        if !is_wanted {
            return coming;
        }
        let taken = room.take()?;
        let (mut file, mut recogniser) = (file.clone(), recogniser.cloned());
        let trail = batch.trail_at(offset);
        let reading = blocking(move || {
            let batch = file.lines(offset, trail, BLOCK_AHEAD_BYTES)?;
            Ok(batch.map(|batch| {
                if let Some(recogniser) = &mut recogniser {
                    batch.records(recogniser);
                }
                Arc::new(batch)
            }))
        });
        // What could not be read is tried again by whoever needs it.
        let lines = reading.map(|batch| batch.ok().flatten());
        Some(Coming {
            offset,
            taken,
            lines: lines.boxed().shared(),
        })
    }

    /// Whether it begins there.
    pub(super) fn is_at(&self, offset: u64) -> bool {
        self.offset == offset
    }

    /// The lines, and the room they take; `None` when they could not be read.
    pub(super) async fn lines(self) -> Option<(Arc<Batch>, Taken)> {
        Some((self.lines.await?, self.taken))
    }
}
