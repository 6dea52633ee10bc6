//! Any cutting of the same bytes gives the same lines and the same trails.
//!
//! The lines are compared with those of the plainest way there is: the whole
//! segment is in memory, and is searched for one newline after the other.

#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;

use logstream::config::LINE_BYTES_MAX;
use logstream::line::Batch;
use logstream::line::Trail;
use logstream::position::MARK_BYTES;
use logstream::store::encoding::Encoding;
use logstream::store::splitter::Splitter;

#[derive(Arbitrary, Debug)]
struct Input {
    /// UTF-16, and whether its higher byte comes first; bytes otherwise.
    utf16: Option<bool>,
    /// Where the bytes stand in their segment.
    offset: u32,
    before: Vec<u8>,
    /// When below 256, a read in the middle has so many bytes less than a line may have: lines
    /// are cut without an input that is as long. Not often, as it takes its time.
    until_limit: u16,
    reads: Vec<Read>,
}

/// What comes with one read.
#[derive(Arbitrary, Debug)]
enum Read {
    Bytes(Vec<u8>),
    /// A byte so many times.
    Run(u8, u8),
    Newline,
    ReturnAndNewline,
}

impl Read {
    /// Whole units of the encoding.
    fn bytes(self, encoding: Encoding) -> Vec<u8> {
        let ascii = |text: &[u8]| match encoding {
            Encoding::Bytes => text.to_vec(),
            Encoding::Utf16Little => text.iter().flat_map(|&byte| [byte, 0]).collect(),
            Encoding::Utf16Big => text.iter().flat_map(|&byte| [0, byte]).collect(),
        };
        let mut bytes = match self {
            Read::Bytes(bytes) => bytes,
            Read::Run(byte, count) => vec![byte; usize::from(count)],
            Read::Newline => ascii(b"\n"),
            Read::ReturnAndNewline => ascii(b"\r\n"),
        };
        bytes.truncate(encoding.whole(bytes.len()));
        bytes
    }
}

/// One line as a reader can see it.
#[derive(Debug, PartialEq)]
struct Seen {
    offset: u64,
    end: u64,
    text: Vec<u8>,
    cut: Option<u64>,
    /// The bytes before `end`.
    trail: Vec<u8>,
}

fuzz_target!(|input: Input| {
    let encoding = match input.utf16 {
        None => Encoding::Bytes,
        Some(false) => Encoding::Utf16Little,
        Some(true) => Encoding::Utf16Big,
    };
    let segment = Segment {
        encoding,
        offset: encoding.whole(input.offset as usize) as u64,
        before: input.before,
    };
    let reads = input.reads.into_iter().map(|read| read.bytes(encoding));
    let mut reads: Vec<Vec<u8>> = reads.collect();
    if input.until_limit < 256 {
        let length = encoding.whole(LINE_BYTES_MAX - usize::from(input.until_limit));
        reads.insert(reads.len() / 2, vec![b'x'; length]);
    }
    let whole = reads.concat();
    let expected = segment.expected(&whole);

    assert_eq!(segment.split(reads.iter().map(Vec::as_slice)), expected);
    assert_eq!(segment.split([&whole[..]]), expected);
});

/// From where on it is read.
struct Segment {
    encoding: Encoding,
    offset: u64,
    before: Vec<u8>,
}

impl Segment {
    fn split<'a>(&self, reads: impl IntoIterator<Item = &'a [u8]>) -> Vec<Seen> {
        let mut trail = Trail::EMPTY;
        trail.push(&self.before);
        let mut splitter = Splitter::new(self.encoding, self.offset, trail);
        let mut seen = Vec::new();
        let mut read_to = self.offset;
        let mut bytes = self.before.clone();
        for read in reads {
            let batch = splitter.push(read);
            bytes.extend_from_slice(read);
            read_to += read.len() as u64;
            if let Some(batch) = batch {
                see(&batch, &mut seen);
                assert_eq!(splitter.offset(), batch.end());
            }
            assert_eq!(splitter.read_to(), read_to);
            assert_eq!(splitter.trail().as_bytes(), newest(&bytes));
        }
        if let Some(batch) = splitter.finish() {
            assert_eq!(batch.lines().len(), 1);
            assert_eq!(batch.lines()[0].terminator, 0);
            see(&batch, &mut seen);
        }
        assert_eq!(splitter.offset(), read_to);
        assert!(splitter.finish().is_none());
        seen
    }

    fn expected(&self, whole: &[u8]) -> Vec<Seen> {
        let bytes = [&self.before, whole].concat();
        let [newline, carriage_return] = match self.encoding {
            Encoding::Bytes => [&b"\n"[..], b"\r"],
            Encoding::Utf16Little => [&b"\n\0"[..], b"\r\0"],
            Encoding::Utf16Big => [&b"\0\n"[..], b"\0\r"],
        };
        let unit = newline.len();
        let is_end = |end: &usize| whole[..*end].ends_with(newline) || *end == whole.len();
        let mut start = 0;
        let lines = (unit..=whole.len())
            .step_by(unit)
            .filter(is_end)
            .map(|end| {
                let line = &whole[start..end];
                let offset = self.offset + start as u64;
                start = end;
                let text = match line.strip_suffix(newline) {
                    Some(text) => text.strip_suffix(carriage_return).unwrap_or(text),
                    None => line,
                };
                Seen {
                    offset,
                    end: self.offset + end as u64,
                    text: self.text(offset, text),
                    cut: (text.len() > LINE_BYTES_MAX).then_some(text.len() as u64),
                    trail: newest(&bytes[..self.before.len() + end]).to_vec(),
                }
            });
        lines.collect()
    }

    /// What is shown of a line, without a byte order mark.
    fn text(&self, offset: u64, line: &[u8]) -> Vec<u8> {
        let shown = &line[..line.len().min(LINE_BYTES_MAX)];
        let units = shown.chunks_exact(2).map(|unit| [unit[0], unit[1]]);
        let wide = |units: Vec<u16>| String::from_utf16_lossy(&units).into_bytes();
        let text = match self.encoding {
            Encoding::Bytes => shown.to_vec(),
            Encoding::Utf16Little => wide(units.map(u16::from_le_bytes).collect()),
            Encoding::Utf16Big => wide(units.map(u16::from_be_bytes).collect()),
        };
        match text.strip_prefix("\u{feff}".as_bytes()) {
            Some(rest) if offset == 0 => rest.to_vec(),
            _ => text,
        }
    }
}

fn see(batch: &Batch, seen: &mut Vec<Seen>) {
    for line in batch.lines() {
        let text = batch.text(line);
        // Two bytes of UTF-16 are at most three of UTF-8.
        assert!(text.len() <= LINE_BYTES_MAX * 3 / 2);
        seen.push(Seen {
            offset: line.offset,
            end: line.end,
            text: text.to_vec(),
            cut: line.cut(),
            trail: batch.trail_at(line.end).as_bytes().to_vec(),
        });
    }
}

fn newest(bytes: &[u8]) -> &[u8] {
    &bytes[bytes.len().saturating_sub(MARK_BYTES)..]
}
