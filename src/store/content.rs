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
        Ok(Content {
            file: segment.open()?,
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
        self.file = self.segment.open()?;
        let filled = read_full_at(&self.file, buffer, offset)?;
        if !self.segment.is_settled() {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        if filled < buffer.len() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }
}
