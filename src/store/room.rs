//! Room for blocks of lines that are read before a reader needs them: it is one for
//! all, so that however many readers there are they do not fill the memory.

use std::sync::Arc;

use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::Semaphore;

use crate::config::BLOCKS_AHEAD_MAX;

/// See the module's description.
#[derive(Clone, Debug)]
pub struct Room(Arc<Semaphore>);

/// The room that a block takes; it is free again when all clones of this are dropped.
#[derive(Clone, Debug)]
pub struct Taken {
    _permit: Arc<OwnedSemaphorePermit>,
}

impl Default for Room {
    fn default() -> Room {
        Room(Arc::new(Semaphore::new(BLOCKS_AHEAD_MAX)))
    }
}

impl Room {
    /// Room for one more block, if there is any.
    pub fn take(&self) -> Option<Taken> {
        let permit = Arc::clone(&self.0).try_acquire_owned().ok()?;
        Some(Taken {
            _permit: Arc::new(permit),
        })
    }
}

#[cfg(test)]
mod tests;
