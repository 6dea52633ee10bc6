//! The bytes of a segment, in whatever file they are now, and never those of
//! another one: a file that is truncated and written anew keeps its descriptor
//! and its name.

use std::fs::File;
use std::io;
use std::sync::Arc;

use crate::store::reading::read_full_at;
use crate::store::segment::Segment;

/// See the module's description.
#[derive(Debug)]
pub struct Content {
    segment: Arc<Segment>,
    /// Held so that the bytes stay readable under whatever name, or none.
    file: Arc<File>,
}

impl Content {
    /// Opens the segment; unpacks what is compressed.
    ///
    /// # Errors
    ///
    /// `NotFound` when its bytes are in no file any more.
    pub fn open(segment: &Arc<Segment>) -> io::Result<Content> {
        Content::open_while(segment, &mut || true)
    }

    /// The same, but unpacks only as long as somebody wants it.
    ///
    /// # Errors
    ///
    /// Also `ConnectionAborted` when nobody does.
    pub fn open_while(
        segment: &Arc<Segment>,
        is_wanted: &mut dyn FnMut() -> bool,
    ) -> io::Result<Content> {
        Ok(Content {
            file: segment.open_while(is_wanted)?,
            segment: Arc::clone(segment),
        })
    }

    /// The segment.
    pub fn segment(&self) -> &Arc<Segment> {
        &self.segment
    }

    /// The file that had its bytes at the last read.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Fills `buffer` with the bytes at `offset`.
    ///
    /// # Errors
    ///
    /// `WouldBlock` when the file was just truncated, which will be noticed soon;
    /// `UnexpectedEof` when it is shorter; `NotFound` when the bytes are gone.
    pub fn read(&mut self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        loop {
            let read = self.read_unsure(buffer, offset);
            if self.is_sure()? {
                return read;
            }
            if !self.segment.is_settled() {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            // The bytes are in another file now.
        }
    }

    /// The same, of a file that may be another one meanwhile: nothing must be made
    /// of the bytes before [`Content::is_sure`] is asked.
    pub fn read_unsure(&mut self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        self.file = self.segment.open()?;
        if read_full_at(&self.file, buffer, offset)? < buffer.len() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }

    /// Whether everything that was read of the file until now was of the segment.
    ///
    /// # Errors
    ///
    /// `NotFound` when its bytes are gone.
    pub fn is_sure(&self) -> io::Result<bool> {
        // In this order: what is noticed to be gone counts as settled.
        let is_settled = self.segment.is_settled();
        let file = self.segment.open()?;
        Ok(is_settled && Arc::ptr_eq(&file, &self.file))
    }
}
