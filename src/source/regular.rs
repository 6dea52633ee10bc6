//! Opens what is followed: regular files, for reading, and nothing else.
//!
//! Opening a FIFO may block for ever and opening a device may do something, so
//! the path is looked at first, and what was opened is looked at again.

use std::fs::File;
use std::fs::FileType;
use std::fs::Metadata;
use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::FileTypeExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::OFlags;

/// Opens the regular file at `path` and says what it is.
///
/// # Errors
///
/// `InvalidInput`, with a sentence such as "is a directory", for anything that
/// is no regular file; else what the system says.
pub fn open(path: &Path) -> io::Result<(File, Metadata)> {
    open_with(path, OFlags::empty())
}

/// The same, unless the last part of the path is a symbolic link.
pub fn open_itself(path: &Path) -> io::Result<(File, Metadata)> {
    open_with(path, OFlags::NOFOLLOW)
}

fn open_with(path: &Path, flags: OFlags) -> io::Result<(File, Metadata)> {
    check(&path.metadata()?)?;
    let file = OpenOptions::new()
        .read(true)
        .custom_flags((OFlags::NONBLOCK | flags).bits() as i32)
        .open(path)?;
    let metadata = file.metadata()?;
    check(&metadata)?;
    Ok((file, metadata))
}

fn check(metadata: &Metadata) -> io::Result<()> {
    match what_it_is(metadata.file_type()) {
        None => Ok(()),
        Some(what) => Err(io::Error::new(io::ErrorKind::InvalidInput, what)),
    }
}

/// Says what a path names that is no regular file.
pub fn what_it_is(file_type: FileType) -> Option<&'static str> {
    if file_type.is_file() {
        None
    } else if file_type.is_dir() {
        Some("is a directory")
    } else if file_type.is_fifo() {
        Some("is a FIFO")
    } else if file_type.is_socket() {
        Some("is a socket")
    } else {
        Some("is a device")
    }
}
