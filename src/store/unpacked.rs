//! Compressed rotated files, as text.
//!
//! A place in a compressed file is an offset in its text, which cannot be read
//! at random. So the text is written to an unlinked temporary file once, when
//! somebody first reads there. The last few are kept, under a byte budget.

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::sync::Mutex;

use flate2::read::MultiGzDecoder;
use ruzstd::decoding::BlockDecodingStrategy;
use ruzstd::decoding::FrameDecoder;
use ruzstd::decoding::errors::FrameDecoderError;
use ruzstd::decoding::errors::ReadFrameHeaderError::SkipFrame;

use crate::config::READ_BYTES;
use crate::config::UNPACKED_BYTES_KEPT;
use crate::config::UNPACKED_BYTES_MAX;
use crate::position::HEAD_BYTES;
use crate::source::rotated::Compression;

/// How much of a text is looked through for the end of the hole it begins with.
const HOLE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// The texts that were read last.
#[derive(Debug, Default)]
pub struct Unpacked {
    kept: Mutex<VecDeque<(Arc<File>, u64)>>,
}

/// The text of a compressed file.
#[derive(Clone, Debug)]
pub struct Text {
    /// A file of its own, without a name.
    pub file: Arc<File>,
    /// It ends where the compressed file is damaged.
    pub is_damaged: bool,
}

impl Unpacked {
    /// The text of `file`. What follows a damaged part is left out.
    ///
    /// # Errors
    ///
    /// `FileTooLarge` when the text has more than [`UNPACKED_BYTES_MAX`].
    pub fn whole(&self, file: &File, compression: Compression) -> io::Result<Text> {
        self.whole_while(file, compression, &mut || true)
    }

    /// The same, as long as somebody wants it.
    ///
    /// # Errors
    ///
    /// Also `ConnectionAborted` when nobody does.
    pub fn whole_while(
        &self,
        file: &File,
        compression: Compression,
        is_wanted: &mut dyn FnMut() -> bool,
    ) -> io::Result<Text> {
        let text = tempfile::tempfile()?;
        let mut packed = reader(file, compression)?.take(UNPACKED_BYTES_MAX + 1);
        let (bytes, is_damaged) = copy(&mut packed, &text, is_wanted)?;
        if bytes > UNPACKED_BYTES_MAX {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let file = Arc::new(text);
        self.keep(&file, bytes);
        Ok(Text { file, is_damaged })
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

/// The first [`HEAD_BYTES`] of the text of `file`, or all; behind the hole, if it
/// begins with one.
pub fn head(file: &File, compression: Compression) -> io::Result<Vec<u8>> {
    let mut packed = BufReader::new(reader(file, compression)?.take(HOLE_BYTES_MAX));
    loop {
        let block = packed.fill_buf()?;
        let nuls = block.iter().take_while(|&&byte| byte == 0).count();
        let is_all = nuls == block.len() && nuls > 0;
        packed.consume(nuls);
        if !is_all {
            break;
        }
    }
    let mut head = Vec::new();
    match packed.take(HEAD_BYTES as u64).read_to_end(&mut head) {
        // What a damaged file has of its first line is as good as nothing.
        Err(error) if !head.contains(&b'\n') => Err(error),
        _ => Ok(head),
    }
}

/// Writes what `packed` gives to `text`, up to where it is damaged; leaves holes
/// where there are only NULs. How many bytes it was, and whether it is damaged.
fn copy(
    packed: &mut impl Read,
    text: &File,
    is_wanted: &mut dyn FnMut() -> bool,
) -> io::Result<(u64, bool)> {
    let mut block = vec![0; READ_BYTES];
    let mut at = 0;
    let mut is_damaged = false;
    loop {
        if !is_wanted() {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        let read = match packed.read(&mut block) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => {
                tracing::debug!("a compressed file is damaged: {error}");
                is_damaged = true;
                break;
            }
        };
        if block[..read].iter().any(|&byte| byte != 0) {
            text.write_all_at(&block[..read], at)?;
        }
        at += read as u64;
    }
    text.set_len(at)?;
    Ok((at, is_damaged))
}

fn reader(file: &File, compression: Compression) -> io::Result<Box<dyn Read + '_>> {
    let packed = BufReader::new(file);
    match compression {
        Compression::Gzip => Ok(Box::new(MultiGzDecoder::new(packed))),
        Compression::Zstd => Ok(Box::new(Frames {
            packed,
            decoder: FrameDecoder::new(),
            is_inside: false,
        })),
        Compression::Unsupported => Err(io::ErrorKind::Unsupported.into()),
    }
}

/// The text of all frames of a zstd file: the decoder reads one, and there may
/// be several, and others between them that are to be skipped (RFC 8878, 3.1).
struct Frames<R> {
    packed: R,
    decoder: FrameDecoder,
    is_inside: bool,
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.is_inside {
                let read = self.read_inside(buffer)?;
                if read > 0 || buffer.is_empty() {
                    return Ok(read);
                }
                self.is_inside = false;
            }
            if self.packed.fill_buf()?.is_empty() {
                return Ok(0);
            }
            match self.decoder.init(&mut self.packed) {
                Ok(()) => self.is_inside = true,
                Err(FrameDecoderError::ReadFrameHeaderError(SkipFrame { length, .. })) => {
                    let mut skipped = (&mut self.packed).take(u64::from(length));
                    io::copy(&mut skipped, &mut io::sink())?;
                }
                Err(error) => return Err(damaged(&error)),
            }
        }
    }
}

impl<R: BufRead> Frames<R> {
    fn read_inside(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let decoder = &mut self.decoder;
        while decoder.can_collect() < buffer.len() && !decoder.is_finished() {
            let missing = BlockDecodingStrategy::UptoBytes(buffer.len() - decoder.can_collect());
            let outcome = decoder.decode_blocks(&mut self.packed, missing);
            outcome.map_err(|error| damaged(&error))?;
        }
        let read = decoder.read(buffer)?;
        if read == 0 && decoder.is_finished() {
            let written = decoder.get_checksum_from_data();
            if written.is_some() && written != decoder.get_calculated_checksum() {
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
        Ok(read)
    }
}

fn damaged(error: &FrameDecoderError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error.to_string())
}

#[cfg(test)]
mod tests;
