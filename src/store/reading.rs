//! Reading bytes of a file at offsets.
//!
//! Positioned reads only: they share no state, so that any number of readers
//! use one descriptor. Never a mapping, since a truncation under one is fatal.

use std::fs::File;
use std::io;
#[cfg(target_os = "linux")]
use std::num::NonZeroU64;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::time::Duration;
use std::time::SystemTime;

#[cfg(target_os = "linux")]
use rustix::fs::Advice;
use rustix::fs::SeekFrom;
#[cfg(target_os = "linux")]
use rustix::fs::fadvise;
use rustix::fs::seek;
use rustix::io::Errno;

use crate::config::FRESH_CHANGE;
use crate::config::HOLE_SEARCH_BYTES_MAX;
use crate::line::Trail;
use crate::position::HEAD_BYTES;
use crate::position::MARK_BYTES;
use crate::store::encoding::Encoding;

/// Fills `buffer` from `offset` on; less only where the file ends.
pub fn read_full_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read_at(&mut buffer[filled..], offset + filled as u64) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Says that these bytes will be read soon. A system reads ahead by itself only for
/// those who read forward.
pub fn announce(file: &File, bytes: Range<u64>) {
    #[cfg(not(target_os = "linux"))]
    let _ = (file, bytes);
    #[cfg(target_os = "linux")]
    if let Some(length) = NonZeroU64::new(bytes.end - bytes.start) {
        // It is only a hint.
        let _ = fadvise(file, bytes.start, Some(length), Advice::WillNeed);
    }
}

/// The first [`HEAD_BYTES`] of a file, or all; behind the hole, if it begins
/// with one.
pub fn head(file: &File) -> io::Result<Vec<u8>> {
    let mut head = vec![0; HEAD_BYTES];
    let filled = read_full_at(file, &mut head, leading_hole(file)?)?;
    head.truncate(filled);
    Ok(head)
}

/// How many NULs a file begins with: a writer that does not append goes on at
/// its old offset after a truncation, and leaves a hole before it.
pub fn leading_hole(file: &File) -> io::Result<u64> {
    let mut block = [0; 4096];
    let filled = read_full_at(file, &mut block[..1], 0)?;
    if filled == 0 || block[0] != 0 {
        return Ok(0);
    }
    // Holes end at a block's border, the NULs behind one need not.
    let mut at = match seek(file, SeekFrom::Data(0)) {
        Ok(data) => data,
        Err(Errno::NXIO) => return Ok(file.metadata()?.len()),
        Err(_) => 0,
    };
    let searched_to = at + HOLE_SEARCH_BYTES_MAX;
    while at < searched_to {
        let filled = read_full_at(file, &mut block, at)?;
        if let Some(text) = block[..filled].iter().position(|&byte| byte != 0) {
            return Ok(at + text as u64);
        }
        at += filled as u64;
        if filled < block.len() {
            break;
        }
    }
    Ok(at)
}

/// The same, unless there is no text yet: a writer may have made room before it
/// writes.
pub fn hole_before_text(file: &File) -> io::Result<u64> {
    let hole = leading_hole(file)?;
    Ok(if hole < file.metadata()?.len() {
        hole
    } else {
        0
    })
}

/// How many of the bytes `read` at `offset` were written: NULs up to the end of the
/// file are room that a writer made before it writes there. The last bytes of the
/// file are among them when `has_last`.
pub fn written(
    file: &File,
    encoding: Encoding,
    read: &[u8],
    offset: u64,
    has_last: bool,
) -> io::Result<usize> {
    if encoding != Encoding::Bytes {
        return Ok(read.len());
    }
    let text = read.iter().rposition(|&byte| byte != 0);
    match text {
        Some(last) => Ok(last + 1),
        None if has_last => Ok(0),
        None => match seek(file, SeekFrom::Data(offset + read.len() as u64)) {
            Err(Errno::NXIO) => Ok(0),
            _ => Ok(read.len()),
        },
    }
}

/// The bytes before `offset`.
///
/// # Errors
///
/// `UnexpectedEof` when the file is shorter.
pub fn trail_at(file: &File, offset: u64) -> io::Result<Trail> {
    let mut trail = Trail::EMPTY;
    let mut bytes = [0; MARK_BYTES];
    let length = offset.min(bytes.len() as u64);
    let filled = read_full_at(file, &mut bytes[..length as usize], offset - length)?;
    if (filled as u64) < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    trail.push(&bytes[..filled]);
    Ok(trail)
}

/// Whether something changed at `changed`, in seconds and nanoseconds since the
/// epoch, so recently that a clock as coarse as a file system's would give a
/// second change the same time.
pub fn is_fresh(changed: (i64, i64)) -> bool {
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    let changed = Duration::new(changed.0.max(0) as u64, changed.1 as u32);
    now.abs_diff(changed) < FRESH_CHANGE
}
