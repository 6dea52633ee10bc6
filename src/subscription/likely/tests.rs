use std::sync::Arc;

use bytes::Bytes;

use crate::config::LINE_BYTES_MAX;
use crate::filter::Filter;
use crate::filter::FilterSpec;
use crate::line::Batch;
use crate::line::Trail;
use crate::redaction::Mode;
use crate::redaction::Redaction;
use crate::store::encoding::Encoding;
use crate::store::splitter::Splitter;
use crate::subscription::likely::LINES_MIN;
use crate::subscription::likely::Likely;
use crate::subscription::tests::wishes;
use crate::subscription::wishes::From;
use crate::subscription::wishes::Wishes;

fn wishes_for(pattern: &str) -> Wishes {
    let spec = FilterSpec {
        include: vec![pattern.to_owned()],
        ..FilterSpec::default()
    };
    Wishes {
        filter: Arc::new(Filter::new(&spec).expect("a filter")),
        ..wishes(From::Tail(0))
    }
}

/// Of the lines those are asked that match `asked`, which is all that match `pattern` and
/// perhaps more, and those that are `odd`.
#[track_caller]
fn check(pattern: &str, asked: &str, batch: &Batch, odd: &[usize]) {
    let (wishes, asked) = (wishes_for(pattern), wishes_for(asked));
    let mut likely = Likely::in_batch(batch, &wishes);
    for (number, line) in batch.lines().iter().enumerate() {
        let text = batch.text(line);
        let expected = asked.filter.keeps_text(text) || odd.contains(&number);
        assert_eq!(
            likely.may_match(line),
            expected,
            "{pattern:?} in line {number}"
        );
        assert!(expected || !wishes.filter.keeps_text(text));
    }
}

/// So many lines that they are worth it, each of which has its number.
fn many(ending: &str) -> String {
    let lines = (0..2 * LINES_MIN).map(|number| format!("line {number}{ending}"));
    lines.collect::<Vec<_>>().concat()
}

fn split(encoding: Encoding, bytes: &[u8]) -> Batch {
    let mut splitter = Splitter::new(encoding, 0, Trail::EMPTY);
    splitter.push(bytes).expect("whole lines")
}

#[test]
fn only_lines_that_match_are_asked() {
    for ending in ["\n", "\r\n", "\n\n"] {
        let batch = split(Encoding::Bytes, many(ending).as_bytes());
        for pattern in ["line 7", "LINE", "^line 1", "7$", "^$", "nothing"] {
            check(pattern, pattern, &batch, &[]);
        }
        check("ne 1.*7$", "ne 1", &batch, &[]);
    }
}

#[test]
fn a_reader_may_begin_with_any_line() {
    let batch = split(Encoding::Bytes, many("\n").as_bytes());
    let wishes = wishes_for("line 9");
    for next in 0..LINES_MIN {
        let mut likely = Likely::in_batch(&batch, &wishes);
        for line in &batch.lines()[next..] {
            let expected = batch.text(line).starts_with(b"line 9");
            assert_eq!(likely.may_match(line), expected);
        }
    }
}

#[test]
fn lines_of_pairs_of_bytes_are_found_in_their_text() {
    let text: Vec<u8> = many("\r\n")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let batch = split(Encoding::Utf16Little, &text);
    check("line 1.*7$", "line 1", &batch, &[]);
}

#[test]
fn a_line_of_which_not_all_is_shown_is_always_asked() {
    let long = "x".repeat(2 * LINE_BYTES_MAX);
    let text = format!("\u{feff}first\n{long}\n{}", many("\n"));
    let batch = split(Encoding::Bytes, text.as_bytes());
    for pattern in ["^first", "x$", "line 7"] {
        check(pattern, pattern, &batch, &[0, 1]);
    }
}

#[test]
fn a_line_without_its_secret_is_asked_for_what_is_left() {
    let redaction = Arc::new(Redaction::new(Mode::Default, &[]).expect("rules"));
    let file = tempfile::tempfile().expect("a file");
    let text = format!("a password=hunter2 b\n{}c password=hunter3 d\n", many("\n"));
    let mut splitter = Splitter::redacting(&redaction, &file, Encoding::Bytes, 0, Trail::EMPTY);
    let batch = splitter.push(text.as_bytes()).expect("whole lines");
    let last = batch.lines().len() - 1;
    for pattern in ["hunter", "password", " d$", "line 7"] {
        check(pattern, pattern, &batch, &[0, last]);
    }
    assert_ne!(batch.text(&batch.lines()[last]), b"c password=hunter3 d");
}

#[test]
fn few_lines_are_all_asked() {
    let batch = split(Encoding::Bytes, b"one\ntwo\n");
    check("two", "two", &batch, &[0]);
}

#[test]
fn a_line_without_an_end_is_found_as_well() {
    let mut splitter = Splitter::new(Encoding::Bytes, 0, Trail::EMPTY);
    assert!(splitter.push(b"last").is_none());
    let batch = splitter.finish().expect("a line");
    let only = &batch.lines()[0];
    assert!(batch.is_whole(only));
    let moved = Batch::new(
        vec![*only],
        Bytes::from_static(b"last one"),
        Bytes::new(),
        Trail::EMPTY,
    );
    assert!(!moved.is_whole(only));
}
