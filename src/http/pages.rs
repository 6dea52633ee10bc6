//! `GET /api/history`: a page of lines as JSON.

use serde::Serialize;

use crate::filter::Filter;
use crate::http::wire;
use crate::http::wire::PlacedLine;
use crate::store::page::PageLine;
use crate::store::torn::Torn;

/// What stands in a page beside its lines.
#[derive(Debug, Default, Serialize)]
pub struct Edges {
    /// What to pass as `before` for the lines before; none at the oldest line.
    pub older: Option<String>,
    /// What to pass as `after` for the lines behind; none at the newest line.
    pub newer: Option<String>,
    /// Of a page around a place, the first line that is not before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// The place that was asked for is not there any more; this is near to it.
    #[serde(skip_serializing_if = "is_false")]
    pub approximate: bool,
    /// Bytes of the segment, when the offset was past them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// Segments of these lines that end before they should.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<PageGap>,
}

/// A segment ends before it should.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct PageGap {
    /// The source.
    pub source: String,
    /// The segment.
    pub segment: String,
    /// Past its last line.
    pub from: u64,
    /// Why, in a word.
    pub reason: &'static str,
}

impl PageGap {
    /// Those in the segments of these lines.
    pub fn of(lines: &[PageLine]) -> Vec<PageGap> {
        let mut places: Vec<_> = lines
            .iter()
            .map(|line| (line.source.index, line.segment, &line.source))
            .collect();
        places.dedup_by_key(|(index, segment, _)| (*index, *segment));
        let mut gaps = Vec::new();
        for (_, id, source) in places {
            let segments = source.segments();
            let segment = segments.iter().find(|segment| segment.id() == Some(id));
            let torn = segment.and_then(|segment| Some((segment.torn.get()?, segment.head())));
            let gap = torn.map(|(torn, from)| PageGap {
                source: source.name.clone(),
                segment: id.to_string(),
                from,
                reason: word(*torn),
            });
            gaps.extend(gap.filter(|gap| !gaps.contains(gap)));
        }
        gaps
    }
}

/// Why a segment ends before it should, in a word.
pub fn word(torn: Torn) -> &'static str {
    match torn {
        Torn::Damaged => "damaged",
        Torn::Gone => "rotated",
    }
}

/// The lines of a page, oldest first.
pub fn page(out: &mut Vec<u8>, lines: &[PageLine], edges: &Edges, filter: &Filter) {
    out.extend_from_slice(b"{\"lines\":[");
    let placed = lines.iter().map(|line| PlacedLine {
        source: &line.source.name,
        segment: line.segment,
        line: &line.line,
        text: &line.text,
        record: line.record,
        is_context: line.is_context,
    });
    wire::placed_lines(out, placed, filter);
    out.extend_from_slice(b"],");
    // Their object follows without its brace.
    let from = out.len();
    wire::json(out, edges);
    out.remove(from);
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks like this")]
fn is_false(value: &bool) -> bool {
    !value
}
