//! What a reader is given: a cursor, a choice of sources and a filter.
//!
//! Live, resume and catch-up are one code path: whatever lies between the cursor
//! and the newest line is read, from the store's memory where it is still there
//! and from the files otherwise. A reader that is slow is simply further behind;
//! nothing is kept for it. Sources take turns, so that a busy one cannot drown a
//! quiet one.

mod kept_file;
pub mod update;
pub mod again;
pub mod wishes;
mod records;
mod likely;
mod ahead;
mod above;
mod coming;
mod kept;
mod around;
mod place;
mod beginning;
mod source_reader;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::SystemTime;

use tokio::sync::watch;
use tokio::time::Instant;
use tokio::time::timeout;

use crate::config::MERGED_SOURCES_MAX;
use crate::config::SETTLE_PAUSE;
use crate::config::SETTLE_TIMEOUT;
use crate::position::Cursor;
use crate::store::Changed;
use crate::store::Store;
use crate::store::chain::Source;
use crate::subscription::beginning::Beginning;
use crate::subscription::source_reader::SourceReader;
use crate::subscription::source_reader::Step;
use crate::subscription::update::Update;
use crate::subscription::wishes::Selection;
use crate::subscription::wishes::Wishes;
use crate::subscription::wishes::is_called;

/// How often the beginning is looked for again while files are being truncated.
const BEGIN_TRIES: usize = 4;

/// A reader of lines. A clone stands where the original stood, and goes its own
/// way from there; it costs little, as both share what neither has moved since.
#[derive(Clone, Debug)]
pub struct Subscription {
    store: Arc<Store>,
    wishes: Arc<Wishes>,
    changed: watch::Receiver<u64>,
    version: u64,
    /// Sources of the store that were considered so far.
    considered: usize,
    /// In the order of their sources' numbers in the store.
    readers: Vec<Arc<SourceReader>>,
    /// Readers that may have something, each at most once.
    queue: VecDeque<usize>,
    /// Readers that moved, the newest first.
    moved: VecDeque<usize>,
    /// The lines to begin with are still being given.
    is_beginning: bool,
}

impl Subscription {
    /// Opens the files and finds the beginnings; reads the disk.
    ///
    /// # Errors
    ///
    /// `Err` with the name that no source has.
    pub async fn open(store: Arc<Store>, wishes: Wishes) -> Result<Subscription, String> {
        let changed = store.changed();
        let mut subscription = Subscription {
            wishes: Arc::new(wishes),
            changed,
            version: 0,
            considered: 0,
            readers: Vec::new(),
            queue: VecDeque::new(),
            moved: VecDeque::new(),
            is_beginning: true,
            store,
        };
        subscription.store.changes_since(&mut subscription.version);
        let sources = subscription.choose()?;
        for reader in subscription.begin(&sources).await {
            subscription.add(reader);
        }
        Ok(subscription)
    }

    /// What comes before the first cursor may be given out: the state of every
    /// source, and the gaps there were from the beginning.
    pub fn greeting(&mut self) -> Vec<Update> {
        self.readers
            .iter_mut()
            .flat_map(|reader| Arc::make_mut(reader).greeting())
            .collect()
    }

    /// Waits until there may be something new.
    pub async fn changed(&self) {
        // That it was seen is noted when it is looked at.
        if self.changed.clone().changed().await.is_err() {
            // The store lives as long as this subscription.
            std::future::pending::<()>().await;
        }
    }

    /// As [`Subscription::next`]; at the end it makes sure that all that was written
    /// has been given.
    pub async fn next_there(&mut self) -> Option<Update> {
        loop {
            if let Some(update) = self.next().await {
                return Some(update);
            }
            // What is just being truncated may have something yet.
            let sources = self
                .readers
                .iter()
                .map(|reader| Arc::clone(reader.source()));
            let sources: Vec<_> = sources.collect();
            self.settle(&sources).await;
            self.note_changes();
            if self.queue.is_empty() {
                return None;
            }
        }
    }

    /// The next thing that has happened; `None` when everything was given. Nothing is
    /// lost when the future is dropped and made anew.
    pub async fn next(&mut self) -> Option<Update> {
        loop {
            self.note_changes();
            if self.queue.is_empty() {
                self.is_beginning = false;
                return None;
            }
            let (at, until) = self.whose_turn().await;
            let number = self.queue[at];
            let reader = Arc::make_mut(&mut self.readers[number]);
            let step = reader.step(&self.wishes, until).await;
            self.queue.remove(at);
            match step {
                Step::Idle => {}
                Step::Unsettled => {
                    let source = self.readers[number].source().index;
                    self.store.ask_for_look(&[source]);
                }
                Step::Busy => {
                    self.queue.push_back(number);
                    self.note_move(number);
                    tokio::task::yield_now().await;
                }
                Step::Update(update) => {
                    self.queue.push_back(number);
                    self.note_move(number);
                    if matches!(update, Update::Gap(_)) {
                        self.store.tally.gap();
                    }
                    return Some(update);
                }
            }
        }
    }

    /// The place after everything that was given.
    pub fn cursor(&self) -> Cursor {
        let is_small = self.has_whole_cursor();
        let places = if is_small {
            self.readers
                .iter()
                .flat_map(|reader| reader.places())
                .collect()
        } else {
            let recent = self.moved.iter().map(|&number| &self.readers[number]);
            recent.flat_map(|reader| reader.places()).collect()
        };
        Cursor {
            selection: self.wishes.selection.hash(),
            made: milliseconds_since_epoch(),
            is_complete: is_small,
            places,
        }
    }

    /// Whether what comes next is the same for both, which want the same and have
    /// been given everything.
    pub fn stands_like(&self, other: &Subscription) -> bool {
        let mut readers = self.readers.iter().zip(&other.readers);
        self.readers.len() == other.readers.len()
            && readers.all(|(own, other)| Arc::ptr_eq(own, other) || own.stands_like(other))
    }

    /// Whether both are in the same files.
    pub fn is_in_files_of(&self, other: &Subscription) -> bool {
        let mut readers = self.readers.iter().zip(&other.readers);
        self.readers.len() == other.readers.len()
            && readers.all(|(own, other)| Arc::ptr_eq(own, other) || own.is_in_files_of(other))
    }

    /// Whether its cursor says where it is in every source.
    pub fn has_whole_cursor(&self) -> bool {
        self.readers.len() <= Cursor::PLACES_MAX
    }

    /// Bytes of all its sources together.
    pub fn head(&self) -> u64 {
        self.readers
            .iter()
            .map(|reader| reader.source().size())
            .sum()
    }

    /// Bytes that it has not been given yet.
    pub fn behind(&self) -> u64 {
        self.readers.iter().map(|reader| reader.behind()).sum()
    }

    /// The sources that are wanted and there are now.
    fn choose(&mut self) -> Result<Vec<Arc<Source>>, String> {
        let sources = self.store.sources();
        self.considered = sources.len();
        if let Selection::Named(names) = &self.wishes.selection {
            let is_unknown = |name: &&String| !sources.iter().any(|source| is_called(source, name));
            if let Some(unknown) = names.iter().find(is_unknown) {
                return Err(unknown.clone());
            }
        }
        Ok(sources
            .into_iter()
            .filter(|source| self.wishes.selection.includes(source))
            .collect())
    }

    /// Finds where to begin in each source; once more when a file was truncated
    /// in that very moment.
    async fn begin(&self, sources: &[Arc<Source>]) -> Vec<SourceReader> {
        let mut tries = 0..BEGIN_TRIES;
        loop {
            self.settle(sources).await;
            let (wishes, sources) = (Arc::clone(&self.wishes), sources.to_vec());
            let begun = tokio::task::spawn_blocking(move || {
                let begin = |source: &Arc<Source>| SourceReader::begin(Arc::clone(source), &wishes);
                let readers: Vec<_> = sources.iter().map(begin).collect();
                (readers, sources.iter().all(|source| source.is_settled()))
            });
            let (readers, is_settled) = begun.await.expect("beginning does not panic");
            if is_settled || tries.next().is_none() {
                return readers;
            }
        }
    }

    /// Waits until no file is just being truncated: where a reader stands in it
    /// cannot be told before that was noticed.
    async fn settle(&self, sources: &[Arc<Source>]) {
        let deadline = Instant::now() + SETTLE_TIMEOUT;
        let mut sources = sources.to_vec();
        loop {
            let settling = tokio::task::spawn_blocking(move || {
                sources.retain(|source| !source.is_settled());
                sources
            });
            sources = settling.await.unwrap_or_default();
            if sources.is_empty() || Instant::now() > deadline {
                return;
            }
            let numbers: Vec<_> = sources.iter().map(|source| source.index).collect();
            self.store.ask_for_look(&numbers);
            let mut changed = self.store.changed();
            // What changes between the look above and here is seen a moment later.
            let _ = timeout(SETTLE_PAUSE, changed.changed()).await;
        }
    }

    fn add(&mut self, reader: SourceReader) {
        let number = self.readers.len();
        self.readers.push(Arc::new(reader));
        self.queue.push_back(number);
    }

    fn note_changes(&mut self) {
        let is_seen = !self.changed.has_changed().unwrap_or(false);
        if is_seen {
            return;
        }
        self.changed.mark_unchanged();
        match self.store.changes_since(&mut self.version) {
            Changed::Sources(sources) => {
                for source in sources {
                    let by_source = |reader: &Arc<SourceReader>| reader.source().index.cmp(&source);
                    if let Ok(number) = self.readers.binary_search_by(by_source) {
                        self.enqueue(number);
                    }
                }
            }
            Changed::Anything => (0..self.readers.len()).for_each(|number| self.enqueue(number)),
        }
        for source in self.store.sources_from(self.considered) {
            self.considered += 1;
            if self.wishes.selection == Selection::All {
                self.add(SourceReader::new(source, Beginning::default()));
            }
        }
    }

    fn enqueue(&mut self, number: usize) {
        if !self.readers[number].is_queued() {
            Arc::make_mut(&mut self.readers[number]).note_queued();
            self.queue.push_back(number);
        }
    }

    /// The place in the queue of the reader that goes on, and up to which time.
    ///
    /// Sources take turns. Only the lines to begin with are merged by time: what
    /// comes later is given as it comes, so that nobody waits for another.
    async fn whose_turn(&mut self) -> (usize, Option<i64>) {
        if !self.is_beginning || !(2..=MERGED_SOURCES_MAX).contains(&self.queue.len()) {
            return (0, None);
        }
        let mut oldest: Option<(i64, usize)> = None;
        let mut until = None;
        for at in 0..self.queue.len() {
            let Some(time) = Arc::make_mut(&mut self.readers[self.queue[at]])
                .next_time()
                .await
            else {
                return (at, None);
            };
            if oldest.is_none_or(|(least, _)| time < least) {
                until = oldest.map(|(least, _)| least);
                oldest = Some((time, at));
            } else {
                until = Some(until.map_or(time, |second: i64| second.min(time)));
            }
        }
        (oldest.map_or(0, |(_, at)| at), until)
    }

    fn note_move(&mut self, number: usize) {
        if self.has_whole_cursor() || self.moved.front() == Some(&number) {
            return;
        }
        self.moved.retain(|&other| other != number);
        self.moved.push_front(number);
        self.moved.truncate(Cursor::PLACES_MAX);
    }
}

fn milliseconds_since_epoch() -> u64 {
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    now.as_millis() as u64
}

#[cfg(test)]
pub(crate) mod tests;
