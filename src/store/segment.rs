//! One file of a source between two rotations or truncations.
//!
//! A segment does not hold its lines: it knows where they are. The follower
//! keeps the file open while it may grow, a reader while its cursor stands in
//! it; whoever comes later opens it again by name, and by identity where the
//! name has moved. The newest batches are remembered so that a thousand readers
//! that are all at the end need no disk; that memory may forget at any moment.

mod whereabouts;

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
use crate::position::SegmentId;
use crate::redaction::Redaction;
use crate::source::identity::Identity;
use crate::store::beginning::Beginning;
use crate::store::boundary::Boundary;
use crate::store::encoding::Encoding;
use crate::store::found::Found;
use crate::store::neighbours;
use crate::store::neighbours::Home;
use crate::store::neighbours::Neighbour;
use crate::store::reading;
use crate::store::recent::Recent;
use crate::store::segment::whereabouts::Whereabouts;
use crate::store::torn::Torn;

/// See the module's description. Offsets are bytes in the file.
#[derive(Debug)]
pub struct Segment {
    home: Arc<Home>,
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
    /// Nothing was written for so long that nobody is to keep its file open.
    pub is_at_rest: AtomicBool,
    /// Why there is, or may be, more than its lines. Set before it is finished.
    pub torn: OnceLock<Torn>,
    boundary: OnceLock<Boundary>,
    whereabouts: Mutex<Whereabouts>,
    /// Held while its file is looked for, which may take as long as unpacking does.
    opening: Mutex<()>,
    recent: Recent,
    /// The head and the bytes before it, as they were read.
    last: Mutex<Option<(u64, Trail)>>,
}

impl Segment {
    pub(super) fn new(home: &Arc<Home>, ordinal: i64, found: Found) -> Segment {
        Segment {
            home: Arc::clone(home),
            id: OnceLock::new(),
            ordinal,
            hole: AtomicU64::new(found.hole),
            first: AtomicU64::new(found.first),
            head: AtomicU64::new(found.head),
            encoding: OnceLock::new(),
            is_finished: AtomicBool::new(false),
            is_at_rest: AtomicBool::new(false),
            torn: OnceLock::new(),
            boundary: OnceLock::new(),
            opening: Mutex::default(),
            recent: Recent::default(),
            last: Mutex::new(found.trail.map(|trail| (found.head, trail))),
            whereabouts: Mutex::new(Whereabouts::of(found)),
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

    /// How its bytes are text; known when the first were seen.
    pub fn encoding(&self) -> Encoding {
        self.encoding.get().copied().unwrap_or_default()
    }

    /// What is kept out of its lines.
    pub fn redaction(&self) -> &Arc<Redaction> {
        &self.home.redaction
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
        self.began().is_none_or(|began| began.hint() == hint)
    }

    /// Whether it may be a copy of what `other` held before: it is no older file.
    pub fn may_be_copy_of(&self, other: &Segment) -> bool {
        let both = self.began().zip(other.began());
        both.is_none_or(|(own, other)| own == other || own.is_younger_than(other))
    }

    /// Whether it was found compressed and was never unpacked.
    pub fn is_unread(&self) -> bool {
        self.began().is_none() && self.head() == 0
    }

    fn began(&self) -> Option<Identity> {
        self.lock().began
    }

    /// Whether it surely was that.
    pub fn was(&self, hint: u16) -> bool {
        self.began().is_some_and(|began| began.hint() == hint)
    }

    /// Which file it is.
    pub fn identity(&self) -> Identity {
        self.lock().seen.identity
    }

    /// The name under which the file was last seen.
    pub fn file_name(&self) -> String {
        neighbours::display_name(&self.lock().seen.path)
    }

    /// Whether its bytes are in a compressed file, as far as that was seen.
    pub fn is_compressed(&self) -> bool {
        self.lock().is_compressed()
    }

    /// The same bytes are in another file now: it was copied, or its name moved.
    pub fn relocate(&self, path: &Path, identity: Identity, file: &Arc<File>) {
        self.lock().move_to(path, identity, Arc::downgrade(file));
    }

    /// Nothing was read of it, and its bytes are in this file from the beginning on.
    pub fn begin_in(&self, path: &Path, identity: Identity, file: &Arc<File>) {
        self.relocate(path, identity, file);
        self.lock().began = Some(identity);
    }

    /// The same, by what was found.
    pub(super) fn move_to(&self, neighbour: &Neighbour) {
        let (path, identity) = (&neighbour.path, neighbour.identity);
        self.lock().move_to(path, identity, Weak::new());
    }

    /// Nobody is to keep its file open, which lies at `path`, whatever links lead there.
    pub fn rest_at(&self, path: &Path) {
        path.clone_into(&mut self.lock().seen.rested_at);
        self.is_at_rest.store(true, Ordering::Release);
    }

    /// Where the file was when it came to rest last; empty when it never did.
    pub fn rests_at(&self) -> PathBuf {
        self.lock().seen.rested_at.clone()
    }

    pub(super) fn rename(&self, path: &Path) {
        path.clone_into(&mut self.lock().seen.path);
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

    /// Its text begins with `head`, as far as it is known.
    pub fn note_beginning(&self, head: &[u8]) {
        self.lock().beginning = Beginning::of(head);
    }

    /// Whether the text that begins with `head` may be this one, or a copy of it
    /// that is still in the making.
    pub fn begins_like(&self, head: &[u8]) -> bool {
        let beginning = self.lock().beginning;
        let id = SegmentId::of(self.home.id, head, 0);
        let has_first_line = || id.is_some() && id == self.id();
        beginning.is_of(head) || (beginning.is_longer_than(head) && has_first_line())
    }

    /// Its file, if somebody has it open.
    pub fn held(&self) -> Option<Arc<File>> {
        self.lock().file.upgrade()
    }

    /// Whether its bytes are in some file, under whatever name, compressed or not.
    pub(super) fn is_somewhere(&self) -> bool {
        !self.is_destroyed() && (self.held().is_some() || self.find().is_some())
    }

    /// Opens the file to read lines of it. Reads directories when the name has
    /// moved, and unpacks what was compressed; after that the head is known.
    ///
    /// # Errors
    ///
    /// `NotFound` when the file is not there any more.
    pub fn open(&self) -> io::Result<Arc<File>> {
        self.open_while(&mut || true)
    }

    /// The same, but unpacks only as long as somebody wants it, for it takes long;
    /// `ConnectionAborted` when nobody does.
    pub fn open_while(&self, is_wanted: &mut dyn FnMut() -> bool) -> io::Result<Arc<File>> {
        if let Some(file) = self.lock().opened()? {
            return Ok(file);
        }
        let _opening = self.opening.lock().expect("no holder of the lock panics");
        if let Some(file) = self.lock().opened()? {
            return Ok(file);
        }
        let mut last = io::ErrorKind::NotFound.into();
        for _ in 0..neighbours::TRIES {
            let Some(found) = self.find() else { break };
            match self.open_found(&found, is_wanted) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => last = error,
                opened => return opened,
            }
        }
        Err(last)
    }

    fn find(&self) -> Option<Neighbour> {
        let seen = self.lock().seen.clone();
        neighbours::find_again(&self.home, &seen, |head| self.begins_like(head))
    }

    fn open_found(
        &self,
        found: &Neighbour,
        is_wanted: &mut dyn FnMut() -> bool,
    ) -> io::Result<Arc<File>> {
        let file = found.open()?;
        let file = match found.compression {
            None => Arc::new(file),
            Some(compression) => {
                let unpacked = &self.home.unpacked;
                let text = unpacked.whole_while(&file, compression, is_wanted)?;
                if text.is_damaged {
                    let _ = self.torn.set(Torn::Damaged);
                }
                text.file
            }
        };
        let length = file.metadata()?.len();
        if found.compression.is_some() && self.head() == 0 {
            self.begin_behind_hole(reading::leading_hole(&file)?);
        }
        // Before its first line is known it has no id, and nobody can be given lines.
        if found.compression.is_some() && length > self.head() && self.id().is_some() {
            self.advance_head(length, None);
        }
        self.lock().note_found(found, &file);
        Ok(file)
    }

    /// The first bytes of its text, see [`reading::head`]. What is compressed is
    /// not unpacked for them.
    ///
    /// # Errors
    ///
    /// `NotFound` when the file is not there any more.
    pub fn beginning(&self) -> io::Result<Vec<u8>> {
        let opened = self.lock().opened()?;
        match opened {
            Some(file) => reading::head(&file),
            None => self.find().ok_or(io::ErrorKind::NotFound)?.head(),
        }
    }

    /// The remembered batch in which a line starts at `offset`, and the index of
    /// that line.
    pub fn recent_at(&self, offset: u64) -> Option<(Arc<Batch>, usize)> {
        self.recent.at(offset)
    }

    /// The line at the head that has no end yet, once nothing is added to it.
    pub fn unfinished(&self) -> Option<Arc<Batch>> {
        let unfinished = self.recent.unfinished();
        unfinished.filter(|line| line.start() == self.head())
    }

    pub(super) fn recent(&self) -> &Recent {
        &self.recent
    }

    /// Whether the file still ends, as far as it was read, with what was read. It does
    /// not between a truncation and the follower's next look: nothing must be read then.
    pub fn is_settled(&self) -> bool {
        self.open().map_or(true, |file| self.is_settled_in(&file))
    }

    /// The same of `file`, which may have held its bytes once and not any more.
    pub fn is_settled_in(&self, file: &File) -> bool {
        let Some((head, trail)) = self.last() else {
            return true;
        };
        let found = reading::trail_at(file, head);
        // Somebody may have appended or truncated meanwhile.
        let is_current = self.last() == Some((head, trail));
        found.is_ok_and(|found| found == trail) || !is_current
    }

    /// The head and the bytes before it, as they were read.
    pub(super) fn last(&self) -> Option<(u64, Trail)> {
        *self.last.lock().expect("no holder of the lock panics")
    }

    pub(super) fn advance_head(&self, head: u64, trail: Option<Trail>) {
        *self.last.lock().expect("no holder of the lock panics") = trail.map(|trail| (head, trail));
        self.head.store(head, Ordering::Release);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Whereabouts> {
        let whereabouts = self.whereabouts.lock();
        whereabouts.expect("no holder of the lock panics")
    }
}
