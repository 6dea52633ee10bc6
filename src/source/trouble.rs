//! Why a file cannot be read, in a word for programs and in words for people.

use std::io;

use rustix::io::Errno;

use crate::error;

/// See the module's description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// In a word.
    pub cause: Cause,
    /// In words.
    pub reason: String,
}

/// What kind of trouble it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// This user may not read it.
    Denied,
    /// It is a directory, a FIFO, a socket or a device.
    NotAFile,
    /// It took the place of a file, and could point at anything.
    RefusedSymlink,
    /// The system cannot read it now.
    IoError,
}

impl Trouble {
    /// There is no file but this: "is a directory".
    pub fn not_a_file(what: &str) -> Trouble {
        Trouble {
            cause: Cause::NotAFile,
            reason: what.to_owned(),
        }
    }

    /// A symbolic link is where a file was.
    pub fn refused_symlink() -> Trouble {
        Trouble {
            cause: Cause::RefusedSymlink,
            reason: "was replaced by a symbolic link".to_owned(),
        }
    }
}

impl From<&io::Error> for Trouble {
    fn from(error: &io::Error) -> Trouble {
        let cause = match error.kind() {
            io::ErrorKind::PermissionDenied => Cause::Denied,
            io::ErrorKind::InvalidInput => Cause::NotAFile,
            _ if Errno::from_io_error(error) == Some(Errno::LOOP) => {
                return Trouble::refused_symlink();
            }
            _ => Cause::IoError,
        };
        Trouble {
            cause,
            reason: error::reason(error),
        }
    }
}

impl Cause {
    /// As it stands in answers.
    pub fn word(self) -> &'static str {
        match self {
            Cause::Denied => "denied",
            Cause::NotAFile => "not_a_file",
            Cause::RefusedSymlink => "refused_symlink",
            Cause::IoError => "io_error",
        }
    }
}
