use std::sync::Arc;

use serde_json::json;

use crate::harness::check::Check;
use crate::harness::reader::Event;
use crate::harness::written::Written;

/// `app.log` holds `one`, `two` and `three`, and then was replaced by `four` and `five`.
fn written() -> Arc<Written> {
    let written = Arc::new(Written::default());
    written.append("app.log", b"one\ntwo\nthree\n");
    written.rename("app.log", "app.log.1");
    written.append("app.log", b"four\nfive\n");
    written
}

/// A `log` event with these lines.
fn log(segment: &str, end: u64, lines: &[(u64, &str)]) -> Event {
    let lines: Vec<_> = lines
        .iter()
        .map(|(offset, text)| json!({"offset": offset, "text": text}))
        .collect();
    Event {
        kind: "log".to_owned(),
        id: Some("1".to_owned()),
        data: json!({"source": "app.log", "segment": segment, "end": end, "lines": lines}),
    }
}

/// The first fault found in these events, or an empty text.
fn fault(has_filter: bool, events: &[Event]) -> String {
    let mut check = Check::new(Some(written()), has_filter);
    events
        .iter()
        .find_map(|event| check.event(event).err())
        .unwrap_or_default()
}

#[track_caller]
fn is_fine(has_filter: bool, events: &[Event]) {
    assert_eq!(fault(has_filter, events), "");
}

#[track_caller]
fn is_found(has_filter: bool, events: &[Event], words: &str) {
    let fault = fault(has_filter, events);
    assert!(fault.contains(words), "{words:?} is not in {fault:?}");
}

#[test]
fn what_was_written_is_fine() {
    is_fine(
        false,
        &[
            log("a", 8, &[(0, "one"), (4, "two")]),
            log("a", 14, &[(8, "three")]),
        ],
    );
    is_fine(
        false,
        &[log("a", 14, &[(8, "three")]), log("b", 5, &[(0, "four")])],
    );
}

#[test]
fn a_filter_may_leave_lines_out() {
    let events = [log("a", 4, &[(0, "one")]), log("a", 14, &[(8, "three")])];
    is_fine(true, &events);
    is_found(false, &events, "leaves a hole");
}

#[test]
fn a_repeated_line_is_found() {
    let events = [log("a", 8, &[(4, "two")]), log("a", 8, &[(4, "two")])];
    is_found(false, &events, "again");
    is_found(true, &events, "again");
}

#[test]
fn a_wrong_text_is_found() {
    is_found(true, &[log("a", 4, &[(0, "ono")])], "stands in no file");
    is_found(true, &[log("a", 4, &[(0, "on")])], "stands in no file");
}

#[test]
fn a_wrong_place_is_found() {
    is_found(true, &[log("a", 8, &[(5, "wo")])], "stands in no file");
    is_found(true, &[log("a", 4, &[(4, "one")])], "stands in no file");
}

#[test]
fn a_mixture_of_two_files_is_found() {
    let events = [log("a", 4, &[(0, "one")]), log("a", 5, &[(4, "four")])];
    is_found(false, &events, "stands in no file");
}

#[test]
fn a_wrong_end_is_found() {
    is_found(false, &[log("a", 5, &[(0, "one")])], "end is 5");
}

#[test]
fn a_segment_that_does_not_begin_at_its_beginning_is_found() {
    let events = [log("a", 14, &[(8, "three")]), log("b", 10, &[(5, "five")])];
    is_found(false, &events, "not the first of its segment");
}

#[test]
fn an_event_without_an_id_is_found() {
    let event = Event {
        id: None,
        ..log("a", 4, &[(0, "one")])
    };
    is_found(true, &[event], "no id");
}

#[test]
fn a_gap_allows_a_hole_and_nothing_else() {
    let gap = |from: u64, to: u64| Event {
        kind: "gap".to_owned(),
        id: Some("1".to_owned()),
        data: json!({"source": "app.log", "segment": "a", "from": from, "to": to}),
    };
    let one = log("a", 4, &[(0, "one")]);
    let three = log("a", 14, &[(8, "three")]);
    is_fine(false, &[one.clone(), gap(4, 8), three.clone()]);
    is_found(false, &[one, gap(4, 14), three], "again");
}
