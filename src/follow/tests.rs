use std::fs;
use std::fs::File;
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tempfile::TempDir;

use crate::config::MISSING_GRACE;
use crate::config::ROTATE_GRACE;
use crate::follow::Following;
use crate::follow::Looking;
use crate::follow::file::Follower;
use crate::follow::file::Next;
use crate::source::discovery::Bounds;
use crate::source::discovery::Discovery;
use crate::source::pattern::Pattern;
use crate::source::trouble::Trouble;
use crate::store::Store;
use crate::store::boundary::BoundaryKind;
use crate::store::chain::State;
use crate::store::segment::Segment;

/// Takes no time, as far as a follower knows.
const AT_ONCE: Duration = Duration::ZERO;

pub(super) struct Log {
    _dir: TempDir,
    pub path: PathBuf,
    pub store: Store,
    pub follower: Follower,
}

impl Log {
    /// A file with this content, that was looked at once.
    pub(super) fn new(content: &str) -> Log {
        let mut log = Log::missing();
        log.write(content);
        log.look();
        log
    }

    /// A file with one line, which was given.
    pub(super) fn of_one_line() -> Log {
        let mut log = Log::new("");
        log.append("one\n");
        log.look();
        log
    }

    pub(super) fn missing() -> Log {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("app.log");
        let store = Store::default();
        let source = store.add(&path);
        let follower = Follower::new(source, None);
        Log {
            _dir: dir,
            path,
            store,
            follower,
        }
    }

    pub(super) fn beside(&self, name: &str) -> PathBuf {
        self.path.with_file_name(name)
    }

    pub(super) fn write(&self, content: &str) {
        fs::write(&self.path, content).unwrap();
    }

    pub(super) fn writer(&self) -> File {
        OpenOptions::new()
            .append(true)
            .create(true)
            .open(&self.path)
            .unwrap()
    }

    pub(super) fn append(&self, text: &str) {
        self.writer().write_all(text.as_bytes()).unwrap();
    }

    pub(super) fn rename(&self, from: &str, to: &str) {
        fs::rename(self.beside(from), self.beside(to)).unwrap();
    }

    pub(super) fn look(&mut self) -> Next {
        self.follower.look_after(&self.store, AT_ONCE)
    }

    pub(super) fn look_after(&mut self, time: Duration) -> Next {
        self.follower.look_after(&self.store, time)
    }

    pub(super) fn state(&self) -> State {
        self.follower.source().state()
    }

    /// Each segment as its lines and, after `>`, what became of it.
    pub(super) fn story(&self) -> Vec<String> {
        self.follower
            .source()
            .segments()
            .iter()
            .map(|segment| told(segment))
            .collect()
    }

    #[track_caller]
    pub(super) fn check(&self, expected: &[&str]) {
        assert_eq!(self.story(), expected);
    }
}

pub(super) fn told(segment: &Segment) -> String {
    let mut words = Vec::new();
    let remembered =
        (segment.first()..segment.head()).find(|&offset| segment.recent_at(offset).is_some());
    let mut offset = remembered.unwrap_or(segment.head());
    while let Some((batch, number)) = segment.recent_at(offset) {
        let line = &batch.lines()[number];
        words.push(String::from_utf8_lossy(batch.text(line)).into_owned());
        offset = line.end;
    }
    assert_eq!(offset, segment.head(), "the head is past the last line");
    words.extend(segment.boundary().map(|boundary| match &boundary.kind {
        BoundaryKind::Rotated { name } => format!("> {}", name.as_deref().unwrap_or("?")),
        BoundaryKind::Truncated { size } => format!("> {size} bytes truncated"),
    }));
    words.join(" ")
}

#[test]
fn what_is_there_at_the_start_is_history() {
    let mut log = Log::new("old\n");
    log.check(&[""]);
    log.append("new\n");
    log.look();
    log.check(&["new"]);
    assert_eq!(log.state(), State::Live);
}

#[test]
fn a_file_that_appears_later_is_news_from_its_first_line() {
    let mut log = Log::missing();
    assert_eq!(log.look(), Next::Soon);
    assert_eq!(log.look_after(ROTATE_GRACE), Next::Absent);
    assert_eq!(log.state(), State::Waiting);
    log.write("one\ntwo\n");
    log.look();
    log.check(&["one two"]);
    assert_eq!(log.state(), State::Live);
}

#[test]
fn a_source_that_was_found_later_is_news_from_its_first_line() {
    let mut log = Log::missing();
    log.write("one\n");
    log.follower = Follower::new(
        Arc::clone(log.follower.source()),
        Some(std::time::SystemTime::UNIX_EPOCH),
    );
    log.look();
    log.check(&["one"]);
}

#[test]
fn a_named_file_that_stays_away_is_waited_for() {
    let mut log = Log::new("");
    fs::remove_file(&log.path).unwrap();
    log.look();
    log.look_after(MISSING_GRACE);
    assert_eq!(log.state(), State::Waiting);
    log.append("back\n");
    log.look();
    assert_eq!(log.state(), State::Live);
    log.check(&["> ?", "back"]);
}

#[test]
fn a_file_found_by_a_pattern_is_gone_when_it_stays_away() {
    let mut log = Log::new("");
    let source = log.store.add_found(&log.path);
    log.follower = Follower::new(source, None);
    log.look();
    fs::remove_file(&log.path).unwrap();
    log.look();
    log.look_after(MISSING_GRACE);
    assert_eq!(log.state(), State::Gone);
}

#[test]
fn what_is_no_file_is_a_state_and_the_next_file_is_followed() {
    let mut log = Log::new("");
    fs::remove_file(&log.path).unwrap();
    fs::create_dir(&log.path).unwrap();
    log.look();
    assert_eq!(
        log.state(),
        State::Unreadable(Trouble::not_a_file("is a directory"))
    );
    fs::remove_dir(&log.path).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &log.path,
        rustix::fs::FileType::Fifo,
        0o600.into(),
        0,
    )
    .unwrap();
    log.look();
    assert_eq!(
        log.state(),
        State::Unreadable(Trouble::not_a_file("is a FIFO"))
    );
    fs::remove_file(&log.path).unwrap();
    log.append("one\n");
    log.look();
    assert_eq!(log.state(), State::Live);
    log.check(&["> ?", "one"]);
}

#[test]
fn a_link_that_points_elsewhere_is_another_file_after_the_rest_of_the_first() {
    let mut log = Log::missing();
    fs::write(log.beside("a"), "").unwrap();
    fs::write(log.beside("b"), "three\n").unwrap();
    symlink(log.beside("a"), &log.path).unwrap();
    log.look();
    log.append("one\ntwo\n");
    fs::remove_file(&log.path).unwrap();
    symlink(log.beside("b"), &log.path).unwrap();
    log.look();
    log.check(&["one two > ?", "three"]);
}

#[test]
fn a_directory_that_was_removed_and_made_again_is_followed_again() {
    let mut log = Log::missing();
    let folder = log.beside("logs");
    fs::create_dir(&folder).unwrap();
    log.path = folder.join("app.log");
    let source = log.store.add(&log.path);
    log.follower = Follower::new(source, None);
    log.append("old\n");
    log.look();
    fs::remove_dir_all(&folder).unwrap();
    log.look();
    fs::create_dir(&folder).unwrap();
    log.append("new\n");
    log.look();
    log.check(&["> ?", "new"]);
}

/// Two followers, each of which asks the other one.
fn look_at_both(store: &Store, first: &mut Follower, second: &mut Follower) {
    for _ in 0..3 {
        let mut buffer = Vec::new();
        first.look(store, &mut buffer, &mut |file| {
            second.hand_over(store, file)
        });
        second.look(store, &mut buffer, &mut |file| first.hand_over(store, file));
    }
}

#[test]
fn a_file_renamed_to_another_followed_name_goes_on_there() {
    let mut log = Log::new("");
    let other = log.store.add(&log.beside("other.log"));
    let mut other = Follower::new(other, None);
    look_at_both(&log.store, &mut log.follower, &mut other);
    log.append("one\ntw");
    look_at_both(&log.store, &mut log.follower, &mut other);
    let mut late = log.writer();
    log.rename("app.log", "other.log");
    late.write_all(b"o\nthr").unwrap();
    look_at_both(&log.store, &mut other, &mut log.follower);
    late.write_all(b"ee\n").unwrap();
    log.append("four\n");
    look_at_both(&log.store, &mut log.follower, &mut other);
    log.look_after(ROTATE_GRACE);
    assert_eq!(told(&other.source().newest().unwrap()), "three");
    log.check(&["one two", "four"]);
}

#[test]
fn two_names_of_one_file_are_two_sources() {
    let mut log = Log::new("");
    fs::hard_link(&log.path, log.beside("other.log")).unwrap();
    let other = log.store.add(&log.beside("other.log"));
    let mut other = Follower::new(other, None);
    log.append("one\n");
    look_at_both(&log.store, &mut log.follower, &mut other);
    log.append("two\n");
    look_at_both(&log.store, &mut log.follower, &mut other);
    log.check(&["one two"]);
    assert_eq!(told(&other.source().newest().unwrap()), "two");
}

#[test]
fn that_there_are_too_many_files_is_said() {
    let dir = tempfile::tempdir().unwrap();
    for number in 0..3 {
        fs::write(dir.path().join(format!("{number}.log")), "").unwrap();
    }
    let pattern = Pattern::parse("*.log".as_ref(), dir.path()).unwrap();
    let bounds = |sources_max| Bounds {
        sources_max,
        depth_max: 1,
    };
    let looking = Looking {
        polls: true,
        files_max: 8,
    };
    for (sources_max, is_said) in [(2, true), (3, false)] {
        let store = Arc::new(Store::default());
        let discovery = Discovery::new(vec![pattern.clone()], bounds(sources_max));
        let _following = Following::start(Arc::clone(&store), discovery, looking).unwrap();
        assert_eq!(store.sources().len(), sources_max);
        assert_eq!(store.too_many_files.load(Ordering::Relaxed), is_said);
    }
}
