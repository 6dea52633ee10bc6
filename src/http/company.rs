//! How long lines wait for one another before readers are woken.
//!
//! To wake a reader and to send it something costs as much whether it is given one
//! line or a hundred. So where lines follow each other closely, the first of them
//! waits for those behind it: as long as it takes to serve everybody who is served
//! like that. That is nothing for a few readers, and 20 ms for a thousand. A line
//! that comes alone waits for none.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::Instant;
use tokio::time::timeout;

use crate::config::LULL;
use crate::config::WAKE_COST;
use crate::config::WAKE_PAUSE_MIN;

/// The readers, of all views, to whom lines come one after the other.
#[derive(Debug, Default)]
pub struct Crowd(AtomicUsize);

/// The lines of one view, and whether they come alone.
#[derive(Debug)]
pub struct Company {
    crowd: Arc<Crowd>,
    /// How many of the crowd are readers of this view.
    counted: usize,
    /// When lines came that had none before them to wait with.
    came: Option<Instant>,
    /// Others came while they waited.
    has_joined: bool,
}

impl Company {
    /// Of a view that no line has come for.
    pub fn new(crowd: &Arc<Crowd>) -> Company {
        Company {
            crowd: Arc::clone(crowd),
            counted: 0,
            came: None,
            has_joined: false,
        }
    }

    /// A line has come for so many readers: how long it waits for others.
    pub fn time_for(&mut self, readers: usize) -> Duration {
        let now = Instant::now();
        let since = self.came.replace(now).map(|came| now - came);
        let is_within = |time| since.is_some_and(|since| since < time);
        self.count(if is_within(LULL) { readers } else { 0 });
        let others = self.crowd.0.load(Ordering::Relaxed) - self.counted;
        let time = WAKE_COST * (others + readers) as u32;
        let is_worth_it = time >= WAKE_PAUSE_MIN && (self.has_joined || is_within(time));
        if is_worth_it { time } else { Duration::ZERO }
    }

    /// Whether others came while they waited.
    pub fn note(&mut self, has_joined: bool) {
        self.has_joined = has_joined;
    }

    /// Waits for `something`, which may be a line. Readers to whom none comes for a while
    /// are no part of the crowd.
    pub async fn wait(&mut self, something: impl Future<Output = ()>) {
        let mut something = pin!(something);
        if self.counted > 0 {
            let quiet = self.came.map_or(LULL, |came| came.elapsed());
            let left = LULL.saturating_sub(quiet);
            if timeout(left, &mut something).await.is_ok() {
                return;
            }
            self.count(0);
        }
        something.await;
    }

    fn count(&mut self, readers: usize) {
        let before = std::mem::replace(&mut self.counted, readers);
        self.crowd.0.fetch_add(readers, Ordering::Relaxed);
        self.crowd.0.fetch_sub(before, Ordering::Relaxed);
    }
}

impl Drop for Company {
    fn drop(&mut self) {
        self.count(0);
    }
}

#[cfg(test)]
mod tests;
