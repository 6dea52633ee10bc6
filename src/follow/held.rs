//! One file that is being read as it grows.

mod descriptor;

use std::fs::File;
use std::fs::Metadata;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;
use std::time::SystemTime;

use crate::config::READ_BYTES_PER_TURN;
use crate::config::UNFINISHED_REST;
use crate::follow::held::descriptor::Descriptor;
use crate::follow::rotation;
use crate::line::Trail;
use crate::position::HEAD_BYTES;
use crate::position::MARK_BYTES;
use crate::source::identity::Identity;
use crate::store::Store;
use crate::store::chain::Source;
use crate::store::encoding::Encoding;
use crate::store::found::Found;
use crate::store::history;
use crate::store::reading;
use crate::store::reading::read_full_at;
use crate::store::segment::Segment;
use crate::store::splitter::Splitter;
use crate::store::torn::Torn;

/// See the module's description.
#[derive(Debug)]
pub(super) struct Held {
    descriptor: Descriptor,
    segment: Arc<Segment>,
    splitter: Splitter,
    /// How its text begins, as far as it was read; `None` when it was not.
    beginning: Option<Vec<u8>>,
    /// How an untouched file began when it was last made sure that nothing came
    /// before that; `None` where nothing can.
    foreseen: Option<Vec<u8>>,
    /// Its length when it was last looked at.
    length: u64,
    /// Up to where there is only space that nobody has written to yet.
    blank_to: u64,
    grew: Instant,
    /// It could not be read the last time.
    is_failing: bool,
}

/// What one bounded read brought.
#[derive(Debug)]
pub(super) enum Pumped {
    /// There is more to read.
    More,
    /// It is read to its end, or up to where it was to be read.
    AtEnd,
    /// What was read is there no more: truncated or refilled.
    Changed,
    /// It cannot be read at the moment.
    Failed(io::Error),
}

/// Where in the file to begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Begin {
    /// With its first line.
    Start,
    /// With the line that is unfinished now, or the next one: what stands before
    /// is history.
    End,
    /// With the line that starts there, which another source had not given yet.
    Offset(u64),
}

impl Held {
    /// Makes `file`, found under `path`, the newest segment of `source`.
    pub(super) fn open(
        store: &Store,
        source: &Source,
        path: &Path,
        file: Arc<File>,
        begin: Begin,
    ) -> io::Result<Held> {
        let metadata = file.metadata()?;
        let identity = Identity::of(&metadata);
        let hole = match begin {
            Begin::Start => reading::hole_before_text(&file)?,
            _ => reading::leading_hole(&file)?,
        };
        let beginning = reading::head(&file)?;
        let encoding = Encoding::of(&beginning);
        let (first, head) = match begin {
            Begin::Start => (hole, hole),
            Begin::End => (
                hole,
                history::last_line_end(&file, encoding, metadata.len())?.max(hole),
            ),
            Begin::Offset(offset) => (offset, offset),
        };
        let trail = reading::trail_at(&file, head)?;
        let segment = store.open_segment(
            source,
            Found {
                path: path.to_owned(),
                identity,
                file: Arc::downgrade(&file),
                hole,
                first,
                head,
                trail: Some(trail),
                is_packed: false,
            },
        );
        segment.note_encoding(&beginning);
        if head > hole {
            segment.note_beginning(&beginning);
        }
        source.identify(&segment, &beginning);
        source.set_size(metadata.len());
        let splitter = Splitter::redacting(segment.redaction(), &file, encoding, head, trail);
        Ok(Held {
            descriptor: Descriptor::new(file, identity),
            segment,
            splitter,
            beginning: (head == hole).then(Vec::new),
            foreseen: None,
            length: metadata.len(),
            blank_to: 0,
            grew: Instant::now(),
            is_failing: false,
        })
    }

    pub(super) fn identity(&self) -> Identity {
        self.descriptor.identity()
    }

    pub(super) fn segment(&self) -> &Arc<Segment> {
        &self.segment
    }

    /// `None` while it is at rest.
    pub(super) fn file(&self) -> Option<Arc<File>> {
        self.descriptor.file()
    }

    /// Whether its descriptor was given back.
    pub(super) fn is_at_rest(&self) -> bool {
        self.descriptor.file().is_none()
    }

    /// Since when it is quiet; `None` when it was not read to its end.
    pub(super) fn quiet_since(&self) -> Option<Instant> {
        self.descriptor.is_read_to_end().then_some(self.grew)
    }

    /// Gives the descriptor back, and remembers what was read and where the file is.
    pub(super) fn rest(&mut self, path: &Path) {
        if let Some(real) = self.descriptor.give_back(path) {
            self.segment.rest_at(&real);
        }
    }

    /// Since when it is at rest.
    pub(super) fn rests_since(&self) -> Option<SystemTime> {
        self.descriptor.rests_since()
    }

    /// Whether the file, which looks like this `now`, is as it was when it was read last.
    pub(super) fn is_as_it_was(&self, now: &Metadata) -> bool {
        self.descriptor.is_as_it_was(now)
    }

    /// Ends the rest, or the use of a descriptor: `file` is this one, and lies at `path`.
    pub(super) fn take_up(&mut self, path: &Path, file: File) {
        let file = self.descriptor.take_up(file);
        let identity = self.identity();
        self.segment.relocate(path, identity, &file);
        self.segment.is_at_rest.store(false, Ordering::Release);
    }

    /// Bytes the file had when it was last looked at.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// How its text begins, as far as it was read; nothing when it was not read from
    /// its start.
    pub(super) fn beginning(&self) -> &[u8] {
        self.beginning.as_deref().unwrap_or_default()
    }

    /// Whether the text that begins with `head` may be a part of what was read.
    pub(super) fn began_like(&self, head: &[u8]) -> bool {
        let is_part = !head.is_empty() && self.beginning().starts_with(head);
        is_part || self.segment.begins_like(head)
    }

    /// Up to where the file was read.
    pub(super) fn read_to(&self) -> u64 {
        self.splitter.read_to()
    }

    /// Whether nothing was read of its text: a truncation would not show.
    pub(super) fn is_untouched(&self) -> bool {
        self.splitter.read_to() <= self.segment.hole()
    }

    /// Whether there is more than was read.
    pub(super) fn has_grown(&self) -> bool {
        let seen_to = self.read_to().max(self.blank_to);
        self.length_now() >= seen_to + self.segment.encoding().unit() as u64
    }

    /// Of an untouched file only what begins like this is read next: it was made
    /// sure that nothing came before that.
    pub(super) fn foresee(&mut self, beginning: Vec<u8>) {
        self.foreseen = Some(beginning);
    }

    /// Bytes the file has now.
    pub(super) fn length_now(&self) -> u64 {
        let metadata = self.file().and_then(|file| file.metadata().ok());
        metadata.map_or(self.length, |metadata| metadata.len())
    }

    /// The bytes before that.
    pub(super) fn trail(&self) -> &Trail {
        self.splitter.trail()
    }

    /// Where the unfinished line starts.
    pub(super) fn offset(&self) -> u64 {
        self.splitter.offset()
    }

    /// When something was last read, or it began to be held or to leave.
    pub(super) fn grew(&self) -> Instant {
        self.grew
    }

    /// Reads on, at most [`READ_BYTES_PER_TURN`] and not past `up_to`, and appends
    /// whole lines.
    pub(super) fn pump(
        &mut self,
        store: &Store,
        source: &Source,
        buffer: &mut Vec<u8>,
        up_to: u64,
    ) -> Pumped {
        let pumped = self.try_pump(store, source, buffer, up_to);
        self.is_failing = pumped.is_err();
        pumped.unwrap_or_else(Pumped::Failed)
    }

    fn try_pump(
        &mut self,
        store: &Store,
        source: &Source,
        buffer: &mut Vec<u8>,
        up_to: u64,
    ) -> io::Result<Pumped> {
        let Some(file) = self.file() else {
            return Ok(Pumped::AtEnd);
        };
        let metadata = file.metadata()?;
        if self.descriptor.is_as_it_was(&metadata) {
            return Ok(Pumped::AtEnd);
        }
        if self.is_untouched() && metadata.len() > 0 {
            self.see_beginning(&file)?;
        }
        let trail = *self.splitter.trail();
        let back = trail.as_bytes().len();
        buffer.resize(MARK_BYTES + READ_BYTES_PER_TURN, 0);
        let encoding = self.segment.encoding();
        let left = |held: &Held| up_to.saturating_sub(held.read_to());
        let wanted = back + encoding.whole(left(self).min(READ_BYTES_PER_TURN as u64) as usize);
        let at = self.splitter.read_to() - back as u64;
        let filled = read_full_at(&file, &mut buffer[..wanted], at)?;
        let Some(new) = rotation::continues(&trail, &buffer[..filled]) else {
            return Ok(Pumped::Changed);
        };
        self.length = metadata.len();
        let whole = &buffer[new..new + encoding.whole(filled - new)];
        let is_last = filled < wanted;
        let written = reading::written(&file, encoding, whole, at + new as u64, is_last)?;
        if written > 0 && self.is_untouched() && !self.is_foreseen(&buffer[new..filled]) {
            return Ok(Pumped::More);
        }
        let is_blank = written < whole.len();
        if written > 0 {
            self.grew = Instant::now();
            self.note_beginning(source, &buffer[new..new + written]);
            if let Some(batch) = self.splitter.push(&buffer[new..new + written]) {
                store.append(source, &self.segment, batch);
            }
        }
        if !is_last && (written > 0 || !is_blank) {
            if left(self) >= encoding.unit() as u64 {
                return Ok(Pumped::More);
            }
            return Ok(Pumped::AtEnd);
        }
        self.length = self.splitter.read_to();
        self.blank_to = if is_blank { metadata.len() } else { 0 };
        self.descriptor.note_read_to_end(&metadata, is_blank);
        Ok(Pumped::AtEnd)
    }

    fn is_foreseen(&self, read: &[u8]) -> bool {
        self.foreseen.as_ref().is_none_or(|foreseen| {
            let length = foreseen.len().min(read.len());
            length > 0 && read[..length] == foreseen[..length]
        })
    }

    /// Whether nobody was told yet of the unfinished line, if there is one.
    pub(super) fn has_untold(&self) -> bool {
        let told = || self.segment.unfinished().map(|line| line.end());
        self.read_to() != self.offset() && told() != Some(self.read_to())
    }

    /// Tells of the unfinished line, once nothing was added to it for a while.
    pub(super) fn tell_unfinished(&self, store: &Store, source: &Source) {
        if self.grew.elapsed() >= UNFINISHED_REST
            && self.has_untold()
            && let Some(line) = self.splitter.unfinished()
        {
            store.tell_unfinished(source, &self.segment, line);
        }
    }

    /// Gives the unfinished line: nothing will be appended to it any more.
    pub(super) fn finish(&mut self, store: &Store, source: &Source) {
        if self.is_failing {
            let _ = self.segment.torn.set(Torn::Gone);
        }
        if let Some(batch) = self.splitter.finish() {
            if self.segment.id().is_none() {
                // Its one line is unfinished.
                source.identify(&self.segment, &[self.beginning(), b"\n"].concat());
            }
            store.append(source, &self.segment, batch);
        }
        self.segment.finish();
        store.touch(source);
    }

    /// From now on the time counts for which it is kept.
    pub(super) fn leave(&mut self) {
        self.foreseen = None;
        self.grew = Instant::now();
    }

    /// The same bytes, and more of them, are in `copy` now.
    pub(super) fn move_to(&mut self, path: &Path, copy: File) -> io::Result<()> {
        let identity = Identity::of(&copy.metadata()?);
        let copy = Arc::new(copy);
        if self.is_untouched() {
            self.segment.begin_in(path, identity, &copy);
        } else {
            self.segment.relocate(path, identity, &copy);
        }
        self.descriptor = Descriptor::new(copy, identity);
        self.leave();
        Ok(())
    }

    /// Gives the segment its id as soon as its first line is known.
    fn note_beginning(&mut self, source: &Source, read: &[u8]) {
        if let Some(beginning) = &mut self.beginning
            && beginning.len() < HEAD_BYTES
        {
            beginning.extend(read.iter().take(HEAD_BYTES - beginning.len()));
            self.segment.note_beginning(beginning);
            if self.segment.id().is_none() {
                source.identify(&self.segment, beginning);
            }
        }
    }

    /// A file that was empty shows how it begins when it is first written to:
    /// with a hole, perhaps, or with the mark of its encoding.
    fn see_beginning(&mut self, file: &File) -> io::Result<()> {
        let hole = reading::hole_before_text(file)?;
        self.segment.begin_behind_hole(hole);
        self.segment.note_encoding(&reading::head(file)?);
        let trail = reading::trail_at(file, hole)?;
        let (redaction, encoding) = (self.segment.redaction(), self.segment.encoding());
        self.splitter = Splitter::redacting(redaction, file, encoding, hole, trail);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
