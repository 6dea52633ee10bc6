//! How many requests in how short a time one reader may make.
//!
//! Each reader has a moment at which it would be even: every request moves that by
//! the pause that lies between two in the long run, and it may lie as far in the
//! future as so many of them at once.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Mutex;
use std::time::Duration;
use std::time::Instant;

use crate::config::REQUESTS_AT_ONCE_MAX;
use crate::config::REQUESTS_PER_SECOND_MAX;

/// Readers that are remembered; beyond, those that are even are forgotten.
const READERS_MAX: usize = 4096;

/// Of every reader when it will be even.
#[derive(Debug)]
pub struct Pace<K>(Mutex<HashMap<K, Instant>>);

impl<K> Default for Pace<K> {
    fn default() -> Pace<K> {
        Pace(Mutex::default())
    }
}

impl<K: Eq + Hash> Pace<K> {
    /// Whether `reader` may make a request now.
    pub fn allows(&self, reader: K, now: Instant) -> bool {
        let pause = Duration::from_secs(1) / REQUESTS_PER_SECOND_MAX;
        let latest = now + pause * REQUESTS_AT_ONCE_MAX;
        let mut readers = self.0.lock().expect("no holder of the lock panics");
        if readers.len() >= READERS_MAX {
            readers.retain(|_, even| *even > now);
        }
        let even = readers.entry(reader).or_insert(now);
        let next = (*even).max(now) + pause;
        if next > latest {
            return false;
        }
        *even = next;
        true
    }
}

#[cfg(test)]
mod tests;
