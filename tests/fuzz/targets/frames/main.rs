//! Whatever is in a log, a browser gets the events that were sent: each one of
//! them, under its own id, as JSON, with the text of the lines.
//!
//! All frames of an input go into one stream, so that a frame which ends too
//! early, or not at all, is seen in what its neighbours become.

#![no_main]

mod sse;

use std::path::PathBuf;
use std::sync::Arc;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

use logstream::config::LINE_BYTES_MAX;
use logstream::filter::Case;
use logstream::filter::Filter;
use logstream::filter::FilterSpec;
use logstream::http::wire;
use logstream::line::Line;
use logstream::line::Trail;
use logstream::position::Cursor;
use logstream::position::SegmentId;
use logstream::record::Recogniser;
use logstream::source::trouble::Trouble;
use logstream::store::Store;
use logstream::store::chain::Named;
use logstream::store::chain::Source;
use logstream::store::chain::State;
use logstream::store::encoding::Encoding;
use logstream::store::boundary::Boundary;
use logstream::store::boundary::BoundaryKind;
use logstream::store::splitter::Splitter;
use logstream::subscription::update::Gap;
use logstream::subscription::update::GapReason;
use logstream::subscription::update::Lines;
use logstream::subscription::update::Update;

#[derive(Arbitrary, Debug)]
struct Input {
    source: String,
    /// Shown on the page when the source cannot be read.
    reason: String,
    include: Vec<String>,
    ignores_case: bool,
    sent: Vec<Sent>,
}

#[derive(Arbitrary, Debug)]
enum Sent {
    Log {
        offset: u32,
        /// The first line is filled up to so many bytes before the limit.
        until_limit: Option<u8>,
        text: Vec<u8>,
        /// One bit for each of 64 lines, again and again.
        kept: u64,
    },
    Rotated(Option<String>),
    Truncated(u64),
    Gap {
        from: Option<u64>,
        to: Option<u64>,
        lines: Option<u64>,
        is_loadable: bool,
    },
    Source,
    Ping(u64, u64),
    End,
}

/// What everything in a stream is about.
struct Stream {
    source: Arc<Source>,
    segment: SegmentId,
    filter: Filter,
}

fuzz_target!(|input: Input| {
    let stream = Stream::new(&input);
    let mut out = Vec::new();
    let mut id = String::new();
    let mut expected = Vec::new();
    for (number, sent) in (0..).zip(input.sent) {
        let cursor = Cursor {
            selection: 0,
            made: number,
            is_complete: true,
            places: Vec::new(),
        };
        let Some((kind, lines)) = stream.send(&mut out, sent, &cursor) else {
            continue;
        };
        if !["source", "end"].contains(&kind) {
            id = cursor.to_string();
        }
        expected.push((kind, id.clone(), lines));
    }

    let parsed = sse::parse(&out);
    assert_eq!(parsed.retry, None);
    assert_eq!(parsed.events.len(), expected.len());
    for (event, (kind, id, lines)) in parsed.events.iter().zip(expected) {
        assert_eq!(event.kind, kind);
        assert_eq!(event.last_event_id, id);
        let data: Value = serde_json::from_str(&event.data).expect(&event.data);
        if kind == "end" || kind == "ping" {
            continue;
        }
        assert_eq!(data["source"], *stream.source.name);
        match lines {
            Some(lines) => stream.check_lines(&data, &lines),
            None if kind == "source" => assert_eq!(data["reason"], input.reason),
            None => {}
        }
    }
});

impl Stream {
    fn new(input: &Input) -> Stream {
        let store = Store::default();
        let source = store.add_source(Named {
            name: input.source.clone(),
            path: PathBuf::from("/var/log/app.log"),
            is_named: true,
        });
        store.set_state(&source, State::Unreadable(Trouble::not_a_file(&input.reason)));
        let case = if input.ignores_case {
            Case::Ignore
        } else {
            Case::Match
        };
        let filter = Filter::new(&FilterSpec {
            include: input.include.clone(),
            case,
            ..FilterSpec::default()
        });
        let nothing = || Filter::new(&FilterSpec::default()).expect("no pattern is a filter");
        Stream {
            segment: SegmentId::of(source.id, b"first\n", 0).expect("a whole line"),
            source,
            filter: filter.unwrap_or_else(|_| nothing()),
        }
    }

    /// The kind of the event and, for `log`, the lines in it; `None` when there is nothing to send.
    fn send(
        &self,
        out: &mut Vec<u8>,
        sent: Sent,
        cursor: &Cursor,
    ) -> Option<(&'static str, Option<Lines>)> {
        let (kind, update) = match sent {
            Sent::Log {
                offset,
                until_limit,
                text,
                kept,
            } => {
                let filler = until_limit.map_or(0, |bytes| LINE_BYTES_MAX - usize::from(bytes));
                let text = [&vec![b'x'; filler][..], &text].concat();
                let sent = self.lines(offset.into(), &text, kept)?;
                let seen = self.lines(offset.into(), &text, kept);
                wire::update(out, &Update::Lines(sent), &self.filter, cursor);
                return Some(("log", seen));
            }
            Sent::Rotated(name) => ("rotated", self.boundary(BoundaryKind::Rotated { name })),
            Sent::Truncated(size) => ("truncated", self.boundary(BoundaryKind::Truncated { size })),
            Sent::Gap {
                from,
                to,
                lines,
                is_loadable,
            } => {
                let gap = Gap {
                    source: Arc::clone(&self.source),
                    segment: Some(self.segment),
                    from,
                    to,
                    lines,
                    reason: GapReason::Lag,
                    is_loadable,
                };
                ("gap", Update::Gap(gap))
            }
            Sent::Source => ("source", Update::Source(Arc::clone(&self.source))),
            Sent::Ping(head, behind) => {
                wire::ping(out, head, behind, cursor);
                return Some(("ping", None));
            }
            Sent::End => {
                wire::end(out);
                return Some(("end", None));
            }
        };
        wire::update(out, &update, &self.filter, cursor);
        Some((kind, None))
    }

    fn boundary(&self, kind: BoundaryKind) -> Update {
        Update::Boundary {
            source: Arc::clone(&self.source),
            segment: Some(self.segment),
            boundary: Boundary { time: 0, kind },
        }
    }

    /// All of the text, an unfinished line as well.
    fn lines(&self, offset: u64, text: &[u8], kept: u64) -> Option<Lines> {
        let mut splitter = Splitter::new(Encoding::Bytes, offset, Trail::EMPTY);
        let batch = splitter.push(text).or_else(|| splitter.finish())?;
        let count = batch.lines().len() as u32;
        let kept: Vec<u32> = (0..count)
            .filter(|line| kept >> (line % u64::BITS) & 1 == 1)
            .collect();
        if kept.is_empty() {
            return None;
        }
        let all = batch.records(&mut Recogniser::new());
        Some(Lines {
            records: kept.iter().map(|&number| all[number as usize]).collect(),
            source: Arc::clone(&self.source),
            segment: self.segment,
            kept,
            context: Vec::new(),
            end: batch.end(),
            file: None,
            batch: Arc::new(batch),
        })
    }

    fn check_lines(&self, data: &Value, lines: &Lines) {
        assert_eq!(data["segment"], self.segment.to_string());
        assert_eq!(data["end"], lines.end);
        let sent = data["lines"].as_array().expect("lines");
        assert_eq!(sent.len(), lines.kept.len());
        for (sent, &number) in sent.iter().zip(&lines.kept) {
            let line = &lines.batch.lines()[number as usize];
            let record = lines.batch.known_records()[number as usize];
            check_text(sent, line, lines.batch.text(line));
            assert_eq!(sent["offset"], line.offset);
            assert_eq!(sent["time"].as_i64(), record.time);
            assert_eq!(
                sent["level"].as_str(),
                record.level.map(|level| level.as_str())
            );
            assert_eq!(sent["continues"] == true, record.continues);
            check_matches(sent);
        }
    }
}

fn check_text(sent: &Value, line: &Line, bytes: &[u8]) {
    let cut = line.cut();
    assert_eq!(sent["cut"].as_u64(), cut);
    // A character that the limit has cut in two is left out.
    let tail = bytes
        .utf8_chunks()
        .last()
        .map_or(&[][..], |chunk| chunk.invalid());
    let is_halved = str::from_utf8(tail).is_err_and(|error| error.error_len().is_none());
    let left_out = if cut.is_some() && is_halved {
        tail.len()
    } else {
        0
    };
    let text = String::from_utf8_lossy(&bytes[..bytes.len() - left_out]);
    assert_eq!(sent["text"], *text);
    let is_lossy = str::from_utf8(&bytes[..bytes.len() - left_out]).is_err();
    assert_eq!(sent["lossy"] == true, is_lossy);
}

/// Ranges are within the text as JavaScript counts it, in order, apart, and divide no character.
fn check_matches(sent: &Value) {
    let Some(matches) = sent.get("matches") else {
        return;
    };
    let text = sent["text"].as_str().expect("text");
    let matches: Vec<[usize; 2]> = serde_json::from_value(matches.clone()).expect("ranges");
    assert!(!matches.is_empty());
    let units: Vec<u16> = text.encode_utf16().collect();
    let is_border = |at: usize| at == units.len() || !(0xdc00..=0xdfff).contains(&units[at]);
    let mut last_end = None;
    for [start, end] in matches {
        assert!(start < end && end <= units.len());
        assert!(last_end < Some(start));
        assert!(is_border(start) && is_border(end));
        last_end = Some(end);
    }
}
