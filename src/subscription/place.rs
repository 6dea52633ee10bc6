//! A reader's place in one segment, and what comes next there.

use std::io;
use std::sync::Arc;

use crate::config::GAP_COUNT_BYTES_MAX;
use crate::config::LAG_SKIP_BYTES;
use crate::config::READ_BYTES;
use crate::config::READ_BYTES_AGAIN;
use crate::config::SKIP_KEEP_BYTES;
use crate::line::Trail;
use crate::position;
use crate::store::boundary::BoundaryKind;
use crate::store::chain::Source;
use crate::store::history;
use crate::store::history::Start;
use crate::store::reading;
use crate::store::segment::Segment;
use crate::store::spot::Spot;
use crate::store::torn::Torn;
use crate::subscription::above::Above;
use crate::subscription::ahead::Ahead;
use crate::subscription::ahead::Resting;
use crate::subscription::around::Around;
use crate::subscription::coming::Coming;
use crate::subscription::kept::Kept;
use crate::subscription::kept::Limit;
use crate::subscription::kept::Looked;
use crate::subscription::kept_file::KeptFile;
use crate::subscription::kept_file::blocking;
use crate::subscription::records::Records;
use crate::subscription::update::Gap;
use crate::subscription::update::GapReason;
use crate::subscription::update::Lines;
use crate::subscription::wishes::Wishes;

/// See the module's description.
#[derive(Clone, Debug)]
pub(super) struct Place {
    source: Arc<Source>,
    segment: Arc<Segment>,
    offset: u64,
    trail: Trail,
    file: KeptFile,
    ahead: Option<Resting>,
    /// What is behind those, while it is read from disk.
    coming: Option<Coming>,
    above: Above,
    /// All lines of the last batch were newer than the filter wants them.
    is_past_end: bool,
    /// Lines around those that pass the filter, once the first was read.
    around: Option<Around>,
    /// It was told that there should be more behind its last line.
    is_torn_told: bool,
}

impl Place {
    pub(super) fn new(source: &Arc<Source>, start: Start) -> Place {
        if start.file.is_none() && start.segment.is_unread() {
            // It was not there when it was to be unpacked: nobody knows what it held.
            let _ = start.segment.torn.set(Torn::Gone);
        }
        Place {
            source: Arc::clone(source),
            file: KeptFile::new(&start.segment, start.file),
            segment: start.segment,
            offset: start.offset,
            trail: start.trail,
            ahead: None,
            coming: None,
            above: Above::default(),
            is_past_end: false,
            around: None,
            is_torn_told: false,
        }
    }

    /// Lets go of a file in which nothing happens.
    pub(super) fn rest(&mut self) {
        self.file.rest();
    }

    /// Where a reader begins that comes from the segment before.
    pub(super) async fn first(source: &Arc<Source>, segment: Arc<Segment>) -> Place {
        let opened = Arc::clone(&segment);
        let start = blocking(move || Ok(Start::first(&opened))).await;
        let start = start.unwrap_or_else(|_| Start {
            offset: segment.first(),
            segment,
            trail: Trail::EMPTY,
            file: None,
        });
        Place::new(source, start)
    }

    pub(super) fn segment(&self) -> &Arc<Segment> {
        &self.segment
    }

    /// The gap there is behind the last line, once.
    pub(super) fn loss(&mut self) -> Option<Gap> {
        let is_at_end = self.behind() == 0 && !self.is_ready();
        let torn = self.torn().filter(|_| is_at_end)?;
        self.is_torn_told = true;
        Some(Gap {
            to: None,
            ..self.gap(self.offset, 0, None, torn.into(), false)
        })
    }

    /// Why there should be more behind the last line, if that was not told.
    fn torn(&self) -> Option<Torn> {
        let torn = self.segment.torn.get().copied();
        torn.filter(|_| !self.is_torn_told)
    }

    /// Where the next line starts.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Bytes of this segment that are still to be looked at.
    pub(super) fn behind(&self) -> u64 {
        self.segment.head().saturating_sub(self.offset)
    }

    /// Whether there is nothing to be given now.
    pub(super) fn is_done(&self) -> bool {
        self.behind() == 0 && !self.is_ready() && self.torn().is_none()
    }

    /// Whether it is so far behind that a reader may be moved ahead.
    pub(super) fn may_skip(&self) -> bool {
        self.behind() > LAG_SKIP_BYTES && !self.is_ready()
    }

    /// Whether there are lines for the reader that were looked at.
    pub(super) fn is_ready(&self) -> bool {
        self.around.as_ref().is_some_and(Around::is_ready)
    }

    /// Whether what comes next is the same for both, once neither has anything left.
    pub(super) fn stands_like(&self, other: &Place) -> bool {
        Arc::ptr_eq(&self.segment, &other.segment)
            && self.offset == other.offset
            && self.decided().0 == other.decided().0
    }

    /// Up to where it is decided what is given, and the bytes before that.
    fn decided(&self) -> (u64, Trail) {
        let before = self.around.as_ref().and_then(Around::place);
        before.unwrap_or((self.offset, self.trail))
    }

    pub(super) fn for_cursor(&self) -> position::Place {
        let segment = self.segment.id();
        let (offset, trail) = self.decided();
        position::Place {
            source: self.source.id,
            segment,
            file: self.segment.identity().hint(),
            offset,
            mark: match segment {
                Some(_) => trail.mark(),
                None => self.source.mark_before(&self.segment),
            },
        }
    }

    /// Looks at the next lines; only when there are some before the limit, and no
    /// further, but gives at least one.
    pub(super) async fn look(&mut self, wishes: &Wishes, limit: Limit) -> Looked {
        if let Some(lines) = self.around.as_mut().and_then(Around::next) {
            return Looked::Lines(lines);
        }
        if self.is_past_end && self.behind() > READ_BYTES as u64 {
            // Lines are nearly in order: what follows is newer still, however much it is.
            return match self.skip(true, false).await {
                Ok(_) => Looked::Nothing,
                Err(error) => self.lose_rest(&error),
            };
        }
        self.pass_hole();
        if self.behind() == 0 {
            return Looked::Nothing;
        }
        let ahead = match self.load().await {
            Ok(Some(ahead)) => ahead,
            Ok(None) => return Looked::Unsettled,
            Err(error) => return self.lose_rest(&error),
        };
        if wishes.context > 0 && self.around.is_none() {
            let spot = Spot {
                source: Arc::clone(&self.source),
                segment: Arc::clone(&self.segment),
                offset: self.offset,
            };
            self.around = Some(Around::begin(spot, wishes).await);
        }
        let likely = Kept::likely(&ahead, wishes, limit, &mut self.above);
        if likely.is_none() {
            self.above.find(&ahead.batch, &self.file).await;
        }
        self.take(ahead, wishes, limit, likely)
    }

    /// The time of the next line, when there is one and it says its time.
    pub(super) async fn next_time(&mut self) -> Option<i64> {
        self.pass_hole();
        if self.behind() == 0 || self.is_ready() {
            return None;
        }
        let ahead = self.load().await.ok()??;
        self.above.find(&ahead.batch, &self.file).await;
        let time = self.above.read(&ahead.batch)[ahead.next].time;
        let next = ahead.next;
        self.ahead = Some(ahead.rest(next, &self.source.home().lately));
        time
    }

    /// It may not have been known before that the file begins with a hole.
    fn pass_hole(&mut self) {
        let hole = self.segment.hole();
        if self.offset < hole {
            self.trail = Trail::behind_hole(hole);
            self.offset = hole;
            self.ahead = None;
        }
    }

    /// The next lines, of which there are some; `None` as in [`KeptFile::lines`].
    async fn load(&mut self) -> io::Result<Option<Ahead>> {
        self.file.take_up();
        let resting = self.ahead.take();
        let bytes = match resting {
            Some(_) => READ_BYTES_AGAIN,
            None => READ_BYTES,
        };
        let lately = &self.source.home().lately;
        if let Some(ahead) = resting.and_then(|resting| resting.take_up(lately)) {
            return Ok(Some(ahead));
        }
        if let Some(recent) = self.segment.recent_at(self.offset) {
            return Ok(Some(Ahead::in_memory(recent)));
        }
        self.read_from_disk(bytes).await
    }

    /// See [`KeptFile::lines`].
    async fn read_from_disk(&mut self, bytes: usize) -> io::Result<Option<Ahead>> {
        if let Some(coming) = self.coming.take_if(|coming| coming.is_at(self.offset))
            && let Some((batch, taken)) = coming.lines().await
        {
            return Ok(Some(Ahead::from_disk(batch, Some(taken))));
        }
        let mut file = self.file.clone();
        let (offset, trail) = (self.offset, self.trail);
        let read = blocking(move || Ok((file.lines(offset, trail, bytes)?, file)));
        let (batch, file) = read.await?;
        self.file = file;
        Ok(batch.map(|batch| Ahead::from_disk(Arc::new(batch), None)))
    }

    /// Moves on behind the next lines, to where an event is full. Those that are `likely`
    /// may have been found already.
    fn take(
        &mut self,
        ahead: Ahead,
        wishes: &Wishes,
        limit: Limit,
        likely: Option<Kept>,
    ) -> Looked {
        let (batch, next) = (Arc::clone(&ahead.batch), ahead.next);
        let records = match likely {
            Some(_) => &[],
            None => self.above.read(&batch),
        };
        if !ahead.is_in_memory {
            let recogniser = likely.is_none().then_some(self.above.recogniser());
            let coming = self.coming.take();
            let room = &self.source.home().room;
            self.coming = Coming::behind(&batch, coming, &self.file, recogniser, room);
        }
        self.is_past_end = wishes.filter.window().until.is_some_and(|until| {
            let mut times = records[next..].iter().map(|record| record.record_time);
            times.all(|time| time.is_some_and(|time| time >= until))
        });
        let kept = match (&mut self.around, likely) {
            (_, Some(likely)) => likely,
            (Some(around), None) => Kept {
                end: around.look_at(&batch, next, self.trail, wishes, limit),
                ..Kept::default()
            },
            (None, None) => {
                let mut records = Records::Read(records);
                let kept = Kept::of(&batch, next, wishes, limit, &mut records);
                kept.expect("all records are known")
            }
        };
        self.offset = batch.lines()[kept.end - 1].end;
        self.trail = batch.trail_at(self.offset);
        if kept.end < batch.lines().len() && !ahead.is_in_memory {
            self.ahead = Some(ahead.rest(kept.end, &self.source.home().lately));
        }
        let segment = self.segment.id();
        if let (Some(around), Some(segment)) = (&mut self.around, segment) {
            around.make_ready(&self.source, segment, &self.file);
            return around.next().map_or(Looked::Nothing, Looked::Lines);
        }
        match segment {
            Some(segment) if !kept.numbers.is_empty() => Looked::Lines(Lines {
                source: Arc::clone(&self.source),
                segment,
                batch,
                kept: kept.numbers,
                records: kept.records,
                context: Vec::new(),
                end: self.offset,
                file: Some(self.file.clone()),
            }),
            _ => Looked::Nothing,
        }
    }

    fn lose_rest(&mut self, error: &io::Error) -> Looked {
        tracing::debug!("lines of \"{}\" cannot be read: {error}", self.source.name);
        let reason = match self.segment.boundary().map(|boundary| &boundary.kind) {
            Some(BoundaryKind::Truncated { .. }) => GapReason::Truncated,
            _ => GapReason::Rotated,
        };
        let (from, to) = (self.offset, self.segment.head());
        self.around = None;
        self.offset = to;
        self.trail = Trail::EMPTY;
        Looked::Gap(self.gap(from, to, None, reason, false))
    }

    /// Moves near the head, or past it when a newer segment follows, without
    /// giving what lies between.
    pub(super) async fn skip(&mut self, has_successor: bool, counts: bool) -> io::Result<Gap> {
        let (mut kept, encoding) = (self.file.clone(), self.segment.encoding());
        let (from, head) = (self.decided().0, self.segment.head());
        let (kept, to, trail, lines) = blocking(move || {
            let file = kept.open()?;
            let to = if has_successor {
                head
            } else {
                let near = head.saturating_sub(SKIP_KEEP_BYTES);
                history::line_start(&file, encoding, near, head)?
            };
            let is_cheap = counts && to - from <= GAP_COUNT_BYTES_MAX;
            let lines = is_cheap
                .then(|| history::count_lines(&file, encoding, from, to))
                .transpose()?;
            let trail = reading::trail_at(&file, to)?;
            Ok((kept, to, trail, lines))
        })
        .await?;
        self.file = kept;
        self.ahead = None;
        self.around = None;
        self.offset = to;
        self.trail = trail;
        self.above.forget();
        Ok(self.gap(from, to, lines, GapReason::Lag, true))
    }

    fn gap(
        &self,
        from: u64,
        to: u64,
        lines: Option<u64>,
        reason: GapReason,
        is_loadable: bool,
    ) -> Gap {
        Gap {
            source: Arc::clone(&self.source),
            segment: self.segment.id(),
            from: Some(from),
            to: Some(to),
            lines,
            reason,
            is_loadable,
        }
    }
}

#[cfg(test)]
mod tests;
