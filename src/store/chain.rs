//! A source as readers see it: a name, a state, and its chain of segments,
//! oldest first.
//!
//! The follower appends the segments it sees. Older ones, rotated before the
//! program started, are linked in when somebody asks for what lies before.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::RwLock;
use std::sync::Weak;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use crate::position::SourceId;
use crate::source::regular;
use crate::store::neighbours;
use crate::store::segment::Found;
use crate::store::segment::Segment;

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
    chain: RwLock<Vec<Arc<Segment>>>,
}

impl Source {
    pub(super) fn new(index: usize, name: String, path: PathBuf, is_named: bool) -> Source {
        Source {
            index,
            id: SourceId::of(&path),
            name,
            path,
            is_named,
            state: Mutex::new(State::Waiting),
            size: AtomicU64::new(0),
            chain: RwLock::default(),
        }
    }

    /// What can be said of it as a whole.
    pub fn state(&self) -> State {
        self.state.lock().expect("no holder of the lock panics").clone()
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

    /// The segments known so far, oldest first.
    pub fn segments(&self) -> Vec<Arc<Segment>> {
        self.read().clone()
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

    /// Bytes in the segments after the one of `ordinal`.
    pub fn bytes_after(&self, ordinal: i64) -> u64 {
        let chain = self.read();
        let newer = chain.iter().rev().take_while(|segment| segment.ordinal() > ordinal);
        newer.map(|segment| segment.head() - segment.first().min(segment.head())).sum()
    }

    pub(super) fn push(&self, found: Found) -> Arc<Segment> {
        let mut chain = self.chain.write().expect("no holder of the lock panics");
        let ordinal = chain.last().map_or(0, |newest| newest.ordinal() + 1);
        let segment = Arc::new(Segment::new(self.id, ordinal, found));
        chain.push(Arc::clone(&segment));
        segment
    }

    /// Links in the rotated files that are older than every known segment, and
    /// forgets those that are on disk no more and that nobody reads. Looks at
    /// the directory; gives the new segments.
    pub(super) fn link_neighbours(&self) -> Vec<Arc<Segment>> {
        let neighbours = neighbours::list(&self.path);
        let mut chain = self.chain.write().expect("no holder of the lock panics");
        let is_known = |identity| chain.iter().any(|segment| segment.identity() == identity);
        let known = neighbours.iter().position(|n| is_known(n.identity));
        // What stands after a known one is the follower's to find: it is newer.
        let older = &neighbours[..known.unwrap_or(neighbours.len())];
        let mut ordinal = chain.first().map_or(0, |oldest| oldest.ordinal()) - older.len() as i64;
        let mut linked = Vec::new();
        for neighbour in older {
            if let Some(segment) = self.link(&chain, neighbour, ordinal) {
                linked.push(segment);
            }
            ordinal += 1;
        }
        chain.retain(|segment| {
            let is_on_disk = neighbours.iter().any(|n| n.identity == segment.identity());
            is_on_disk || !segment.is_finished() || Arc::strong_count(segment) > 1
        });
        chain.splice(0..0, linked.iter().cloned());
        linked
    }

    fn link(&self, chain: &[Arc<Segment>], neighbour: &neighbours::Neighbour, ordinal: i64) -> Option<Arc<Segment>> {
        let (file, _) = regular::open(&neighbour.path).ok()?;
        let id = neighbours::segment_id(&file, self.id).ok()??;
        let first = neighbours::leading_hole(&file).ok()?;
        let file = Arc::new(file);
        let moved = chain.iter().find(|segment| segment.id() == Some(id));
        if let Some(segment) = moved {
            // The same log in another file: it was copied, and perhaps truncated then.
            if segment.open(&self.path).is_err() {
                segment.relocate(&neighbour.path, neighbour.identity, &file);
            }
            return None;
        }
        let segment = Segment::new(
            self.id,
            ordinal,
            Found {
                path: neighbour.path.clone(),
                identity: neighbour.identity,
                file: Weak::new(),
                first,
                head: neighbour.size,
            },
        );
        segment.finish();
        Some(Arc::new(segment))
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Vec<Arc<Segment>>> {
        self.chain.read().expect("no holder of the lock panics")
    }
}
