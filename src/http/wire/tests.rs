use std::path::Path;
use std::sync::Arc;

use crate::config::LINE_BYTES_MAX;
use crate::filter::Filter;
use crate::filter::FilterSpec;
use crate::http::wire;
use crate::http::wire::PlacedLine;
use crate::line::Trail;
use crate::position::Cursor;
use crate::position::SegmentId;
use crate::record::Recogniser;
use crate::source::trouble::Trouble;
use crate::store::Store;
use crate::store::boundary::Boundary;
use crate::store::boundary::BoundaryKind;
use crate::store::chain::Source;
use crate::store::chain::State;
use crate::store::encoding::Encoding;
use crate::store::splitter::Splitter;
use crate::subscription::update::Gap;
use crate::subscription::update::GapReason;
use crate::subscription::update::Lines;
use crate::subscription::update::Update;

const ID: &str = "AQcAAgAAAAAA";

pub(super) fn cursor() -> Cursor {
    Cursor {
        selection: 7,
        made: 2,
        is_complete: true,
        places: Vec::new(),
    }
}

fn source() -> Arc<Source> {
    let source = Store::default().add(Path::new("/var/log/app.log"));
    source.set_size(42);
    source
}

fn in_state(state: State) -> Update {
    let store = Store::default();
    let source = store.add(Path::new("/var/log/app.log"));
    store.set_state(&source, state);
    Update::Source(source)
}

fn segment() -> SegmentId {
    SegmentId::of(source().id, b"first\n", 0).unwrap()
}

/// All lines of the text, as if each passed the filter.
fn lines(text: &[u8]) -> Lines {
    let batch = Splitter::new(Encoding::Bytes, 0, Trail::EMPTY)
        .push(text)
        .unwrap();
    let records = batch.records(&mut Recogniser::new()).to_vec();
    Lines {
        records,
        source: source(),
        segment: segment(),
        kept: (0..batch.lines().len() as u32).collect(),
        context: Vec::new(),
        end: batch.end(),
        file: None,
        batch: Arc::new(batch),
    }
}

fn filter(include: &[&str]) -> Filter {
    let include = include.iter().map(|&pattern| pattern.to_owned()).collect();
    Filter::new(&FilterSpec {
        include,
        ..FilterSpec::default()
    })
    .unwrap()
}

fn gap(reason: GapReason) -> Gap {
    Gap {
        source: source(),
        segment: None,
        from: None,
        to: None,
        lines: None,
        reason,
        is_loadable: true,
    }
}

fn boundary(segment: Option<SegmentId>, kind: BoundaryKind) -> Update {
    Update::Boundary {
        source: source(),
        segment,
        boundary: Boundary {
            time: 1_763_808_422_403,
            kind,
        },
    }
}

/// The event's name, with an id or without; a new kind of update has none yet.
fn expected_head(update: &Update) -> String {
    let (event, has_id) = match update {
        Update::Lines(_) => ("log", true),
        Update::Boundary { boundary, .. } => match boundary.kind {
            BoundaryKind::Rotated { .. } => ("rotated", true),
            BoundaryKind::Truncated { .. } => ("truncated", true),
        },
        Update::Gap(gap) => match gap.reason {
            GapReason::Lag
            | GapReason::Rotated
            | GapReason::Truncated
            | GapReason::Damaged
            | GapReason::Cursor => ("gap", true),
        },
        Update::Unfinished { .. } => ("partial", false),
        Update::Source(_) => ("source", false),
    };
    let id = if has_id {
        format!("id: {}\n", cursor())
    } else {
        String::new()
    };
    format!("event: {event}\n{id}data: ")
}

/// What is in the one `data` of the one event.
fn data(update: &Update, filter: &Filter) -> String {
    let mut out = Vec::new();
    wire::update(&mut out, update, filter, &cursor());
    let frame = String::from_utf8(out).unwrap();
    let data = frame.strip_prefix(&expected_head(update)).expect(&frame);
    let data = data.strip_suffix("\n\n").expect(&frame);
    assert!(!data.contains(['\n', '\r']), "{data:?}");
    serde_json::from_str::<serde_json::Value>(data).expect(data);
    data.to_owned()
}

#[track_caller]
fn check(update: &Update, expected: &str) {
    assert_eq!(data(update, &filter(&[])), expected);
}

#[track_caller]
fn check_lines(text: &[u8], include: &[&str], expected: &str) {
    let expected = format!(
        r#"{{"source":"app.log","segment":"{}","end":{},"lines":[{expected}]}}"#,
        segment(),
        text.len()
    );
    assert_eq!(
        data(&Update::Lines(lines(text)), &filter(include)),
        expected
    );
}

#[test]
fn the_frames_are_as_they_were() {
    assert_eq!(cursor().to_string()[..ID.len()], *ID);
    assert_eq!(segment().to_string(), "728c3219");
    let mut out = Vec::new();
    wire::retry(&mut out, 1000);
    wire::end(&mut out);
    let text = String::from_utf8(out).unwrap();
    assert_eq!(
        text,
        "retry: 1000\n\nevent: end\ndata: {\"reason\":\"shutdown\"}\n\n"
    );
}

#[test]
fn a_ping_says_how_far_behind_the_reader_is() {
    let mut out = Vec::new();
    wire::ping(&mut out, 100, 7, &cursor());
    let text = String::from_utf8(out).unwrap();
    let head = format!(
        "event: ping\nid: {}\ndata: {{\"head\":100,\"behind\":7",
        cursor()
    );
    assert!(text.starts_with(&head) && text.ends_with("}\n\n"), "{text}");
}

#[test]
fn a_line_says_what_is_known_of_it_and_nothing_else() {
    check_lines(b"plain\n", &[], r#"{"offset":0,"text":"plain"}"#);
    check_lines(
        b"a\r\n\nb\n",
        &[],
        r#"{"offset":0,"text":"a"},{"offset":3,"text":""},{"offset":4,"text":"b"}"#,
    );
    check_lines(
        b"2025-11-22T10:47:02.403Z ERROR broken\n  at main\n",
        &["MAIN", "main"][1..],
        r#"{"offset":0,"text":"2025-11-22T10:47:02.403Z ERROR broken","time":1763808422403,"level":"error"},{"offset":38,"text":"  at main","matches":[[5,9]],"continues":true}"#,
    );
}

#[test]
fn a_line_of_history_says_where_it_is() {
    let all = lines(b"one\nsix \"x\"\n");
    let placed = PlacedLine {
        source: &all.source.name,
        segment: all.segment,
        line: &all.batch.lines()[1],
        text: all.batch.text(&all.batch.lines()[1]),
        record: all.records[1],
        is_context: false,
    };
    let mut out = Vec::new();
    wire::placed_line(&mut out, &placed, &filter(&["x"]));
    let expected = format!(
        r#"{{"source":"app.log","segment":"{}","offset":4,"text":"six \"x\"","matches":[[2,3],[5,6]]}}"#,
        segment()
    );
    assert_eq!(String::from_utf8(out).unwrap(), expected);
}

#[test]
fn only_lines_that_were_kept_are_sent() {
    let mut some = lines(b"one\ntwo\nthree\n");
    some.kept = vec![0, 2];
    let sent = data(&Update::Lines(some), &filter(&[]));
    assert!(
        sent.contains(
            r#""end":14,"lines":[{"offset":0,"text":"one"},{"offset":8,"text":"three"}]"#
        ),
        "{sent}"
    );
}

#[test]
fn a_line_that_is_only_context_says_so() {
    let mut some = lines(b"one\ntwo\nthree\n");
    some.context = vec![0, 2];
    let sent = data(&Update::Lines(some), &filter(&[]));
    let expected = r#"[{"context":true,"offset":0,"text":"one"},{"offset":4,"text":"two"},{"context":true,"offset":8,"text":"three"}]"#;
    assert!(sent.contains(expected), "{sent}");
}

#[test]
fn a_line_cannot_end_its_event() {
    check_lines(
        b"x\rid: 999\rdata: injected\r\rdata: second\n",
        &[],
        r#"{"offset":0,"text":"x\rid: 999\rdata: injected\r\rdata: second"}"#,
    );
    check_lines(
        b"\"\\\0\x1b</script>\n",
        &[],
        r#"{"offset":0,"text":"\"\\\u0000\u001b</script>"}"#,
    );
}

#[test]
fn matches_are_counted_as_the_browser_counts() {
    check_lines(
        "😀é x\n".as_bytes(),
        &["x"],
        r#"{"offset":0,"text":"😀é x","matches":[[4,5]]}"#,
    );
}

#[test]
fn what_is_not_utf_8_is_replaced_and_said() {
    check_lines(
        b"a\xff\xfeb\n",
        &[],
        "{\"offset\":0,\"text\":\"a\u{fffd}\u{fffd}b\",\"lossy\":true}",
    );
    check_lines(
        b"\xe2\x82 \n",
        &[],
        "{\"offset\":0,\"text\":\"\u{fffd} \",\"lossy\":true}",
    );
    check_lines(
        "\u{fffd}\n".as_bytes(),
        &[],
        "{\"offset\":0,\"text\":\"\u{fffd}\"}",
    );
}

#[test]
fn a_cut_line_ends_with_a_whole_character_and_says_how_long_it_was() {
    // The limit falls into the last character that fits.
    for (first, is_lossy) in [("", false), ("a", false), ("\u{e9}", false)] {
        let text = format!("{first}{}\n", "€".repeat(LINE_BYTES_MAX / 3 + 10));
        let room = (LINE_BYTES_MAX - first.len()) / 3;
        let expected = format!(
            r#"{{"offset":0,"text":"{first}{}","cut":{}{}}}"#,
            "€".repeat(room),
            text.len() - 1,
            if is_lossy { r#","lossy":true"# } else { "" },
        );
        check_lines(text.as_bytes(), &[], &expected);
    }
}

#[test]
fn a_cut_line_ends_with_a_whole_character_also_when_it_is_not_utf_8_elsewhere() {
    let mut text = b"\xff".to_vec();
    text.extend("€".repeat(LINE_BYTES_MAX / 3 + 10).as_bytes());
    text.push(b'\n');
    let expected = format!(
        "{{\"offset\":0,\"text\":\"\u{fffd}{}\",\"cut\":{},\"lossy\":true}}",
        "€".repeat((LINE_BYTES_MAX - 1) / 3),
        text.len() - 1,
    );
    check_lines(&text, &[], &expected);
}

#[test]
fn a_source_says_its_state() {
    let id = source().id;
    let told =
        |state: &str| format!(r#"{{"source":"app.log","id":"{id}","state":"{state}","size":0}}"#);
    check(&in_state(State::Live), &told("live"));
    check(&in_state(State::Waiting), &told("waiting"));
    check(&in_state(State::Gone), &told("gone"));
    let unreadable = State::Unreadable(Trouble::not_a_file("it is a folder"));
    let why = r#"0,"cause":"not_a_file","reason":"it is a folder"}"#;
    let expected = told("unreadable").replace("0}", why);
    check(&in_state(unreadable), &expected);
}

#[test]
fn a_boundary_says_what_became_of_the_segment() {
    let id = segment();
    let name = Some("app.log.1".to_owned());
    check(
        &boundary(Some(id), BoundaryKind::Rotated { name }),
        &format!(
            r#"{{"source":"app.log","segment":"{id}","name":"app.log.1","time":1763808422403}}"#
        ),
    );
    check(
        &boundary(None, BoundaryKind::Rotated { name: None }),
        r#"{"source":"app.log","time":1763808422403}"#,
    );
    check(
        &boundary(Some(id), BoundaryKind::Truncated { size: 9 }),
        &format!(r#"{{"source":"app.log","segment":"{id}","size":9,"time":1763808422403}}"#),
    );
}

#[test]
fn a_gap_says_what_is_known_of_it() {
    for (reason, name) in [
        (GapReason::Lag, "lag"),
        (GapReason::Rotated, "rotated"),
        (GapReason::Truncated, "truncated"),
        (GapReason::Damaged, "damaged"),
        (GapReason::Cursor, "cursor"),
    ] {
        let expected = format!(r#"{{"source":"app.log","reason":"{name}","loadable":true}}"#);
        check(&Update::Gap(gap(reason)), &expected);
    }
    let whole = Gap {
        segment: Some(segment()),
        from: Some(3),
        to: Some(u64::MAX),
        lines: Some(5),
        is_loadable: false,
        ..gap(GapReason::Lag)
    };
    check(
        &Update::Gap(whole),
        &format!(
            r#"{{"source":"app.log","segment":"{}","from":3,"to":18446744073709551615,"lines":5,"reason":"lag","loadable":false}}"#,
            segment()
        ),
    );
}

#[test]
fn plain_text_is_the_bytes_of_the_lines() {
    let mut some = lines(b"one\r\n\xff\nthree\n");
    some.kept = vec![0, 1];
    let mut out = Vec::new();
    wire::plain(&mut out, &some);
    assert_eq!(out, b"one\n\xff\n");
}
