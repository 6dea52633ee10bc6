//! The only meeting point: followers append, subscriptions read, and neither
//! knows of the other.
//!
//! The store keeps no lines but the newest batches, under one byte budget, so
//! that readers at the end need no disk. Everything else is read from the files
//! again. What has changed is a list of source numbers under a version; a reader
//! that has slept too long for the list looks at all its sources once.

pub mod encoding;
pub mod tally;
pub mod reading;
pub mod unpacked;
pub mod room;
pub mod lately;
pub mod beginning;
pub mod listing;
pub mod neighbours;
pub mod redactor;
pub mod splitter;
pub mod disk;
pub mod boundary;
pub mod found;
pub mod torn;
mod recent;
pub mod segment;
pub mod ids;
mod known;
mod links;
pub mod chain;
pub mod locate;
pub mod above;
pub mod history;
pub mod bisection;
pub mod moment;
pub mod content;
pub mod search;
pub mod resume;
pub mod block;
pub mod span;
pub mod walk;
pub mod spot;
pub mod context;
pub mod page;
pub mod timeline;

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::RwLock;
use std::sync::Weak;
use std::sync::atomic::AtomicBool;

use tokio::sync::watch;

use crate::config::RECENT_BYTES;
use crate::line::Batch;
use crate::redaction::Redaction;
use crate::store::chain::Named;
use crate::store::chain::Shared;
use crate::store::chain::Source;
use crate::store::chain::State;
use crate::store::found::Found;
use crate::store::segment::Segment;
use crate::store::span::Spans;
use crate::store::tally::Tally;

/// Changes that are remembered one by one.
const CHANGES_MAX: usize = 8192;

/// See the module's description.
#[derive(Debug)]
pub struct Store {
    sources: RwLock<Vec<Arc<Source>>>,
    shared: Shared,
    recent: Mutex<Recent>,
    changes: Mutex<Changes>,
    version: watch::Sender<u64>,
    asked: Mutex<Asked>,
    /// From when to when the lines of segments are.
    pub spans: Spans,
    /// There are more files than are followed.
    pub too_many_files: AtomicBool,
    /// What was done so far.
    pub tally: Tally,
}

/// The sources that somebody wants to be looked at, and whom to wake for it.
#[derive(Default)]
struct Asked {
    sources: Vec<usize>,
    wake: Option<Box<dyn Fn() + Send>>,
}

impl fmt::Debug for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Asked({:?})", self.sources)
    }
}

/// Which segments remember a batch of which weight, oldest batch first.
#[derive(Debug, Default)]
struct Recent {
    order: VecDeque<(Weak<Segment>, usize)>,
    bytes: usize,
}

#[derive(Debug, Default)]
struct Changes {
    /// Numbers of the sources that changed, the oldest change first.
    log: VecDeque<usize>,
    /// Changes ever made.
    version: u64,
}

/// What happened since a version.
#[derive(Debug, PartialEq, Eq)]
pub enum Changed {
    /// These sources changed, in this order.
    Sources(Vec<usize>),
    /// More than is remembered: any source may have changed.
    Anything,
}

impl Default for Store {
    fn default() -> Store {
        Store {
            sources: RwLock::default(),
            shared: Shared::default(),
            recent: Mutex::default(),
            changes: Mutex::default(),
            version: watch::Sender::new(0),
            asked: Mutex::default(),
            spans: Spans::default(),
            too_many_files: AtomicBool::default(),
            tally: Tally::default(),
        }
    }
}

impl Store {
    /// A store that gives the lines of its sources without their secrets.
    pub fn new(redaction: Arc<Redaction>) -> Store {
        let mut store = Store::default();
        store.shared.redaction = redaction;
        store
    }

    /// Adds a source without a file.
    pub fn add_source(&self, named: Named) -> Arc<Source> {
        let mut sources = self.sources.write().expect("no holder of the lock panics");
        let source = Arc::new(Source::new(sources.len(), named, &self.shared));
        sources.push(Arc::clone(&source));
        drop(sources);
        self.touch(&source);
        source
    }

    /// All sources, in the order in which they were found.
    pub fn sources(&self) -> Vec<Arc<Source>> {
        self.sources
            .read()
            .expect("no holder of the lock panics")
            .clone()
    }

    /// The sources from number `index` on.
    pub fn sources_from(&self, index: usize) -> Vec<Arc<Source>> {
        let sources = self.sources.read().expect("no holder of the lock panics");
        sources.get(index..).unwrap_or_default().to_vec()
    }

    /// Says what can be said of `source` as a whole.
    pub fn set_state(&self, source: &Source, state: State) {
        if source.set_state(state) {
            self.touch(source);
        }
    }

    /// A new newest segment of `source`.
    pub fn open_segment(&self, source: &Source, found: Found) -> Arc<Segment> {
        let segment = source.push(found);
        self.touch(source);
        segment
    }

    /// The next lines of `segment`, which has its id.
    pub fn append(&self, source: &Source, segment: &Arc<Segment>, batch: Batch) {
        let (head, weight) = (batch.end(), batch.weight());
        let trail = batch.trail_at(head);
        self.tally.read(&batch);
        segment.recent().remember(Arc::new(batch));
        segment.advance_head(head, Some(trail));
        self.keep_within_budget(segment, weight);
        self.touch(source);
    }

    /// Nothing was added for a while to the line at the head of `segment`, which has
    /// no end yet.
    pub fn tell_unfinished(&self, source: &Source, segment: &Segment, line: Batch) {
        segment.recent().set_unfinished(line);
        self.touch(source);
    }

    /// Notes that something about `source` is new. Readers learn of it at the
    /// next [`Store::publish`].
    pub fn touch(&self, source: &Source) {
        let mut changes = lock(&self.changes);
        changes.version += 1;
        changes.log.push_back(source.index);
        if changes.log.len() > CHANGES_MAX {
            changes.log.pop_front();
        }
    }

    /// Wakes the readers, if there is something new.
    pub fn publish(&self) {
        let version = lock(&self.changes).version;
        self.version
            .send_if_modified(|current| std::mem::replace(current, version) != version);
    }

    /// Woken by [`Store::publish`].
    pub fn changed(&self) -> watch::Receiver<u64> {
        self.version.subscribe()
    }

    /// What has changed since `version`, which becomes the newest one.
    pub fn changes_since(&self, version: &mut u64) -> Changed {
        let changes = lock(&self.changes);
        let missed = (changes.version - *version) as usize;
        *version = changes.version;
        match changes.log.len().checked_sub(missed) {
            Some(seen) => Changed::Sources(changes.log.range(seen..).copied().collect()),
            None => Changed::Anything,
        }
    }

    /// Calls `wake` whenever somebody asks for a look.
    pub fn on_ask(&self, wake: impl Fn() + Send + 'static) {
        lock(&self.asked).wake = Some(Box::new(wake));
    }

    /// Asks for a look at the sources of these numbers.
    pub fn ask_for_look(&self, sources: &[usize]) {
        let mut asked = lock(&self.asked);
        asked.sources.extend_from_slice(sources);
        if let Some(wake) = &asked.wake {
            wake();
        }
    }

    /// The sources for which a look was asked since the last time.
    pub fn take_asked(&self) -> Vec<usize> {
        std::mem::take(&mut lock(&self.asked).sources)
    }

    fn keep_within_budget(&self, segment: &Arc<Segment>, weight: usize) {
        let mut recent = lock(&self.recent);
        recent.order.push_back((Arc::downgrade(segment), weight));
        recent.bytes += weight;
        while recent.bytes > RECENT_BYTES {
            let Some((oldest, weight)) = recent.order.pop_front() else {
                break;
            };
            // A segment that is gone gave back its memory with it.
            if let Some(segment) = oldest.upgrade() {
                segment.recent().forget_oldest();
            }
            recent.bytes -= weight;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("no holder of the lock panics")
}

#[cfg(test)]
mod tests;
