use std::fs;
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use std::time::SystemTime;

use tempfile::TempDir;

use crate::config::ROTATE_GRACE;
use crate::line::Trail;
use crate::position::Mark;
use crate::position::Place;
use crate::position::SegmentId;
use crate::source::identity::Identity;
use crate::store::Store;
use crate::store::chain::Source;
use crate::store::resume::Lost;
use crate::store::resume::resume;

/// The files of a log that a server finds when it starts; `app.log` is followed.
struct Log {
    _dir: TempDir,
    path: PathBuf,
    source: Arc<Source>,
}

impl Log {
    fn new(files: &[(&str, &str)]) -> Log {
        let dir = tempfile::tempdir().unwrap();
        for (name, content) in files {
            fs::write(dir.path().join(name), content).unwrap();
        }
        Log::of(dir)
    }

    /// The clock of the file system goes on between one file and the next, and nobody has
    /// written to any of them for long.
    fn made_one_after_the_other(files: &[(&str, &str)]) -> Log {
        let dir = tempfile::tempdir().unwrap();
        let mut before = SystemTime::UNIX_EPOCH;
        for (name, content) in files {
            let path = dir.path().join(name);
            let made = |_| {
                fs::write(&path, content).unwrap();
                let made = fs::metadata(&path).unwrap().created().unwrap();
                (made > before)
                    .then_some(made)
                    .ok_or_else(|| fs::remove_file(&path))
            };
            before = (0..1_000_000).find_map(|time| made(time).ok()).unwrap();
            let file = File::options().append(true).open(&path).unwrap();
            file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
        }
        Log::of(dir)
    }

    fn of(dir: TempDir) -> Log {
        Log::looked_at(dir, |_| ())
    }

    /// Something happens after the first look, and is looked at.
    fn looked_at(dir: TempDir, happen: impl FnOnce(&mut dyn FnMut(Duration))) -> Log {
        let path = dir.path().join("app.log");
        let store = Arc::new(Store::default());
        let source = store.add(&path);
        let mut look = source.follower(&store, true);
        look(Duration::ZERO);
        happen(&mut look);
        Log {
            _dir: dir,
            path,
            source,
        }
    }

    /// The place behind `before`, the beginning of the file of that name.
    fn place(&self, name: &str, before: &str) -> Place {
        let mut trail = Trail::EMPTY;
        trail.push(before.as_bytes());
        let metadata = fs::metadata(self.path.with_file_name(name)).unwrap();
        Place {
            source: self.source.id,
            segment: SegmentId::of(self.source.id, before.as_bytes(), 0),
            file: Identity::of(&metadata).hint(),
            offset: before.len() as u64,
            mark: trail.mark(),
        }
    }

    /// Where a reader goes on, and why it does not where it was.
    #[track_caller]
    fn check(&self, places: &[Place], starts: &[(&str, u64)], lost: &[Lost]) {
        let resumed = resume(&self.source, places);
        let found: Vec<_> = resumed
            .starts
            .iter()
            .map(|start| (start.segment.file_name(), start.offset))
            .collect();
        let starts: Vec<_> = starts
            .iter()
            .map(|(name, offset)| ((*name).to_owned(), *offset))
            .collect();
        assert_eq!(found, starts);
        let reasons: Vec<_> = resumed.lost.iter().map(|(_, lost)| *lost).collect();
        assert_eq!(reasons, lost);
    }
}

const FILES: [(&str, &str); 4] = [
    ("app.log", "live\n"),
    ("app.log.1", "five\nsix\n"),
    ("app.log.2", "three\nfour\n"),
    ("app.log.3", "one\ntwo\n"),
];

#[test]
fn a_place_is_found_by_its_file_and_its_bytes() {
    let log = Log::new(&FILES);
    log.check(&[log.place("app.log.3", "one\n")], &[("app.log.3", 4)], &[]);
    log.check(
        &[log.place("app.log.2", "three\nfour\n")],
        &[("app.log.2", 11)],
        &[],
    );
}

#[test]
fn a_place_is_found_in_another_file_that_has_the_bytes() {
    let log = Log::new(&FILES);
    let elsewhere = Place {
        file: 0,
        ..log.place("app.log.2", "three\n")
    };
    log.check(&[elsewhere], &[("app.log.2", 6)], &[]);
}

#[test]
fn another_file_with_the_same_number_is_not_believed() {
    let log = Log::new(&FILES);
    for before in ["seven\n", "threX\n", "three\nfour\nfive\n"] {
        let place = log.place("app.log.2", before);
        log.check(&[place], &[("app.log", 0)], &[Lost::Truncated]);
    }
}

#[test]
fn a_file_that_is_gone_is_a_loss() {
    let log = Log::new(&FILES);
    let place = Place {
        file: 0,
        ..log.place("app.log.2", "never\n")
    };
    log.check(&[place], &[("app.log", 0)], &[Lost::Rotated]);
}

#[test]
fn a_reader_goes_on_in_all_its_files_the_oldest_first() {
    let log = Log::new(&FILES);
    let places = [
        log.place("app.log.1", "five\n"),
        log.place("app.log.2", "three\n"),
    ];
    log.check(&places, &[("app.log.2", 6), ("app.log.1", 5)], &[]);
    let gone = Place {
        file: 0,
        ..log.place("app.log.3", "gone\n")
    };
    // From the older one nobody walks through what lies between.
    log.check(
        &[places[0], gone],
        &[("app.log.1", 5), ("app.log", 0)],
        &[Lost::Rotated],
    );
}

#[test]
fn the_place_before_the_first_line_is_that_of_its_segment() {
    let log = Log::new(&FILES);
    let at_start = Place {
        offset: 0,
        mark: Trail::EMPTY.mark(),
        ..log.place("app.log.2", "three\n")
    };
    log.check(&[at_start], &[("app.log.2", 0)], &[]);
    // Another file has the inode: no bytes before the place can tell.
    let other = Place {
        segment: SegmentId::of(log.source.id, b"other\n", 0),
        ..at_start
    };
    log.check(&[other], &[("app.log", 0)], &[Lost::Truncated]);
}

#[test]
fn a_source_without_any_file_has_no_start() {
    let log = Log::new(&[]);
    let place = Log::new(&FILES).place("app.log.1", "five\n");
    log.check(&[place], &[], &[Lost::Rotated]);
    log.check(&[], &[], &[]);
}

#[test]
fn what_was_rotated_is_not_given_again_where_there_is_no_other_file() {
    let log = Log::new(&FILES[1..]);
    let gone = Place {
        file: 0,
        ..log.place("app.log.2", "gone\n")
    };
    log.check(&[gone], &[("app.log.1", 9)], &[Lost::Rotated]);
}

/// The place in a file that had no line, behind the segment that begins so.
fn empty(log: &Log, name: &str, before: &str) -> Place {
    let before = SegmentId::of(log.source.id, before.as_bytes(), 0);
    Place {
        segment: None,
        offset: 0,
        mark: before.map_or(Mark::of(b""), SegmentId::mark),
        ..log.place(name, "")
    }
}

#[test]
fn a_place_in_an_empty_file_is_known_by_the_segment_before_it() {
    let files = [
        ("app.log", "six\n"),
        ("app.log.1", "two\n"),
        ("app.log.2", ""),
        ("app.log.3", "one\n"),
    ];
    let log = Log::new(&files);
    let place = empty(&log, "app.log.2", "one\n");
    log.check(&[place], &[("app.log.2", 0)], &[]);
    // It is not told from its successor when it is gone.
    let gone = Place { file: 0, ..place };
    log.check(&[gone], &[("app.log.2", 0)], &[Lost::Rotated]);
    let unknown = empty(&log, "app.log.2", "never\n");
    log.check(&[unknown], &[("app.log", 0)], &[Lost::Rotated]);
}

#[test]
fn what_came_before_a_file_that_was_empty_and_is_still_there_are_copies_of_it() {
    let log = Log::new(&[("app.log", "two\n"), ("app.log.1", "one\n")]);
    let place = empty(&log, "app.log", "");
    log.check(&[place], &[("app.log.1", 0)], &[]);
    let gone = Place { file: 0, ..place };
    log.check(&[gone], &[("app.log.1", 0)], &[Lost::Rotated]);
}

#[test]
fn a_file_that_looks_like_the_empty_one_is_not_that_where_lines_came_before_it() {
    let files = [
        ("app.log.2", "one\n"),
        ("app.log.1", "two\n"),
        ("app.log", "six\n"),
    ];
    let log = Log::made_one_after_the_other(&files);
    let place = empty(&log, "app.log", "one\n");
    log.check(&[place], &[("app.log.1", 0)], &[Lost::Rotated]);
}

#[test]
fn a_place_in_an_empty_file_is_kept_where_files_begin_alike() {
    let files = [
        ("app.log.2", "start\none\n"),
        ("app.log.1", "start\ntwo\n"),
        ("app.log", ""),
    ];
    let log = Log::made_one_after_the_other(&files);
    // The newer one had the id that the older one has now.
    let place = empty(&log, "app.log", "start\ntwo\n");
    log.check(&[place], &[("app.log", 0)], &[]);
}

#[test]
fn an_empty_file_that_is_gone_is_no_gap() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("app.log");
    fs::write(&path, "").unwrap();
    let log = Log::looked_at(dir, |look| {
        fs::remove_file(&path).unwrap();
        fs::write(&path, "").unwrap();
        look(Duration::ZERO);
        look(ROTATE_GRACE);
    });
    assert_eq!(log.source.segments().len(), 2);
    log.check(&[empty(&log, "app.log", "")], &[("app.log", 0)], &[]);
}

#[test]
fn empty_files_in_a_row_are_told_apart() {
    let files = [
        ("app.log", "six\n"),
        ("app.log.1", ""),
        ("app.log.2", ""),
        ("app.log.3", "one\n"),
    ];
    let log = Log::new(&files);
    let places = ["app.log.2", "app.log.1"].map(|name| empty(&log, name, "one\n"));
    log.check(&places, &[("app.log.2", 0), ("app.log.1", 0)], &[]);
    log.check(&places[1..], &[("app.log.1", 0)], &[]);
}
