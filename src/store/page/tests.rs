use std::fs;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use flate2::write::GzEncoder;
use proptest::prelude::*;
use ruzstd::encoding::CompressionLevel;
use ruzstd::encoding::compress_to_vec;
use tempfile::TempDir;

use crate::filter::Filter;
use crate::filter::FilterSpec;
use crate::record::Recogniser;
use crate::store::Store;
use crate::store::chain::Source;
use crate::store::page::Page;
use crate::store::page::Wanted;
use crate::store::spot::Found;
use crate::store::spot::Spot;
use crate::store::walk::Direction;

/// How a rotated file lies on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Packing {
    Plain,
    Gzip,
    Zstd,
}

/// How lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Writing {
    Unix,
    Dos,
    Utf16Little,
    Utf16Big,
    Marked,
}

/// One file of a log; the last line may lack its end.
#[derive(Clone, Debug)]
struct Part {
    lines: Vec<String>,
    writing: Writing,
    packing: Packing,
    is_finished: bool,
}

/// A line as it must come back: in which file, where, and what.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    source: usize,
    segment: i64,
    offset: u64,
    text: String,
    is_context: bool,
}

impl Part {
    /// The bytes, and where each line starts.
    fn bytes(&self) -> (Vec<u8>, Vec<u64>) {
        let end = if self.writing == Writing::Dos {
            "\r\n"
        } else {
            "\n"
        };
        let mut bytes = match self.writing {
            Writing::Marked => b"\xef\xbb\xbf".to_vec(),
            Writing::Utf16Little => b"\xff\xfe".to_vec(),
            Writing::Utf16Big => b"\xfe\xff".to_vec(),
            Writing::Unix | Writing::Dos => Vec::new(),
        };
        let mut starts = Vec::new();
        for (index, line) in self.lines.iter().enumerate() {
            // The mark belongs to the first line.
            starts.push(if index == 0 { 0 } else { bytes.len() as u64 });
            let is_whole = self.is_finished || index + 1 < self.lines.len();
            let line = format!("{line}{}", if is_whole { end } else { "" });
            match self.writing {
                Writing::Utf16Little => {
                    bytes.extend(line.encode_utf16().flat_map(u16::to_le_bytes));
                }
                Writing::Utf16Big => bytes.extend(line.encode_utf16().flat_map(u16::to_be_bytes)),
                _ => bytes.extend(line.as_bytes()),
            }
        }
        (bytes, starts)
    }
}

/// Logs with everything that was rotated, and what they hold.
struct Logs {
    _dir: TempDir,
    _store: Arc<Store>,
    sources: Vec<Arc<Source>>,
    parts: Vec<Vec<Part>>,
}

impl Logs {
    /// One log for each list of parts, the oldest first. The last one of each is
    /// the file that is followed.
    fn new(parts: Vec<Vec<Part>>) -> Logs {
        let dir = tempfile::tempdir().unwrap();
        let store = Arc::new(Store::default());
        let mut sources = Vec::new();
        for (number, log) in parts.iter().enumerate() {
            let path = dir.path().join(format!("log{number}.log"));
            for (age, part) in log.iter().rev().enumerate() {
                let (bytes, _) = part.bytes();
                let name = path.display();
                match part.packing {
                    _ if age == 0 => fs::write(&path, bytes).unwrap(),
                    Packing::Plain => fs::write(format!("{name}.{age}"), bytes).unwrap(),
                    Packing::Gzip => {
                        let file = fs::File::create(format!("{name}.{age}.gz")).unwrap();
                        let mut packed = GzEncoder::new(file, flate2::Compression::fast());
                        packed.write_all(&bytes).unwrap();
                        packed.finish().unwrap();
                    }
                    Packing::Zstd => {
                        let packed = compress_to_vec(&bytes[..], CompressionLevel::Fastest);
                        fs::write(format!("{name}.{age}.zst"), packed).unwrap();
                    }
                }
            }
            let source = store.add(&path);
            source.follower(&store, true)(Duration::ZERO);
            sources.push(source);
        }
        Logs {
            _dir: dir,
            _store: store,
            sources,
            parts,
        }
    }

    /// All lines of the log of this number that a reader is to get.
    fn expected(&self, number: usize, wanted: &Wanted<'_>) -> Vec<Told> {
        let log = &self.parts[number];
        let mut told = Vec::new();
        for (index, part) in log.iter().enumerate() {
            let (_, starts) = part.bytes();
            let mut recogniser = Recogniser::new();
            // Of the file that may still be written to, only whole lines.
            let is_open = index + 1 == log.len() && !part.is_finished;
            let lines = part.lines.iter().zip(starts);
            let seen: Vec<_> = lines
                .take(part.lines.len() - usize::from(is_open))
                .map(|(line, start)| (line, start, recogniser.read(line.as_bytes())))
                .filter(|(line, _, record)| wanted.boundary.keeps(line.as_bytes(), record))
                .collect();
            let is_kept = |at: usize| wanted.filter.keeps(seen[at].0.as_bytes(), &seen[at].2);
            for (at, (line, start, _)) in seen.iter().enumerate() {
                let first = at.saturating_sub(wanted.context);
                let mut near = first..(at + wanted.context + 1).min(seen.len());
                if near.any(is_kept) {
                    told.push(Told {
                        source: number,
                        segment: index as i64 + 1 - log.len() as i64,
                        offset: *start,
                        text: (*line).clone(),
                        is_context: !is_kept(at),
                    });
                }
            }
        }
        told
    }

    fn told(page: &Page) -> Vec<Told> {
        let lines = page.lines.iter().map(|line| {
            let segments = line.source.segments();
            let segment = segments.iter().find(|s| s.id() == Some(line.segment));
            Told {
                source: line.source.index,
                segment: segment.unwrap().ordinal(),
                offset: line.line.offset,
                text: String::from_utf8_lossy(&line.text).into_owned(),
                is_context: line.is_context,
            }
        });
        lines.collect()
    }

    /// The same places, after they went over the wire.
    fn sent(&self, spots: &[Spot], as_cursor: bool, direction: Direction) -> Vec<Spot> {
        let again = |spot: &Spot| match spot.position() {
            Some(position) if !as_cursor => match Spot::at(&self.sources, position).unwrap() {
                Found::Line(spot) => spot,
                Found::PastEnd(_) => panic!("{position} is past the end"),
            },
            _ => {
                let (again, is_near) =
                    Spot::resumed(&spot.source, &[spot.for_cursor()], direction).unwrap();
                assert!(!is_near);
                again
            }
        };
        spots.iter().map(again).collect()
    }

    /// All pages in this direction, from `spots` on, put together.
    fn pages(
        &self,
        mut spots: Vec<Spot>,
        direction: Direction,
        wanted: &Wanted<'_>,
        as_cursor: bool,
    ) -> Vec<Told> {
        let mut all = Vec::new();
        for _ in 0..10_000 {
            let page = match direction {
                Direction::Backward => Page::before(&spots, wanted).unwrap(),
                Direction::Forward => Page::after(&spots, wanted).unwrap(),
            };
            assert!(page.lines.len() <= wanted.lines_max);
            let told = Logs::told(&page);
            let next = match direction {
                Direction::Backward => {
                    all.splice(0..0, told);
                    page.older
                }
                Direction::Forward => {
                    all.extend(told);
                    page.newer
                }
            };
            let Some(next) = next else { return all };
            spots = self.sent(&next, as_cursor, direction);
        }
        panic!("there is always another page");
    }

    fn ends(&self) -> Vec<Spot> {
        self.sources.iter().filter_map(Spot::end).collect()
    }

    fn beginnings(&self) -> Vec<Spot> {
        self.sources.iter().filter_map(Spot::beginning).collect()
    }
}

fn wanted(filter: &Filter) -> Wanted<'_> {
    Wanted {
        filter,
        boundary: filter,
        context: 0,
        lines_max: 1000,
        text_bytes_max: 1 << 20,
        scan_bytes_max: 1 << 20,
        block_bytes_max: 1 << 16,
    }
}

fn filter(include: &str, level: &str) -> Filter {
    Filter::new(&FilterSpec {
        include: vec![include.to_owned()],
        levels: level.parse().unwrap_or_default(),
        ..FilterSpec::default()
    })
    .unwrap()
}

fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[ab]{0,6}",
        2 => "(2026-01-0[1-9]T00:00:0[0-9]Z )?(ERROR|INFO|WARN) [abc]{1,20}",
        2 => "  at [ab]{1,9}",
        1 => Just(String::new()),
        1 => "é[a€]{1,4}\r?x",
    ]
}

fn part() -> impl Strategy<Value = Part> {
    let writing = prop_oneof![
        4 => Just(Writing::Unix),
        2 => Just(Writing::Dos),
        1 => Just(Writing::Marked),
        1 => Just(Writing::Utf16Little),
        1 => Just(Writing::Utf16Big),
    ];
    let packing = prop_oneof![
        Just(Packing::Plain),
        Just(Packing::Gzip),
        Just(Packing::Zstd)
    ];
    let lines = proptest::collection::vec(line(), 0..25);
    (lines, writing, packing, any::<bool>()).prop_map(|(lines, writing, packing, is_finished)| {
        Part {
            lines,
            writing,
            packing,
            is_finished,
        }
    })
}

fn log() -> impl Strategy<Value = Vec<Part>> {
    proptest::collection::vec(part(), 1..4).prop_map(|mut parts| {
        for (number, part) in parts.iter_mut().enumerate() {
            // Files that begin alike are taken for copies of each other.
            part.lines.insert(0, format!("part {number} b"));
            // Nothing without an end is no line.
            part.is_finished |= part.lines.last().is_some_and(String::is_empty);
        }
        parts
    })
}

fn any_filter() -> impl Strategy<Value = Filter> {
    let include =
        prop_oneof![2 => Just(""), 1 => Just("b"), 1 => Just("bb|x"), 1 => Just("nowhere")];
    let level = prop_oneof![2 => Just(""), 1 => Just("error"), 1 => Just("info")];
    (include, level).prop_map(|(include, level)| filter(include, level))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn pages_put_together_are_the_files(
        log in log(),
        filter in any_filter(),
        boundary in prop_oneof![3 => Just(filter("", "")), 1 => any_filter()],
        context in prop_oneof![2 => Just(0_usize), 1 => 1..4_usize],
        lines_max in 1..30_usize,
        block_bytes_max in prop_oneof![1..80_u64, Just(1 << 16)],
        scan_bytes_max in prop_oneof![0..300_u64, Just(1 << 20)],
        text_bytes_max in prop_oneof![1..100_usize, Just(1 << 20)],
        as_cursor in any::<bool>(),
        line in any::<prop::sample::Index>(),
    ) {
        let logs = Logs::new(vec![log]);
        let filter = filter.within(&boundary);
        let wanted = Wanted {
            filter: &filter,
            boundary: &boundary,
            context, lines_max, text_bytes_max, scan_bytes_max, block_bytes_max,
        };
        let expected = logs.expected(0, &wanted);
        let backward = logs.pages(logs.ends(), Direction::Backward, &wanted, as_cursor);
        prop_assert_eq!(&backward, &expected);
        let forward = logs.pages(logs.beginnings(), Direction::Forward, &wanted, as_cursor);
        prop_assert_eq!(&forward, &expected);

        // Around any line of all of them, and then both ways.
        let all = logs.expected(0, &self::wanted(&self::filter("", "")));
        if all.is_empty() {
            return Ok(());
        }
        let middle = line.get(&all);
        let segments = logs.sources[0].segments();
        let segment = segments.iter().find(|s| s.ordinal() == middle.segment).unwrap();
        let middle = Spot {
            source: Arc::clone(&logs.sources[0]),
            segment: Arc::clone(segment),
            offset: middle.offset,
        };
        let page = Page::around(&logs.sent(&[middle], as_cursor, Direction::Forward), &wanted).unwrap();
        prop_assert!(page.lines.len() <= lines_max);
        let mut told = Logs::told(&page);
        if let Some(older) = &page.older {
            let older = logs.sent(older, as_cursor, Direction::Backward);
            told.splice(0..0, logs.pages(older, Direction::Backward, &wanted, as_cursor));
        }
        if let Some(newer) = &page.newer {
            let newer = logs.sent(newer, as_cursor, Direction::Forward);
            told.extend(logs.pages(newer, Direction::Forward, &wanted, as_cursor));
        }
        prop_assert_eq!(&told, &expected);
    }

    #[test]
    fn pages_of_several_sources_have_every_line_once_and_in_order(
        several in proptest::collection::vec(log(), 2..4),
        filter in any_filter(),
        lines_max in 1..30_usize,
        block_bytes_max in prop_oneof![1..80_u64, Just(1 << 16)],
        scan_bytes_max in prop_oneof![0..300_u64, Just(1 << 20)],
        is_backward in any::<bool>(),
    ) {
        let count = several.len();
        let logs = Logs::new(several);
        let wanted = Wanted { lines_max, scan_bytes_max, block_bytes_max, ..wanted(&filter) };
        let told = if is_backward {
            logs.pages(logs.ends(), Direction::Backward, &wanted, true)
        } else {
            logs.pages(logs.beginnings(), Direction::Forward, &wanted, true)
        };
        for number in 0..count {
            let of_one: Vec<_> = told.iter().filter(|told| told.source == number).cloned().collect();
            prop_assert_eq!(of_one, logs.expected(number, &wanted));
        }
    }
}
