use std::env;
use std::fs;
use std::fs::File;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::Config;
use proptest::test_runner::TestRunner;
use tempfile::TempDir;

use crate::config::ROTATE_GRACE;
use crate::position::Cursor;
use crate::subscription::Subscription;
use crate::subscription::tests::Server;
use crate::subscription::tests::wishes;
use crate::subscription::update::Update;
use crate::subscription::wishes::From;

/// What happens to the file, the server or the reader.
#[derive(Clone, Copy, Debug)]
enum Action {
    /// Whole lines; the first of them finishes one that was begun.
    Append(usize),
    /// A part of a line.
    Begin,
    /// Rename, without create.
    Rotate,
    /// A line into the file renamed last, by a writer that has not noticed.
    Late,
    /// A part of such a line.
    LateBegin,
    /// Copy, truncate.
    CopyTruncate,
    /// Truncate, and write so many lines at once.
    Refill(usize),
    /// Delete; the next write makes a new file.
    Delete,
    /// Delete the oldest of the rotated files.
    DropOldest,
    /// The follower looks.
    Look,
    /// The follower looks when the grace is over.
    Wait,
    /// The store forgets its newest batches.
    Forget,
    /// The reader takes so many updates.
    Take(usize),
    /// The reader's connection is cut; it comes back to take more.
    Cut,
    /// The server is killed and started again.
    Restart,
}
use Action::*;

/// The lines of one file, between two truncations: the model.
#[derive(Default)]
struct Generation {
    lines: Vec<String>,
    /// The part of a line that is there.
    part: String,
    /// How many lines are there for whoever looks now or later.
    looked_at: usize,
    /// Lines from here on were destroyed before anybody looked.
    unseen_from: Option<usize>,
    /// Whether a follower holds the file open.
    is_held: bool,
}

impl Generation {
    /// What is written for so many lines.
    fn lines(&mut self, number: usize, count: usize) -> String {
        let mut text = String::new();
        for _ in 0..count {
            let (begun, rest) = match std::mem::take(&mut self.part) {
                part if part.is_empty() => {
                    (String::new(), format!("{number}-{}.", self.lines.len()))
                }
                part => (part, ".".to_owned()),
            };
            text = text + &rest + "\n";
            self.lines.push(begun + &rest);
        }
        text
    }

    /// What is written for a part of a line.
    fn part(&mut self, number: usize) -> String {
        let rest = match self.part.as_str() {
            "" => format!("{number}-{}", self.lines.len()),
            _ => "-".to_owned(),
        };
        self.part += &rest;
        rest
    }

    /// Its bytes are gone; a follower that holds the file open keeps what it has seen.
    fn destroy(&mut self) {
        self.unseen_from.get_or_insert(self.looked_at);
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Given {
    Line(String),
    Gap,
}

struct World {
    _dir: TempDir,
    path: PathBuf,
    generations: Vec<Generation>,
    /// Which of them the path names.
    current: Option<usize>,
    /// The file renamed last, while its writer may expect to be heard.
    late: Option<(usize, File)>,
    /// Those that were deleted: the follower alone holds them.
    deleted: Vec<usize>,
    /// The rotated files, oldest first, and whether each is a copy.
    rotated: Vec<(usize, bool)>,
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
            generations: vec![Generation {
                is_held: true,
                ..Generation::default()
            }],
            current: Some(0),
            late: None,
            deleted: Vec::new(),
            rotated: Vec::new(),
            cursor: reader.cursor().to_string(),
            server: Some(server),
            reader: Some(reader),
            given: Vec::new(),
        }
    }

    fn act(&mut self, action: Action) {
        match action {
            Append(count) => self.write(|generation, number| generation.lines(number, count)),
            Begin => self.write(Generation::part),
            Rotate => self.rotate(),
            Late => self.write_late(|generation, number| generation.lines(number, 1)),
            LateBegin => self.write_late(Generation::part),
            CopyTruncate => self.truncate(true, 0),
            Refill(count) => self.truncate(false, count),
            Delete => self.delete(),
            DropOldest => self.drop_oldest(),
            Look => self.look(Duration::ZERO),
            Wait => self.look(ROTATE_GRACE),
            Forget => self.server.as_ref().unwrap().forget(),
            Take(count) => self.take(count),
            Cut => self.reader = None,
            Restart => self.restart(),
        }
    }

    fn write(&mut self, grow: impl FnOnce(&mut Generation, usize) -> String) {
        let mut file = OpenOptions::new()
            .append(true)
            .create(true)
            .open(&self.path)
            .unwrap();
        let number = self.current.unwrap_or_else(|| {
            self.generations.push(Generation::default());
            self.generations.len() - 1
        });
        self.current = Some(number);
        let text = grow(&mut self.generations[number], number);
        file.write_all(text.as_bytes()).unwrap();
    }

    fn write_late(&mut self, grow: impl FnOnce(&mut Generation, usize) -> String) {
        if let Some((number, file)) = &mut self.late {
            let text = grow(&mut self.generations[*number], *number);
            file.write_all(text.as_bytes()).unwrap();
        }
    }

    fn name(&self, age: usize) -> PathBuf {
        self.path.with_extension(format!("log.{age}"))
    }

    fn make_room(&mut self, number: usize, is_copy: bool) -> PathBuf {
        for age in (1..=self.rotated.len()).rev() {
            fs::rename(self.name(age), self.name(age + 1)).unwrap();
        }
        self.rotated.push((number, is_copy));
        self.name(1)
    }

    fn drop_oldest(&mut self) {
        if self.rotated.is_empty() {
            return;
        }
        fs::remove_file(self.name(self.rotated.len())).unwrap();
        let (number, is_copy) = self.rotated.remove(0);
        self.remove(number, is_copy);
    }

    /// What a follower holds open is there for it; what it did not see of a copy is not.
    fn remove(&mut self, number: usize, is_copy: bool) {
        if self.generations[number].is_held && !is_copy {
            self.deleted.push(number);
        } else {
            self.generations[number].destroy();
        }
    }

    fn rotate(&mut self) {
        if let Some(number) = self.current.take() {
            let file = OpenOptions::new().append(true).open(&self.path).unwrap();
            self.late = Some((number, file));
            let to = self.make_room(number, false);
            fs::rename(&self.path, to).unwrap();
        }
    }

    fn truncate(&mut self, copies: bool, count: usize) {
        let Some(number) = self.current else { return };
        if copies {
            let to = self.make_room(number, true);
            fs::copy(&self.path, to).unwrap();
        }
        // A copy of a file that nobody looked at before is nobody's copy.
        if !copies || self.generations[number].looked_at == 0 {
            self.generations[number].destroy();
        }
        let is_held = self.generations[number].is_held;
        self.generations.push(Generation {
            is_held,
            ..Generation::default()
        });
        let number = self.generations.len() - 1;
        self.current = Some(number);
        let text = self.generations[number].lines(number, count);
        fs::write(&self.path, text).unwrap();
    }

    fn delete(&mut self) {
        if let Some(number) = self.current.take() {
            fs::remove_file(&self.path).unwrap();
            self.remove(number, false);
        }
    }

    fn look(&mut self, time: Duration) {
        self.server.as_mut().unwrap().look_after(time);
        if time > Duration::ZERO {
            self.late = None;
        }
        self.note_held();
        // While there is no file, nobody knows of one that came and was renamed.
        for generation in &mut self.generations {
            if self.current.is_some() || generation.is_held {
                generation.looked_at = generation.lines.len();
            }
        }
    }

    fn restart(&mut self) {
        self.reader = None;
        self.late = None;
        self.server = None;
        for number in std::mem::take(&mut self.deleted) {
            // Nothing tells of a file that is gone but a reader's place in it.
            if !self.has_lines_of(number) {
                self.generations[number].looked_at = 0;
            }
            self.generations[number].destroy();
        }
        self.generations
            .iter_mut()
            .for_each(|generation| generation.is_held = false);
        self.server = Some(Server::start(self.path.clone()));
        self.note_held();
    }

    fn has_lines_of(&self, number: usize) -> bool {
        let prefix = format!("{number}-");
        let is_of = |given: &Given| matches!(given, Given::Line(text) if text.starts_with(&prefix));
        self.given.iter().any(is_of)
    }

    fn note_held(&mut self) {
        if let Some(number) = self.current {
            self.generations[number].is_held = true;
        }
    }

    fn take(&mut self, count: usize) {
        if self.reader.is_none() && !self.server.as_ref().unwrap().source.is_settled() {
            // A new reader asks for a look where there is something to be noticed.
            self.look(Duration::ZERO);
        }
        let server = self.server.as_ref().unwrap();
        let reader = self.reader.get_or_insert_with(|| {
            let cursor: Cursor = self.cursor.parse().unwrap();
            server.open(wishes(From::Cursor(cursor)))
        });
        // The first ping of a stream says it.
        self.cursor = reader.cursor().to_string();
        for _ in 0..count {
            match server.next(reader) {
                None => return,
                Some(Update::Source(_)) => continue,
                Some(Update::Boundary { .. }) => {}
                Some(Update::Gap(_)) => self.given.push(Given::Gap),
                Some(Update::Lines(lines)) => {
                    let kept = lines
                        .kept
                        .iter()
                        .map(|&number| &lines.batch.lines()[number as usize]);
                    let texts = kept
                        .map(|line| String::from_utf8_lossy(lines.batch.text(line)).into_owned());
                    self.given.extend(texts.map(Given::Line));
                }
            }
            self.cursor = reader.cursor().to_string();
        }
    }

    /// What is wrong with what the reader was given, now that it has been given everything.
    fn fault(&self) -> Option<String> {
        let mut known = 0;
        for (number, generation) in self.generations.iter().enumerate() {
            let mut lines = generation.lines.clone();
            if self.current != Some(number) && !generation.part.is_empty() {
                lines.push(generation.part.clone());
            }
            let unseen_from = generation.unseen_from.unwrap_or(usize::MAX);
            let mut next = 0;
            let mut has_gap = false;
            for given in &self.given {
                let text = match given {
                    Given::Gap => {
                        has_gap = true;
                        continue;
                    }
                    Given::Line(text) if text.starts_with(&format!("{number}-")) => text,
                    Given::Line(_) => continue,
                };
                // Of a line that was destroyed, the part that was looked at is a line.
                let is_it = |&at: &usize| {
                    lines[at] == *text || at >= unseen_from && lines[at].starts_with(text)
                };
                let Some(found) = (next..lines.len()).find(is_it) else {
                    return Some(format!(
                        "{text:?} was never written, or given before, or given too late"
                    ));
                };
                if next < found.min(unseen_from) && !has_gap {
                    return Some(format!("{:?} is missing", lines[next]));
                }
                (next, has_gap) = (found + 1, false);
                known += 1;
            }
            if next < lines.len().min(unseen_from) && !has_gap {
                return Some(format!("{:?} is missing", lines[next]));
            }
        }
        let all = self
            .given
            .iter()
            .filter(|given| **given != Given::Gap)
            .count();
        (known < all).then(|| "a line is of no file".to_owned())
    }
}

#[track_caller]
fn check(actions: &[Action]) {
    let mut world = World::new();
    for &action in actions {
        world.act(action);
    }
    // The last file is over when there is a newer one.
    for action in [
        Append(1),
        Look,
        Take(usize::MAX),
        Wait,
        Wait,
        Take(usize::MAX),
    ] {
        world.act(action);
    }
    if let Some(fault) = world.fault() {
        panic!("{fault}\nin {actions:?}\ngiven {:?}", world.given);
    }
    let loses = |action: &Action| matches!(action, CopyTruncate | Refill(_) | Delete | DropOldest);
    if !actions.iter().any(loses) {
        assert!(
            !world.given.contains(&Given::Gap),
            "a gap without a loss in {actions:?}"
        );
    }
    assert_eq!(world.reader.unwrap().behind(), 0);
}

fn run(action: impl Strategy<Value = Action>) {
    let cases = env::var("LOGSTREAM_MODEL_CASES").map_or(128, |cases| cases.parse().unwrap());
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..Config::default()
    };
    let actions = proptest::collection::vec(action, 1..60);
    let run = TestRunner::new(config).run(&actions, |actions| {
        let checked = std::panic::catch_unwind(|| check(&actions));
        checked.map_err(|panic| {
            let reason = panic.downcast_ref::<String>().cloned();
            TestCaseError::fail(reason.unwrap_or_default())
        })
    });
    run.unwrap_or_else(|failure| panic!("{failure}"));
}

/// Whatever keeps all bytes somewhere.
fn lossless() -> impl Strategy<Value = Action> {
    prop_oneof![
        6 => (1..4_usize).prop_map(Append),
        3 => Just(Begin),
        3 => Just(Rotate),
        2 => Just(Late),
        1 => Just(LateBegin),
        5 => Just(Look),
        1 => Just(Wait),
        1 => Just(Forget),
        4 => (1..4_usize).prop_map(Take),
        2 => Just(Cut),
        2 => Just(Restart),
    ]
}

#[test]
fn without_truncation_a_reader_is_given_every_line_once() {
    run(lossless());
}

#[test]
fn a_reader_is_given_every_line_once_or_a_gap() {
    run(prop_oneof![
        12 => lossless(),
        2 => Just(CopyTruncate),
        2 => (0..4_usize).prop_map(Refill),
        1 => Just(Delete),
        2 => Just(DropOldest),
    ]);
}
