use std::path::Path;

use proptest::prelude::*;

use crate::position::CURSOR_BYTES_MAX;
use crate::position::Cursor;
use crate::position::HEAD_BYTES;
use crate::position::Mark;
use crate::position::Place;
use crate::position::Position;
use crate::position::SegmentId;
use crate::position::SourceId;

fn source() -> SourceId {
    SourceId::of(Path::new("/var/log/app.log"))
}

fn place(number: u64) -> Place {
    Place {
        source: SourceId::of(Path::new(&format!("/{number}"))),
        segment: SegmentId::of(source(), b"first\n", number),
        file: number as u16,
        offset: number.wrapping_mul(0x9e37_79b9_7f4a_7c15),
        mark: Mark::of(&number.to_le_bytes()),
    }
}

fn cursor(places: usize) -> Cursor {
    Cursor {
        selection: 7,
        made: 1_763_808_422_403,
        is_complete: true,
        places: (0..places as u64).map(place).collect(),
    }
}

#[test]
fn a_cursor_reads_back_as_it_was_written() {
    for places in [0, 1, 2, 100] {
        let written = cursor(places);
        assert_eq!(written.to_string().parse(), Ok(written));
    }
}

#[test]
fn a_cursor_of_too_many_places_keeps_the_first_and_says_that_it_is_not_complete() {
    let written = cursor(5000);
    let text = written.to_string();
    assert!(text.len() <= CURSOR_BYTES_MAX, "{} bytes", text.len());
    let read: Cursor = text.parse().unwrap();
    assert!(!read.is_complete);
    assert!(read.places.len() >= Cursor::PLACES_MAX);
    assert_eq!(read.places, written.places[..read.places.len()]);
}

#[test]
fn a_changed_cursor_is_refused() {
    let text = cursor(2).to_string();
    for index in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[index] = if bytes[index] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        assert_ne!(
            changed.parse::<Cursor>().ok(),
            Some(cursor(2)),
            "at {index}"
        );
    }
}

#[test]
fn a_segment_has_an_id_once_its_first_line_is_known() {
    assert_eq!(SegmentId::of(source(), b"", 0), None);
    assert_eq!(SegmentId::of(source(), b"fir", 0), None);
    let id = SegmentId::of(source(), b"first\n", 0);
    assert!(id.is_some());
    assert_eq!(SegmentId::of(source(), b"first\nsecond\n", 0), id);
    assert_ne!(SegmentId::of(source(), b"first\n", 1), id);
    let long = [b'x'; HEAD_BYTES + 10];
    assert!(SegmentId::of(source(), &long, 0).is_some());
    assert_eq!(
        SegmentId::of(source(), &long[..HEAD_BYTES], 0),
        SegmentId::of(source(), &long, 0)
    );
}

#[test]
fn a_position_reads_back_as_it_was_written() {
    let segment = SegmentId::of(source(), b"first\n", 0).unwrap();
    let position = Position {
        segment,
        offset: u64::MAX,
    };
    assert_eq!(position.to_string().parse(), Ok(position));
}

#[test]
fn what_is_no_position_is_refused() {
    for text in [
        "",
        ".",
        "8c1f2a90",
        "8c1f2a90.",
        "8c1f2a90.-1",
        "8c1f2a90.0x10",
        "8c1f2a90. 1",
        "8c1f2a90.+1",
        "8C1F2A90.1",
        "8c1f2a9.1",
        "+c1f2a90.1",
        "8c1f2a90.18446744073709551616",
    ] {
        assert!(text.parse::<Position>().is_err(), "{text:?}");
    }
}

proptest! {
    #[test]
    fn garbage_is_never_a_cursor_and_never_a_panic(text in "\\PC{0,200}") {
        prop_assert!(text.parse::<Cursor>().is_err());
    }

    #[test]
    fn bytes_with_a_right_checksum_do_not_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut bytes = body;
        let checksum = xxhash_rust::xxh3::xxh3_64(&bytes) as u16;
        bytes.extend(checksum.to_le_bytes());
        let _ = super::read_cursor(&bytes);
    }
}
