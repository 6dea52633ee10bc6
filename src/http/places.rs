//! A number of things that may be there at the same time: streams, searches,
//! requests of a kind.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

/// So many places, and how many of them are taken.
#[derive(Debug)]
pub struct Places {
    most: usize,
    taken: AtomicUsize,
}

/// One of them; given back when dropped.
#[derive(Debug)]
pub struct Place(Arc<Places>);

impl Places {
    /// All of them free.
    pub fn new(most: usize) -> Arc<Places> {
        Arc::new(Places {
            most,
            taken: AtomicUsize::new(0),
        })
    }

    /// How many are taken.
    pub fn taken(&self) -> usize {
        self.taken.load(Ordering::Acquire)
    }
}

impl Place {
    /// None when all are taken.
    pub fn take(places: &Arc<Places>) -> Option<Place> {
        let place = Place(Arc::clone(places));
        (places.taken.fetch_add(1, Ordering::AcqRel) < places.most).then_some(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.taken.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests;
