use std::fs;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use proptest::prelude::*;
use tempfile::TempDir;

use crate::config::EVENT_LINES_MAX;
use crate::filter::Filter;
use crate::filter::FilterSpec;
use crate::position::Cursor;
use crate::subscription::tests::Reader;
use crate::subscription::tests::Server;
use crate::subscription::tests::wishes;
use crate::subscription::update::Update;
use crate::subscription::wishes::From;
use crate::subscription::wishes::Wishes;

/// A log of lines with an `x`, which match, and others.
struct Log {
    _dir: TempDir,
    path: PathBuf,
    server: Server,
    /// The lines of each file, oldest first.
    files: Vec<Vec<String>>,
}

fn including(pattern: &str) -> Arc<Filter> {
    let include = vec![pattern.to_owned()];
    let spec = FilterSpec {
        include,
        ..FilterSpec::default()
    };
    Arc::new(Filter::new(&spec).unwrap())
}

impl Log {
    fn new() -> Log {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("app.log");
        fs::write(&path, "").unwrap();
        let server = Server::start(&path);
        Log {
            _dir: dir,
            path,
            server,
            files: vec![Vec::new()],
        }
    }

    fn append(&mut self, matches: &str) {
        let number = self.files.len();
        let lines = self.files.last_mut().unwrap();
        let mut text = String::new();
        for kind in matches.chars() {
            let line = format!("{number}.{} {kind}", lines.len());
            text = text + &line + "\n";
            lines.push(line);
        }
        let mut file = OpenOptions::new().append(true).open(&self.path).unwrap();
        file.write_all(text.as_bytes()).unwrap();
        self.server.look();
    }

    fn rotate(&mut self) {
        if self.files.last().is_some_and(Vec::is_empty) {
            return;
        }
        let name = |number: usize| self.path.with_extension(format!("log.{number}"));
        for number in (1..self.files.len()).rev() {
            fs::rename(name(number), name(number + 1)).unwrap();
        }
        fs::rename(&self.path, name(1)).unwrap();
        fs::write(&self.path, "").unwrap();
        self.files.push(Vec::new());
        self.server.look();
    }

    fn open(&self, from: From, context: usize) -> Reader {
        self.server.open(Wishes {
            filter: including("x"),
            context,
            boundary: including("[x.]"),
            ..wishes(from)
        })
    }

    /// What there is for the reader; `- ` stands before what is only context.
    fn given(&self, reader: &mut Reader) -> Vec<String> {
        let mut given = Vec::new();
        while let Some(update) = self.server.next(reader) {
            let Update::Lines(lines) = update else {
                continue;
            };
            assert!(lines.kept.len() <= EVENT_LINES_MAX);
            assert!(lines.kept.is_sorted());
            for number in &lines.kept {
                let line = &lines.batch.lines()[*number as usize];
                let text = String::from_utf8_lossy(lines.batch.text(line));
                let is_context = lines.context.contains(number);
                given.push(format!("{}{text}", if is_context { "- " } else { "" }));
            }
        }
        given
    }

    fn expected(&self, context: usize) -> Vec<String> {
        let mut expected = Vec::new();
        for lines in &self.files {
            for (at, line) in lines.iter().enumerate() {
                let near = at.saturating_sub(context)..(at + context + 1).min(lines.len());
                if line.contains('x') {
                    expected.push(line.clone());
                } else if lines[near].iter().any(|line| line.contains('x')) {
                    expected.push(format!("- {line}"));
                }
            }
        }
        expected
    }
}

#[derive(Clone, Debug)]
enum Action {
    Append(String),
    Read,
    /// The reader comes again with the id of its last event.
    Reconnect,
    /// Memory is full, so that lines are read from the disk again.
    Forget,
    Rotate,
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        4 => "[-]{0,6}x?[-]{0,6}".prop_map(Action::Append),
        1 => "[-x]{0,300}".prop_map(Action::Append),
        3 => Just(Action::Read),
        2 => Just(Action::Reconnect),
        1 => Just(Action::Forget),
        1 => Just(Action::Rotate),
    ]
}

proptest! {
    #[test]
    fn lines_around_matches_are_given_once_whatever_happens_in_between(
        actions in proptest::collection::vec(action(), 1..30),
        context in 0..6_usize,
    ) {
        let mut log = Log::new();
        let mut reader = log.open(From::Tail(0), context);
        let mut given = Vec::new();
        for action in actions {
            match action {
                Action::Append(matches) => log.append(&matches),
                Action::Read => given.extend(log.given(&mut reader)),
                Action::Reconnect => {
                    let cursor: Cursor = reader.cursor();
                    reader = log.open(From::Cursor(cursor), context);
                }
                Action::Forget => log.server.forget(),
                Action::Rotate => log.rotate(),
            }
        }
        given.extend(log.given(&mut reader));
        prop_assert_eq!(given, log.expected(context));
    }
}

#[test]
fn the_newest_lines_come_with_those_around_them() {
    let mut log = Log::new();
    log.append("x--------x----");
    let mut reader = log.open(From::Tail(1), 2);
    let given = log.given(&mut reader);
    assert_eq!(
        given,
        ["- 1.7 -", "- 1.8 -", "1.9 x", "- 1.10 -", "- 1.11 -"]
    );
}

#[test]
fn a_reader_is_not_behind_while_lines_wait_for_a_match() {
    let mut log = Log::new();
    let mut reader = log.open(From::Tail(0), 5);
    log.append("---");
    assert_eq!(log.given(&mut reader), [""; 0]);
    assert_eq!(reader.subscription.behind(), 0);
    log.append("-x");
    assert_eq!(log.given(&mut reader).len(), 5);
}
