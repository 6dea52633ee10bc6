mod histories;
mod resting;

use std::env;
use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::Config;
use proptest::test_runner::RngSeed;
use proptest::test_runner::TestRunner;

use crate::config::ROTATE_GRACE;
use crate::position::Cursor;
use crate::subscription::tests::Reader;
use crate::subscription::tests::Server;
use crate::subscription::tests::files::Files;
use crate::subscription::tests::generation::Generation;
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
    /// The link points to another file.
    Switch,
    /// A copy is begun: nothing, half or all of the file is in it.
    BeginCopy(usize),
    /// It is finished, and the file truncated.
    CopyTruncate,
    /// The same, and so many lines come from a writer that does not append.
    CopyTruncateHole(usize),
    /// The file is truncated; what was written since the copy was begun is lost.
    LossyTruncate,
    /// The newest plain rotated file is being compressed.
    BeginPack,
    /// It is compressed.
    Pack,
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
    /// The follower looks, and closes what it holds: nothing is written for long.
    Rest,
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

#[derive(Debug, PartialEq, Eq)]
enum Given {
    Line(String),
    Gap,
}

struct World {
    files: Files,
    server: Server,
    reader: Option<Reader>,
    cursor: Cursor,
    given: Vec<Given>,
}

impl World {
    fn new(files: Files) -> World {
        let server = Server::start(&files.path);
        let reader = server.open(wishes(From::Tail(0)));
        World {
            files,
            server,
            cursor: reader.cursor(),
            reader: Some(reader),
            given: Vec::new(),
        }
    }

    fn act(&mut self, action: Action) {
        let files = &mut self.files;
        match action {
            Append(count) => files.write(|generation, number| generation.lines(number, count)),
            Begin => files.write(Generation::part),
            Rotate => files.rotate(),
            Late => files.write_late(|generation, number| generation.lines(number, 1)),
            LateBegin => files.write_late(Generation::part),
            Switch => files.switch(),
            BeginCopy(part) => files.begin_copy(part),
            CopyTruncate => files.copy_truncate(false, 0),
            CopyTruncateHole(count) => files.copy_truncate(true, count),
            LossyTruncate => files.truncate_copied(),
            BeginPack => files.begin_packing(),
            Pack => files.pack(),
            Refill(count) => files.refill(count),
            Delete => files.delete(),
            DropOldest => files.drop_oldest(),
            Look => self.look(Duration::ZERO),
            Wait => self.look(ROTATE_GRACE),
            Rest => {
                self.server.rest();
                self.files.note_look(false);
                self.files.note_rest();
            }
            Forget => self.server.forget(),
            Take(count) => self.take(count),
            Cut => self.reader = None,
            Restart => self.restart(),
        }
    }

    fn look(&mut self, time: Duration) {
        self.server.look_after(time);
        self.files.note_look(time > Duration::ZERO);
    }

    fn restart(&mut self) {
        self.reader = None;
        self.server = Server::start(&self.files.path);
        let is_of = |given: &Given, number: usize| matches!(given, Given::Line(text) if text.starts_with(&format!("{number}-")));
        self.files
            .note_restart(|number| self.given.iter().any(|given| is_of(given, number)));
    }

    fn take(&mut self, count: usize) {
        if self.reader.is_none() && !self.server.source.is_settled() {
            // A new reader asks for a look where there is something to be noticed.
            self.look(Duration::ZERO);
        }
        let server = &self.server;
        let reader = self
            .reader
            .get_or_insert_with(|| server.open(wishes(From::Cursor(self.cursor.clone()))));
        // The first ping of a stream says it, behind the greeting.
        if reader.greeting.is_empty() {
            self.cursor = reader.cursor();
        }
        for _ in 0..count {
            match server.next(reader) {
                None => return,
                Some(Update::Source(_) | Update::Unfinished { .. }) => continue,
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
            self.cursor = reader.cursor();
        }
    }

    /// What is wrong with what the reader was given, now that it has been given everything.
    fn fault(&self) -> Option<String> {
        let mut known = 0;
        for (number, generation) in self.files.generations.iter().enumerate() {
            let mut lines = generation.lines.clone();
            if self.files.current != Some(number) && !generation.part.is_empty() {
                lines.push(generation.part.clone());
            }
            let unseen_from = generation.unseen_from.unwrap_or(usize::MAX);
            let mut next = 0;
            let mut has_gap = false;
            let mut was_part = false;
            for given in &self.given {
                let text = match given {
                    Given::Gap => {
                        has_gap = true;
                        continue;
                    }
                    Given::Line(text) if text.starts_with(&format!("{number}-")) => text,
                    Given::Line(_) => continue,
                };
                // Of a line that was destroyed, the part that was looked at or copied is a line.
                let is_part = |at| at >= unseen_from || generation.copied.is_some();
                let is_it =
                    |&at: &usize| lines[at] == *text || is_part(at) && lines[at].starts_with(text);
                // A copy that ends within a line is not known for one that did not hold all of it.
                if was_part && lines[next - 1] == *text {
                    (was_part, known) = (false, known + 1);
                    continue;
                }
                let Some(found) = (next..lines.len()).find(is_it) else {
                    // A copy that was cut short may end within a line that was given already.
                    if generation.copied.is_some()
                        && lines.iter().any(|l| l.starts_with(text) && l != text)
                    {
                        known += 1;
                        continue;
                    }
                    return Some(format!(
                        "{text:?} was never written, or given before, or given too late"
                    ));
                };
                if next < found.min(unseen_from) && !has_gap {
                    return Some(format!("{:?} is missing", lines[next]));
                }
                (next, has_gap) = (found + 1, false);
                was_part = generation.copied.is_some() && lines[found] != *text;
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
    check_with(Files::new(), actions);
}

#[track_caller]
fn check_with(files: Files, actions: &[Action]) {
    let mut world = World::new(files);
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
    let keeps = |action: &Action| {
        matches!(
            action,
            Append(_)
                | Begin
                | Rotate
                | Late
                | LateBegin
                | BeginPack
                | Pack
                | Look
                | Wait
                | Rest
                | Forget
                | Take(_)
                | Cut
                | Restart
        )
    };
    if actions.iter().all(keeps) {
        assert!(
            !world.given.contains(&Given::Gap),
            "a gap without a loss in {actions:?}"
        );
    }
    assert_eq!(world.reader.unwrap().subscription.behind(), 0);
}

fn run(files: fn() -> Files, action: impl Strategy<Value = Action>) {
    // The same histories each time, unless many are asked for.
    let asked = env::var("LOGSTREAM_MODEL_CASES").ok();
    let config = Config {
        cases: asked.as_ref().map_or(256, |cases| cases.parse().unwrap()),
        rng_seed: asked.map_or(RngSeed::Fixed(1), |_| RngSeed::Random),
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..Config::default()
    };
    let actions = proptest::collection::vec(action, 1..40);
    let run = TestRunner::new(config).run(&actions, |actions| {
        let checked = std::panic::catch_unwind(|| check_with(files(), &actions));
        checked.map_err(|panic| {
            let reason = panic.downcast_ref::<String>().cloned();
            TestCaseError::fail(reason.unwrap_or_default())
        })
    });
    run.unwrap_or_else(|failure| panic!("{failure}"));
}

/// Whatever happens to one file, a reader and a server.
fn simple() -> impl Strategy<Value = Action> {
    prop_oneof![
        6 => (1..4_usize).prop_map(Append),
        3 => Just(Begin),
        2 => Just(Late),
        1 => Just(LateBegin),
        5 => Just(Look),
        1 => Just(Wait),
        1 => Just(Rest),
        1 => Just(Forget),
        4 => (1..4_usize).prop_map(Take),
        2 => Just(Cut),
        2 => Just(Restart),
    ]
}

/// Whatever keeps all bytes somewhere.
fn lossless() -> impl Strategy<Value = Action> {
    prop_oneof![9 => simple(), 1 => Just(Rotate)]
}

#[test]
fn without_truncation_a_reader_is_given_every_line_once() {
    run(Files::new, lossless());
}

#[test]
fn files_that_are_compressed_are_given_like_any_other() {
    let packing = prop_oneof![2 => Just(Pack), 1 => Just(BeginPack)];
    run(
        Files::new,
        prop_oneof![8 => lossless(), 1 => Just(Rotate), 1 => packing],
    );
}

#[test]
fn copies_that_were_made_before_a_truncation_are_given_like_any_other_file() {
    run(
        Files::new,
        prop_oneof![
            12 => simple(),
            1 => (0..3_usize).prop_map(BeginCopy),
            3 => Just(CopyTruncate),
            1 => (0..3_usize).prop_map(CopyTruncateHole),
            1 => Just(LossyTruncate),
            1 => Just(Pack),
        ],
    );
}

#[test]
fn behind_a_link_that_is_pointed_elsewhere_every_line_is_given_once_or_a_gap() {
    run(Files::linked, prop_oneof![8 => simple(), 1 => Just(Switch)]);
}

#[test]
fn a_reader_is_given_every_line_once_or_a_gap() {
    run(
        Files::new,
        prop_oneof![
            12 => lossless(),
            1 => Just(Rotate),
            1 => (0..3_usize).prop_map(BeginCopy),
            2 => Just(CopyTruncate),
            1 => (0..3_usize).prop_map(CopyTruncateHole),
            1 => Just(LossyTruncate),
            2 => (0..4_usize).prop_map(Refill),
            1 => Just(Pack),
            1 => Just(BeginPack),
            1 => Just(Delete),
            1 => Just(DropOldest),
        ],
    );
}
