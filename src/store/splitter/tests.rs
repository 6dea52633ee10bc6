use proptest::prelude::*;

use crate::config::LINE_BYTES_MAX;
use crate::line::Trail;
use crate::store::encoding::Encoding;
use crate::store::splitter::Splitter;

/// Offset, text, terminator, full length where cut.
type Seen = (u64, Vec<u8>, u8, Option<u64>);

fn split(reads: &[&[u8]]) -> Vec<Seen> {
    let mut splitter = Splitter::new(Encoding::Bytes, 0, Trail::EMPTY);
    let mut whole = Vec::new();
    let mut seen = Vec::new();
    let mut end = 0;
    let mut take = |batch: crate::line::Batch, whole: &[u8]| {
        for line in batch.lines() {
            assert_eq!(line.offset, end, "lines follow one another");
            end = line.end;
            let mut trail = Trail::EMPTY;
            trail.push(&whole[..line.end as usize]);
            assert_eq!(batch.trail_at(line.end), trail, "trail at {}", line.end);
            seen.push((
                line.offset,
                batch.text(line).to_vec(),
                line.terminator,
                line.cut(),
            ));
        }
    };
    for read in reads {
        whole.extend_from_slice(read);
        if let Some(batch) = splitter.push(read) {
            take(batch, &whole);
        }
        assert_eq!(splitter.read_to(), whole.len() as u64);
    }
    if let Some(batch) = splitter.finish() {
        take(batch, &whole);
    }
    assert_eq!(splitter.offset(), whole.len() as u64);
    seen
}

#[track_caller]
fn check(reads: &[&[u8]], expected: &[(u64, &str, u8)]) {
    let seen = split(reads);
    let seen: Vec<_> = seen
        .iter()
        .map(|(offset, text, terminator, _)| (*offset, str::from_utf8(text).unwrap(), *terminator))
        .collect();
    assert_eq!(seen, expected);
}

#[test]
fn lines_end_at_newlines() {
    check(&[b"one\ntwo\n"], &[(0, "one", 1), (4, "two", 1)]);
    check(&[b"\n\n"], &[(0, "", 1), (1, "", 1)]);
}

#[test]
fn a_line_written_in_two_pieces_is_one_line() {
    check(
        &[b"o", b"n", b"e\ntw", b"o\n"],
        &[(0, "one", 1), (4, "two", 1)],
    );
}

#[test]
fn a_carriage_return_before_the_newline_is_not_text_wherever_the_read_ended() {
    check(&[b"one\r\ntwo\r\n"], &[(0, "one", 2), (5, "two", 2)]);
    check(&[b"one\r", b"\ntwo\n"], &[(0, "one", 2), (5, "two", 1)]);
    check(&[b"\r", b"\n\n"], &[(0, "", 2), (2, "", 1)]);
}

#[test]
fn a_lone_carriage_return_is_text() {
    check(&[b"10%\r20%\n"], &[(0, "10%\r20%", 1)]);
    check(&[b"one\n\rtwo\n"], &[(0, "one", 1), (4, "\rtwo", 1)]);
    check(&[b"x\r\n", b"\n"], &[(0, "x", 2), (3, "", 1)]);
}

#[test]
fn an_unfinished_line_is_given_when_the_segment_ends() {
    check(&[b"one\ntw"], &[(0, "one", 1), (4, "tw", 0)]);
}

#[test]
fn a_long_line_is_cut_and_says_how_long_it_was() {
    for (length, cut) in [(0, false), (1, true), (300_000, true)] {
        let long = vec![b'x'; LINE_BYTES_MAX + length];
        for terminator in [&b"\n"[..], b"\r\n"] {
            let mut whole = long.clone();
            whole.extend_from_slice(terminator);
            whole.extend_from_slice(b"next\n");
            let pieces: Vec<&[u8]> = whole.chunks(10_000).collect();
            for reads in [&[&whole[..]][..], &pieces] {
                let seen = split(reads);
                assert_eq!(seen.len(), 2);
                assert_eq!(seen[0].1, long[..LINE_BYTES_MAX]);
                assert_eq!(seen[0].3, cut.then_some(long.len() as u64));
                assert_eq!(seen[1].0, (long.len() + terminator.len()) as u64);
                assert_eq!(seen[1].1, b"next");
            }
        }
    }
}

proptest! {
    #[test]
    fn any_cutting_of_the_same_bytes_gives_the_same_lines(
        bytes in proptest::collection::vec(prop_oneof![Just(b'\n'), Just(b'\r'), any::<u8>()], 0..400),
        cuts in proptest::collection::vec(1usize..40, 1..80),
    ) {
        let mut rest = &bytes[..];
        let mut reads = Vec::new();
        for cut in cuts {
            let (read, left) = rest.split_at(cut.min(rest.len()));
            reads.push(read);
            rest = left;
        }
        reads.push(rest);
        prop_assert_eq!(split(&reads), split(&[&bytes]));
    }
}
