use std::collections::HashMap;
use std::env;
use std::fs;
use std::fs::File;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::Config;
use proptest::test_runner::TestRunner;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::config::ROTATE_GRACE;
use crate::filter::Filter;
use crate::filter::FilterSpec;
use crate::position::Cursor;
use crate::store::Store;
use crate::store::chain::Source;
use crate::store::chain::State;
use crate::subscription::From;
use crate::subscription::Selection;
use crate::subscription::Subscription;
use crate::subscription::Update;
use crate::subscription::Wishes;

/// A server with one followed log and nothing that happens by itself.
pub(super) struct Server {
    pub store: Arc<Store>,
    pub source: Arc<Source>,
    /// Has no file; its state changes when a reader is to say that it has nothing else.
    bell: Arc<Source>,
    follower: Box<dyn FnMut(Duration)>,
    runtime: Runtime,
}

impl Server {
    /// What is in the file now is history.
    pub(super) fn start(path: PathBuf) -> Server {
        let store = Arc::new(Store::default());
        let source = store.add_source("app.log".to_owned(), path, true);
        let bell = store.add_source("bell".to_owned(), PathBuf::from("/bell"), true);
        let mut follower = source.follower(&store, true);
        follower(Duration::ZERO);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        Server {
            store,
            source,
            bell,
            follower,
            runtime,
        }
    }

    pub(super) fn look(&mut self) {
        (self.follower)(Duration::ZERO);
    }

    pub(super) fn look_after(&mut self, time: Duration) {
        (self.follower)(time);
    }

    /// Readers have to go to the disk from here on.
    pub(super) fn forget(&self) {
        self.source
            .segments()
            .iter()
            .for_each(|segment| segment.forget_everything());
    }

    pub(super) fn open(&self, wishes: Wishes) -> Subscription {
        let opened = self
            .runtime
            .block_on(Subscription::open(Arc::clone(&self.store), wishes));
        let mut subscription = opened.expect("no source is named");
        subscription.states();
        subscription
    }

    /// The next update; `None` when there is nothing.
    pub(super) fn next(&self, subscription: &mut Subscription) -> Option<Update> {
        loop {
            let rung = if self.bell.state() == State::Live {
                State::Waiting
            } else {
                State::Live
            };
            self.store.set_state(&self.bell, rung);
            self.store.publish();
            match self.runtime.block_on(subscription.next()) {
                Update::Source(source) if source.name == self.bell.name => {
                    // Only the bell itself is in the queue.
                    if subscription.queue.len() == 1 {
                        return None;
                    }
                }
                update => return Some(update),
            }
        }
    }
}

pub(super) fn wishes(from: From) -> Wishes {
    Wishes {
        selection: Selection::All,
        filter: Arc::new(Filter::new(&FilterSpec::default()).unwrap()),
        from,
        tail: 0,
        skips_lag: false,
    }
}

/// What happens to the file, the server or the reader.
#[derive(Clone, Copy, Debug)]
enum Action {
    /// Whole lines; the first of them finishes one that was begun.
    Append(usize),
    /// The beginning of a line.
    Begin,
    /// Rename, without create.
    Rotate,
    /// A line into the file that was renamed last, by a writer that has not noticed.
    Late,
    /// The beginning of such a line.
    LateBegin,
    /// Rename, truncate, as logrotate's `copytruncate` does.
    CopyTruncate,
    /// Truncate.
    Truncate,
    /// Truncate and write lines at once.
    Refill(usize),
    /// Delete; the next append makes a new file.
    Delete,
    /// The follower looks.
    Look,
    /// The follower looks when the grace is over.
    Wait,
    /// The store forgets its newest batches.
    Forget,
    /// The reader takes so many updates.
    Take(usize),
    /// The reader's connection is cut; it comes back when it takes something.
    Cut,
    /// The server is killed and started again.
    Restart,
}

/// The lines of one file, between two truncations.
#[derive(Default)]
struct Generation {
    lines: Vec<String>,
    /// The beginning of a line, as it is in the file.
    begun: String,
    /// How many of the lines a follower has seen, or a server that was started later can.
    looked_at: usize,
    /// Whether the file is not on disk any more.
    is_deleted: bool,
    /// From where on the lines were destroyed before a follower saw them.
    unseen_from: Option<usize>,
}

impl Generation {
    /// What is written for `count` lines more.
    fn grow(&mut self, number: usize, count: usize) -> String {
        let mut text = String::new();
        for _ in 0..count {
            let line = if self.begun.is_empty() {
                format!("{number}-{}", self.lines.len())
            } else {
                std::mem::take(&mut self.begun)
            };
            text += &format!("{}.\n", line.strip_prefix('!').unwrap_or(&line));
            self.lines
                .push(format!("{}.", line.trim_start_matches('!')));
        }
        text
    }
}

/// What the reader was given.
#[derive(Debug, PartialEq, Eq)]
enum Given {
    Line(String),
    Gap,
}

struct World {
    _dir: TempDir,
    path: PathBuf,
    generations: Vec<Generation>,
    current: Option<usize>,
    /// The file that was renamed last, as long as its writer is expected to be heard.
    late: Option<(usize, File)>,
    rotated: usize,
    server: Option<Server>,
    reader: Option<Subscription>,
    cursor: String,
    given: Vec<Given>,
}

impl World {
    fn new() -> World {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("app.log");
        fs::write(&path, "").unwrap();
        let server = Server::start(path.clone());
        let reader = server.open(wishes(From::Tail(0)));
        World {
            _dir: dir,
            path,
            generations: vec![Generation::default()],
            current: Some(0),
            late: None,
            rotated: 0,
            cursor: reader.cursor().to_string(),
            server: Some(server),
            reader: Some(reader),
            given: Vec::new(),
        }
    }

    fn server(&mut self) -> &mut Server {
        self.server
            .as_mut()
            .expect("it runs but for the moment of a restart")
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Append(count) => self.write(count, false),
            Action::Begin => self.begin(),
            Action::Rotate => self.rotate(),
            Action::Late => self.write_late(true),
            Action::LateBegin => self.write_late(false),
            Action::CopyTruncate => self.truncate(true, 0),
            Action::Truncate => self.truncate(false, 0),
            Action::Refill(count) => self.truncate(false, count),
            Action::Delete => self.delete(),
            Action::Look => self.look(Duration::ZERO),
            Action::Wait => {
                self.look(ROTATE_GRACE);
                self.late = None;
            }
            Action::Forget => self.server().forget(),
            Action::Take(count) => self.take(count),
            Action::Cut => self.reader = None,
            Action::Restart => self.restart(),
        }
    }

    fn file(&mut self) -> (usize, File) {
        let file = OpenOptions::new()
            .append(true)
            .create(true)
            .open(&self.path)
            .unwrap();
        let number = *self.current.get_or_insert_with(|| {
            self.generations.push(Generation::default());
            self.generations.len() - 1
        });
        (number, file)
    }

    fn write(&mut self, count: usize, _late: bool) {
        let (number, mut file) = self.file();
        let text = self.generations[number].grow(number, count);
        file.write_all(text.as_bytes()).unwrap();
    }

    fn begin(&mut self) {
        let _ = self.file();
    }

    fn rotate(&mut self) {}
    fn write_late(&mut self, _ends: bool) {}
    fn truncate(&mut self, _copies: bool, _count: usize) {}
    fn delete(&mut self) {}
    fn look(&mut self, _time: Duration) {}
    fn take(&mut self, _count: usize) {}
    fn restart(&mut self) {}
}
