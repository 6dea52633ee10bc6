//! What lines say of themselves, for a reader that is given only some of them.
//!
//! To read what a line says costs more than to look whether it matches. So for a filter
//! that does not ask for it, only the lines that match are read, and of those before
//! them as many as they owe something to: nearly always none.

use crate::line::Batch;
use crate::record::Recogniser;
use crate::record::Record;

/// How many lines above one are looked at for the one that begins its record. Where it is
/// further away all lines are read.
const ABOVE_MAX: usize = 64;

/// See the module's description.
pub(super) enum Records<'a> {
    /// They were all read.
    Read(&'a [Record]),
    /// Those that are asked for are read, in their order.
    AsAsked {
        recogniser: &'a mut Recogniser,
        /// The number of the one that was read last.
        last: Option<usize>,
    },
}

impl<'a> Records<'a> {
    /// None was read so far. The recogniser knows how times are written there, and
    /// forgets the lines that it has read.
    pub(super) fn as_asked(recogniser: &'a mut Recogniser) -> Records<'a> {
        Records::AsAsked {
            recogniser,
            last: None,
        }
    }

    /// What the line of this number says; `None` when all lines have to be read for that.
    pub(super) fn of(&mut self, batch: &Batch, number: usize) -> Option<Record> {
        let (recogniser, last) = match self {
            Records::Read(records) => return Some(records[number]),
            Records::AsAsked { recogniser, last } => (recogniser, last),
        };
        let text = |number: usize| batch.text(&batch.lines()[number]);
        if last.is_none_or(|last| last + 1 != number) {
            let stands_alone = |above: &usize| {
                recogniser.forget_lines();
                recogniser.read(text(*above));
                recogniser.stands_alone()
            };
            let mut above = (number.saturating_sub(ABOVE_MAX)..=number).rev();
            let begin = above.find(stands_alone)?;
            recogniser.forget_lines();
            for above in begin..number {
                recogniser.read(text(above));
            }
        }
        *last = Some(number);
        Some(recogniser.read(text(number)))
    }
}

#[cfg(test)]
mod tests;
