//! The rules of the stream, applied to every event a reader gets.
//!
//! An `id` is there. A line's offset is where a written line starts, and its text is that line.
//! `end` is past the last line, and past those a filter left out behind it. Within a segment lines
//! follow one another without hole or repetition (only without repetition where a filter leaves
//! lines out). A source begins in the middle of one segment at most. What was read before a
//! connection was cut counts for the next one.

use std::collections::HashMap;
use std::sync::Arc;

use crate::harness::reader::Event;
use crate::harness::reader::Line;
use crate::harness::reader::shortened;
use crate::harness::written::Written;

/// A text at least this long may be a cut one.
const CUT_AT_LEAST: usize = 60 * 1024;

/// What has been seen, and so what may come next.
pub struct Check {
    written: Option<Arc<Written>>,
    leaves_lines_out: bool,
    /// Where the next line of a segment starts, by source and segment.
    next: HashMap<(String, String), u64>,
    /// The segment in the middle of which a source began.
    begun: HashMap<String, String>,
    /// The written files a segment can be, by source and segment.
    candidates: HashMap<(String, String), Vec<usize>>,
}

impl Check {
    /// Without `written` the texts are not compared, and holes cannot be told.
    pub fn new(written: Option<Arc<Written>>, has_filter: bool) -> Check {
        Check {
            leaves_lines_out: has_filter || written.is_none(),
            written,
            next: HashMap::new(),
            begun: HashMap::new(),
            candidates: HashMap::new(),
        }
    }

    /// Something leaves lines out.
    pub fn allow_holes(&mut self) {
        self.leaves_lines_out = true;
    }

    /// The event's lines, or what is wrong with it.
    pub fn event(&mut self, event: &Event) -> Result<Vec<Line>, String> {
        let has_id = event.id.as_ref().is_some_and(|id| !id.is_empty());
        match event.kind.as_str() {
            "log" | "gap" | "rotated" | "truncated" | "ping" if !has_id => {
                Err(format!("no id on {event:?}"))
            }
            "log" => self.log(event),
            "gap" => {
                self.gap(event);
                Ok(Vec::new())
            }
            "rotated" | "truncated" | "ping" | "source" | "partial" | "end" => Ok(Vec::new()),
            _ => Err(format!("an event of no known kind: {event:?}")),
        }
    }

    fn log(&mut self, event: &Event) -> Result<Vec<Line>, String> {
        let source = event.str("source");
        let segment = event.str("segment");
        let listed = event.data["lines"].as_array().ok_or("log without lines")?;
        if listed.is_empty() || listed.len() > 128 {
            return Err(format!("{} lines in one event", listed.len()));
        }
        let mut lines = Vec::with_capacity(listed.len());
        for json in listed {
            let line = Line {
                source: source.to_owned(),
                segment: segment.to_owned(),
                offset: json["offset"].as_u64().ok_or("a line without offset")?,
                text: json["text"]
                    .as_str()
                    .ok_or("a line without text")?
                    .to_owned(),
                json: json.clone(),
            };
            self.line(&line)?;
            lines.push(line);
        }
        let end = event.data["end"].as_u64().ok_or("log without end")?;
        let key = (source.to_owned(), segment.to_owned());
        let past_last = self.next.insert(key, end);
        let is_past = past_last == Some(end) || self.leaves_lines_out && past_last < Some(end);
        if self.written.is_some() && !is_past {
            return Err(format!("end is {end}, the last line ends at {past_last:?}"));
        }
        Ok(lines)
    }

    fn line(&mut self, line: &Line) -> Result<(), String> {
        let key = (line.source.clone(), line.segment.clone());
        let expected = self.next.get(&key).copied();
        match expected {
            Some(next) if line.offset < next => {
                return Err(format!("{line:?} again, or out of order: {next} was next"));
            }
            Some(next) if line.offset > next && !self.leaves_lines_out => {
                return Err(format!("{line:?} leaves a hole: {next} was next"));
            }
            None if line.offset != 0 && !self.leaves_lines_out => self.begin(line)?,
            _ => {}
        }
        let end = self.compare(&key, line)?;
        self.next.insert(key, end);
        Ok(())
    }

    /// A source begins in the middle of one segment; the others are whole.
    fn begin(&mut self, line: &Line) -> Result<(), String> {
        match self.begun.insert(line.source.clone(), line.segment.clone()) {
            None => Ok(()),
            Some(other) => Err(format!(
                "{line:?} is not the first of its segment; begun was {other}"
            )),
        }
    }

    /// Compares a line with the written files it can come from; gives its end.
    fn compare(&mut self, key: &(String, String), line: &Line) -> Result<u64, String> {
        let Some(written) = &self.written else {
            return Ok(line.offset + 1);
        };
        let candidates = self
            .candidates
            .entry(key.clone())
            .or_insert_with(|| written.files_of(&line.source));
        let mut end = None;
        let mut seen = Vec::new();
        candidates.retain(|file| {
            let Some(there) = written.line_at(*file, line.offset) else {
                return false;
            };
            let is_same = is_text_of(line, &there.bytes);
            if is_same {
                end = Some(there.end);
            } else {
                seen.push(shortened(&String::from_utf8_lossy(&there.bytes)));
            }
            is_same
        });
        end.ok_or_else(|| format!("{line:?} stands in no file; there: {seen:?}"))
    }

    /// After a gap the source goes on where the gap says, or anywhere.
    fn gap(&mut self, event: &Event) {
        let source = event.str("source");
        let place = event.data["segment"]
            .as_str()
            .zip(event.data["to"].as_u64());
        if let Some((segment, to)) = place {
            self.next
                .insert((source.to_owned(), segment.to_owned()), to);
        } else {
            self.next.retain(|(known, _), _| known != source);
            self.begun.remove(source);
        }
    }
}

fn is_text_of(line: &Line, bytes: &[u8]) -> bool {
    let expected = String::from_utf8_lossy(bytes);
    match line.json["cut"].as_u64() {
        None => line.text == expected,
        Some(length) => {
            line.text.len() >= CUT_AT_LEAST
                && length == bytes.len() as u64
                && expected.starts_with(&line.text)
        }
    }
}

#[cfg(test)]
mod tests;
