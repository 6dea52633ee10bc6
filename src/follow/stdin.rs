//! Standard input: spooled to unlinked temporary files, so that it is a source
//! with segments like any other.
//!
//! The spool is bounded: it is written in two halves, and when the second is
//! full the first is given up, as a rotation does. What a slow reader had not
//! read of it by then is a gap for it.

use std::fs::File;
use std::io;
use std::io::Read;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use memchr::memchr;

use crate::config::READ_BYTES_PER_TURN;
use crate::config::STDIN_SPOOL_BYTES;
use crate::follow::held::Begin;
use crate::follow::held::Held;
use crate::source::trouble::Trouble;
use crate::store::Store;
use crate::store::boundary::Boundary;
use crate::store::boundary::BoundaryKind;
use crate::store::chain::Named;
use crate::store::chain::Source;
use crate::store::chain::State;

/// The public name of standard input.
pub const STDIN: &str = "stdin";

/// Adds standard input to the sources and reads it until it ends.
///
/// The thread cannot be stopped while nothing arrives; it ends with the process.
pub fn start(store: &Arc<Store>) -> io::Result<()> {
    let source = store.add_source(Named {
        name: STDIN.to_owned(),
        path: PathBuf::from("/dev/stdin"),
        is_named: false,
    });
    let store = Arc::clone(store);
    let spool = Spool::begin(&store, &source)?;
    thread::Builder::new()
        .name("stdin".to_owned())
        .spawn(move || {
            if let Err(error) =
                spool.fill(&store, &source, &mut io::stdin().lock(), STDIN_SPOOL_BYTES)
            {
                tracing::error!("standard input is not read any more: {error}");
                store.set_state(&source, State::Unreadable(Trouble::from(&error)));
                store.publish();
            }
        })?;
    Ok(())
}

/// The half that is being written, and the one before it.
struct Spool {
    file: File,
    held: Held,
    before: Option<Held>,
}

impl Spool {
    fn begin(store: &Store, source: &Source) -> io::Result<Spool> {
        let (file, held) = half(store, source)?;
        Ok(Spool {
            file,
            held,
            before: None,
        })
    }

    fn fill(
        mut self,
        store: &Store,
        source: &Source,
        input: &mut dyn Read,
        bytes_max: u64,
    ) -> io::Result<()> {
        store.set_state(source, State::Live);
        let mut bytes = vec![0; READ_BYTES_PER_TURN];
        let mut buffer = Vec::new();
        loop {
            let read = match input.read(&mut bytes) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let mut read = &bytes[..read];
            if self.held.read_to() + read.len() as u64 > bytes_max / 2 {
                // A line is never cut in two; one that does not end stays.
                if let Some(newline) = memchr(b'\n', read) {
                    let (line, rest) = read.split_at(newline + 1);
                    self.file.write_all(line)?;
                    self.held.pump(store, source, &mut buffer, u64::MAX);
                    self.turn_over(store, source)?;
                    read = rest;
                }
            }
            self.file.write_all(read)?;
            self.held.pump(store, source, &mut buffer, u64::MAX);
            source.set_size(self.held.length());
            store.publish();
        }
        self.held.finish(store, source);
        store.set_state(source, State::Gone);
        store.publish();
        // The spool stays readable as long as the program runs.
        loop {
            thread::park();
        }
    }

    fn turn_over(&mut self, store: &Store, source: &Source) -> io::Result<()> {
        let (file, held) = half(store, source)?;
        let mut full = std::mem::replace(&mut self.held, held);
        full.segment()
            .give_way(Boundary::now(BoundaryKind::Rotated { name: None }));
        full.finish(store, source);
        self.file = file;
        self.before = Some(full);
        Ok(())
    }
}

fn half(store: &Store, source: &Source) -> io::Result<(File, Held)> {
    let file = tempfile::tempfile()?;
    let reading = Arc::new(file.try_clone()?);
    let held = Held::open(store, source, &source.path, reading, Begin::Start)?;
    Ok((file, held))
}

#[cfg(test)]
mod tests;
