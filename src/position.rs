//! Where things are: sources, segments, lines, and places between lines. The
//! only text form of each is here.
//!
//! Ids are derived from what they name, never counted, so that they mean the
//! same after a restart. A cursor is checked twice: by its own checksum when it
//! is read back, and against the file's bytes (by its marks) when it is used.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use thiserror::Error;
use xxhash_rust::xxh3::xxh3_64;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Bytes before an offset that are remembered and compared.
pub const MARK_BYTES: usize = 64;

/// Bytes of a segment's first line that its id is made from. A line that long
/// need not be complete: what stands there does not change any more.
pub const HEAD_BYTES: usize = 1024;

/// Longest text form of a cursor. A browser sends it back as a header, and
/// proxies commonly allow 8 KiB for all of them.
pub const CURSOR_BYTES_MAX: usize = 4096;

/// A source, by a hash of its absolute path: 8 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(u32);

impl SourceId {
    /// The id of the source that is followed under `path`.
    pub fn of(path: &Path) -> SourceId {
        SourceId(fold(xxh3_64(path.as_os_str().as_encoded_bytes())))
    }
}

/// A segment, by a hash of its source and its first line: 8 hexadecimal
/// digits. It stays the same when the file is renamed, copied or compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SegmentId(u32);

impl SegmentId {
    /// The id of the segment of `source` that begins with `head`, where at
    /// least [`HEAD_BYTES`] or a whole line are known; `None` before that.
    ///
    /// `salt` tells apart segments with the same first line; 0 for the first.
    pub fn of(source: SourceId, head: &[u8], salt: u64) -> Option<SegmentId> {
        let head = &head[..head.len().min(HEAD_BYTES)];
        let line = match memchr::memchr(b'\n', head) {
            Some(newline) => &head[..=newline],
            None if head.len() == HEAD_BYTES => head,
            None => return None,
        };
        let seed = u64::from(source.0) ^ salt.rotate_left(32);
        Some(SegmentId(fold(xxh3_64_with_seed(line, seed))))
    }

    /// The mark that stands for "after this segment".
    pub fn mark(self) -> Mark {
        Mark::of(&self.0.to_le_bytes())
    }
}

/// A hash of the bytes before an offset (`line::Trail`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(u32);

impl Mark {
    /// The mark of `bytes`, the newest [`MARK_BYTES`] before an offset, or all.
    pub fn of(bytes: &[u8]) -> Mark {
        Mark(fold(xxh3_64(bytes)))
    }
}

/// Zero is kept free: it stands for "none" in a cursor.
fn fold(hash: u64) -> u32 {
    ((hash ^ (hash >> 32)) as u32).max(1)
}

macro_rules! hexadecimal {
    ($id:ident, $what:literal) => {
        impl fmt::Display for $id {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:08x}", self.0)
            }
        }

        impl FromStr for $id {
            type Err = PositionError;

            fn from_str(text: &str) -> Result<$id, PositionError> {
                let digits = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
                if text.len() != 8 || !digits {
                    return Err(PositionError($what));
                }
                let id = u32::from_str_radix(text, 16).map_err(|_| PositionError($what))?;
                Ok($id(id))
            }
        }
    };
}

hexadecimal!(SourceId, "a source id is 8 hexadecimal digits");
hexadecimal!(SegmentId, "a segment id is 8 hexadecimal digits");

/// One line's address. Its text form is `<segment>.<offset>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Position {
    /// Which file between two rotations.
    pub segment: SegmentId,
    /// The byte at which the line starts.
    pub offset: u64,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.segment, self.offset)
    }
}

impl FromStr for Position {
    type Err = PositionError;

    fn from_str(text: &str) -> Result<Position, PositionError> {
        let wrong = PositionError("a position is <segment>.<offset>, as in 8c1f2a90.4711");
        let (segment, offset) = text.split_once('.').ok_or(wrong)?;
        if offset.is_empty() || !offset.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong);
        }
        Ok(Position {
            segment: segment.parse()?,
            offset: offset.parse().map_err(|_| wrong)?,
        })
    }
}

/// A text that is no id, position or cursor. The sentence says what one is.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("{0}")]
pub struct PositionError(&'static str);

/// A place between two lines of one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The source.
    pub source: SourceId,
    /// The segment; `None` while its first line is not known.
    pub segment: Option<SegmentId>,
    /// Which file it was (`source::identity::Identity::hint`): tells apart
    /// segments that begin alike.
    pub file: u16,
    /// Where the next line starts.
    pub offset: u64,
    /// The bytes before it; without a segment, the segment before it.
    pub mark: Mark,
}

/// A place in every source of a subscription: the id of a server-sent event.
/// Opaque to everybody else.
///
/// A source has more than one place while a rotated file may still grow beside
/// the new one, and none while it has no file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Which sources were asked for (a hash): only a reader that asks for the
    /// same ones may conclude that a source without a place did not exist.
    pub selection: u16,
    /// When the cursor was made, in milliseconds since the epoch; 48 bits.
    pub made: u64,
    /// Whether every source that had a file has its place. A cursor of very
    /// many sources holds those that moved last, see [`Cursor::PLACES_MAX`].
    pub is_complete: bool,
    /// The places, those that moved last first.
    pub places: Vec<Place>,
}

const VERSION: u8 = 1;
const HEADER_BYTES: usize = 1 + 2 + MADE_BYTES + 1;
const MADE_BYTES: usize = 6;
const CHECKSUM_BYTES: usize = 2;
const PLACE_BYTES_MAX: usize = 4 + 4 + 2 + 4 + 10;
const NOT_A_CURSOR: PositionError = PositionError("this is not a cursor of logstream");

impl Cursor {
    /// Places that always fit into [`CURSOR_BYTES_MAX`]; most often about 150
    /// do, as offsets are short.
    pub const PLACES_MAX: usize =
        (CURSOR_BYTES_MAX / 4 * 3 - HEADER_BYTES - CHECKSUM_BYTES) / PLACE_BYTES_MAX;
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let room = CURSOR_BYTES_MAX / 4 * 3 - CHECKSUM_BYTES;
        let mut bytes = Vec::with_capacity(HEADER_BYTES + 20 * self.places.len().min(160));
        bytes.push(VERSION);
        bytes.extend(self.selection.to_le_bytes());
        bytes.extend(&self.made.to_le_bytes()[..MADE_BYTES]);
        bytes.push(0);
        let mut written = 0;
        for place in &self.places {
            if bytes.len() + PLACE_BYTES_MAX > room {
                break;
            }
            write_place(&mut bytes, place);
            written += 1;
        }
        bytes[HEADER_BYTES - 1] = u8::from(self.is_complete && written == self.places.len());
        let checksum = xxh3_64(&bytes) as u16;
        bytes.extend(checksum.to_le_bytes());
        f.write_str(&URL_SAFE_NO_PAD.encode(bytes))
    }
}

impl FromStr for Cursor {
    type Err = PositionError;

    fn from_str(text: &str) -> Result<Cursor, PositionError> {
        if text.len() > CURSOR_BYTES_MAX {
            return Err(NOT_A_CURSOR);
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NOT_A_CURSOR)?;
        read_cursor(&bytes).ok_or(NOT_A_CURSOR)
    }
}

fn write_place(bytes: &mut Vec<u8>, place: &Place) {
    bytes.extend(place.source.0.to_le_bytes());
    bytes.extend(place.segment.map_or(0, |id| id.0).to_le_bytes());
    bytes.extend(place.file.to_le_bytes());
    bytes.extend(place.mark.0.to_le_bytes());
    let mut rest = place.offset;
    while rest >= 0x80 {
        bytes.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
}

fn read_cursor(bytes: &[u8]) -> Option<Cursor> {
    let (body, checksum) = bytes.split_last_chunk::<CHECKSUM_BYTES>()?;
    if xxh3_64(body) as u16 != u16::from_le_bytes(*checksum) {
        return None;
    }
    let mut rest = body;
    let [version] = take(&mut rest)?;
    let selection = u16::from_le_bytes(take(&mut rest)?);
    let mut made = [0; 8];
    made[..MADE_BYTES].copy_from_slice(&take::<MADE_BYTES>(&mut rest)?);
    let [is_complete] = take(&mut rest)?;
    if version != VERSION || is_complete > 1 {
        return None;
    }
    let mut places = Vec::new();
    while !rest.is_empty() {
        places.push(read_place(&mut rest)?);
    }
    Some(Cursor {
        selection,
        made: u64::from_le_bytes(made),
        is_complete: is_complete == 1,
        places,
    })
}

fn read_place(rest: &mut &[u8]) -> Option<Place> {
    let source = SourceId(u32::from_le_bytes(take(rest)?));
    let segment = u32::from_le_bytes(take(rest)?);
    let file = u16::from_le_bytes(take(rest)?);
    let mark = Mark(u32::from_le_bytes(take(rest)?));
    let mut offset = 0u64;
    for shift in (0..64).step_by(7) {
        let [byte] = take(rest)?;
        let part = u64::from(byte & 0x7f);
        if part << shift >> shift != part {
            return None;
        }
        offset |= part << shift;
        if byte < 0x80 {
            return Some(Place {
                source,
                segment: (segment != 0).then_some(SegmentId(segment)),
                file,
                offset,
                mark,
            });
        }
    }
    None
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, left) = rest.split_first_chunk::<N>()?;
    *rest = left;
    Some(*taken)
}

#[cfg(test)]
mod tests;
