//! A cursor is what its text says, however many places it has, and no text is
//! longer than a header may be. Garbage is refused, and so are its signed
//! forms: a checksum is no secret.

#![no_main]

use std::path::Path;

use arbitrary::Arbitrary;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use libfuzzer_sys::fuzz_target;
use xxhash_rust::xxh3::xxh3_64;

use logstream::position::CURSOR_BYTES_MAX;
use logstream::position::Cursor;
use logstream::position::Mark;
use logstream::position::Place;
use logstream::position::Position;
use logstream::position::SegmentId;
use logstream::position::SourceId;

#[derive(Arbitrary, Debug)]
enum Input<'a> {
    /// What a reader may send.
    Text(&'a str),
    /// The same, once its checksum is right.
    Signed(&'a [u8]),
    /// What this program sends.
    Made {
        selection: u16,
        /// 48 bits of it.
        made: u64,
        is_complete: bool,
        places: Vec<Made>,
        /// The places so many times, so that they are too many.
        times: u8,
    },
}

#[derive(Arbitrary, Clone, Copy, Debug)]
struct Made {
    source: u8,
    segment: Option<u8>,
    file: u16,
    offset: u64,
    /// Most files are small.
    offset_bits: u8,
    mark: u16,
}

fuzz_target!(|input: Input| match input {
    Input::Text(text) => {
        read(text);
        ids(text);
    }
    Input::Signed(body) => {
        let mut bytes = body.to_vec();
        bytes.extend((xxh3_64(body) as u16).to_le_bytes());
        read(&URL_SAFE_NO_PAD.encode(bytes));
    }
    Input::Made {
        selection,
        made,
        is_complete,
        places,
        times,
    } => check(&Cursor {
        selection,
        made: made >> 16,
        is_complete,
        places: places
            .into_iter()
            .map(place)
            .collect::<Vec<_>>()
            .repeat(times.into()),
    }),
});

fn place(made: Made) -> Place {
    let source = SourceId::of(Path::new(&made.source.to_string()));
    Place {
        source,
        segment: made.segment.map(|segment| {
            let head = [segment, b'\n'];
            SegmentId::of(source, &head, 0).expect("a whole line")
        }),
        file: made.file,
        offset: made.offset >> (made.offset_bits % u64::BITS as u8),
        mark: Mark::of(&made.mark.to_le_bytes()),
    }
}

fn read(text: &str) {
    if let Ok(cursor) = text.parse::<Cursor>() {
        check(&cursor);
    }
}

/// The text of the cursor means the cursor, but for places that have no room.
fn check(cursor: &Cursor) {
    let text = cursor.to_string();
    assert!(text.len() <= CURSOR_BYTES_MAX);
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    assert!(
        text.bytes().all(is_plain),
        "safe in a header and in a query"
    );

    let again: Cursor = text.parse().expect(&text);
    let count = again.places.len();
    assert_eq!(again.selection, cursor.selection);
    assert_eq!(again.made, cursor.made);
    assert_eq!(again.places, cursor.places[..count]);
    assert!(count >= cursor.places.len().min(Cursor::PLACES_MAX));
    let is_whole = count == cursor.places.len();
    assert_eq!(again.is_complete, cursor.is_complete && is_whole);
    assert_eq!(again.to_string(), text);
}

fn ids(text: &str) {
    if let Ok(id) = text.parse::<SourceId>() {
        assert_eq!(id.to_string(), text);
    }
    if let Ok(id) = text.parse::<SegmentId>() {
        assert_eq!(id.to_string(), text);
    }
    if let Ok(position) = text.parse::<Position>() {
        assert_eq!(position.to_string().parse(), Ok(position));
    }
}
