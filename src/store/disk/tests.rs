use std::fs::File;
use std::io::Write;

use crate::config::LINE_BYTES_MAX;
use crate::config::READ_BYTES;
use crate::line::Trail;
use crate::store::disk::read_lines;
use crate::store::encoding::Encoding;
use crate::store::splitter::Splitter;

fn file(text: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(text).unwrap();
    file
}

fn behind(text: &[u8]) -> Splitter {
    let mut trail = Trail::EMPTY;
    trail.push(text);
    Splitter::new(Encoding::Bytes, text.len() as u64, trail)
}

/// The texts of the lines of one read after another.
fn read(text: &[u8], offset: u64, head: u64) -> Vec<String> {
    let file = file(text);
    let mut at = offset;
    let mut lines = Vec::new();
    while at < head {
        let batch = read_lines(&file, behind(&text[..at as usize]), head, READ_BYTES).unwrap();
        let batch = batch.expect("nothing changed");
        assert_eq!(batch.start(), at);
        let texts = batch.lines().iter().map(|line| batch.text(line));
        lines.extend(texts.map(|text| String::from_utf8_lossy(text).into_owned()));
        at = batch.end();
    }
    assert_eq!(at, head);
    lines
}

#[test]
fn lines_are_read_up_to_the_head() {
    assert_eq!(read(b"one\ntwo\nthree\n", 0, 14), ["one", "two", "three"]);
    assert_eq!(read(b"one\ntwo\nthree\n", 4, 8), ["two"]);
    assert_eq!(read(b"one\r\n\r\n", 0, 7), ["one", ""]);
}

#[test]
fn the_unfinished_line_of_a_finished_file_is_a_line() {
    assert_eq!(read(b"one\ntw", 0, 6), ["one", "tw"]);
    assert_eq!(read(b"one\ntw", 4, 6), ["tw"]);
}

#[test]
fn a_line_of_many_blocks_is_read_block_by_block() {
    for length in [READ_BYTES - 1, READ_BYTES, READ_BYTES + 1, 4 * READ_BYTES] {
        let text = format!("{}\nnext\n", "x".repeat(length));
        let lines = read(text.as_bytes(), 0, text.len() as u64);
        assert_eq!(lines.len(), 2);
        assert_eq!(
            (lines[0].len(), lines[1].as_str()),
            (LINE_BYTES_MAX, "next")
        );
        let unfinished = "x".repeat(length);
        assert_eq!(
            read(unfinished.as_bytes(), 0, length as u64)[0].len(),
            LINE_BYTES_MAX
        );
    }
}

#[test]
fn nothing_is_read_behind_bytes_that_are_not_those_that_were_read() {
    let was = b"one\ntwo\nthree\n";
    for now in [
        &b""[..],
        b"one",
        b"one\ntwo\n",
        b"ONE\ntwo\nthree\n",
        b"one\nTWO\nthree\n",
    ] {
        let found = read_lines(&file(now), behind(&was[..8]), 14, READ_BYTES).unwrap();
        assert!(found.is_none(), "{:?}", String::from_utf8_lossy(now));
    }
    let longer = file(b"one\ntwo\nFOUR!\nmore\n");
    assert!(
        read_lines(&longer, behind(&was[..8]), 14, READ_BYTES)
            .unwrap()
            .is_some()
    );
}

#[test]
fn no_more_is_read_at_once_than_a_block() {
    let text = b"x\n".repeat(READ_BYTES);
    let batch = read_lines(&file(&text), behind(b""), text.len() as u64, READ_BYTES)
        .unwrap()
        .unwrap();
    assert_eq!(batch.end(), READ_BYTES as u64);
}
