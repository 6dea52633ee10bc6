use std::io;
use std::io::Cursor;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use crate::config::READ_BYTES_PER_TURN;
use crate::follow::stdin::Spool;
use crate::line::Trail;
use crate::store::Store;
use crate::store::boundary::Boundary;
use crate::store::boundary::BoundaryKind;
use crate::store::chain::Source;
use crate::store::chain::State;
use crate::store::disk::read_lines;
use crate::store::encoding::Encoding;
use crate::store::segment::Segment;
use crate::store::splitter::Splitter;

/// Gives what it has in pieces of this size, and then an error: without one the spool would be
/// kept for ever.
struct Pieces {
    text: Cursor<Vec<u8>>,
    size: usize,
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let size = buffer.len().min(self.size);
        match self.text.read(&mut buffer[..size])? {
            0 => Err(io::Error::other("the end")),
            read => Ok(read),
        }
    }
}

/// The source after all of this came in.
fn spooled(text: &str, size: usize, bytes_max: u64) -> Arc<Source> {
    let store = Store::default();
    let source = store.add_found(Path::new("/dev/stdin"));
    let spool = Spool::begin(&store, &source).unwrap();
    let mut input = Pieces {
        text: Cursor::new(text.as_bytes().to_vec()),
        size,
    };
    let error = spool
        .fill(&store, &source, &mut input, bytes_max)
        .unwrap_err();
    assert_eq!(error.to_string(), "the end");
    source
}

fn lines(segment: &Segment) -> Vec<String> {
    let mut lines = Vec::new();
    let mut offset = 0;
    while let Some((batch, number)) = segment.recent_at(offset) {
        for line in &batch.lines()[number..] {
            lines.push(String::from_utf8_lossy(batch.text(line)).into_owned());
            offset = line.end;
        }
    }
    assert_eq!(offset, segment.head());
    lines
}

#[test]
fn lines_are_there_however_they_came() {
    for size in [1, 2, 3, 5, 100] {
        let source = spooled("one\ntwo\r\n\nthree\nunfin", size, 1000);
        let segments = source.segments();
        assert_eq!(segments.len(), 1);
        assert_eq!(lines(&segments[0]), ["one", "two", "", "three"]);
        assert_eq!(source.state(), State::Live);
        assert_eq!(source.size(), 21);
    }
}

#[test]
fn a_full_half_gives_way_at_the_end_of_a_line() {
    let names: Vec<String> = (0..100).map(|number| format!("line {number:02}")).collect();
    let text = names.join("\n") + "\n";
    for size in [1, 7, 8, 30, 1000] {
        let source = spooled(&text, size, 160);
        let segments = source.segments();
        let all: Vec<_> = segments.iter().flat_map(|segment| lines(segment)).collect();
        assert_eq!(all, names, "in pieces of {size}");
        let (newest, older) = segments.split_last().unwrap();
        assert!(!newest.is_finished() && newest.boundary().is_none());
        for segment in older {
            assert!(segment.is_finished());
            let rotated = BoundaryKind::Rotated { name: None };
            assert!(matches!(segment.boundary(), Some(Boundary { kind, .. }) if *kind == rotated));
            assert!(
                segment.head() <= 80 + 8 || size == 1000,
                "{} bytes",
                segment.head()
            );
        }
    }
}

#[test]
fn what_is_spooled_can_be_read_again_until_the_half_after_the_next_is_full() {
    let store = Store::default();
    let source = store.add_found(Path::new("/dev/stdin"));
    let mut spool = Spool::begin(&store, &source).unwrap();
    let read = |segment: &Segment| {
        let file = segment.open()?;
        read_lines(
            &file,
            Splitter::new(Encoding::Bytes, 0, Trail::EMPTY),
            segment.head(),
            READ_BYTES_PER_TURN,
        )
    };
    let mut buffer = Vec::new();
    for text in ["one\n", "two\n", "three\n"] {
        io::Write::write_all(&mut spool.file, text.as_bytes()).unwrap();
        spool.held.pump(&store, &source, &mut buffer, u64::MAX);
        spool.turn_over(&store, &source).unwrap();
    }
    let segments = source.segments();
    assert_eq!(segments.len(), 4);
    assert!(read(&segments[0]).is_err(), "given up");
    assert!(read(&segments[1]).is_err(), "given up");
    assert_eq!(read(&segments[2]).unwrap().unwrap().lines().len(), 1);
}

#[test]
fn a_line_that_does_not_end_stays_whole() {
    let text = format!("{}\nnext\n", "x".repeat(1000));
    for size in [1, 64, 4096] {
        let source = spooled(&text, size, 160);
        let segments = source.segments();
        let all: Vec<_> = segments.iter().flat_map(|segment| lines(segment)).collect();
        assert_eq!(all.len(), 2);
        assert_eq!((all[0].len(), all[1].as_str()), (1000, "next"));
    }
}
