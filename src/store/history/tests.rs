use std::fs::File;
use std::io::Write;

use proptest::prelude::*;

use crate::config::READ_BYTES;
use crate::filter::Filter;
use crate::filter::FilterSpec;
use crate::store::Store;
use crate::store::encoding::Encoding;
use crate::store::history::count_lines;
use crate::store::history::line_start;
use crate::store::history::newest_lines;

fn file(text: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(text).unwrap();
    file
}

fn filter(include: &str) -> Filter {
    let include = vec![include.to_owned()];
    Filter::new(&FilterSpec {
        include,
        ..FilterSpec::default()
    })
    .unwrap()
}

/// Where the newest lines begin in a rotated file with this text.
fn newest(text: &[u8], count: usize, include: &str, bytes_max: u64) -> u64 {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("app.log.1"), text).unwrap();
    let source = Store::default().add(&dir.path().join("app.log"));
    source.begin_history(None);
    newest_lines(&source, count, &filter(include), bytes_max)
        .unwrap()
        .offset
}

#[test]
fn a_source_that_never_had_a_file_has_no_lines() {
    let dir = tempfile::tempdir().unwrap();
    let source = Store::default().add(&dir.path().join("app.log"));
    assert!(newest_lines(&source, 10, &filter(""), u64::MAX).is_none());
}

#[test]
fn a_line_starts_behind_a_newline() {
    let text = file(b"one\n\ntwo\nthree");
    let start = |offset: u64| line_start(&text, Encoding::Bytes, offset, 14).unwrap();
    let starts: Vec<u64> = (0..=14).map(start).collect();
    assert_eq!(starts, [0, 4, 4, 4, 4, 5, 9, 9, 9, 9, 14, 14, 14, 14, 14]);
}

#[test]
fn a_line_may_start_many_blocks_later() {
    let mut text = vec![b'x'; 2 * READ_BYTES];
    text.extend_from_slice(b"\nnext\n");
    let end = text.len() as u64;
    let text = file(&text);
    assert_eq!(line_start(&text, Encoding::Bytes, 1, end).unwrap(), end - 5);
    assert_eq!(
        line_start(&text, Encoding::Bytes, end - 5, end).unwrap(),
        end - 5
    );
    assert_eq!(
        line_start(&text, Encoding::Bytes, end - 4, end).unwrap(),
        end
    );
    assert_eq!(count_lines(&text, Encoding::Bytes, 0, end).unwrap(), 2);
    assert_eq!(
        count_lines(&text, Encoding::Bytes, end - 5, end).unwrap(),
        1
    );
    assert_eq!(
        count_lines(&text, Encoding::Bytes, 0, 2 * READ_BYTES as u64).unwrap(),
        0
    );
}

#[test]
fn the_newest_lines_are_found_over_many_blocks() {
    let line = format!("{}\n", "x".repeat(999));
    let text = line.repeat(1000);
    for count in [1, 131, 132, 500, 999, 1000] {
        let expected = (1000 - count) * 1000;
        assert_eq!(
            newest(text.as_bytes(), count, "", u64::MAX),
            expected as u64
        );
        assert_eq!(
            newest(text.as_bytes(), count, "x", u64::MAX),
            expected as u64,
            "with a filter"
        );
    }
    assert_eq!(newest(text.as_bytes(), 5000, "", u64::MAX), 0);
}

#[test]
fn a_line_of_many_blocks_is_found_with_and_without_a_filter() {
    let text = format!("first\n{}\nlast\n", "x".repeat(5 * READ_BYTES));
    let long = text.len() as u64 - 6;
    for include in ["", "x|last|first"] {
        assert_eq!(newest(text.as_bytes(), 1, include, u64::MAX), long + 1);
        assert_eq!(newest(text.as_bytes(), 2, include, u64::MAX), 6);
        assert_eq!(newest(text.as_bytes(), 3, include, u64::MAX), 0);
    }
}

#[test]
fn no_more_is_looked_through_than_allowed() {
    let text = "12345678\n".repeat(100_000);
    for include in ["", "nothing"] {
        let offset = newest(text.as_bytes(), 1_000_000, include, 300_000);
        let looked = text.len() as u64 - offset;
        assert!(
            looked <= 300_000 + READ_BYTES as u64,
            "{looked} for {include:?}"
        );
        assert_eq!(offset % 9, 0, "where a line starts");
    }
}

proptest! {
    #[test]
    fn the_newest_lines_are_those_that_counting_forward_finds(
        lines in proptest::collection::vec("[ab]{0,6}", 1..40),
        is_finished in any::<bool>(),
        count in 1..50_usize,
        filtered in any::<bool>(),
    ) {
        let mut text = lines.join("\n");
        if is_finished {
            text.push('\n');
        }
        let mut starts = Vec::new();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            if !filtered || line.contains('a') {
                starts.push(at);
            }
            at += line.len() as u64;
        }
        let first = starts.len().checked_sub(count).map_or(0, |first| starts[first]);
        let include = if filtered { "a" } else { "" };
        if !text.is_empty() {
            prop_assert_eq!(newest(text.as_bytes(), count, include, u64::MAX), first);
        }
    }
}
