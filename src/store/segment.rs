//! One file of a source between two rotations or truncations.
//!
//! A segment does not hold its lines: it knows where they are. The follower
//! keeps the file open while it may grow, a reader while its cursor stands in
//! it; whoever comes later opens it again by name, and by identity where the
//! name has moved. The newest batches are remembered so that a thousand readers
//! that are all at the end need no disk; that memory may forget at any moment.

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::OnceLock;
use std::sync::Weak;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use crate::line::Batch;
use crate::line::Trail;
use crate::position::Mark;
use crate::position::SegmentId;
use crate::source::identity::Identity;
use crate::source::regular;
use crate::source::rotated;
use crate::store::boundary::Boundary;
use crate::store::encoding::Encoding;
use crate::store::neighbours;
use crate::store::neighbours::Home;
use crate::store::neighbours::Neighbour;
use crate::store::reading;

/// A file that becomes a segment. Offsets are bytes in the file.
#[derive(Debug)]
pub struct Found {
    /// Where it lies now.
    pub path: PathBuf,
    /// Which file it is.
    pub identity: Identity,
    /// The open file; a dead one when nobody holds it.
    pub file: Weak<File>,
    /// How many NULs it begins with: its text starts there.
    pub hole: u64,
    /// Where a reader begins that comes from the segment before: with the text,
    /// but for a file whose beginning was already given under another name.
    pub first: u64,
    /// Past the last line that may be read; 0 for what has to be unpacked first.
    pub head: u64,
    /// The bytes before that, for a file that may change.
    pub trail: Option<Trail>,
    /// It was found compressed: which file it had been is not known.
    pub is_packed: bool,
}

/// See the module's description. Offsets are bytes in the file.
#[derive(Debug)]
pub struct Segment {
    home: Arc<Home>,
    /// Which file it was in the beginning, unless it was found compressed.
    began: Option<Identity>,
    id: OnceLock<SegmentId>,
    /// Its place in the chain of its source: greater is newer.
    ordinal: i64,
    /// Where its text starts.
    hole: AtomicU64,
    /// Where a reader begins that comes from the segment before.
    first: AtomicU64,
    /// Past the last line that may be read.
    head: AtomicU64,
    encoding: OnceLock<Encoding>,
    is_finished: AtomicBool,
    boundary: OnceLock<Boundary>,
    whereabouts: Mutex<Whereabouts>,
    recent: Mutex<VecDeque<Arc<Batch>>>,
    /// The segment before, for as long as this one has no id.
    before: OnceLock<Mark>,
    /// The head and the bytes before it, as they were read.
    last: Mutex<Option<(u64, Trail)>>,
}

#[derive(Debug)]
struct Whereabouts {
    path: PathBuf,
    identity: Identity,
    /// Strong ones are with the follower and with readers.
    file: Weak<File>,
    /// The bytes are gone: truncated away.
    is_destroyed: bool,
}

impl Segment {
    pub(super) fn new(home: &Arc<Home>, ordinal: i64, found: Found) -> Segment {
        Segment {
            home: Arc::clone(home),
            began: (!found.is_packed).then_some(found.identity),
            id: OnceLock::new(),
            ordinal,
            hole: AtomicU64::new(found.hole),
            first: AtomicU64::new(found.first),
            head: AtomicU64::new(found.head),
            encoding: OnceLock::new(),
            is_finished: AtomicBool::new(false),
            boundary: OnceLock::new(),
            whereabouts: Mutex::new(Whereabouts {
                path: found.path,
                identity: found.identity,
                file: found.file,
                is_destroyed: false,
            }),
            recent: Mutex::default(),
            before: OnceLock::new(),
            last: Mutex::new(found.trail.map(|trail| (found.head, trail))),
        }
    }

    /// Its place in the chain of its source: greater is newer.
    pub fn ordinal(&self) -> i64 {
        self.ordinal
    }

    /// `None` until the first line is known.
    pub fn id(&self) -> Option<SegmentId> {
        self.id.get().copied()
    }

    pub(super) fn set_id(&self, id: SegmentId) {
        self.id.get_or_init(|| id);
    }

    /// What names it while it has no id: always the same, once there is a segment
    /// with an id before it.
    pub(super) fn mark_before(&self, find: impl FnOnce() -> Mark) -> Mark {
        if let Some(mark) = self.before.get() {
            return *mark;
        }
        let mark = find();
        if mark != Mark::of(b"") {
            self.before.get_or_init(|| mark);
        }
        mark
    }

    /// How its bytes are text; known when the first were seen.
    pub fn encoding(&self) -> Encoding {
        self.encoding.get().copied().unwrap_or_default()
    }

    /// Its file begins with `head`.
    pub fn note_encoding(&self, head: &[u8]) {
        if head.len() >= 2 {
            self.encoding.get_or_init(|| Encoding::of(head));
        }
    }

    /// Where a reader begins that comes from the segment before, see
    /// [`Found::first`].
    pub fn first(&self) -> u64 {
        self.first.load(Ordering::Acquire)
    }

    /// How many NULs it begins with: its text starts there.
    pub fn hole(&self) -> u64 {
        self.hole.load(Ordering::Acquire)
    }

    /// The file turned out to begin with a hole. Before the first line is
    /// appended.
    pub fn begin_behind_hole(&self, hole: u64) {
        self.hole.store(hole, Ordering::Release);
        self.first.store(hole, Ordering::Release);
        self.advance_head(hole, None);
    }

    /// Past the last line that may be read.
    pub fn head(&self) -> u64 {
        self.head.load(Ordering::Acquire)
    }

    /// Whether nothing will be appended any more.
    pub fn is_finished(&self) -> bool {
        self.is_finished.load(Ordering::Acquire)
    }

    /// Nothing will be appended any more.
    pub fn finish(&self) {
        self.is_finished.store(true, Ordering::Release);
    }

    /// How it gave way to the next segment; `None` while it is the newest.
    pub fn boundary(&self) -> Option<&Boundary> {
        self.boundary.get()
    }

    /// A newer segment takes its place; it may still grow for a while.
    pub fn give_way(&self, boundary: Boundary) {
        self.boundary.get_or_init(|| boundary);
    }

    /// Whether it may have been the file of this hint in the beginning, wherever
    /// its bytes are now. Of a file that was found compressed nobody knows.
    pub fn may_have_been(&self, hint: u16) -> bool {
        self.began.is_none_or(|began| began.hint() == hint)
    }

    /// Which file it is.
    pub fn identity(&self) -> Identity {
        self.lock().identity
    }

    /// The name under which the file was last seen.
    pub fn file_name(&self) -> String {
        neighbours::display_name(&self.lock().path)
    }

    /// Whether its bytes are in a compressed file, as far as that was seen.
    pub fn is_compressed(&self) -> bool {
        let whereabouts = self.lock();
        let name = whereabouts.path.file_name();
        name.is_some_and(|name| rotated::compression_of(name).is_some())
    }

    /// The same bytes are in another file now: it was copied, or its name moved.
    pub fn relocate(&self, path: &Path, identity: Identity, file: &Arc<File>) {
        let mut whereabouts = self.lock();
        path.clone_into(&mut whereabouts.path);
        whereabouts.identity = identity;
        whereabouts.file = Arc::downgrade(file);
        whereabouts.is_destroyed = false;
    }

    /// The same, by what was found.
    pub(super) fn move_to(&self, neighbour: &Neighbour) {
        let mut whereabouts = self.lock();
        whereabouts.path.clone_from(&neighbour.path);
        whereabouts.identity = neighbour.identity;
        whereabouts.file = Weak::new();
        whereabouts.is_destroyed = false;
    }

    pub(super) fn rename(&self, path: &Path) {
        path.clone_into(&mut self.lock().path);
    }

    /// No file holds the bytes any more, as far as is known: what is not in memory
    /// is gone.
    pub fn destroy(&self) {
        self.lock().is_destroyed = true;
    }

    /// Whether its bytes are in no file any more.
    pub fn is_destroyed(&self) -> bool {
        self.lock().is_destroyed
    }

    /// Whether its bytes are in some file, under whatever name and compressed or
    /// not. Reads directories when the name has moved.
    pub(super) fn is_somewhere(&self) -> bool {
        let mut whereabouts = self.lock();
        if whereabouts.is_destroyed || whereabouts.file.upgrade().is_some() {
            return !whereabouts.is_destroyed;
        }
        let (path, identity) = (&whereabouts.path, whereabouts.identity);
        let Some(found) = neighbours::find_again(&self.home, path, identity, self.id()) else {
            return false;
        };
        whereabouts.path = found.path;
        whereabouts.identity = found.identity;
        true
    }

    /// Opens the file to read lines of it. Reads directories when the name has
    /// moved, and unpacks what was compressed; after that the head is known.
    ///
    /// # Errors
    ///
    /// `NotFound` when the file is not there any more.
    pub fn open(&self) -> io::Result<Arc<File>> {
        let mut whereabouts = self.lock();
        if whereabouts.is_destroyed {
            return Err(io::ErrorKind::NotFound.into());
        }
        if let Some(file) = whereabouts.file.upgrade() {
            return Ok(file);
        }
        let found = neighbours::find_again(
            &self.home,
            &whereabouts.path,
            whereabouts.identity,
            self.id(),
        );
        let found = found.ok_or(io::ErrorKind::NotFound)?;
        let (file, _) = regular::open(&found.path)?;
        let file = match found.compression {
            None => Arc::new(file),
            Some(compression) => self.home.unpacked.whole(&file, compression)?,
        };
        if found.compression.is_some() {
            self.advance_head(file.metadata()?.len(), None);
        }
        whereabouts.identity = found.identity;
        whereabouts.path = found.path;
        whereabouts.file = Arc::downgrade(&file);
        Ok(file)
    }

    /// The first bytes of its text, see [`reading::head`]. What is compressed is
    /// not unpacked for them.
    ///
    /// # Errors
    ///
    /// `NotFound` when the file is not there any more.
    pub fn beginning(&self) -> io::Result<Vec<u8>> {
        let whereabouts = self.lock();
        if whereabouts.is_destroyed {
            return Err(io::ErrorKind::NotFound.into());
        }
        if let Some(file) = whereabouts.file.upgrade() {
            return reading::head(&file);
        }
        let (path, identity) = (&whereabouts.path, whereabouts.identity);
        let found = neighbours::find_again(&self.home, path, identity, self.id());
        found.ok_or(io::ErrorKind::NotFound)?.head()
    }

    /// The remembered batch in which a line starts at `offset`, and the index of
    /// that line.
    pub fn recent_at(&self, offset: u64) -> Option<(Arc<Batch>, usize)> {
        let recent = self.recent.lock().expect("no reader panics here");
        let after = recent.partition_point(|batch| batch.start() <= offset);
        let batch = recent.get(after.checked_sub(1)?)?;
        let line = batch
            .lines()
            .binary_search_by_key(&offset, |line| line.offset)
            .ok()?;
        Some((Arc::clone(batch), line))
    }

    /// Whether the file still ends, as far as it was read, with the bytes that
    /// were read. It does not for a moment, between a truncation and the
    /// follower's next look: nothing must be read from it then.
    pub fn is_settled(&self) -> bool {
        let Some((head, trail)) = *self.last.lock().expect("no holder of the lock panics") else {
            return true;
        };
        let Ok(file) = self.open() else {
            return true;
        };
        let found = reading::trail_at(&file, head);
        // Somebody may have appended or truncated meanwhile.
        let is_current =
            *self.last.lock().expect("no holder of the lock panics") == Some((head, trail));
        found.is_ok_and(|found| found == trail) || !is_current
    }

    /// Whether `neighbour` is a copy of this, or of what this was when the copy
    /// was made.
    pub(super) fn is_original_of(&self, neighbour: &Neighbour) -> bool {
        let last = *self.last.lock().expect("no holder of the lock panics");
        if last.is_some_and(|(head, trail)| neighbour.is_copy_of(&trail, head)) {
            return true;
        }
        let file = self.open();
        let trail = file.and_then(|file| reading::trail_at(&file, neighbour.size));
        trail.is_ok_and(|trail| neighbour.is_copy_of(&trail, neighbour.size))
    }

    pub(super) fn remember(&self, batch: Arc<Batch>) {
        self.recent
            .lock()
            .expect("no reader panics here")
            .push_back(batch);
    }

    pub(super) fn forget_oldest(&self) {
        self.recent
            .lock()
            .expect("no reader panics here")
            .pop_front();
    }

    pub(super) fn advance_head(&self, head: u64, trail: Option<Trail>) {
        *self.last.lock().expect("no holder of the lock panics") = trail.map(|trail| (head, trail));
        self.head.store(head, Ordering::Release);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Whereabouts> {
        self.whereabouts
            .lock()
            .expect("no holder of the lock panics")
    }
}

#[cfg(test)]
mod tests;
