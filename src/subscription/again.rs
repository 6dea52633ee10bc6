//! A line that nobody has to keep: whoever needs its text has it read again.

use std::io;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::Weak;

use crate::line::Batch;
use crate::line::Line;
use crate::line::Trail;
use crate::store::chain::Source;
use crate::subscription::kept_file::KeptFile;
use crate::subscription::kept_file::blocking;
use crate::subscription::update::Lines;

/// See the module's description.
#[derive(Debug)]
pub struct Again {
    source: Arc<Source>,
    file: KeptFile,
    line: Line,
    /// Its last bytes.
    behind: Trail,
    /// Where it was found last, and its number there.
    found: Mutex<(Weak<Batch>, usize)>,
}

impl Again {
    /// The first of these lines, if they are of a file.
    pub fn first_of(lines: &Lines) -> Option<Again> {
        let (file, &number) = (lines.file.clone()?, lines.kept.first()?);
        let (batch, number) = (&lines.batch, number as usize);
        let line = batch.lines()[number];
        let again = Again {
            source: Arc::clone(&lines.source),
            file,
            line,
            behind: batch.trail_at(line.end),
            found: Mutex::default(),
        };
        again.note(batch, number);
        Some(again)
    }

    /// Bytes of its text.
    pub fn length(&self) -> usize {
        (self.line.text.1 - self.line.text.0) as usize
    }

    /// The batch in which the line is, and its number there.
    ///
    /// # Errors
    ///
    /// The line is there no more.
    pub async fn find(&self) -> io::Result<(Arc<Batch>, usize)> {
        let (batch, number) = self.found().clone();
        if let Some(batch) = self.source.home().lately.find(&batch) {
            return Ok((batch, number));
        }
        let (mut file, line, behind) = (self.file.clone(), self.line, self.behind);
        let batch = Arc::new(blocking(move || file.text(line, behind)).await?);
        self.note(&batch, 0);
        Ok((batch, 0))
    }

    fn note(&self, batch: &Arc<Batch>, number: usize) {
        self.source.home().lately.note(batch);
        *self.found() = (Arc::downgrade(batch), number);
    }

    fn found(&self) -> MutexGuard<'_, (Weak<Batch>, usize)> {
        self.found.lock().expect("no holder of the lock panics")
    }
}
