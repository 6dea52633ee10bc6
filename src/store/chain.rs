//! A source as readers see it: a name, a state, and its chain of segments,
//! oldest first.
//!
//! The follower appends the segments it sees. Older ones, rotated before the
//! program started, are linked in when somebody asks for what lies before.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::RwLock;
use std::sync::RwLockReadGuard;
use std::sync::Weak;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::time::SystemTime;

use crate::position::Mark;
use crate::position::SegmentId;
use crate::position::SourceId;
use crate::source::identity::Identity;
use crate::source::regular;
use crate::store::ids::Ids;
use crate::store::listing::Listings;
use crate::store::neighbours;
use crate::store::neighbours::Home;
use crate::store::neighbours::Neighbour;
use crate::store::reading;
use crate::store::segment::Found;
use crate::store::segment::Segment;
use crate::store::unpacked::Unpacked;

/// Segments of a source that are remembered although no file holds their lines.
const GONE_SEGMENTS_MAX: usize = 256;

/// What can be said of a source as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Its file is being followed.
    Live,
    /// Its file does not exist (yet).
    Waiting,
    /// It exists and cannot be read; the reason is for people.
    Unreadable(String),
    /// It was found by a pattern and exists no more, or was standard input and
    /// has ended.
    Gone,
}

/// What is to become a source.
#[derive(Clone, Debug)]
pub struct Named {
    /// Its name for people.
    pub name: String,
    /// Where it is followed.
    pub path: PathBuf,
    /// Whether the user named it; a pattern found it otherwise.
    pub is_named: bool,
}

/// What all sources of a store have together.
#[derive(Debug, Default)]
pub(super) struct Shared {
    ids: Arc<Ids>,
    unpacked: Arc<Unpacked>,
    listings: Arc<Listings>,
}

/// See the module's description.
#[derive(Debug)]
pub struct Source {
    /// Its number in the store.
    pub index: usize,
    /// Its name for programs.
    pub id: SourceId,
    /// Its name for people.
    pub name: String,
    /// Where it is followed.
    pub path: PathBuf,
    /// Whether the user named it; a pattern found it otherwise.
    pub is_named: bool,
    state: Mutex<State>,
    /// Bytes of the newest segment's file.
    size: AtomicU64,
    home: Arc<Home>,
    ids: Arc<Ids>,
    chain: RwLock<Vec<Arc<Segment>>>,
    /// Rotated files that are no news: they were there in the beginning, or have
    /// been followed.
    known: Mutex<HashSet<Identity>>,
}

impl Source {
    pub(super) fn new(index: usize, named: Named, shared: &Shared) -> Source {
        let id = SourceId::of(&named.path);
        Source {
            index,
            id,
            name: named.name,
            home: Arc::new(Home {
                id,
                path: named.path.clone(),
                unpacked: Arc::clone(&shared.unpacked),
                listings: Arc::clone(&shared.listings),
            }),
            path: named.path,
            is_named: named.is_named,
            state: Mutex::new(State::Waiting),
            size: AtomicU64::new(0),
            ids: Arc::clone(&shared.ids),
            chain: RwLock::default(),
            known: Mutex::default(),
        }
    }

    /// What can be said of it as a whole.
    pub fn state(&self) -> State {
        self.state
            .lock()
            .expect("no holder of the lock panics")
            .clone()
    }

    /// Whether the state was another one before.
    pub(super) fn set_state(&self, state: State) -> bool {
        let mut current = self.state.lock().expect("no holder of the lock panics");
        let is_new = *current != state;
        *current = state;
        is_new
    }

    /// Bytes of the newest segment's file.
    pub fn size(&self) -> u64 {
        self.size.load(Ordering::Relaxed)
    }

    /// The newest segment's file was seen to have `size` bytes.
    pub fn set_size(&self, size: u64) {
        self.size.store(size, Ordering::Relaxed);
    }

    /// Where its segments are.
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// The segments known so far, oldest first.
    pub fn segments(&self) -> Vec<Arc<Segment>> {
        self.read().clone()
    }

    /// Whether what was read of its files is what they hold, see
    /// [`Segment::is_settled`].
    pub fn is_settled(&self) -> bool {
        let segments = self.segments();
        let mut growing = segments.iter().filter(|segment| !segment.is_finished());
        growing.all(|segment| segment.is_settled())
    }

    /// The newest segment, if there was ever a file.
    pub fn newest(&self) -> Option<Arc<Segment>> {
        self.read().last().cloned()
    }

    /// The oldest segment known so far.
    pub fn oldest(&self) -> Option<Arc<Segment>> {
        self.read().first().cloned()
    }

    /// The segment that followed the one of `ordinal`.
    pub fn after(&self, ordinal: i64) -> Option<Arc<Segment>> {
        let chain = self.read();
        let next = chain.partition_point(|segment| segment.ordinal() <= ordinal);
        chain.get(next).cloned()
    }

    /// Names `segment`, which has no line and so no id, by the last one before it
    /// that has. May look at the directory.
    pub fn mark_before(&self, segment: &Segment) -> Mark {
        segment.mark_before(|| {
            let id = self.id_before(segment.ordinal()).or_else(|| {
                self.link_neighbours();
                self.id_before(segment.ordinal())
            });
            id.map_or(Mark::of(b""), SegmentId::mark)
        })
    }

    fn id_before(&self, ordinal: i64) -> Option<SegmentId> {
        let chain = self.read();
        let mut before = chain
            .iter()
            .rev()
            .filter(|segment| segment.ordinal() < ordinal);
        before.find_map(|segment| segment.id())
    }

    /// Bytes in the segments after the one of `ordinal`.
    pub fn bytes_after(&self, ordinal: i64) -> u64 {
        let chain = self.read();
        let newer = chain
            .iter()
            .rev()
            .take_while(|segment| segment.ordinal() > ordinal);
        newer
            .map(|segment| segment.head() - segment.first().min(segment.head()))
            .sum()
    }

    pub(super) fn push(&self, found: Found) -> Arc<Segment> {
        let mut chain = self.chain.write().expect("no holder of the lock panics");
        let ordinal = chain.last().map_or(0, |newest| newest.ordinal() + 1);
        let segment = Arc::new(Segment::new(&self.home, ordinal, found));
        chain.push(Arc::clone(&segment));
        segment
    }

    /// Gives `segment` its id as soon as `head`, the first bytes of its file,
    /// hold a whole line.
    pub fn identify(&self, segment: &Arc<Segment>, head: &[u8]) {
        self.ids.give(self.id, segment, head);
    }

    /// The rotated files that lie beside it now are history, but for those that
    /// were made after `since`; there a first look comes late.
    pub fn begin_history(&self, since: Option<SystemTime>) {
        let there = neighbours::list(&self.home).into_iter().map(|n| n.identity);
        let older = there.filter(|file| since.is_none_or(|since| file.is_older_than(since)));
        *self.lock_known() = older.collect();
    }

    /// `held` is history from now on, and of the others those that are on disk.
    pub fn note_history(&self, held: Identity) {
        let there: HashSet<_> = neighbours::list(&self.home)
            .iter()
            .map(|n| n.identity)
            .collect();
        let mut known = self.lock_known();
        known.insert(held);
        known.retain(|file| *file == held || there.contains(file));
    }

    /// So is everything that is older than `first`, the file it begins with.
    pub fn note_older(&self, first: Identity) {
        let there = neighbours::list(&self.home);
        let older = there.iter().take_while(|n| n.identity != first);
        self.lock_known().extend(older.map(|n| n.identity));
    }

    /// Whether a rotated file is no news.
    pub fn is_history(&self, file: Identity) -> bool {
        self.lock_known().contains(&file)
    }

    fn lock_known(&self) -> MutexGuard<'_, HashSet<Identity>> {
        self.known.lock().expect("no holder of the lock panics")
    }

    /// Links in the rotated files that are older than every known segment, and
    /// notes which are on disk no more. Looks at the directory.
    pub fn link_neighbours(&self) {
        let neighbours = neighbours::list(&self.home);
        let mut chain = self.chain.write().expect("no holder of the lock panics");
        for segment in chain.iter() {
            let now = neighbours.iter().find(|n| n.identity == segment.identity());
            if let Some(neighbour) = now {
                segment.rename(&neighbour.path);
            }
        }
        let is_known = |identity| chain.iter().any(|segment| segment.identity() == identity);
        let known = neighbours.iter().position(|n| is_known(n.identity));
        // What stands after a known one is the follower's to find: it is newer.
        let older = &neighbours[..known.unwrap_or(neighbours.len())];
        let oldest = chain.first().map_or(0, |segment| segment.ordinal());
        let ordinals = oldest - older.len() as i64..oldest;
        // Beside a known one its name tells that it is older; else only what was
        // there in the beginning is surely no news.
        let is_older = |n: &Neighbour| {
            known.is_some() || n.compression.is_some() || self.is_history(n.identity)
        };
        let linked = older.iter().zip(ordinals);
        let linked: Vec<_> = linked
            .filter(|(neighbour, _)| is_older(neighbour))
            .filter_map(|(neighbour, ordinal)| self.link(&chain, neighbour, ordinal))
            .collect();
        for segment in chain.iter().filter(|segment| segment.is_finished()) {
            let is_on_disk = neighbours.iter().any(|n| n.identity == segment.identity());
            if !is_on_disk && !segment.is_somewhere() {
                segment.destroy();
            }
        }
        // What is gone stays known: whoever had not read it is told of a gap.
        let gone = chain
            .iter()
            .filter(|segment| segment.is_destroyed())
            .count();
        let mut forgotten = gone.saturating_sub(GONE_SEGMENTS_MAX);
        chain.retain(|segment| {
            let is_forgotten = segment.is_destroyed() && forgotten > 0;
            forgotten -= usize::from(is_forgotten);
            !is_forgotten
        });
        chain.splice(0..0, linked);
    }

    fn link(
        &self,
        chain: &[Arc<Segment>],
        neighbour: &Neighbour,
        ordinal: i64,
    ) -> Option<Arc<Segment>> {
        let mut head = neighbour.head().ok()?;
        if SegmentId::of(self.id, &head, 0).is_none() && !head.is_empty() {
            // Nothing will be appended any more to its one unfinished line.
            head.push(b'\n');
        }
        let id = SegmentId::of(self.id, &head, 0);
        let alike = chain
            .iter()
            .find(|segment| id.is_some() && segment.id() == id);
        if let Some(segment) = alike {
            // The same log in another file: it was copied or compressed, and then
            // truncated or removed, or is going to be. Or it only begins alike.
            if segment.open().is_err() {
                segment.move_to(neighbour);
                return None;
            }
            if neighbour.compression.is_some()
                || !segment.is_settled()
                || segment.is_original_of(neighbour)
            {
                return None;
            }
        }
        let (hole, head_offset) = if neighbour.compression.is_some() {
            (0, 0)
        } else {
            let (file, _) = regular::open(&neighbour.path).ok()?;
            (reading::leading_hole(&file).ok()?, neighbour.size)
        };
        let segment = Arc::new(Segment::new(
            &self.home,
            ordinal,
            Found {
                path: neighbour.path.clone(),
                identity: neighbour.identity,
                file: Weak::new(),
                hole,
                first: hole,
                head: head_offset,
                trail: None,
                is_packed: neighbour.compression.is_some(),
            },
        ));
        segment.finish();
        segment.note_encoding(&head);
        self.identify(&segment, &head);
        Some(segment)
    }

    fn read(&self) -> RwLockReadGuard<'_, Vec<Arc<Segment>>> {
        self.chain.read().expect("no holder of the lock panics")
    }
}

#[cfg(test)]
mod tests;
