//! Random histories of a file against a model that is easy to believe: the list of all lines
//! written, in order.
//!
//! Whatever was appended, in whatever pieces, through rotations, truncations, crashes of the server
//! and cuts of the reader, the reader must have seen exactly that list. A truncation destroys what
//! was not read before it; so that the model stays a list, the reader catches up first.
//! `LOGSTREAM_MODEL_CASES=10000` makes a long run.

use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::Config;
use proptest::test_runner::RngSeed;
use proptest::test_runner::TestCaseError;
use proptest::test_runner::TestRunner;

use crate::harness::log_dir::LogDir;
use crate::harness::reader::Reader;
use crate::harness::server::Server;

/// What happens to the file, the server or the connection.
#[derive(Debug, Clone)]
enum Action {
    /// Whole lines in one write; one that was begun is finished by the first of them.
    Append { lines: usize },
    /// The beginning of a line.
    Begin,
    /// Rename and create, as logrotate does.
    Rotate,
    /// Copy and truncate, as logrotate does.
    CopyTruncate,
    /// Replaced by a file with another line, renamed over it; the old one is gone.
    Replace,
    /// The reader reads everything there is.
    CatchUp,
    /// The connection is cut, and the reader comes back.
    Cut,
    /// The server is killed with `kill -9`; some actions later it is started again.
    Crash,
    /// It is started again if it is down.
    Restart,
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        6 => (1..50_usize).prop_map(|lines| Action::Append { lines }),
        3 => Just(Action::Begin),
        2 => Just(Action::Rotate),
        1 => Just(Action::CopyTruncate),
        1 => Just(Action::Replace),
        2 => Just(Action::CatchUp),
        2 => Just(Action::Cut),
        1 => Just(Action::Crash),
        1 => Just(Action::Restart),
    ]
}

/// The file, the server, the reader; and the model, which is `written`.
struct World {
    dir: LogDir,
    server: Server,
    is_down: bool,
    reader: Reader,
    written: Vec<String>,
    seen: Vec<String>,
    /// A line was begun in the file that has the name now.
    unfinished: Option<String>,
    number: usize,
}

impl World {
    fn new() -> World {
        let dir = LogDir::new();
        dir.append("app.log", "");
        let server = Server::start(&[&dir.path("app.log")]);
        let mut reader = server.reader(&dir, "tail=0");
        // A failure is tried again and again to make it smaller.
        reader.patience = Duration::from_secs(5);
        reader.until("ping");
        World {
            dir,
            server,
            is_down: false,
            reader,
            written: Vec::new(),
            seen: Vec::new(),
            unfinished: None,
            number: 0,
        }
    }

    fn act(&mut self, action: &Action) {
        match action {
            Action::Append { lines } => self.append(*lines),
            Action::Begin => self.begin(),
            Action::Rotate => {
                self.finish();
                self.dir.rotate("app.log");
            }
            Action::CopyTruncate => {
                self.catch_up();
                self.dir.copytruncate("app.log");
            }
            Action::Replace => self.replace(),
            Action::CatchUp => self.catch_up(),
            Action::Cut | Action::Crash if self.is_down => {}
            Action::Cut => self.reader.reconnect(),
            Action::Crash => {
                self.server.kill_9();
                self.is_down = true;
            }
            Action::Restart => self.restart(),
        }
    }

    /// The lists are equal; if not, the first difference is said.
    fn compare(&self) -> Result<(), TestCaseError> {
        let same = self
            .seen
            .iter()
            .zip(&self.written)
            .take_while(|(seen, written)| seen == written)
            .count();
        let (seen, written) = (self.seen.get(same), self.written.get(same));
        prop_assert_eq!(seen, written, "line {} of {}", same, self.written.len());
        Ok(())
    }

    fn next_text(&mut self) -> String {
        self.number += 1;
        format!("line {} {}", self.number, "x".repeat(self.number % 97))
    }

    fn append(&mut self, lines: usize) {
        let mut bytes = String::new();
        for _ in 0..lines {
            let text = self.next_text();
            bytes.push_str(&text);
            bytes.push('\n');
            let begun = self.unfinished.take().unwrap_or_default();
            self.written.push(begun + &text);
        }
        self.dir.append("app.log", bytes);
    }

    fn begin(&mut self) {
        let text = self.next_text();
        self.dir.append("app.log", &text);
        self.unfinished = Some(self.unfinished.take().unwrap_or_default() + &text);
    }

    fn finish(&mut self) {
        if self.unfinished.is_some() {
            self.append(1);
        }
    }

    /// The reader must hear of the new file: its cursor would name one that is gone.
    fn replace(&mut self) {
        self.catch_up();
        self.restart();
        let text = self.next_text();
        self.dir.replace("app.log", format!("{text}\n"));
        self.written.push(text);
        self.catch_up();
    }

    fn restart(&mut self) {
        if self.is_down {
            self.server.restart();
            self.is_down = false;
            self.reader.reconnect();
        }
    }

    /// Finishes what was begun, and reads until the newest line.
    fn catch_up(&mut self) {
        self.finish();
        if self.seen.last() == self.written.last() {
            return;
        }
        self.restart();
        if let Some(last) = self.written.last() {
            self.seen.extend(self.reader.texts_until(last));
            self.seen.push(last.clone());
        }
    }
}

#[test]
fn a_reader_sees_exactly_what_was_written() {
    // The same histories each time, unless many are asked for.
    let asked = std::env::var("LOGSTREAM_MODEL_CASES").ok();
    let config = Config {
        cases: asked.as_ref().map_or(12, |text| {
            text.parse().expect("LOGSTREAM_MODEL_CASES is a number")
        }),
        rng_seed: asked.map_or(RngSeed::Fixed(1), |_| RngSeed::Random),
        max_shrink_time: 120_000,
        failure_persistence: None,
        ..Config::default()
    };
    let histories = proptest::collection::vec(action(), 1..40);
    let outcome = TestRunner::new(config).run(&histories, |history| {
        let mut world = World::new();
        for action in &history {
            world.act(action);
        }
        world.append(1);
        world.catch_up();
        world.compare()
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}
