//! How many lines there are in each stretch of time, over whole logs.
//!
//! At first a few lines here and there tell about how many there are and when;
//! that takes a moment, however large the log is. Then every line is counted,
//! the newest part first, and each part that was counted takes the place of what
//! was guessed of it. Nothing is kept but the counts.

mod scale;
mod bucket;
mod part;
mod counting;

use std::fs;
use std::io;
use std::sync::Arc;

use crate::config::whole_files::TIMELINE_GLANCE_BYTES;
use crate::config::whole_files::TIMELINE_GLANCES;
use crate::filter::Filter;
use crate::line::Line;
use crate::record::Record;
use crate::store::chain::Source;
use crate::store::moment;
use crate::store::search::Stop;
pub use crate::store::timeline::bucket::Bucket;
use crate::store::timeline::counting::Counting;
use crate::store::timeline::part::Glance;
use crate::store::timeline::part::Part;
use crate::store::timeline::part::cut;
pub use crate::store::timeline::scale::Scale;

/// What is to be counted.
#[derive(Clone, Debug)]
pub struct Request {
    /// In which sources.
    pub sources: Vec<Arc<Source>>,
    /// Which lines; its stretch of time bounds the timeline.
    pub filter: Arc<Filter>,
    /// So many buckets, at most.
    pub buckets_max: usize,
}

/// What is known so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// What the buckets stand for.
    pub scale: Scale,
    /// Whether that are bytes, as no line has a time.
    pub is_of_bytes: bool,
    /// Whether every line was counted.
    pub is_exact: bool,
    /// Oldest first.
    pub buckets: Vec<Bucket>,
    /// Lines that were counted and are in no bucket: before the first line with a
    /// time, or far out of order.
    pub outside: u64,
    /// Bytes that were counted.
    pub scanned: u64,
    /// Bytes that there are, as far as is known.
    pub total: u64,
}

/// Whom a timeline is shown.
pub trait Viewer {
    /// Is offered what is known, all the time.
    fn show(&mut self, picture: impl FnOnce() -> Picture);

    /// Is waited for before the lines are counted, which takes long.
    fn wait_turn(&mut self) -> Result<(), Stop>;

    /// Is asked all the time; `Err` ends the timeline.
    fn go_on(&mut self) -> Result<(), Stop>;
}

/// Draws the timeline, better and better. Gives the last picture and, unless it
/// is exact, why.
pub fn draw(request: &Request, viewer: &mut impl Viewer) -> (Picture, Option<Stop>) {
    let mut drawing = Drawing {
        filter: &request.filter,
        parts: Vec::new(),
        counted: Vec::new(),
        scale: Scale::of_bytes(0, 1),
        is_of_bytes: false,
        outside: 0,
        scanned: 0,
    };
    let stop = drawing.draw(request, viewer);
    (drawing.picture(stop.is_ok()), stop.err())
}

struct Drawing<'a> {
    filter: &'a Filter,
    /// What was not counted yet, source after source, the oldest part first.
    parts: Vec<Part>,
    counted: Vec<Bucket>,
    scale: Scale,
    is_of_bytes: bool,
    outside: u64,
    scanned: u64,
}

impl Drawing<'_> {
    fn draw(&mut self, request: &Request, viewer: &mut impl Viewer) -> Result<(), Stop> {
        for source in &request.sources {
            self.add(source, viewer)?;
        }
        self.cut_and_look(viewer)?;
        self.lay_out(request.buckets_max);
        viewer.show(|| self.picture(false));
        viewer.wait_turn()?;
        let mut is_whole = true;
        while let Some(part) = self.parts.pop() {
            match self.count(&part, viewer) {
                Err(Stop::Lost) => is_whole = false,
                Err(stop) => {
                    self.parts.push(part);
                    return Err(stop);
                }
                Ok(()) => {}
            }
        }
        if is_whole { Ok(()) } else { Err(Stop::Lost) }
    }

    /// The segments of a source that may have lines of the window.
    fn add(&mut self, source: &Source, viewer: &mut impl Viewer) -> Result<(), Stop> {
        source.link_neighbours();
        let mut segments = source.segments();
        segments.retain(|segment| segment.id().is_some() && !segment.is_destroyed());
        let window = self.filter.window();
        for segment in &segments[moment::segments_in(&segments, window)] {
            viewer.go_on()?;
            // What is gone meanwhile has no lines.
            if let Ok(range) = moment::range_in(segment, window) {
                let mut part = Part::new(source.index, segment, range);
                if part.range.is_none() {
                    let path = source.path.with_file_name(segment.file_name());
                    part.packed_bytes = fs::metadata(path).map_or(0, |metadata| metadata.len());
                }
                self.parts.push(part);
            }
        }
        Ok(())
    }

    /// Cuts large segments into parts and looks at the first lines of each.
    fn cut_and_look(&mut self, viewer: &mut impl Viewer) -> Result<(), Stop> {
        let total: u64 = self.parts.iter().map(Part::bytes).sum();
        let length = (total / TIMELINE_GLANCES).max(4 * TIMELINE_GLANCE_BYTES);
        for segment in std::mem::take(&mut self.parts) {
            viewer.go_on()?;
            let parts = match segment.range.clone() {
                Some(range) => cut(&segment, range, length),
                None => Ok(vec![segment]),
            };
            self.parts.extend(parts.unwrap_or_default());
        }
        for part in &mut self.parts {
            viewer.go_on()?;
            let looked: io::Result<()> = part.look(self.filter);
            if let Err(error) = looked {
                tracing::debug!("a part of a log cannot be read: {error}");
            }
        }
        // What is in a compressed file is taken to be as the rest is.
        let glances = self.parts.iter().map(|part| part.glance);
        let usual = glances.fold(Glance::default(), Glance::and);
        for part in self.parts.iter_mut().filter(|part| part.range.is_none()) {
            part.glance = Glance {
                first: part.glance.first,
                ..usual
            };
        }
        let mut newer: Option<(usize, Option<i64>)> = None;
        for part in self.parts.iter_mut().rev() {
            part.until = match newer {
                Some((source, first)) if source == part.source => first,
                _ => part.last_time(),
            };
            newer = Some((part.source, part.glance.first));
        }
        Ok(())
    }

    /// Decides what the buckets stand for.
    fn lay_out(&mut self, buckets_max: usize) {
        let times = self.parts.iter().filter_map(Part::times);
        let first = times.clone().map(|(first, _)| first).min();
        let end = times.map(|(_, end)| end).max();
        let window = self.filter.window();
        self.is_of_bytes = first.is_none();
        self.scale = if let (Some(first), Some(end)) = (first, end) {
            let first = window.since.map_or(first, |since| since.max(first));
            let end = window.until.map_or(end, |until| until.min(end));
            Scale::of_times(first, end, buckets_max)
        } else {
            Scale::of_bytes(self.parts.iter().map(Part::bytes).sum(), buckets_max)
        };
        self.counted = vec![Bucket::default(); self.scale.len()];
    }

    fn count(&mut self, part: &Part, viewer: &mut impl Viewer) -> Result<(), Stop> {
        let range = part
            .whole_range(self.filter.window())
            .map_err(|_| Stop::Lost)?;
        let base: u64 = self.parts.iter().map(Part::bytes).sum();
        let mut found = vec![Bucket::default(); self.counted.len()];
        let mut outside = 0;
        let place = |line: &Line, record: &Record| {
            if self.is_of_bytes {
                Some((base + line.offset - range.start) as i64)
            } else {
                record.record_time
            }
        };
        let scanned = self.scanned;
        let mut counting = Counting {
            filter: self.filter,
            count: |line: &Line, record: &Record| {
                let bucket = place(line, record).and_then(|place| self.scale.part_of(place));
                match bucket {
                    Some(bucket) => found[bucket].count(record),
                    None => outside += 1,
                }
            },
            tick: |bytes| {
                viewer.go_on()?;
                viewer.show(|| {
                    let mut picture = self.picture_with(Some(part));
                    picture.scanned = scanned + bytes;
                    picture
                });
                Ok(())
            },
        };
        counting.run(&part.segment, range.clone())?;
        for (sum, found) in self.counted.iter_mut().zip(found) {
            sum.total += found.total;
            sum.warn += found.warn;
            sum.error += found.error;
        }
        self.outside += outside;
        self.scanned += range.end - range.start;
        Ok(())
    }

    fn picture(&self, is_exact: bool) -> Picture {
        Picture {
            is_exact,
            ..self.picture_with(None)
        }
    }

    /// What was counted, and of the other parts what was guessed; `current` is one of these.
    fn picture_with(&self, current: Option<&Part>) -> Picture {
        let mut guessed = vec![[0.0; 3]; self.counted.len()];
        let waiting = self.parts.iter().chain(current);
        let mut base = 0;
        for part in waiting.clone() {
            let (from, to) = if self.is_of_bytes {
                (base, base + part.bytes() as i64)
            } else {
                part.times().unwrap_or_default()
            };
            spread(&mut guessed, &self.scale, from, to, part.estimate());
            base += part.bytes() as i64;
        }
        let sums = self.counted.iter().zip(guessed);
        let waiting_bytes: u64 = waiting.map(Part::bytes).sum();
        Picture {
            scale: self.scale,
            is_of_bytes: self.is_of_bytes,
            is_exact: false,
            buckets: sums
                .map(|(counted, guessed)| sum(counted, guessed))
                .collect(),
            outside: self.outside,
            scanned: self.scanned,
            total: self.scanned + waiting_bytes,
        }
    }
}

/// Adds counts evenly to the buckets between two places.
fn spread(buckets: &mut [[f64; 3]], scale: &Scale, from: i64, to: i64, counts: [f64; 3]) {
    let (from, to) = (
        from.max(scale.from),
        to.clamp(from + 1, scale.to.max(from + 1)),
    );
    let length = (to - from) as f64;
    let (Some(first), Some(last)) = (scale.part_of(from), scale.part_of(to - 1)) else {
        return;
    };
    for (index, bucket) in buckets.iter_mut().enumerate().take(last + 1).skip(first) {
        let start = scale.from + index as i64 * scale.step;
        let overlap = (start + scale.step).min(to) - start.max(from);
        for (sum, count) in bucket.iter_mut().zip(counts) {
            *sum += count * overlap as f64 / length;
        }
    }
}

fn sum(counted: &Bucket, guessed: [f64; 3]) -> Bucket {
    let [total, warn, error] = guessed.map(|count| count.round() as u64);
    Bucket {
        total: counted.total + total.max(warn + error),
        warn: counted.warn + warn,
        error: counted.error + error,
    }
}

#[cfg(test)]
mod tests;
