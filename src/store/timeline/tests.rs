use std::fs;
use std::io::Write;
use std::sync::Arc;

use flate2::Compression as Effort;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use proptest::prelude::*;
use tempfile::TempDir;

use crate::filter::Filter;
use crate::filter::FilterSpec;
use crate::record::window::Window;
use crate::store::Store;
use crate::store::search::Stop;
use crate::store::timeline::Bucket;
use crate::store::timeline::Picture;
use crate::store::timeline::Request;
use crate::store::timeline::Viewer;
use crate::store::timeline::draw;

/// The first moment of the tests' logs, in milliseconds.
const NOON: i64 = 1_795_348_800_000;

fn line(second: i64, level: &str) -> String {
    let time = Timestamp::from_millisecond(NOON + second * 1000).unwrap();
    format!("{time} {level:5} something happened in second {second}\n")
}

/// A source whose rotated files hold these texts, the newest first.
fn rotated(texts: &[String]) -> (TempDir, Request) {
    let dir = tempfile::tempdir().unwrap();
    for (index, text) in texts.iter().enumerate() {
        fs::write(dir.path().join(format!("app.log.{}", index + 1)), text).unwrap();
    }
    let source = Store::default().add(&dir.path().join("app.log"));
    source.begin_history(None);
    let request = Request {
        sources: vec![source],
        filter: Arc::new(Filter::new(&FilterSpec::default()).unwrap()),
        buckets_max: 100,
    };
    (dir, request)
}

/// Remembers what it is shown; leaves after so many looks.
struct Looking {
    shown: Vec<Picture>,
    looks_max: usize,
}

impl Viewer for Looking {
    fn show(&mut self, picture: impl FnOnce() -> Picture) {
        self.shown.push(picture());
    }

    fn wait_turn(&mut self) -> Result<(), Stop> {
        Ok(())
    }

    fn go_on(&mut self) -> Result<(), Stop> {
        self.looks_max = self.looks_max.checked_sub(1).ok_or(Stop::Left)?;
        Ok(())
    }
}

/// What is shown at first, and at last.
fn drawn(request: &Request) -> (Picture, Picture) {
    let mut viewer = Looking {
        shown: Vec::new(),
        looks_max: usize::MAX,
    };
    let (last, stop) = draw(request, &mut viewer);
    assert_eq!(stop, None);
    assert!(last.is_exact);
    (viewer.shown.swap_remove(0), last)
}

fn sum(picture: &Picture) -> [u64; 3] {
    let buckets = picture.buckets.iter();
    buckets.fold([0; 3], |[total, warn, error], bucket| {
        [
            total + bucket.total,
            warn + bucket.warn,
            error + bucket.error,
        ]
    })
}

#[test]
fn every_line_is_counted_in_the_bucket_of_its_time() {
    let text: String = (0..60)
        .map(|second| line(second, if second % 10 == 7 { "ERROR" } else { "INFO" }))
        .collect();
    let (_dir, request) = rotated(&[text]);
    let (_, picture) = drawn(&request);
    assert_eq!((picture.scale.from, picture.scale.step), (NOON, 1000));
    assert_eq!(picture.buckets.len(), 60);
    for (second, bucket) in picture.buckets.iter().enumerate() {
        let expected = Bucket {
            total: 1,
            warn: 0,
            error: u64::from(second % 10 == 7),
        };
        assert_eq!(*bucket, expected, "{second}");
    }
}

#[test]
fn a_record_is_one_error_of_many_lines() {
    let frames = "\tat com.example.Deep.call(Deep.java:12)\n".repeat(9);
    let text = format!("{}{frames}{}", line(0, "ERROR"), line(1, "WARN"));
    let (_dir, request) = rotated(&[text]);
    let (_, picture) = drawn(&request);
    let bucket = |total, warn, error| Bucket { total, warn, error };
    assert_eq!(picture.buckets, [bucket(10, 0, 1), bucket(1, 1, 0)]);
}

#[test]
fn a_large_log_is_guessed_well_before_it_is_counted() {
    // Three times as many lines in the second half, and all errors in the last tenth.
    let text: String = (0..40_000)
        .flat_map(|second| {
            let times = if second < 20_000 { 1 } else { 3 };
            let level = if second < 36_000 { "INFO" } else { "ERROR" };
            (0..times).map(move |_| line(second, level))
        })
        .collect();
    let (_dir, request) = rotated(&[text]);
    let (first, last) = drawn(&request);
    assert!(!first.is_exact);
    assert_eq!(first.scale, last.scale);
    assert_eq!((last.scanned, last.outside), (last.total, 0));
    assert_eq!(sum(&last), [80_000, 0, 12_000]);
    for (guessed, counted) in first.buckets.iter().zip(&last.buckets) {
        let (guessed, counted) = (guessed.total as f64, counted.total as f64);
        // The part in which the rate changes is guessed to be even.
        assert!(
            (guessed - counted).abs() <= 0.5 * counted + 50.0,
            "{guessed} {counted}"
        );
    }
    let [total, _, error] = sum(&first);
    assert!((78_000..82_000).contains(&total), "{total}");
    assert!((11_000..13_000).contains(&error), "{error}");
}

#[test]
fn compressed_files_are_guessed_before_they_are_unpacked() {
    let texts = [1, 0].map(|part| {
        let seconds = part * 20_000..(part + 1) * 20_000;
        seconds
            .map(|second| line(second, "WARN"))
            .collect::<String>()
    });
    let (dir, request) = rotated(&texts);
    let path = dir.path().join("app.log.2");
    let text = fs::read(&path).unwrap();
    fs::remove_file(path).unwrap();
    let file = fs::File::create(dir.path().join("app.log.2.gz")).unwrap();
    let mut packed = GzEncoder::new(file, Effort::fast());
    packed.write_all(&text).unwrap();
    packed.finish().unwrap();
    let (first, last) = drawn(&request);
    assert_eq!(sum(&last), [40_000, 40_000, 0]);
    let older = &first.buckets[..first.scale.part_of(NOON + 20_000_000).unwrap()];
    let older: u64 = older.iter().map(|bucket| bucket.warn).sum();
    assert!((5_000..80_000).contains(&older), "{older}");
}

#[test]
fn a_stretch_of_time_is_all_that_is_read() {
    let texts = [3, 2, 1, 0].map(|part| {
        let seconds = part * 20_000..(part + 1) * 20_000;
        seconds
            .map(|second| line(second, "INFO"))
            .collect::<String>()
    });
    let (_dir, mut request) = rotated(&texts);
    let window = Window {
        since: Some(NOON + 30_000_000),
        until: Some(NOON + 45_000_000),
    };
    request.filter = Arc::new((*request.filter).clone().during(window));
    let (first, last) = drawn(&request);
    assert_eq!(sum(&last), [15_000, 0, 0]);
    assert!(last.scale.from <= NOON + 30_000_000 && last.scale.to >= NOON + 45_000_000);
    let all: usize = texts.iter().map(String::len).sum();
    assert!(last.scanned < all as u64 / 4, "{} of {all}", last.scanned);
    assert!(
        (14_000..17_000).contains(&sum(&first)[0]),
        "{:?}",
        sum(&first)
    );
}

#[test]
fn a_filter_chooses_what_is_counted() {
    let text: String = (0..20_000).map(|second| line(second, "WARN")).collect();
    let (_dir, mut request) = rotated(&[text]);
    let spec = FilterSpec {
        include: vec!["second 1234.$".to_owned()],
        ..FilterSpec::default()
    };
    request.filter = Arc::new(Filter::new(&spec).unwrap());
    let (_, picture) = drawn(&request);
    assert_eq!(sum(&picture), [10, 10, 0]);
    let at = picture.scale.part_of(NOON + 12_340_000).unwrap();
    assert_eq!(picture.buckets[at].total, 10);
}

#[test]
fn a_log_without_times_is_counted_by_bytes() {
    let (_dir, request) = rotated(&["no time\n".repeat(3000), "nor here\n".repeat(1000)]);
    let (first, last) = drawn(&request);
    assert!(first.is_of_bytes && last.is_of_bytes);
    assert_eq!((last.scale.from, last.scale.to), (0, 33_000));
    assert_eq!(sum(&last), [4000, 0, 0]);
    assert!(
        last.buckets
            .iter()
            .all(|bucket| (30..50).contains(&bucket.total))
    );
}

#[test]
fn lines_far_out_of_order_are_in_no_bucket_and_said_so() {
    let mut text: String = (0..50_000).map(|second| line(second, "INFO")).collect();
    let middle = text[..text.len() / 2].rfind('\n').unwrap() + 1;
    text.insert_str(middle, "1999-01-01T00:00:00Z INFO the clock was reset\n");
    let (_dir, request) = rotated(&[text]);
    let (_, picture) = drawn(&request);
    assert_eq!(sum(&picture)[0] + picture.outside, 50_001);
    assert!(picture.outside <= 1);
}

#[test]
fn no_lines_are_no_buckets() {
    let (_dir, request) = rotated(&[]);
    let (_, picture) = drawn(&request);
    assert!(picture.buckets.is_empty() && picture.scale.is_empty());
}

#[test]
fn a_timeline_ends_when_nobody_looks_any_more() {
    let text: String = (0..100_000).map(|second| line(second, "INFO")).collect();
    let (_dir, request) = rotated(&[text]);
    let mut viewer = Looking {
        shown: Vec::new(),
        looks_max: 150,
    };
    let (picture, stop) = draw(&request, &mut viewer);
    assert_eq!(stop, Some(Stop::Left));
    assert!(!picture.is_exact && picture.scanned < picture.total);
    // What was not counted is still guessed.
    assert!(
        (98_000..102_000).contains(&sum(&picture)[0]),
        "{:?}",
        sum(&picture)
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn counting_by_parts_is_counting_line_by_line(
        seconds in prop::collection::vec(0_i64..3, 1..4000),
        rotations in prop::collection::vec(0.0_f64..1.0, 0..3),
        buckets_max in 1_usize..300,
    ) {
        let mut now = 0;
        let lines: Vec<(i64, String)> = seconds.iter().enumerate().map(|(number, later)| {
            now += later;
            let text = line(now, if now % 7 == 0 { "ERROR" } else { "INFO" });
            // No two files begin alike.
            (now, text.replace("something", &format!("line {number}")))
        }).collect();
        let mut borders: Vec<usize> =
            rotations.iter().map(|share| (share * lines.len() as f64) as usize).collect();
        borders.extend([0, lines.len()]);
        borders.sort_unstable();
        let pieces = borders.windows(2).rev().map(|border| &lines[border[0]..border[1]]);
        let filled = pieces.filter(|piece| !piece.is_empty());
        let texts: Vec<String> =
            filled.map(|piece| piece.iter().map(|(_, line)| line.as_str()).collect()).collect();
        let (_dir, mut request) = rotated(&texts);
        request.buckets_max = buckets_max;
        let (_, picture) = drawn(&request);
        let mut expected = vec![Bucket::default(); picture.buckets.len()];
        for (second, _) in &lines {
            let bucket = picture.scale.part_of(NOON + second * 1000).expect("inside");
            expected[bucket].total += 1;
            expected[bucket].error += u64::from(second % 7 == 0);
        }
        prop_assert_eq!(picture.buckets, expected);
        prop_assert_eq!(picture.outside, 0);
    }
}
