//! The lines of a file without their secrets, as text.
//!
//! Each line ends as it does in the file. Of a line that is longer than what is
//! shown of one, the rest is left out: it was not looked at.

use std::io;
use std::ops::Range;

use bytes::Bytes;

use crate::config::READ_BYTES;
use crate::line::Batch;
use crate::line::Trail;
use crate::redaction::REST_MARK;
use crate::store::content::Content;
use crate::store::splitter::Splitter;

/// See the module's description.
pub(super) struct Redacted {
    content: Content,
    splitter: Splitter,
    end: u64,
}

impl Redacted {
    /// The lines in `bytes`, which begins where a line does. Reads the file.
    pub(super) fn new(content: Content, bytes: Range<u64>) -> Redacted {
        let segment = content.segment();
        let (redaction, encoding) = (segment.redaction(), segment.encoding());
        let (file, start) = (content.file(), bytes.start);
        let splitter = Splitter::redacting(redaction, file, encoding, start, Trail::EMPTY);
        Redacted {
            splitter,
            content,
            end: bytes.end,
        }
    }

    /// The next lines, or why there are none; `None` at the end. Reads the file.
    pub(super) fn next(mut self) -> Option<(Redacted, io::Result<Bytes>)> {
        let mut text = Vec::new();
        let mut block = vec![0; READ_BYTES];
        while text.is_empty() {
            let at = self.splitter.read_to();
            if at >= self.end {
                let last = self.splitter.finish()?;
                self.append(&last, &mut text);
                break;
            }
            let length = (self.end - at).min(READ_BYTES as u64) as usize;
            if let Err(error) = self.content.read(&mut block[..length], at) {
                return Some((self, Err(error)));
            }
            if let Some(batch) = self.splitter.push(&block[..length]) {
                self.append(&batch, &mut text);
            }
        }
        Some((self, Ok(Bytes::from(text))))
    }

    fn append(&self, batch: &Batch, text: &mut Vec<u8>) {
        let unit = self.content.segment().encoding().unit() as u8;
        for line in batch.lines() {
            text.extend_from_slice(batch.text(line));
            if line.is_cut {
                text.extend_from_slice(REST_MARK);
            }
            text.extend_from_slice(match line.terminator / unit {
                0 => b"",
                1 => b"\n",
                _ => b"\r\n",
            });
        }
    }
}
