//! What goes over the wire: the JSON of answers and the frames of the event
//! stream, version 1.
//!
//! Lines are written by hand, straight from the batch: they are nearly all that is
//! ever sent.

mod text;
mod log;
pub mod long;

use std::io::Write;
use std::time::SystemTime;

use serde::Serialize;

use crate::filter::Filter;
use crate::http::wire::text::IN_MEMORY;
use crate::http::wire::text::string;
use crate::line::Batch;
use crate::line::Line;
use crate::position::Cursor;
use crate::position::SegmentId;
use crate::record::Record;
use crate::store::boundary::BoundaryKind;
use crate::store::chain::Source;
use crate::store::chain::State;
use crate::subscription::update::Gap;
use crate::subscription::update::GapReason;
use crate::subscription::update::Lines;
use crate::subscription::update::Update;

/// `GET /api/sources`
#[derive(Debug, Serialize)]
pub struct Sources<'a> {
    /// The page's name, where it was given one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<&'a str>,
    /// Lines of each source that a reader begins with, unless it says otherwise.
    pub lines: usize,
    /// There are more files than are followed.
    #[serde(skip_serializing_if = "is_false")]
    pub too_many_files: bool,
    /// In the order in which they were found.
    pub sources: Vec<SourceEntry>,
}

/// See [`Sources`].
#[derive(Debug, Serialize)]
pub struct SourceEntry {
    /// What can be said of it as a whole.
    #[serde(flatten)]
    pub state: SourceState,
    /// Oldest first.
    pub segments: Vec<SegmentEntry>,
}

/// See [`SourceEntry`].
#[derive(Debug, Serialize)]
pub struct SegmentEntry {
    /// Its id.
    pub segment: String,
    /// Its file's name.
    pub name: String,
    /// Its length in bytes; 0 while it was not unpacked.
    pub size: u64,
    /// Whether it lies compressed on disk.
    #[serde(skip_serializing_if = "is_false")]
    pub compressed: bool,
    /// Why it ends before it should, in a word, once that was seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub torn: Option<&'static str>,
    /// In which zone its times are written: `+01:00`, or `server` where they do not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// The first time in it, in milliseconds since the epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    /// The last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<i64>,
}

/// The event `source`, and a part of [`SourceEntry`].
#[derive(Debug, Serialize)]
pub struct SourceState {
    source: String,
    id: String,
    state: &'static str,
    size: u64,
    /// Why it cannot be read, in a word.
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl SourceState {
    /// What can be said of `source` now.
    pub fn of(source: &Source) -> SourceState {
        let (state, trouble) = match source.state() {
            State::Live => ("live", None),
            State::Waiting => ("waiting", None),
            State::Unreadable(trouble) => ("unreadable", Some(trouble)),
            State::Gone => ("gone", None),
        };
        SourceState {
            source: source.name.clone(),
            id: source.id.to_string(),
            state,
            size: source.size(),
            cause: trouble.as_ref().map(|trouble| trouble.cause.word()),
            reason: trouble.map(|trouble| trouble.reason),
        }
    }
}

/// A line with its address, as history and search give it.
#[derive(Clone, Copy, Debug)]
pub struct PlacedLine<'a> {
    /// The name of its source.
    pub source: &'a str,
    /// Its segment.
    pub segment: SegmentId,
    /// Where it is there.
    pub line: &'a Line,
    /// Its text, as its batch has it.
    pub text: &'a [u8],
    /// What it says of itself.
    pub record: Record,
    /// It does not pass the filter, and stands near one that does.
    pub is_context: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_false(flag: &bool) -> bool {
    !flag
}

#[derive(Serialize)]
struct BoundaryEvent<'a> {
    source: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    segment: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    time: i64,
}

#[derive(Serialize)]
struct GapEvent<'a> {
    source: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    segment: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lines: Option<u64>,
    reason: &'static str,
    loadable: bool,
}

#[derive(Serialize)]
struct Ping {
    head: u64,
    behind: u64,
    time: i64,
}

/// The first thing in a stream: what the reader waits before it connects again.
pub fn retry(out: &mut Vec<u8>, milliseconds: u64) {
    write!(out, "retry: {milliseconds}\n\n").expect(IN_MEMORY);
}

/// One event for one update; `cursor` is the place after it.
pub fn update(out: &mut Vec<u8>, update: &Update, filter: &Filter, cursor: &Cursor) {
    match update {
        Update::Lines(lines) => log(out, lines, filter, cursor),
        Update::Boundary {
            source,
            segment,
            boundary,
        } => {
            let (event, name, size) = match &boundary.kind {
                BoundaryKind::Rotated { name } => ("rotated", name.as_deref(), None),
                BoundaryKind::Truncated { size } => ("truncated", None, Some(*size)),
            };
            let data = BoundaryEvent {
                source: &source.name,
                segment: segment.map(|id| id.to_string()),
                name,
                size,
                time: boundary.time,
            };
            event_with_id(out, event, cursor, &data);
        }
        Update::Unfinished {
            source,
            segment,
            line,
        } => partial(out, &source.name, *segment, line, filter),
        Update::Gap(gap) => event_with_id(out, "gap", cursor, &gap_event(gap)),
        Update::Source(source) => {
            out.extend_from_slice(b"event: source\ndata: ");
            json(out, &SourceState::of(source));
            out.extend_from_slice(b"\n\n");
        }
    }
}

/// The stream is alive, and this is how far behind the reader is, in bytes.
pub fn ping(out: &mut Vec<u8>, head: u64, behind: u64, cursor: &Cursor) {
    let time = SystemTime::UNIX_EPOCH
        .elapsed()
        .unwrap_or_default()
        .as_millis() as i64;
    event_with_id(out, "ping", cursor, &Ping { head, behind, time });
}

/// The server is going away.
pub fn end(out: &mut Vec<u8>) {
    out.extend_from_slice(b"event: end\ndata: {\"reason\":\"shutdown\"}\n\n");
}

/// Lines as plain text, each with a newline.
pub fn plain(out: &mut Vec<u8>, lines: &Lines) {
    for &number in &lines.kept {
        out.extend_from_slice(lines.batch.text(&lines.batch.lines()[number as usize]));
        out.push(b'\n');
    }
}

/// Lines as they stand in an event `log`, each with its source and segment, between commas.
pub fn placed_lines<'a>(
    out: &mut Vec<u8>,
    lines: impl Iterator<Item = PlacedLine<'a>>,
    filter: &Filter,
) {
    for (index, placed) in lines.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        placed_line(out, &placed, filter);
    }
}

fn placed_line(out: &mut Vec<u8>, placed: &PlacedLine<'_>, filter: &Filter) {
    out.extend_from_slice(b"{\"source\":");
    string(out, placed.source);
    write!(out, ",\"segment\":\"{}\",", placed.segment).expect(IN_MEMORY);
    if placed.is_context {
        out.extend_from_slice(log::CONTEXT);
    }
    log::line(out, placed.line, placed.text, placed.record, filter);
}

/// A line without an end. It has no id: whoever comes back is before it.
fn partial(
    out: &mut Vec<u8>,
    source: &str,
    segment: Option<SegmentId>,
    line: &Batch,
    filter: &Filter,
) {
    out.extend_from_slice(b"event: partial\ndata: {\"source\":");
    string(out, source);
    out.push(b',');
    if let Some(segment) = segment {
        write!(out, "\"segment\":\"{segment}\",").expect(IN_MEMORY);
    }
    let record = line.known_records().first().copied().unwrap_or_default();
    let only = &line.lines()[0];
    log::line(out, only, line.text(only), record, filter);
    out.extend_from_slice(b"\n\n");
}

fn log(out: &mut Vec<u8>, lines: &Lines, filter: &Filter, cursor: &Cursor) {
    log::head(out, lines, cursor);
    let text = |&number: &u32| lines.batch.lines()[number as usize].text;
    let lengths = lines.kept.iter().map(text);
    let length: u32 = lengths
        .map(|(start, end)| end - start + LINE_KEYS_BYTES)
        .sum();
    out.reserve(length as usize);
    for (index, (&number, &record)) in lines.kept.iter().zip(&lines.records).enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.push(b'{');
        if lines.context.binary_search(&number).is_ok() {
            out.extend_from_slice(log::CONTEXT);
        }
        let line = &lines.batch.lines()[number as usize];
        log::line(out, line, lines.batch.text(line), record, filter);
    }
    out.extend_from_slice(log::END);
}

fn gap_event(gap: &Gap) -> GapEvent<'_> {
    GapEvent {
        source: &gap.source.name,
        segment: gap.segment.map(|id| id.to_string()),
        from: gap.from,
        to: gap.to,
        lines: gap.lines,
        reason: match gap.reason {
            GapReason::Lag => "lag",
            GapReason::Rotated => "rotated",
            GapReason::Truncated => "truncated",
            GapReason::Damaged => "damaged",
            GapReason::Cursor => "cursor",
        },
        loadable: gap.is_loadable,
    }
}

fn event_with_id(out: &mut Vec<u8>, event: &str, cursor: &Cursor, data: &impl Serialize) {
    write!(out, "event: {event}\nid: {cursor}\ndata: ").expect(IN_MEMORY);
    json(out, data);
    out.extend_from_slice(b"\n\n");
}

/// Writes `value` as JSON.
pub fn json(out: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) {
    text::value(out, value);
}

/// What the keys of a line take, and their short values: about so many bytes.
const LINE_KEYS_BYTES: u32 = 80;

#[cfg(test)]
mod tests;
