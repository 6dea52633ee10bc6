use std::fs;
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use tempfile::TempDir;

use crate::line::Trail;
use crate::source::identity::Identity;
use crate::source::trouble::Trouble;
use crate::store::Store;
use crate::store::chain::GONE_SEGMENTS_MAX;
use crate::store::chain::Source;
use crate::store::chain::State;
use crate::store::found::Found;
use crate::store::neighbours;
use crate::store::segment::Segment;

struct Log {
    _dir: TempDir,
    path: PathBuf,
    store: Store,
    source: Arc<Source>,
}

impl Log {
    /// The rotated files with these lines lie beside `app.log` from the beginning.
    fn new(rotated: &[(&str, &str)]) -> Log {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("app.log");
        for (name, content) in rotated {
            fs::write(path.with_file_name(name), content).unwrap();
        }
        let store = Store::default();
        let source = store.add(&path);
        source.begin_history(None);
        Log {
            _dir: dir,
            path,
            store,
            source,
        }
    }

    /// The file becomes the newest segment; its descriptor is held by the caller.
    fn open(&self, content: &str) -> (Arc<Segment>, Arc<File>) {
        fs::write(&self.path, content).unwrap();
        let file = Arc::new(File::open(&self.path).unwrap());
        let found = Found {
            path: self.path.clone(),
            identity: Identity::of(&file.metadata().unwrap()),
            file: Arc::downgrade(&file),
            hole: 0,
            first: 0,
            head: content.len() as u64,
            trail: None,
            is_packed: false,
        };
        let identity = found.identity;
        let segment = self.store.open_segment(&self.source, found);
        self.source.identify(&segment, content.as_bytes());
        let ((), there) = self.source.look_beside(|_| Ok(())).unwrap();
        self.source.note_history(identity, there);
        (segment, file)
    }

    fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path.with_file_name(from), self.path.with_file_name(to)).unwrap();
    }

    /// The names of the segments, oldest first.
    #[track_caller]
    fn check(&self, expected: &[&str]) {
        let segments = self.source.segments();
        let names: Vec<_> = segments.iter().map(|segment| segment.file_name()).collect();
        assert_eq!(names, expected);
        assert!(segments.is_sorted_by(|a, b| a.ordinal() < b.ordinal()));
        for pair in segments.windows(2) {
            let after = self.source.after(pair[0].ordinal()).unwrap();
            assert!(Arc::ptr_eq(&after, &pair[1]));
        }
    }
}

#[test]
fn rotated_files_are_linked_before_what_is_followed() {
    let log = Log::new(&[
        ("app.log.1", "two\n"),
        ("app.log.2", "one\n"),
        ("app.log.3", "zero\n"),
    ]);
    let (segment, _file) = log.open("three\n");
    log.check(&["app.log"]);
    log.source.link_neighbours();
    log.check(&["app.log.3", "app.log.2", "app.log.1", "app.log"]);
    log.source.link_neighbours();
    log.check(&["app.log.3", "app.log.2", "app.log.1", "app.log"]);
    assert_eq!(segment.ordinal(), log.source.newest().unwrap().ordinal());
    let oldest = log.source.oldest().unwrap();
    assert!(oldest.is_finished() && oldest.id().is_some());
    assert_eq!(oldest.head(), 5);
    assert_eq!(log.source.bytes_after(oldest.ordinal()), 4 + 4 + 6);
}

#[test]
fn a_source_without_a_file_has_what_was_rotated() {
    let log = Log::new(&[("app.log.1", "two\n"), ("app.log.2", "one\n")]);
    assert!(log.source.newest().is_none());
    log.source.link_neighbours();
    log.check(&["app.log.2", "app.log.1"]);
    let (_segment, _file) = log.open("three\n");
    log.check(&["app.log.2", "app.log.1", "app.log"]);
}

#[test]
fn what_was_rotated_since_is_known_under_its_new_name() {
    let log = Log::new(&[("app.log.1", "one\n")]);
    let (first, _first_file) = log.open("two\n");
    log.rename("app.log.1", "app.log.2");
    log.rename("app.log", "app.log.1");
    let (_second, _second_file) = log.open("three\n");
    first.finish();
    log.source.link_neighbours();
    log.check(&["app.log.2", "app.log.1", "app.log"]);
    assert_eq!(log.source.segments()[1].ordinal(), first.ordinal());
}

#[test]
fn what_came_since_is_for_the_follower_to_find() {
    let log = Log::new(&[]);
    let (_segment, _file) = log.open("one\n");
    log.rename("app.log", "app.log.2");
    fs::write(log.path.with_extension("log.1"), "news\n").unwrap();
    log.source.link_neighbours();
    log.check(&["app.log.2"]);
    fs::remove_file(log.path.with_extension("log.2")).unwrap();
    log.source.link_neighbours();
    assert_eq!(
        log.source.segments().len(),
        1,
        "also when nothing else is there"
    );
}

#[test]
fn a_copy_is_no_older_segment() {
    let log = Log::new(&[]);
    let (_segment, _file) = log.open("one\ntwo\n");
    fs::copy(&log.path, log.path.with_extension("log.1")).unwrap();
    log.source.link_neighbours();
    log.check(&["app.log"]);
}

#[test]
fn rotated_files_that_begin_alike_are_segments_of_their_own() {
    let log = Log::new(&[
        ("app.log.1", "header\none\n"),
        ("app.log.2", "header\nzero\n"),
    ]);
    let (segment, _file) = log.open("header\ntwo\n");
    log.source.link_neighbours();
    log.check(&["app.log.2", "app.log.1", "app.log"]);
    let ids: Vec<_> = log
        .source
        .segments()
        .iter()
        .map(|segment| segment.id())
        .collect();
    assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2]);
    assert_eq!(ids[2], segment.id());
}

#[test]
fn what_is_gone_from_the_disk_stays_known_to_those_who_had_not_read_it() {
    let log = Log::new(&[("app.log.1", "one\n"), ("app.log.2", "zero\n")]);
    let (_segment, _file) = log.open("two\n");
    log.source.link_neighbours();
    let reading = log.source.segments()[0].open().unwrap();
    fs::remove_file(log.path.with_extension("log.1")).unwrap();
    fs::remove_file(log.path.with_extension("log.2")).unwrap();
    log.source.link_neighbours();
    log.check(&["app.log.2", "app.log.1", "app.log"]);
    let gone = || {
        log.source
            .segments()
            .iter()
            .map(|segment| segment.is_destroyed())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        gone(),
        [false, true, false],
        "one is still held open by a reader"
    );
    drop(reading);
    log.source.link_neighbours();
    assert_eq!(gone(), [true, true, false]);
}

#[test]
fn what_is_gone_is_forgotten_when_there_is_much_of_it() {
    let log = Log::new(&[]);
    for number in 0..GONE_SEGMENTS_MAX + 10 {
        let (segment, _file) = log.open(&format!("{number}\n"));
        segment.finish();
        segment.destroy();
    }
    let (newest, _file) = log.open("newest\n");
    log.source.link_neighbours();
    let segments = log.source.segments();
    assert_eq!(segments.len(), GONE_SEGMENTS_MAX + 1);
    assert_eq!(segments[0].ordinal(), 10, "the oldest first");
    assert_eq!(log.source.newest().unwrap().ordinal(), newest.ordinal());
}

#[test]
fn a_state_is_new_when_it_is_another_one() {
    let log = Log::new(&[]);
    assert_eq!(log.source.state(), State::Waiting);
    assert!(!log.source.set_state(State::Waiting));
    assert!(log.source.set_state(State::Live));
    assert!(
        log.source
            .set_state(State::Unreadable(Trouble::not_a_file("permission denied")))
    );
    assert!(
        log.source
            .set_state(State::Unreadable(Trouble::not_a_file("is a directory")))
    );
    assert!(
        !log.source
            .set_state(State::Unreadable(Trouble::not_a_file("is a directory")))
    );
}

#[test]
fn a_copy_that_is_rotated_on_while_it_is_looked_for_is_found() {
    let log = Log::new(&[("app.log.1", "one\ntwo\n")]);
    let (segment, _file) = log.open("");
    let mut trail = Trail::EMPTY;
    trail.push(b"one\ntwo\n");
    let mut looks = 0;
    let (copy, there) = log
        .source
        .look_beside(|there| {
            looks += 1;
            log.rename(
                &format!("app.log.{looks}"),
                &format!("app.log.{}", looks.min(2) + 1),
            );
            neighbours::copy_of(there, segment.identity(), &trail, 8)
        })
        .unwrap();
    let (copy, _file) = copy.expect("it is there");
    assert_eq!((looks, &copy.path), (3, &there[0].path));
    assert_eq!(neighbours::display_name(&copy.path), "app.log.3");
}
