use std::fs;
use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use std::time::SystemTime;

use tempfile::TempDir;

use crate::config::LINE_BYTES_MAX;
use crate::config::READ_BYTES;
use crate::filter::Filter;
use crate::filter::FilterSpec;
use crate::store::Store;
use crate::store::chain::Source;
use crate::store::spot::Spot;
use crate::store::walk::Direction;
use crate::store::walk::Reading;
use crate::store::walk::Step;
use crate::store::walk::Unsettled;
use crate::store::walk::Walk;

/// A followed log with a rotated file beside it.
struct Log {
    _dir: TempDir,
    path: PathBuf,
    source: Arc<Source>,
    look: Box<dyn FnMut(Duration)>,
}

impl Log {
    fn new(rotated: impl AsRef<[u8]>, current: &str) -> Log {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("app.log");
        // Nobody has written to it lately, so that it is not followed as well.
        let mut older = File::create(dir.path().join("app.log.1")).unwrap();
        older.write_all(rotated.as_ref()).unwrap();
        older.set_modified(SystemTime::UNIX_EPOCH).unwrap();
        fs::write(&path, current).unwrap();
        let store = Arc::new(Store::default());
        let source = store.add(&path);
        let mut look = source.follower(&store, true);
        look(Duration::ZERO);
        Log {
            _dir: dir,
            path,
            source,
            look,
        }
    }

    /// From the end to the beginning, or the other way round.
    fn walk<'a>(&self, direction: Direction, filter: &'a Filter) -> Walk<'a> {
        let spot = match direction {
            Direction::Backward => Spot::end(&self.source),
            Direction::Forward => Spot::beginning(&self.source),
        };
        let reading = Reading {
            filter,
            boundary: filter,
            knows_all: false,
            block_bytes_max: 16,
        };
        spot.unwrap().walk(direction, reading)
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

/// So many wanted lines, or all that come.
fn wanted(walk: &mut Walk<'_>, count: usize) -> Result<Vec<String>, Unsettled> {
    let mut texts = Vec::new();
    while texts.len() < count {
        match walk.step(&mut u64::from(u32::MAX))? {
            Step::Line(met) if met.is_wanted => {
                texts.push(String::from_utf8_lossy(met.text()).into_owned());
            }
            Step::Line(_) | Step::Passed | Step::Segment => {}
            Step::OutOfBudget | Step::End => break,
        }
    }
    Ok(texts)
}

#[test]
fn lines_come_in_either_direction_through_rotated_files() {
    let log = Log::new("one\ntwo\n", "three\nfour\n");
    let everything = filter("", "");
    let forward = wanted(&mut log.walk(Direction::Forward, &everything), 9);
    assert_eq!(forward.unwrap(), ["one", "two", "three", "four"]);
    let backward = wanted(&mut log.walk(Direction::Backward, &everything), 9);
    assert_eq!(backward.unwrap(), ["four", "three", "two", "one"]);
}

#[test]
fn a_line_is_judged_by_its_record_however_far_above_that_begins() {
    let trace = "  at somewhere\n".repeat(300);
    let text =
        format!("2026-11-22T10:00:00Z ERROR broken\n{trace}2026-11-22T10:00:01Z INFO fine\n");
    let log = Log::new("2026-11-22T09:00:00Z INFO fine\n", &text);
    let errors = filter("", "error");
    let mut walk = log.walk(Direction::Backward, &errors);
    let newest = wanted(&mut walk, 10).unwrap();
    assert_eq!(newest, ["  at somewhere"; 10]);
    assert_eq!(wanted(&mut walk, 9_999).unwrap().len(), 291);
    let few = filter("ERROR|nothing", "error");
    assert_eq!(
        wanted(&mut log.walk(Direction::Forward, &few), 9)
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn a_line_of_many_blocks_is_one_line() {
    let text = "x".repeat(5 * READ_BYTES);
    let log = Log::new("first\n", &format!("second\n{text}\nlast\n"));
    let everything = filter("", "");
    let mut backward = wanted(&mut log.walk(Direction::Backward, &everything), 9).unwrap();
    let forward = wanted(&mut log.walk(Direction::Forward, &everything), 9).unwrap();
    backward.reverse();
    assert!(backward == forward);
    let lengths: Vec<_> = forward.iter().map(String::len).collect();
    assert_eq!(lengths, [5, 6, LINE_BYTES_MAX, 4]);
}

#[test]
fn nothing_is_read_beyond_the_budget() {
    let log = Log::new("old\n", &"line\n".repeat(100));
    let everything = filter("", "");
    let mut walk = log.walk(Direction::Backward, &everything);
    let mut budget = 20;
    let mut lines = 0;
    while let Step::Line(_) = walk.step(&mut budget).unwrap() {
        lines += 1;
    }
    assert!((4..=8).contains(&lines), "{lines}");
    assert_eq!(budget, 0);
}

#[test]
fn a_match_is_found_in_a_file_that_is_written_in_another_way() {
    let wide = "\u{feff}first\nneedle\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes);
    let log = Log::new(wide.collect::<Vec<u8>>(), &"nothing\n".repeat(20));
    let rare = filter("needle", "");
    let backward = wanted(&mut log.walk(Direction::Backward, &rare), 9).unwrap();
    assert_eq!(backward, ["needle"]);
}

#[test]
fn a_walk_ends_where_the_wanted_stretch_of_time_does() {
    let hour = |hour: usize| format!("2026-11-22T{hour:02}:00:00Z line\n");
    let log = Log::new(
        (0..12).map(hour).collect::<String>(),
        &(12..24).map(hour).collect::<String>(),
    );
    let window = crate::record::window::Window {
        since: Some(1_795_341_600_000),
        until: None,
    };
    let late = filter("", "").during(window);
    let mut walk = log.walk(Direction::Backward, &late);
    assert_eq!(wanted(&mut walk, 99).unwrap().len(), 14);
    assert!(walk.offset() > 0, "what is older is not looked at");
}

#[test]
fn a_rotated_file_that_is_truncated_meanwhile_ends_early() {
    let log = Log::new("old\n".repeat(50), "new 1\n");
    let everything = filter("", "");
    let mut walk = log.walk(Direction::Backward, &everything);
    assert_eq!(wanted(&mut walk, 3).unwrap(), ["new 1", "old", "old"]);
    fs::write(log.path.with_extension("log.1"), "o").unwrap();
    let rest = wanted(&mut walk, 99).unwrap();
    assert!(
        rest.len() < 10 && rest.iter().all(|line| line == "old"),
        "{rest:?}"
    );
}

#[test]
fn what_was_written_over_the_followed_file_is_not_given_for_its_lines() {
    let everything = filter("", "");
    for other in ["", "short\n", &"another line\n".repeat(50)] {
        let mut log = Log::new("", &"line\n".repeat(50));
        let mut walk = log.walk(Direction::Backward, &everything);
        assert_eq!(wanted(&mut walk, 1).unwrap(), ["line"]);
        assert!(walk.is_undisturbed());
        fs::write(&log.path, other).unwrap();
        let rest = wanted(&mut walk, 99);
        assert!(rest.is_err() || !walk.is_undisturbed(), "{other:?}");
        (log.look)(Duration::ZERO);
        let now = wanted(&mut log.walk(Direction::Backward, &everything), 99).unwrap();
        assert_eq!(now.len(), other.lines().count());
    }
}
