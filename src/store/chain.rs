//! A source as readers see it: a name, a state, and its chain of segments,
//! oldest first.
//!
//! The follower appends the segments it sees. Older ones, rotated before the
//! program started, are linked in when somebody asks for what lies before.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::OnceLock;
use std::sync::RwLock;
use std::sync::RwLockReadGuard;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::time::SystemTime;

use crate::line::Batch;
use crate::position::Mark;
use crate::position::SegmentId;
use crate::position::SourceId;
use crate::redaction::Redaction;
use crate::source::identity::Identity;
use crate::source::trouble::Trouble;
use crate::store::found::Found;
use crate::store::ids::Ids;
use crate::store::known::Known;
use crate::store::lately::Lately;
use crate::store::links::Links;
use crate::store::listing::Listings;
use crate::store::neighbours;
use crate::store::neighbours::Home;
use crate::store::neighbours::Neighbour;
use crate::store::room::Room;
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
    /// It exists and cannot be read.
    Unreadable(Trouble),
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
    pub(super) redaction: Arc<Redaction>,
    room: Room,
    lately: Lately<Batch>,
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
    known: Known,
    /// The rotated files were linked in at least once.
    has_linked: OnceLock<()>,
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
                redaction: Arc::clone(&shared.redaction),
                room: shared.room.clone(),
                lately: shared.lately.clone(),
            }),
            path: named.path,
            is_named: named.is_named,
            state: Mutex::new(State::Waiting),
            size: AtomicU64::new(0),
            ids: Arc::clone(&shared.ids),
            chain: RwLock::default(),
            known: Known::default(),
            has_linked: OnceLock::new(),
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

    /// Whether the text of `segment` is another segment's as well: it is in the same
    /// file, or is but an unfinished line, `beginning`, and that begins like it.
    pub fn has_another(&self, segment: &Arc<Segment>, beginning: &[u8]) -> bool {
        let identity = segment.identity();
        let is_it = |other: &Segment| {
            let begins_alike = segment.id().is_none() && other.begins_like(beginning);
            other.head() > 0 && (other.identity() == identity || begins_alike)
        };
        let chain = self.read();
        let mut others = chain.iter().filter(|other| !Arc::ptr_eq(other, segment));
        others.any(|other| is_it(other))
    }

    /// Names `segment`, which has no line and so no id, by the last one before it
    /// that has. May look at the directory, once.
    pub fn mark_before(&self, segment: &Segment) -> Mark {
        let id = self.id_before(segment.ordinal()).or_else(|| {
            self.has_linked.get_or_init(|| self.link_neighbours());
            self.id_before(segment.ordinal())
        });
        id.map_or(Mark::of(b""), SegmentId::mark)
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
        let segment = Arc::new(Segment::new(&self.home, next_ordinal(&chain), found));
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
        let there = neighbours::list(&self.home);
        let is_older = |n: &&Neighbour| since.is_none_or(|since| n.identity.is_older_than(since));
        self.known.add(there.iter().filter(is_older));
    }

    /// `held` is history from now on, and of the others those that are `there`, as was
    /// just seen.
    pub fn note_history(&self, held: Identity, mut there: Vec<Neighbour>) {
        if self.recognise(&there).is_err()
            && let Ok(((), now)) = self.look_beside(|_| Ok(()))
        {
            there = now;
        }
        self.known.hold(held, &there);
    }

    /// So is everything that is older than `first`, the file it begins with.
    pub fn note_older(&self, first: Identity) {
        let there = neighbours::list(&self.home);
        self.known
            .add(there.iter().take_while(|n| n.identity != first));
    }

    /// Whether a rotated file is no news.
    pub fn is_history(&self, neighbour: &Neighbour) -> bool {
        self.known.contains(neighbour)
    }

    /// See [`neighbours::look_beside`]. Of those that were compressed
    /// [`Source::is_history`] knows then whether they are news.
    ///
    /// # Errors
    ///
    /// Those of `look`; `NotFound` when rotations do not end.
    pub fn look_beside<T>(
        &self,
        mut look: impl FnMut(&[Neighbour]) -> io::Result<T>,
    ) -> io::Result<(T, Vec<Neighbour>)> {
        neighbours::look_beside(&self.home, |there| {
            self.recognise(there)?;
            look(there)
        })
    }

    fn recognise(&self, there: &[Neighbour]) -> io::Result<()> {
        self.known.recognise(there, &self.segments())
    }

    /// Links in the rotated files that are older than every known segment, and
    /// notes which are on disk no more. Looks at the directory.
    pub fn link_neighbours(&self) {
        for _ in 0..neighbours::TRIES {
            let before = neighbours::changed(&self.home);
            let mut chain = self.chain.write().expect("no holder of the lock panics");
            let is_linked = self.links().link(&mut chain).is_ok();
            forget_gone(&mut chain);
            drop(chain);
            // A rotation in between may have hidden a file.
            if is_linked && neighbours::changed(&self.home) == before {
                return;
            }
        }
    }

    /// A new newest segment that is already complete: a rotated file that was
    /// compressed before anybody looked at it.
    pub fn push_packed(&self, packed: &Neighbour) -> io::Result<()> {
        let head = packed.head()?;
        let mut chain = self.chain.write().expect("no holder of the lock panics");
        let segment = self.links().make(packed, &head, next_ordinal(&chain))?;
        chain.push(segment);
        Ok(())
    }

    /// What was read of `segment` is in one of the rotated files beside it that are
    /// news, as far as that goes or and more; whether there is such a one. It is none
    /// from then on. The head moves on when a compressed one has more.
    pub fn take_copy(
        &self,
        segment: &Arc<Segment>,
        is_news: impl Fn(&Neighbour) -> bool,
        began_like: impl Fn(&[u8]) -> bool,
    ) -> bool {
        let copy = neighbours::look_beside(&self.home, |there| {
            for copy in there.iter().rev().filter(|n| is_news(n)) {
                if let Some(head) = copy.try_head()?.filter(|head| began_like(head)) {
                    return Ok(Some((copy.clone(), head)));
                }
            }
            Ok(None)
        });
        let Ok((Some((copy, head)), there)) = copy else {
            return false;
        };
        segment.move_to(&copy);
        self.note_history(copy.identity, there);
        if copy.compression.is_some() {
            self.identify(segment, &head);
            // Readers that have read what was there would not open it.
            let _unpacked = segment.open();
        }
        true
    }

    fn links(&self) -> Links<'_> {
        Links {
            home: &self.home,
            ids: &self.ids,
            known: &self.known,
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, Vec<Arc<Segment>>> {
        self.chain.read().expect("no holder of the lock panics")
    }
}

fn next_ordinal(chain: &[Arc<Segment>]) -> i64 {
    chain.last().map_or(0, |newest| newest.ordinal() + 1)
}

/// What is gone stays known, so that whoever had not read it is told of a gap;
/// but not for ever.
fn forget_gone(chain: &mut Vec<Arc<Segment>>) {
    let gone = chain.iter().filter(|segment| segment.is_destroyed());
    let mut forgotten = gone.count().saturating_sub(GONE_SEGMENTS_MAX);
    chain.retain(|segment| {
        let is_forgotten = segment.is_destroyed() && forgotten > 0;
        forgotten -= usize::from(is_forgotten);
        !is_forgotten
    });
}

#[cfg(test)]
mod tests;
