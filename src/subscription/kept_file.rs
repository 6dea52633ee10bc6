//! The file a reader stands in, kept open so that its bytes stay readable under
//! whatever name, or none.

use std::fs::File;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::line::Batch;
use crate::line::Line;
use crate::line::Trail;
use crate::record::Recogniser;
use crate::store::above;
use crate::store::disk;
use crate::store::reading;
use crate::store::segment::Segment;
use crate::store::splitter::SEEN_BYTES_MAX;
use crate::store::splitter::Splitter;

/// See the module's description.
#[derive(Clone, Debug)]
pub struct KeptFile {
    segment: Arc<Segment>,
    file: Option<Arc<File>>,
}

impl KeptFile {
    /// The file of `segment`, if it could be opened.
    pub(super) fn new(segment: &Arc<Segment>, file: Option<Arc<File>>) -> KeptFile {
        let mut kept = KeptFile {
            segment: Arc::clone(segment),
            file,
        };
        kept.rest();
        kept
    }

    /// Gives back the file that nobody is to keep open.
    pub(super) fn rest(&mut self) {
        if self.segment.is_at_rest.load(Ordering::Acquire) {
            self.file = None;
        }
    }

    /// Takes the file that came to rest and is open again.
    pub(super) fn take_up(&mut self) {
        if self.file.is_none() {
            self.file = self.segment.held();
            self.rest();
        }
    }

    /// The file that has the bytes of the segment.
    pub(super) fn open(&mut self) -> io::Result<Arc<File>> {
        let file = match (self.segment.open(), &self.file) {
            (Ok(file), _) => file,
            // Unless they moved, and it was written to anew.
            (Err(_), Some(kept)) if self.has_text(kept) => Arc::clone(kept),
            (Err(error), _) => return Err(error),
        };
        self.file = Some(Arc::clone(&file));
        self.rest();
        Ok(file)
    }

    fn has_text(&self, kept: &File) -> bool {
        !self.segment.is_destroyed() && self.segment.is_settled_in(kept)
    }

    /// A recogniser that has read what stands above `offset`.
    pub(super) async fn read_above(&self, offset: u64) -> Recogniser {
        let (mut file, encoding) = (self.clone(), self.segment.encoding());
        let above = blocking(move || Ok(above::recogniser(&*file.open()?, encoding, offset)));
        above.await.unwrap_or_default()
    }

    /// Reads the text of `line` again, the last bytes of which are `behind`.
    ///
    /// # Errors
    ///
    /// `NotFound` when another stands there now.
    pub(super) fn text(&mut self, line: Line, behind: Trail) -> io::Result<Batch> {
        let file = self.open()?;
        if reading::trail_at(&file, line.end)? != behind {
            return Err(io::ErrorKind::NotFound.into());
        }
        let length = (line.end - line.offset).min(SEEN_BYTES_MAX as u64);
        let mut bytes = vec![0; length as usize];
        let filled = reading::read_full_at(&file, &mut bytes, line.offset)?;
        let (redaction, encoding) = (self.segment.redaction(), self.segment.encoding());
        let mut splitter =
            Splitter::redacting(redaction, &file, encoding, line.offset, Trail::EMPTY);
        let batch = splitter.push(&bytes[..filled]);
        let batch = batch.or_else(|| splitter.finish());
        let length = |line: &Line| line.text.1 - line.text.0;
        let batch = batch.filter(|batch| length(&batch.lines()[0]) == length(&line));
        batch.ok_or(io::ErrorKind::NotFound.into())
    }

    /// Whether there are lines at `offset` that only the file has.
    pub(super) fn must_be_read_at(&self, offset: u64) -> bool {
        offset < self.segment.head() && self.segment.recent_at(offset).is_none()
    }

    /// Reads lines at `offset`, which `trail` stands before, `bytes` of them or one; there
    /// are some. `None` when
    /// the file is not what it was and nobody has noticed yet.
    pub(super) fn lines(
        &mut self,
        offset: u64,
        trail: Trail,
        bytes: usize,
    ) -> io::Result<Option<Batch>> {
        let file = self.open()?;
        let segment = &self.segment;
        let (redaction, encoding) = (segment.redaction(), segment.encoding());
        let splitter = Splitter::redacting(redaction, &file, encoding, offset, trail);
        let batch = disk::read_lines(&file, splitter, segment.head(), bytes)?;
        // At the beginning, or behind a hole, no bytes before can be compared.
        let is_text = trail.as_bytes().iter().any(|&byte| byte != 0);
        let batch = batch.filter(|_| is_text || segment.is_settled());
        if batch.is_none() && (segment.is_finished() || segment.is_settled()) {
            // Somebody wrote into the middle of the file, or it ended like this.
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(batch)
    }
}

/// Runs `work`, which reaches the disk, where it may block; it is begun at once.
pub(super) fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> impl Future<Output = io::Result<T>> {
    let working = tokio::task::spawn_blocking(work);
    async { working.await.map_err(io::Error::other)? }
}
