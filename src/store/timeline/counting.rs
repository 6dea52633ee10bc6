//! Counts the lines of a part, one by one.

use std::io;
use std::ops::Range;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use crate::config::READ_BYTES;
use crate::config::SETTLE_PAUSE;
use crate::config::SETTLE_TIMEOUT;
use crate::filter::Filter;
use crate::line::Batch;
use crate::line::Line;
use crate::line::Trail;
use crate::record::Recogniser;
use crate::record::Record;
use crate::store::above;
use crate::store::content::Content;
use crate::store::search::Stop;
use crate::store::segment::Segment;
use crate::store::splitter::Splitter;

/// Counts the lines that the filter keeps in a stretch of a segment.
pub(super) struct Counting<'a, C, T> {
    pub(super) filter: &'a Filter,
    /// Is told of each line that is kept.
    pub(super) count: C,
    /// Is called between two reads, with the bytes that were counted.
    pub(super) tick: T,
}

impl<C, T> Counting<'_, C, T>
where
    C: FnMut(&Line, &Record),
    T: FnMut(u64) -> Result<(), Stop>,
{
    /// Reads the stretch from one end to the other.
    pub(super) fn run(&mut self, segment: &Arc<Segment>, range: Range<u64>) -> Result<(), Stop> {
        let mut content = Content::open(segment).map_err(|_| Stop::Lost)?;
        let encoding = segment.encoding();
        let (redaction, file) = (segment.redaction(), content.file());
        let mut splitter =
            Splitter::redacting(redaction, file, encoding, range.start, Trail::EMPTY);
        let mut recogniser = None;
        let mut block = vec![0; READ_BYTES];
        while splitter.read_to() < range.end {
            let at = splitter.read_to();
            (self.tick)(at - range.start)?;
            let length = READ_BYTES.min((range.end - at) as usize);
            read(&mut content, &mut block[..length], at)?;
            let whole = splitter.push(&block[..length]);
            let is_end = splitter.read_to() == range.end;
            let unfinished = is_end.then(|| splitter.finish()).flatten();
            for batch in whole.into_iter().chain(unfinished) {
                self.count_batch(&batch, &content, segment, &mut recogniser);
            }
        }
        Ok(())
    }

    /// What no pattern wants is not read for its time: only what stands above the next batch
    /// is, in which something is wanted.
    fn count_batch(
        &mut self,
        batch: &Batch,
        content: &Content,
        segment: &Segment,
        recogniser: &mut Option<Recogniser>,
    ) {
        let is_wanted = |line: &Line| self.filter.keeps_text(batch.text(line));
        if self.filter.has_include() && !batch.lines().iter().any(is_wanted) {
            *recogniser = None;
            return;
        }
        let recogniser = recogniser.get_or_insert_with(|| {
            above::recogniser(content.file(), segment.encoding(), batch.start())
        });
        for line in batch.lines() {
            let text = batch.text(line);
            let record = recogniser.read(text);
            if self.filter.keeps_record(&record) && self.filter.keeps_text(text) {
                (self.count)(line, &record);
            }
        }
    }
}

/// A truncation is waited out: the bytes may be in a copy, which is found when it is noticed.
fn read(content: &mut Content, block: &mut [u8], at: u64) -> Result<(), Stop> {
    let since = Instant::now();
    loop {
        match content.read(block, at) {
            Ok(()) => return Ok(()),
            Err(error)
                if error.kind() == io::ErrorKind::WouldBlock
                    && since.elapsed() < SETTLE_TIMEOUT =>
            {
                thread::park_timeout(SETTLE_PAUSE);
            }
            Err(_) => return Err(Stop::Lost),
        }
    }
}
