//! What readers used last: blocks of lines, or long lines as they are sent.
//!
//! A reader that goes on finds here what it is in the middle of. One that does not go on must
//! not keep it: there is room here for a few, and it has the lines read again.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::Weak;

use crate::config::BLOCKS_LATELY_MAX;

/// See the module's description. It is one for all.
#[derive(Debug)]
pub struct Lately<T>(Arc<Mutex<VecDeque<Arc<T>>>>);

impl<T> Default for Lately<T> {
    fn default() -> Lately<T> {
        Lately(Arc::default())
    }
}

impl<T> Clone for Lately<T> {
    fn clone(&self) -> Lately<T> {
        Lately(Arc::clone(&self.0))
    }
}

impl<T> Lately<T> {
    /// `block` is being used; the one that was not for longest may have to go.
    pub fn note(&self, block: &Arc<T>) {
        let mut blocks = self.0.lock().expect("no holder of the lock panics");
        if let Some(at) = blocks.iter().rposition(|other| Arc::ptr_eq(other, block)) {
            blocks.remove(at);
        }
        blocks.push_back(Arc::clone(block));
        if blocks.len() > BLOCKS_LATELY_MAX {
            blocks.pop_front();
        }
    }

    /// `block`, if it is still there; it is being used again.
    pub fn find(&self, block: &Weak<T>) -> Option<Arc<T>> {
        let block = block.upgrade()?;
        self.note(&block);
        Some(block)
    }
}

#[cfg(test)]
mod tests;
