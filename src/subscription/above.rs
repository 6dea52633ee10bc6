//! What stands above a reader's next line, as far as that owes anything to it.

use crate::line::Batch;
use crate::record::Recogniser;
use crate::record::Record;
use crate::subscription::kept_file::KeptFile;
use crate::subscription::records::Records;

/// See the module's description. Nothing is known by default.
#[derive(Clone, Debug, Default)]
pub(super) struct Above {
    recogniser: Recogniser,
    is_known: bool,
}

impl Above {
    /// Nothing is known any more, but for how times are written there.
    pub(super) fn forget(&mut self) {
        self.recogniser.forget_lines();
        self.is_known = false;
    }

    /// Reads what stands above `batch` in `file`, unless it is known, or the batch owes
    /// nothing to it, or somebody has read that before.
    pub(super) async fn find(&mut self, batch: &Batch, file: &KeptFile) {
        if self.is_known {
            return;
        }
        let first = Recogniser::new().read(batch.text(&batch.lines()[0]));
        if first.time.is_none() && batch.known_records().is_empty() {
            self.recogniser = file.read_above(batch.start()).await;
        }
        self.is_known = true;
    }

    /// What all lines of the batch say, which are above the next one then.
    pub(super) fn read<'a>(&mut self, batch: &'a Batch) -> &'a [Record] {
        batch.records(&mut self.recogniser)
    }

    /// Of the next lines only those that are asked for are read.
    pub(super) fn as_asked(&mut self) -> Records<'_> {
        self.forget();
        Records::as_asked(&mut self.recogniser)
    }

    /// Has read what stands above.
    pub(super) fn recogniser(&self) -> &Recogniser {
        &self.recogniser
    }
}
