//! The event `log` in its parts: what is before the lines, and one of them, without the
//! beginning of its object, since what says where it is differs.

use std::borrow::Cow;
use std::io::Write;

use crate::filter::Filter;
use crate::http::wire::text::IN_MEMORY;
use crate::http::wire::text::string;
use crate::http::wire::text::text_of;
use crate::http::wire::text::value;
use crate::line::Line;
use crate::position::Cursor;
use crate::record::Record;
use crate::subscription::update::Lines;

/// Behind the last line.
pub(super) const END: &[u8] = b"]}\n\n";

/// The key of a line that does not pass the filter, and stands near one that does.
pub(super) const CONTEXT: &[u8] = b"\"context\":true,";

/// Up to the first line.
pub(super) fn head(out: &mut Vec<u8>, lines: &Lines, cursor: &Cursor) {
    write!(out, "event: log\nid: {cursor}\ndata: {{\"source\":").expect(IN_MEMORY);
    string(out, &lines.source.name);
    write!(
        out,
        ",\"segment\":\"{}\",\"end\":{},\"lines\":[",
        lines.segment, lines.end
    )
    .expect(IN_MEMORY);
}

/// The keys of a line, and the end of its object.
pub(super) fn line(out: &mut Vec<u8>, line: &Line, bytes: &[u8], record: Record, filter: &Filter) {
    let text = text_of(bytes, line.is_cut);
    let is_lossy = matches!(text, Cow::Owned(_));
    before_text(out, line);
    string(out, &text);
    behind_text(out, line, (&text, is_lossy), record, filter);
}

/// What stands before the text.
pub(super) fn before_text(out: &mut Vec<u8>, line: &Line) {
    out.extend_from_slice(b"\"offset\":");
    value(out, &line.offset);
    out.extend_from_slice(b",\"text\":");
}

/// What stands behind it.
pub(super) fn behind_text(
    out: &mut Vec<u8>,
    line: &Line,
    (text, is_lossy): (&str, bool),
    record: Record,
    filter: &Filter,
) {
    if let Some(time) = record.time {
        out.extend_from_slice(b",\"time\":");
        value(out, &time);
    }
    if let Some(level) = record.level {
        out.extend_from_slice(b",\"level\":");
        string(out, level.as_str());
    }
    if filter.has_include() {
        let matches = filter.matches(text);
        if !matches.is_empty() {
            out.extend_from_slice(b",\"matches\":");
            value(out, &matches);
        }
    }
    if let Some(length) = line.cut() {
        write!(out, ",\"cut\":{length}").expect(IN_MEMORY);
    }
    if record.continues {
        out.extend_from_slice(b",\"continues\":true");
    }
    if is_lossy {
        out.extend_from_slice(b",\"lossy\":true");
    }
    out.push(b'}');
}
