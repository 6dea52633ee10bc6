use std::fs;
use std::io::Write;
use std::sync::Arc;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use crate::config::LINE_BYTES_MAX;
use crate::filter::Filter;
use crate::filter::FilterSpec;
use crate::position::Position;
use crate::record::Recogniser;
use crate::store::Store;
use crate::store::chain::Source;
use crate::store::search::Hit;
use crate::store::search::Listener;
use crate::store::search::Order;
use crate::store::search::Progress;
use crate::store::search::Request;
use crate::store::search::Stop;
use crate::store::search::search;

/// Takes everything, or stops after some of it.
#[derive(Default)]
struct Taken {
    hits: Vec<(String, u64, String, Option<u64>)>,
    /// How many more times it lets the search go on.
    patience: Option<usize>,
    /// How many more batches it takes.
    room: Option<usize>,
}

impl Listener for Taken {
    fn take(&mut self, hits: &[Hit]) -> Result<(), Stop> {
        if let Some(room) = &mut self.room {
            *room = room.checked_sub(1).ok_or(Stop::Budget)?;
        }
        self.hits.extend(hits.iter().map(|hit| {
            let text = String::from_utf8_lossy(&hit.text).into_owned();
            (
                hit.source.name.clone(),
                hit.line.offset,
                text,
                hit.line.cut(),
            )
        }));
        Ok(())
    }

    fn go_on(&mut self, progress: Progress) -> Result<(), Stop> {
        assert!(progress.scanned <= progress.total, "{progress:?}");
        if let Some(patience) = &mut self.patience {
            *patience = patience.checked_sub(1).ok_or(Stop::Budget)?;
        }
        Ok(())
    }
}

fn filter(include: &str, exclude: &str, level: &str) -> Arc<Filter> {
    let spec = FilterSpec {
        include: vec![include.to_owned()],
        exclude: vec![exclude.to_owned()],
        levels: level.parse().unwrap_or_default(),
        ..FilterSpec::default()
    };
    Arc::new(Filter::new(&spec).unwrap())
}

/// A folder with these rotated files of `app.log`, oldest first; the text of
/// every second one is compressed.
fn folder(files: &[Vec<u8>]) -> (tempfile::TempDir, Arc<Source>) {
    let dir = tempfile::tempdir().unwrap();
    for (index, text) in files.iter().enumerate() {
        let name = format!("app.log.{}", files.len() - index);
        if index % 2 == 1 {
            let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
            packed.write_all(text).unwrap();
            let packed = packed.finish().unwrap();
            fs::write(dir.path().join(format!("{name}.gz")), packed).unwrap();
        } else {
            fs::write(dir.path().join(name), text).unwrap();
        }
    }
    let source = Store::default().add(&dir.path().join("app.log"));
    source.begin_history(None);
    (dir, source)
}

fn request(source: &Arc<Source>, filter: &Arc<Filter>, order: Order) -> Request {
    Request {
        sources: vec![Arc::clone(source)],
        filter: Arc::clone(filter),
        order,
        from: None,
        hits_max: usize::MAX,
    }
}

/// The lines of a file one after the other, without any cleverness: offset, text
/// and length where it was cut.
fn lines(file: &[u8]) -> Vec<(u64, Vec<u8>, Option<u64>)> {
    let unit = if file.starts_with(b"\xff\xfe") { 2 } else { 1 };
    let mut lines = Vec::new();
    let mut start = 0;
    while start < file.len() {
        let newline = file[start..]
            .chunks(unit)
            .position(|c| c[0] == b'\n' && c[unit - 1] != 1);
        let end = newline.map_or(file.len(), |at| start + unit * at);
        let mut text = &file[start..end];
        if newline.is_some() && text.len() >= unit && text[text.len() - unit] == b'\r' {
            text = &text[..text.len() - unit];
        }
        let cut = (text.len() > LINE_BYTES_MAX).then_some(text.len() as u64);
        let shown = &text[..text.len().min(LINE_BYTES_MAX)];
        let mut text = if unit == 2 {
            let units = shown
                .as_chunks::<2>()
                .0
                .iter()
                .map(|unit| u16::from_le_bytes(*unit));
            String::from_utf16_lossy(&units.collect::<Vec<_>>()).into_bytes()
        } else {
            shown.to_vec()
        };
        if start == 0 && text.starts_with("\u{feff}".as_bytes()) {
            text.drain(..3);
        }
        lines.push((start as u64, text, cut));
        start = end + unit;
    }
    lines
}

/// What a search has to find.
fn expected(files: &[Vec<u8>], filter: &Filter) -> Vec<(String, u64, String, Option<u64>)> {
    let of_file = |file: &Vec<u8>| {
        let mut recogniser = Recogniser::new();
        let mut hits = Vec::new();
        for (offset, text, cut) in lines(file) {
            let record = recogniser.read(&text);
            if filter.keeps(&text, &record) {
                let text = String::from_utf8_lossy(&text).into_owned();
                hits.push(("app.log".to_owned(), offset, text, cut));
            }
        }
        hits
    };
    files.iter().flat_map(of_file).collect()
}

fn utf_16(text: &[u8]) -> Vec<u8> {
    let text = format!("\u{feff}{}", String::from_utf8_lossy(text));
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A line with its terminator.
fn line() -> impl Strategy<Value = Vec<u8>> {
    let long = |length: usize, end: &str| [vec![b'y'; length], end.into()].concat();
    let text = prop_oneof![
        6 => Just(b"needle in the hay".to_vec()),
        6 => Just(b"hay".to_vec()),
        4 => Just(b"2026-11-22T10:47:02Z ERROR needle".to_vec()),
        4 => Just(b"2026-11-22T10:47:03Z INFO fine, no needle".to_vec()),
        2 => Just(b"    at needle(Hay.java:7)".to_vec()),
        2 => Just(Vec::new()),
        1 => Just(b"needle \xff\xc3 lossy".to_vec()),
        1 => (60_000_usize..70_000).prop_map(move |length| long(length, "needle")),
        1 => (LINE_BYTES_MAX - 7..LINE_BYTES_MAX - 4).prop_map(move |length| long(length, "needle")),
        1 => (100_000_usize..300_000).prop_map(move |length| [b"needle".to_vec(), long(length, "y")].concat()),
    ];
    let end = prop::sample::select(vec!["\n", "\n", "\r\n"]);
    (text, end).prop_map(|(text, end)| [text, end.into()].concat())
}

fn file() -> impl Strategy<Value = Vec<u8>> {
    let lines = prop::collection::vec(line(), 0..60);
    (lines, any::<bool>(), 0..4_u8).prop_map(|(lines, is_finished, kind)| {
        let mut text = lines.concat();
        if !is_finished {
            text.truncate(text.len().saturating_sub(1));
        }
        match kind {
            0 => utf_16(&text),
            1 => [&b"\xef\xbb\xbf"[..], &text].concat(),
            _ => text,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn every_hit_is_found_once_wherever_the_search_is_cut(
        texts in prop::collection::vec(file(), 1..4),
        caps in prop::collection::vec((1_usize..40, prop::option::of(1_usize..30), prop::option::of(0_usize..3)), 1..6),
        order in prop::sample::select(vec![Order::Newest, Order::Oldest]),
        (include, exclude) in prop::sample::select(vec![
            ("needle", ""), ("needle$", ""), ("^needle", ""), ("needle", "lossy|fine"), ("", "hay"), ("^$", ""),
        ]),
    ) {
        // Segments are told apart by their first lines.
        let texts: Vec<_> = texts.into_iter().enumerate().map(|(index, text)| {
            let first = format!("file {index}\n");
            match &text[..] {
                [0xff, 0xfe, rest @ ..] => [&utf_16(first.as_bytes()), rest].concat(),
                _ => [first.as_bytes(), &text].concat(),
            }
        }).collect();
        let filter = filter(include, exclude, "");
        let mut expected = expected(&texts, &filter);
        if order == Order::Newest {
            expected.reverse();
        }
        let (_dir, source) = folder(&texts);
        let mut request = request(&source, &filter, order);
        let mut found = Vec::new();
        for turn in 0.. {
            let (hits_max, patience, room) = caps[turn % caps.len()];
            // A search that may do nothing at all comes nowhere.
            let patience = patience.filter(|_| turn % 3 != 2);
            let room = room.filter(|_| turn % 3 != 2);
            request.hits_max = hits_max;
            let mut taken = Taken { patience, room, ..Taken::default() };
            let outcome = search(&request, &mut taken);
            prop_assert!(taken.hits.len() <= hits_max);
            prop_assert_eq!(outcome.progress.hits, taken.hits.len() as u64);
            found.extend(taken.hits);
            if outcome.stop.is_none() {
                prop_assert_eq!(outcome.resume, None);
                break;
            }
            request.from = outcome.resume;
            prop_assert!(turn < 10_000);
        }
        prop_assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(&expected) {
            prop_assert!(found == expected, "{} {} {:?} instead of {} {:?}",
                found.1, found.2.len(), found.3, expected.1, expected.3);
        }
    }
}

/// All hits of one search in files without long lines.
#[track_caller]
fn check(files: &[&str], filter: &Arc<Filter>) {
    let files: Vec<_> = files.iter().map(|text| text.as_bytes().to_vec()).collect();
    let (_dir, source) = folder(&files);
    let mut expected = expected(&files, filter);
    assert!(!expected.is_empty());
    for order in [Order::Oldest, Order::Newest] {
        let mut taken = Taken::default();
        let outcome = search(&request(&source, filter, order), &mut taken);
        assert_eq!(outcome.stop, None);
        assert_eq!(outcome.progress.scanned, outcome.progress.total);
        assert_eq!(taken.hits, expected, "{order:?}");
        expected.reverse();
    }
}

#[test]
fn a_level_keeps_the_lines_of_a_record_together() {
    let record = "2026-11-22T10:47:02Z ERROR failed\n  at one\n  at two\n2026-11-22T10:47:03Z INFO fine\n  all of it\n";
    let files = [format!("first\n{}", record.repeat(300)), record.repeat(500)];
    let files = [&*files[0], &*files[1]];
    check(&files, &filter("", "", "error"));
    check(&files, &filter("at (one|two)|all", "", "error"));
    check(&files, &filter("at", "two", "info,error"));
}

#[test]
fn a_place_that_no_chosen_source_has_is_gone() {
    let (_dir, source) = folder(&[b"needle\n".to_vec()]);
    let mut request = request(&source, &filter("needle", "", ""), Order::Newest);
    request.from = Some("00000001.0".parse().unwrap());
    let outcome = search(&request, &mut Taken::default());
    assert_eq!(outcome.stop, Some(Stop::Lost));
}

#[test]
fn an_offset_inside_of_a_line_stands_for_the_start_of_the_next() {
    let (_dir, source) = folder(&[b"needle 1\nneedle 2\nneedle 3\n".to_vec()]);
    source.link_neighbours();
    let segment = source.oldest().unwrap().id().unwrap();
    let offsets = |order, offset| {
        let mut request = request(&source, &filter("needle", "", ""), order);
        request.from = Some(Position { segment, offset });
        let mut taken = Taken::default();
        search(&request, &mut taken);
        taken.hits.into_iter().map(|hit| hit.1).collect::<Vec<_>>()
    };
    assert_eq!(offsets(Order::Oldest, 9), [9, 18]);
    assert_eq!(offsets(Order::Oldest, 10), [18]);
    assert_eq!(offsets(Order::Newest, 9), [0]);
    assert_eq!(offsets(Order::Newest, 10), [9, 0]);
    assert_eq!(offsets(Order::Newest, u64::MAX), [18, 9, 0]);
    assert_eq!(offsets(Order::Oldest, u64::MAX), [0; 0]);
}

#[test]
fn sources_follow_one_another_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::default();
    for name in ["b.log", "a.log"] {
        fs::write(
            dir.path().join(format!("{name}.1")),
            format!("needle of {name}\n"),
        )
        .unwrap();
        store.add(&dir.path().join(name)).begin_history(None);
    }
    let sources = store.sources();
    let mut request = request(&sources[0], &filter("needle", "", ""), Order::Newest);
    request.sources.clone_from(&sources);
    request.hits_max = 1;
    let mut taken = Taken::default();
    request.from = search(&request, &mut taken).resume;
    let outcome = search(&request, &mut taken);
    let texts: Vec<_> = taken.hits.into_iter().map(|hit| hit.2).collect();
    assert_eq!(texts, ["needle of a.log", "needle of b.log"]);
    assert_eq!(outcome.stop, Some(Stop::Capped));
}
