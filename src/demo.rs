//! Logs to try the program with.

use std::io;
use std::path::PathBuf;

/// A folder of logs that are being written.
#[derive(Debug)]
pub struct Demo {
    paths: Vec<PathBuf>,
}

impl Demo {
    /// Writes an hour of history and goes on from there until dropped.
    pub fn start() -> io::Result<Self> {
        todo!()
    }

    /// The logs, in the order in which they should be shown.
    pub fn paths(&self) -> &[PathBuf] {
        &self.paths
    }
}
