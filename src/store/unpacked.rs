//! Compressed rotated files, as text.
//!
//! A place in a compressed file is an offset in its text, which cannot be read
//! at random. So the text is written to an unlinked temporary file once, when
//! somebody first reads there. The last few are kept, under a byte budget.

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::io::Read;
use std::sync::Arc;
use std::sync::Mutex;

use flate2::read::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;

use crate::config::UNPACKED_BYTES_KEPT;
use crate::config::UNPACKED_BYTES_MAX;
use crate::position::HEAD_BYTES;
use crate::source::rotated::Compression;

/// The texts that were read last.
#[derive(Debug, Default)]
pub struct Unpacked {
    kept: Mutex<VecDeque<(Arc<File>, u64)>>,
}

impl Unpacked {
    /// The text of `file`, in a file of its own. What follows a damaged part is
    /// left out.
    ///
    /// # Errors
    ///
    /// `FileTooLarge` when the text has more than [`UNPACKED_BYTES_MAX`].
    pub fn whole(&self, file: &File, compression: Compression) -> io::Result<Arc<File>> {
        let mut text = tempfile::tempfile()?;
        let mut packed = reader(file, compression)?.take(UNPACKED_BYTES_MAX + 1);
        if let Err(error) = io::copy(&mut packed, &mut text) {
            tracing::debug!("a compressed file is damaged: {error}");
        }
        let bytes = text.metadata()?.len();
        if bytes > UNPACKED_BYTES_MAX {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let text = Arc::new(text);
        self.keep(&text, bytes);
        Ok(text)
    }

    fn keep(&self, text: &Arc<File>, bytes: u64) {
        let mut kept = self.kept.lock().expect("no holder of the lock panics");
        kept.push_back((Arc::clone(text), bytes));
        let mut total: u64 = kept.iter().map(|(_, bytes)| bytes).sum();
        while total > UNPACKED_BYTES_KEPT && kept.len() > 1 {
            total -= kept.pop_front().map_or(0, |(_, bytes)| bytes);
        }
    }
}

/// The first [`HEAD_BYTES`] of the text of `file`, or all.
pub fn head(file: &File, compression: Compression) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    // What a damaged file has of its first line is as good as nothing.
    reader(file, compression)?
        .take(HEAD_BYTES as u64)
        .read_to_end(&mut head)?;
    Ok(head)
}

fn reader(file: &File, compression: Compression) -> io::Result<Box<dyn Read + '_>> {
    match compression {
        Compression::Gzip => Ok(Box::new(MultiGzDecoder::new(io::BufReader::new(file)))),
        Compression::Zstd => match StreamingDecoder::new(io::BufReader::new(file)) {
            Ok(decoder) => Ok(Box::new(decoder)),
            Err(error) => Err(io::Error::new(
                io::ErrorKind::InvalidData,
                error.to_string(),
            )),
        },
        Compression::Unsupported => Err(io::ErrorKind::Unsupported.into()),
    }
}

#[cfg(test)]
mod tests;
