use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;

use crate::filter::Filter;
use crate::filter::FilterSpec;
use crate::position::Position;
use crate::store::Store;
use crate::store::chain::Source;
use crate::store::spot::Found;
use crate::store::spot::Missing;
use crate::store::spot::Spot;
use crate::store::walk::Direction;

struct Log {
    _dir: TempDir,
    path: PathBuf,
    source: Arc<Source>,
    look: Box<dyn FnMut(Duration)>,
}

impl Log {
    fn new(rotated: &[&str], current: &str) -> Log {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("app.log");
        for (age, text) in (1..).zip(rotated.iter().rev()) {
            fs::write(dir.path().join(format!("app.log.{age}")), text).unwrap();
        }
        fs::write(&path, current).unwrap();
        let store = Arc::new(Store::default());
        let source = store.add(&path);
        let mut look = source.follower(&store, true);
        look(Duration::ZERO);
        source.link_neighbours();
        Log {
            _dir: dir,
            path,
            source,
            look,
        }
    }

    /// The place of this offset in the file of this number, the oldest first.
    fn spot(&self, file: usize, offset: u64) -> Spot {
        Spot {
            source: Arc::clone(&self.source),
            segment: Arc::clone(&self.source.segments()[file]),
            offset,
        }
    }

    fn found(&self, position: Position) -> Result<Found, Missing> {
        Spot::at(&[Arc::clone(&self.source)], position)
    }
}

#[test]
fn a_position_is_the_line_that_holds_it_or_past_the_end() {
    let log = Log::new(&[], "one\ntwo\n");
    let segment = log.source.newest().unwrap().id().unwrap();
    for (offset, start) in [(0, 0), (3, 0), (4, 4), (7, 4), (8, 8)] {
        match log.found(Position { segment, offset }) {
            Ok(Found::Line(spot)) => assert_eq!(spot.offset, start, "{offset}"),
            other => panic!("{other:?} for {offset}"),
        }
    }
    for offset in [9, u64::MAX] {
        let found = log.found(Position { segment, offset });
        assert!(matches!(found, Ok(Found::PastEnd(spot)) if spot.offset == 8));
    }
}

#[test]
fn a_position_in_a_file_that_is_not_there_is_gone_or_unknown() {
    let mut log = Log::new(&[], "one\n");
    let old = log.spot(0, 0).position().unwrap();
    fs::write(&log.path, "").unwrap();
    (log.look)(Duration::ZERO);
    assert!(matches!(log.found(old), Err(Missing::Gone)));
    let nowhere = Position {
        segment: "00000001".parse().unwrap(),
        offset: 0,
    };
    assert!(matches!(log.found(nowhere), Err(Missing::Unknown)));
}

#[test]
fn there_is_more_where_there_are_bytes() {
    let log = Log::new(&["", "old\n"], "new\n");
    let more = |file, offset, direction| log.spot(file, offset).has_more(direction);
    let (backward, forward) = (Direction::Backward, Direction::Forward);
    let old = log
        .source
        .segments()
        .iter()
        .position(|s| s.head() == 4)
        .unwrap();
    let new = old + 1;
    assert!(more(new, 4, backward) && !more(new, 4, forward));
    assert!(more(new, 0, backward) && more(new, 0, forward));
    assert!(more(old, 4, forward) && more(old, 4, backward));
    assert!(!more(old, 0, backward), "an empty file holds nothing");
}

#[test]
fn a_place_is_found_again_by_a_cursor() {
    let mut log = Log::new(&["old\n"], "one\ntwo\n");
    let place = log.spot(1, 4).for_cursor();
    let resumed = |log: &Log| {
        let (spot, is_near) =
            Spot::resumed(&log.source, &[place], Direction::Backward).expect("a file");
        (spot.segment.ordinal(), spot.offset, is_near)
    };
    let ordinal = log.source.newest().unwrap().ordinal();
    assert_eq!(resumed(&log), (ordinal, 4, false));
    fs::rename(&log.path, log.path.with_extension("log.2")).unwrap();
    fs::write(&log.path, "another\n").unwrap();
    (log.look)(Duration::ZERO);
    assert_eq!(resumed(&log), (ordinal, 4, false));
    fs::write(log.path.with_extension("log.2"), "x").unwrap();
    assert!(resumed(&log).2, "what stood before it is gone");
}

#[test]
fn lines_above_a_place_are_counted_in_its_file() {
    let log = Log::new(&["old\n"], "a1\nb\na2\na3\n");
    let including = |pattern: &str| {
        let include = vec![pattern.to_owned()];
        let spec = FilterSpec {
            include,
            ..FilterSpec::default()
        };
        Filter::new(&spec).unwrap()
    };
    let end = log.spot(1, 11);
    assert_eq!(end.back(0, &including("")), 11);
    assert_eq!(end.back(2, &including("")), 5);
    assert_eq!(end.back(3, &including("a")), 0);
    assert_eq!(end.back(99, &including("")), 0);
}

#[test]
fn a_line_without_a_time_has_that_of_a_line_near_it() {
    let text = "  first\n2026-11-22T10:00:00Z one\n  more\n2026-11-22T10:00:02Z two\n";
    let log = Log::new(&[], text);
    let from = 1_795_341_600_000;
    let more = text.find("  more").unwrap() as u64;
    let time = |offset| log.spot(0, offset).time();
    assert_eq!(time(0), Some(from));
    assert_eq!(time(more), Some(from));
    assert_eq!(time(more + 7), Some(from + 2_000));
}
