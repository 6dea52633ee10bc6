use std::fs::File;
use std::io::Write;
use std::sync::Arc;
use std::sync::OnceLock;

use crate::config::LINE_BYTES_MAX;
use crate::config::READ_BYTES;
use crate::line::Batch;
use crate::redaction::Redaction;
use crate::store::block::Block;
use crate::store::block::Lines;
use crate::store::encoding::Encoding;

fn file(text: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(text).unwrap();
    file
}

/// What is kept out of lines.
static NOTHING: OnceLock<Arc<Redaction>> = OnceLock::new();

fn lines(file: &File, encoding: Encoding) -> Lines<'_> {
    Lines {
        file,
        encoding,
        first: 0,
        head: file.metadata().unwrap().len(),
        redaction: NOTHING.get_or_init(Arc::default),
    }
}

fn starts(batches: &[Batch]) -> Vec<u64> {
    let lines = batches.iter().flat_map(Batch::lines);
    lines.map(|line| line.offset).collect()
}

fn before(lines: &Lines<'_>, end: u64, length: u64) -> Vec<u64> {
    starts(&lines.before(end, length).unwrap())
}

fn after(lines: &Lines<'_>, start: u64, length: u64) -> Vec<u64> {
    starts(&lines.after(start, length).unwrap())
}

#[test]
fn a_line_starts_behind_the_newline_before() {
    let file = file(b"one\n\ntwo\nthree");
    let lines = lines(&file, Encoding::Bytes);
    let starts: Vec<u64> = (0..=14).map(|at| lines.start_of(at).unwrap()).collect();
    assert_eq!(starts, [0, 0, 0, 0, 4, 5, 5, 5, 5, 9, 9, 9, 9, 9, 9]);
}

#[test]
fn a_line_of_utf16_starts_at_a_whole_unit() {
    let text = "a\u{a0a}\nb\n".encode_utf16().flat_map(u16::to_le_bytes);
    let file = file(&text.collect::<Vec<_>>());
    let lines = lines(&file, Encoding::Utf16Little);
    let starts: Vec<u64> = (0..=10).map(|at| lines.start_of(at).unwrap()).collect();
    assert_eq!(starts, [0, 0, 0, 0, 0, 0, 6, 6, 6, 6, 10]);
}

#[test]
fn a_block_holds_whole_lines_in_about_so_many_bytes() {
    let file = file(b"one\n\ntwo\nthree");
    let lines = lines(&file, Encoding::Bytes);
    assert_eq!(before(&lines, 14, 100), [0, 4, 5, 9]);
    assert_eq!(before(&lines, 14, 9), [5, 9]);
    assert_eq!(before(&lines, 14, 8), [9]);
    assert_eq!(before(&lines, 14, 1), [9]);
    assert_eq!(before(&lines, 5, 1), [4]);
    assert_eq!(before(&lines, 0, 1), [0; 0]);
    assert_eq!(after(&lines, 0, 100), [0, 4, 5, 9]);
    assert_eq!(after(&lines, 4, 5), [4, 5]);
    assert_eq!(after(&lines, 4, 1), [4]);
    assert_eq!(after(&lines, 5, 1)[0], 5);
    assert_eq!(after(&lines, 14, 1), [0; 0]);
}

#[test]
fn a_line_longer_than_a_block_is_a_block() {
    let long = "x".repeat(3 * READ_BYTES);
    let file = file(format!("first\n{long}\nlast\n").as_bytes());
    let lines = lines(&file, Encoding::Bytes);
    let end = lines.head - 5;
    for length in [1, READ_BYTES as u64, 3 * READ_BYTES as u64] {
        for batches in [lines.before(end, length), lines.after(6, length)] {
            let batches = batches.unwrap();
            let line = batches[0].lines()[0];
            assert_eq!((line.offset, line.end), (6, end));
            assert_eq!(line.cut(), Some(long.len() as u64));
            assert_eq!(batches[0].text(&line).len(), LINE_BYTES_MAX);
        }
    }
    assert_eq!(lines.start_of(end - 1).unwrap(), 6);
}

#[test]
fn a_file_that_is_shorter_than_it_was_is_an_error() {
    let file = file(b"one\ntwo\n");
    let lines = lines(&file, Encoding::Bytes);
    file.set_len(2).unwrap();
    assert!(lines.before(8, 100).is_err());
    assert!(lines.after(0, 100).is_err());
    assert!(lines.start_of(6).is_err());
}

#[test]
fn a_block_that_nobody_wants_is_passed_without_its_lines() {
    let file = file(b"one\n\ntwo\nthree\n");
    let lines = lines(&file, Encoding::Bytes);
    let is_useless = |bytes: &[u8]| !bytes.contains(&b'n');
    let passed = |block: Option<Block>| {
        let block = block.unwrap();
        (block.start, block.end, block.batches.is_empty())
    };
    assert_eq!(
        passed(lines.block_before(15, 11, &is_useless).unwrap()),
        (4, 15, true)
    );
    assert_eq!(
        passed(lines.block_before(15, 15, &is_useless).unwrap()),
        (0, 15, false)
    );
    assert_eq!(
        passed(lines.block_after(5, 7, &is_useless).unwrap()),
        (5, 9, true)
    );
    assert_eq!(
        passed(lines.block_after(0, 5, &is_useless).unwrap()),
        (0, 5, false)
    );
    let long = lines.block_after(5, 1, &is_useless).unwrap();
    assert_eq!(
        passed(long),
        (5, 15, false),
        "no line ends in what was looked at"
    );
}
