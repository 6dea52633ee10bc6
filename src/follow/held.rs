//! One open file that is being read as it grows.

use std::fs::File;
use std::fs::Metadata;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use crate::config::LINE_SEARCH_BYTES_MAX;
use crate::config::READ_BYTES_PER_TURN;
use crate::config::UNFINISHED_REST;
use crate::follow::rotation;
use crate::line::Trail;
use crate::position::HEAD_BYTES;
use crate::position::MARK_BYTES;
use crate::source::identity::Identity;
use crate::store::Store;
use crate::store::chain::Source;
use crate::store::encoding::Encoding;
use crate::store::found::Found;
use crate::store::reading;
use crate::store::reading::read_full_at;
use crate::store::segment::Segment;
use crate::store::splitter::Splitter;

/// See the module's description.
#[derive(Debug)]
pub(super) struct Held {
    file: Arc<File>,
    identity: Identity,
    segment: Arc<Segment>,
    splitter: Splitter,
    /// How its text begins, as far as it was read; `None` when it was not.
    beginning: Option<Vec<u8>>,
    /// How an untouched file began when it was last made sure that nothing came
    /// before that; `None` where nothing can.
    foreseen: Option<Vec<u8>>,
    /// What the file looked like when it was last read to its end; `None` when
    /// the next look has to read in any case.
    settled: Option<Stamp>,
    /// Its length when it was last looked at.
    length: u64,
    grew: Instant,
}

/// What changes when a file is written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    length: u64,
    modified: (i64, i64),
    changed: (i64, i64),
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
        let hole = reading::leading_hole(&file)?;
        let beginning = reading::head(&file)?;
        let encoding = Encoding::of(&beginning);
        let (first, head) = match begin {
            Begin::Start => (hole, hole),
            Begin::End => (
                hole,
                last_line_end(&file, encoding, metadata.len())?.max(hole),
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
        Ok(Held {
            file,
            identity,
            segment,
            splitter: Splitter::new(encoding, head, trail),
            beginning: (head == hole).then(Vec::new),
            foreseen: None,
            settled: None,
            length: metadata.len(),
            grew: Instant::now(),
        })
    }

    pub(super) fn identity(&self) -> Identity {
        self.identity
    }

    pub(super) fn segment(&self) -> &Arc<Segment> {
        &self.segment
    }

    pub(super) fn file(&self) -> Arc<File> {
        Arc::clone(&self.file)
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
        let more = self.length_now().saturating_sub(self.read_to());
        more >= self.segment.encoding().unit() as u64
    }

    /// Of an untouched file only what begins like this is read next: it was made
    /// sure that nothing came before that.
    pub(super) fn foresee(&mut self, beginning: Vec<u8>) {
        self.foreseen = Some(beginning);
    }

    /// Bytes the file has now.
    pub(super) fn length_now(&self) -> u64 {
        let metadata = self.file.metadata();
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
        match self.try_pump(store, source, buffer, up_to) {
            Ok(pumped) => pumped,
            Err(error) => Pumped::Failed(error),
        }
    }

    fn try_pump(
        &mut self,
        store: &Store,
        source: &Source,
        buffer: &mut Vec<u8>,
        up_to: u64,
    ) -> io::Result<Pumped> {
        let metadata = self.file.metadata()?;
        let stamp = Stamp::of(&metadata);
        if self.settled == Some(stamp) {
            return Ok(Pumped::AtEnd);
        }
        if self.is_untouched() && metadata.len() > 0 {
            self.see_beginning()?;
        }
        let trail = *self.splitter.trail();
        let back = trail.as_bytes().len();
        buffer.resize(MARK_BYTES + READ_BYTES_PER_TURN, 0);
        let encoding = self.segment.encoding();
        let left = |held: &Held| up_to.saturating_sub(held.read_to());
        let wanted = back + encoding.whole(left(self).min(READ_BYTES_PER_TURN as u64) as usize);
        let at = self.splitter.read_to() - back as u64;
        let filled = read_full_at(&self.file, &mut buffer[..wanted], at)?;
        let Some(new) = rotation::continues(&trail, &buffer[..filled]) else {
            return Ok(Pumped::Changed);
        };
        self.length = metadata.len();
        let whole = encoding.whole(filled - new);
        if whole > 0 && self.is_untouched() && !self.is_foreseen(&buffer[new..filled]) {
            return Ok(Pumped::More);
        }
        if whole > 0 {
            self.grew = Instant::now();
            self.note_beginning(source, &buffer[new..new + whole]);
            if let Some(batch) = self.splitter.push(&buffer[new..new + whole]) {
                store.append(source, &self.segment, batch);
            }
        }
        if filled == wanted {
            let is_bound = left(self) < encoding.unit() as u64;
            return Ok(if is_bound {
                Pumped::AtEnd
            } else {
                Pumped::More
            });
        }
        self.length = self.splitter.read_to();
        // A clock too coarse to tell two changes apart must not hide the second.
        self.settled = (!reading::is_fresh(stamp.changed)).then_some(stamp);
        Ok(Pumped::AtEnd)
    }

    fn is_foreseen(&self, read: &[u8]) -> bool {
        self.foreseen.as_ref().is_none_or(|foreseen| {
            let length = foreseen.len().min(read.len());
            length > 0 && read[..length] == foreseen[..length]
        })
    }

    /// Tells of the unfinished line, as it stands, once nothing was added to it for a
    /// while.
    pub(super) fn tell_unfinished(&self, store: &Store, source: &Source) {
        let is_at_rest = self.grew.elapsed() >= UNFINISHED_REST;
        if !is_at_rest || self.read_to() == self.offset() {
            return;
        }
        let told = self.segment.unfinished().map(|line| line.end());
        if told != Some(self.read_to())
            && let Some(line) = self.splitter.unfinished()
        {
            store.tell_unfinished(source, &self.segment, line);
        }
    }

    /// Gives the unfinished line: nothing will be appended to it any more.
    pub(super) fn finish(&mut self, store: &Store, source: &Source) {
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
        self.file = Arc::new(copy);
        self.identity = Identity::of(&self.file.metadata()?);
        if self.is_untouched() {
            self.segment.begin_in(path, self.identity, &self.file);
        } else {
            self.segment.relocate(path, self.identity, &self.file);
        }
        self.settled = None;
        self.leave();
        Ok(())
    }

    /// Gives the segment its id as soon as its first line is known.
    fn note_beginning(&mut self, source: &Source, read: &[u8]) {
        if let Some(beginning) = &mut self.beginning
            && beginning.len() < HEAD_BYTES
        {
            let missing = HEAD_BYTES - beginning.len();
            beginning.extend_from_slice(&read[..read.len().min(missing)]);
            self.segment.note_beginning(beginning);
            if self.segment.id().is_none() {
                source.identify(&self.segment, beginning);
            }
        }
    }

    /// A file that was empty shows how it begins when it is first written to:
    /// with a hole, perhaps, or with the mark of its encoding.
    fn see_beginning(&mut self) -> io::Result<()> {
        let hole = reading::leading_hole(&self.file)?;
        if hole > 0 {
            self.segment.begin_behind_hole(hole);
        }
        self.segment.note_encoding(&reading::head(&self.file)?);
        let trail = reading::trail_at(&self.file, hole)?;
        self.splitter = Splitter::new(self.segment.encoding(), hole, trail);
        Ok(())
    }
}

impl Stamp {
    fn of(metadata: &Metadata) -> Stamp {
        Stamp {
            length: metadata.len(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}

/// Where the last whole line ends. A line so long that its beginning is not
/// found nearby is taken up where it is.
fn last_line_end(file: &File, encoding: Encoding, length: u64) -> io::Result<u64> {
    let mut block = vec![0; 64 * 1024];
    let length = encoding.whole(length as usize) as u64;
    let mut at = length;
    while at > 0 && length - at < LINE_SEARCH_BYTES_MAX {
        let begin = at.saturating_sub(block.len() as u64);
        let wanted = (at - begin) as usize;
        let filled = read_full_at(file, &mut block[..wanted], begin)?;
        if let Some(end) = encoding.line_ends_back(&block[..filled]).next() {
            return Ok(begin + end as u64);
        }
        at = begin;
    }
    Ok(if at == 0 { 0 } else { length })
}

#[cfg(test)]
mod tests;
