use std::fs;
use std::sync::Arc;
use std::sync::Weak;
use std::time::Duration;
use std::time::Instant;

use proptest::prelude::*;
use tempfile::TempDir;

use crate::config::LINE_BYTES_MAX;
use crate::filter::Filter;
use crate::filter::FilterSpec;
use crate::record::Recogniser;
use crate::store::Store;
use crate::store::chain::Source;
use crate::store::page::Page;
use crate::store::page::Patience;
use crate::store::page::Wanted;
use crate::store::spot::Found;
use crate::store::spot::Spot;
use crate::store::tests::Packing;
use crate::store::tests::Part;
use crate::store::tests::Writing;
use crate::store::walk::Direction;

/// A line as it must come back: in which file, where, and what.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    source: usize,
    segment: i64,
    offset: u64,
    text: String,
    is_context: bool,
}

/// Logs with everything that was rotated, and what they hold.
struct Logs {
    _dir: TempDir,
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
                let (bytes, end) = part.packing.packed(part.bytes().0);
                let rotated = format!("{}.{age}{end}", path.display());
                fs::write(
                    if age == 0 {
                        path.clone()
                    } else {
                        rotated.into()
                    },
                    bytes,
                )
                .unwrap();
            }
            let source = store.add(&path);
            source.follower(&store, true)(Duration::ZERO);
            sources.push(source);
        }
        Logs {
            _dir: dir,
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
                        text: part.shown(line),
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

    /// Where a reader in this direction begins.
    fn start(&self, direction: Direction) -> Vec<Spot> {
        let start = match direction {
            Direction::Backward => Spot::end,
            Direction::Forward => Spot::beginning,
        };
        self.sources.iter().filter_map(start).collect()
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
        patience: patience(),
    }
}

fn patience() -> Patience<'static> {
    Patience {
        until: Instant::now() + Duration::from_secs(3600),
        reader: Box::leak(Box::new(Arc::downgrade(Box::leak(Box::default())))),
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
        1 => Just("y".repeat(LINE_BYTES_MAX + 1)),
    ]
}

fn part() -> impl Strategy<Value = Part> {
    let writing = prop_oneof![
        4 => Just(Writing::Unix),
        2 => Just(Writing::Dos),
        1 => Just(Writing::Marked),
        1 => Just(Writing::Utf16Little),
        1 => Just(Writing::Utf16Big),
        1 => Just(Writing::Hole),
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
        // In a compressed file a hole is a part of the first line.
        let plain = parts
            .iter_mut()
            .filter(|part| part.writing == Writing::Hole);
        plain.for_each(|part| part.packing = Packing::Plain);
        parts.last_mut().unwrap().packing = Packing::Plain;
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
    #![proptest_config(ProptestConfig::with_cases(96))]

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
        is_hurried in any::<bool>(),
        line in any::<prop::sample::Index>(),
    ) {
        let logs = Logs::new(vec![log]);
        let filter = filter.within(&boundary);
        let wanted = Wanted {
            filter: &filter,
            boundary: &boundary,
            context, lines_max, text_bytes_max, scan_bytes_max, block_bytes_max,
            patience: if is_hurried {
                Patience { until: Instant::now(), ..patience() }
            } else {
                patience()
            },
        };
        let expected = logs.expected(0, &wanted);
        for direction in [Direction::Backward, Direction::Forward] {
            let told = logs.pages(logs.start(direction), direction, &wanted, as_cursor);
            prop_assert_eq!(&told, &expected);
        }

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
        context in prop_oneof![2 => Just(0_usize), 1 => 1..3_usize],
        is_backward in any::<bool>(),
    ) {
        let count = several.len();
        let logs = Logs::new(several);
        let wanted = Wanted { context, lines_max, scan_bytes_max, block_bytes_max, ..wanted(&filter) };
        let direction = if is_backward { Direction::Backward } else { Direction::Forward };
        let told = logs.pages(logs.start(direction), direction, &wanted, true);
        for number in 0..count {
            let of_one: Vec<_> = told.iter().filter(|told| told.source == number).cloned().collect();
            prop_assert_eq!(of_one, logs.expected(number, &wanted));
        }
    }
}

#[test]
fn a_page_that_nobody_waits_for_is_not_made() {
    let part = Part {
        lines: vec!["one".to_owned(), "two".to_owned()],
        writing: Writing::Unix,
        packing: Packing::Plain,
        is_finished: true,
    };
    let logs = Logs::new(vec![vec![part]]);
    let nobody = Weak::new();
    let all = filter("", "");
    let wanted = Wanted {
        patience: Patience {
            reader: &nobody,
            ..patience()
        },
        ..wanted(&all)
    };
    let start = logs.start(Direction::Backward);
    let page = Page::before(&start, &wanted).unwrap();
    assert!(page.lines.is_empty());
}
