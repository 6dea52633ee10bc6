use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use flate2::Compression as Effort;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use tempfile::TempDir;

use crate::record::window::Window;
use crate::store::Store;
use crate::store::chain::Source;
use crate::store::moment::Moment;
use crate::store::moment::find;
use crate::store::moment::first_time;
use crate::store::moment::segments_in;

/// The first moment of the tests' logs, in milliseconds.
const NOON: i64 = 1_795_348_800_000;

/// A line for each of these seconds after [`NOON`].
fn seconds(range: std::ops::Range<i64>) -> String {
    let line = |second| {
        let time = Timestamp::from_millisecond(NOON + second * 1000).unwrap();
        format!("{time} line {second}\n")
    };
    range.map(line).collect()
}

fn gzip(path: &Path, text: &str) {
    let mut encoder = GzEncoder::new(Vec::new(), Effort::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    fs::write(path, encoder.finish().unwrap()).unwrap();
}

/// A log whose rotated files hold these texts, the newest first.
fn rotated(texts: &[&str]) -> (TempDir, Arc<Source>) {
    let dir = tempfile::tempdir().unwrap();
    for (index, text) in texts.iter().enumerate() {
        let number = index + 1;
        if number < 3 {
            fs::write(dir.path().join(format!("app.log.{number}")), text).unwrap();
        } else {
            gzip(&dir.path().join(format!("app.log.{number}.gz")), text);
        }
    }
    let source = Store::default().add(&dir.path().join("app.log"));
    source.begin_history(None);
    (dir, source)
}

/// The line at a moment, `end` past all lines.
fn line_at(moment: &Moment) -> String {
    let file = moment.start.file.as_ref().expect("the file is there");
    let mut bytes = vec![0; 100];
    let filled =
        crate::store::reading::read_full_at(file, &mut bytes, moment.start.offset).unwrap();
    let text = String::from_utf8_lossy(&bytes[..filled]).into_owned();
    let line = text.lines().next().unwrap_or("end");
    line.split_once(' ')
        .map_or(line, |(_, text)| text)
        .to_owned()
}

#[track_caller]
fn check(source: &Source, second: i64, expected: &str) {
    let moment = find(source, NOON + second * 1000).expect("there are times");
    assert_eq!(line_at(&moment), expected);
    assert!(!moment.is_approximate);
}

#[test]
fn the_segment_is_found_and_the_line_in_it() {
    let texts = [
        seconds(3000..4000),
        seconds(2000..3000),
        seconds(1000..2000),
        seconds(0..1000),
    ];
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let (_dir, source) = rotated(&texts);
    for second in [0, 1, 999, 1000, 1001, 1500, 2000, 2999, 3000, 3001, 3999] {
        check(&source, second, &format!("line {second}"));
    }
    check(&source, -5, "line 0");
    check(&source, 4000, "end");
}

#[test]
fn a_moment_between_two_segments_is_the_first_line_of_the_newer() {
    let (_dir, source) = rotated(&[&seconds(500..600), &seconds(0..100)]);
    check(&source, 100, "line 500");
    check(&source, 300, "line 500");
}

#[test]
fn what_is_compressed_is_not_unpacked_for_a_moment_elsewhere() {
    let texts = [
        seconds(300..400),
        seconds(200..300),
        seconds(100..200),
        seconds(0..100),
    ];
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let (_dir, source) = rotated(&texts);
    check(&source, 250, "line 250");
    let heads: Vec<u64> = source
        .segments()
        .iter()
        .map(|segment| segment.head())
        .collect();
    assert_eq!(
        heads[..2],
        [0, 0],
        "the lengths of texts that were not unpacked"
    );
    check(&source, 50, "line 50");
}

#[test]
fn segments_without_times_say_nothing_and_hide_nothing() {
    let plain = "no time\n".repeat(100);
    let (_dir, source) = rotated(&[&seconds(200..300), &plain, &seconds(0..100)]);
    let moment = find(&source, NOON + 250_000).expect("there are times");
    assert_eq!(line_at(&moment), "line 250");
    let moment = find(&source, NOON + 150_000).expect("there are times");
    assert_eq!(line_at(&moment), "line 200");
    check(&source, 50, "line 50");
}

#[test]
fn a_source_without_times_or_without_a_file_has_no_moment() {
    let (_dir, source) = rotated(&[&"no time\n".repeat(100), "nor here\n"]);
    assert!(find(&source, NOON).is_none());
    let (_dir, source) = rotated(&[]);
    assert!(find(&source, NOON).is_none());
}

#[test]
fn a_segment_begins_with_the_first_line_that_has_a_time() {
    let text = format!("no time\n{}", seconds(5..10));
    let (_dir, source) = rotated(&[&text, &text, &text]);
    source.link_neighbours();
    for segment in source.segments() {
        assert_eq!(first_time(&segment), Some(NOON + 5000));
    }
}

#[test]
fn a_stretch_of_time_is_in_some_segments() {
    let texts = [
        seconds(300..400),
        seconds(200..300),
        seconds(100..200),
        seconds(0..100),
    ];
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let (_dir, source) = rotated(&texts);
    source.link_neighbours();
    let within = |since: Option<i64>, until: Option<i64>| {
        let moment = |second: i64| NOON + second * 1000;
        let window = Window {
            since: since.map(moment),
            until: until.map(moment),
        };
        segments_in(&source.segments(), window)
    };
    assert_eq!(within(None, None), 0..4);
    assert_eq!(within(Some(150), Some(250)), 1..3);
    assert_eq!(within(Some(-10), Some(50)), 0..1);
    assert_eq!(within(Some(350), None), 3..4);
    assert_eq!(within(Some(500), Some(600)), 3..4);
    assert_eq!(within(Some(-10), Some(-5)), 0..0);
}
