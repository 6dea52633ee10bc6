use std::fs;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;

use crate::config::POLL_INTERVAL;
use crate::config::looking::QUIET_LOOKS_PER_SECOND_MAX;
use crate::follow::Looking;
use crate::follow::rounds::Rounds;
use crate::follow::watch::Marked;
use crate::follow::watch::Marks;
use crate::source::discovery::Bounds;
use crate::source::discovery::Discovery;
use crate::source::pattern::Pattern;
use crate::store::Store;

/// One file that is followed without notifications.
struct Followed {
    _dir: TempDir,
    path: PathBuf,
    store: Arc<Store>,
    marks: Arc<Marks>,
    rounds: Rounds,
}

impl Followed {
    /// Of one line, read to its end.
    fn new() -> Followed {
        Followed::beside(0, true)
    }

    /// The same, and with so many others.
    fn beside(others: usize, polls: bool) -> Followed {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().canonicalize().unwrap().join("app.log");
        fs::write(&path, "one\n").unwrap();
        let mut paths = vec![path.clone()];
        paths.extend((0..others).map(|number| path.with_file_name(format!("{number}.log"))));
        let bounds = Bounds {
            sources_max: paths.len(),
            depth_max: 1,
        };
        let discovery = Discovery::new(paths.into_iter().map(Pattern::File).collect(), bounds);
        let looking = Looking {
            polls,
            files_max: 10,
        };
        let (store, marks) = (Arc::new(Store::default()), Arc::new(Marks::default()));
        // Nobody waits.
        marks.on_mark(|| true);
        let mut rounds = Rounds::new(Arc::clone(&store), discovery, &marks, looking);
        rounds.discover();
        while rounds.until_next() == Duration::ZERO {
            rounds.round(&Marked::default());
        }
        Followed {
            _dir: dir,
            path,
            store,
            marks,
            rounds,
        }
    }

    fn append(&self, text: &str) {
        let mut file = OpenOptions::new().append(true).open(&self.path).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    /// Up to where the file was read.
    fn head(&self) -> u64 {
        let source = &self.store.sources()[0];
        source.newest().unwrap().head()
    }

    /// When it is looked at again, if nothing was written to it for so long.
    fn interval_after(&mut self, time: Duration) -> Duration {
        self.rounds.followers[0].look_after(&self.store, time);
        self.rounds.poll_interval(0)
    }

    /// What is left to the thread.
    fn marked(&self) -> Marked {
        self.marks.take(Duration::ZERO)
    }
}

#[test]
fn a_file_that_has_grown_is_read_at_once() {
    let mut followed = Followed::new();
    followed.append("two\n");
    followed.marks.mark(vec![followed.path.clone()]);
    assert!(followed.rounds.look_at_once());
    assert_eq!(followed.head(), 8);
    assert!(!followed.marked().paths.contains(&followed.path));
}

#[test]
fn of_many_files_those_that_are_quiet_are_looked_at_less_often() {
    const MANY: usize = 2000;
    let longest = Duration::from_secs_f64((MANY + 1) as f64 / QUIET_LOOKS_PER_SECOND_MAX);
    let mut followed = Followed::beside(MANY, false);
    assert!(followed.rounds.watch.is_complete());
    assert_eq!(followed.interval_after(Duration::ZERO), POLL_INTERVAL);
    let quiet = Duration::from_secs(2);
    assert!((quiet..longest).contains(&followed.interval_after(quiet)));
    assert_eq!(followed.interval_after(longest), longest);
    followed.append("two\n");
    assert_eq!(followed.interval_after(Duration::ZERO), POLL_INTERVAL);

    let mut alone = Followed::beside(0, false);
    assert_eq!(alone.interval_after(longest), POLL_INTERVAL);
}

#[test]
fn what_is_more_than_growth_is_left_to_the_thread() {
    let mut followed = Followed::new();
    let unknown = followed.path.with_file_name("new.log");
    followed.append("two\n");
    followed
        .marks
        .mark(vec![followed.path.clone(), unknown.clone()]);
    assert!(!followed.rounds.look_at_once());
    assert_eq!(followed.head(), 4);
    assert!(followed.marked().paths.contains(&unknown));

    fs::remove_file(&followed.path).unwrap();
    followed.marks.mark(vec![followed.path.clone()]);
    assert!(!followed.rounds.look_at_once());
    assert_eq!(followed.rounds.until_next(), Duration::ZERO);
}

#[test]
fn a_mark_is_handled_where_it_is_made_or_wakes_who_waits() {
    for is_done in [true, false] {
        let marks = Marks::default();
        marks.on_mark(move || is_done);
        marks.mark(vec![PathBuf::from("/var/log/app.log")]);
        assert_eq!(marks.take(Duration::ZERO).is_woken, !is_done);
    }
}
