use std::cell::Cell;
use std::collections::VecDeque;
use std::fs;
use std::fs::File;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::filter::Filter;
use crate::filter::FilterSpec;
use crate::position::Cursor;
use crate::store::Store;
use crate::store::boundary::BoundaryKind;
use crate::store::chain::Source;
use crate::store::chain::State;
use crate::subscription::Subscription;
use crate::subscription::update::Update;
use crate::subscription::wishes::From;
use crate::subscription::wishes::Selection;
use crate::subscription::wishes::Wishes;

/// A server with one followed log and nothing that happens by itself.
pub(super) struct Server {
    pub store: Arc<Store>,
    pub source: Arc<Source>,
    /// Has no file; its state changes when a reader is to say that it has nothing else.
    bell: Arc<Source>,
    follower: Box<dyn FnMut(Duration)>,
    rings: Cell<usize>,
    runtime: Runtime,
}

impl Server {
    /// What is in the file now is history.
    pub(super) fn start(path: &Path) -> Server {
        let store = Arc::new(Store::default());
        let source = store.add(path);
        let bell = store.add(&PathBuf::from("/bell"));
        let mut follower = source.follower(&store, true);
        follower(Duration::ZERO);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        Server {
            store,
            source,
            bell,
            follower,
            rings: Cell::default(),
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

    /// A reader as `/events` makes it: it is greeted before it has its first place.
    pub(super) fn open(&self, wishes: Wishes) -> Reader {
        let opened = self
            .runtime
            .block_on(Subscription::open(Arc::clone(&self.store), wishes));
        let mut subscription = opened.expect("no source is named");
        let mut greeting = VecDeque::from(subscription.greeting());
        greeting.retain(|update| match update {
            Update::Gap(gap) => gap.source.name != self.bell.name,
            update => !matches!(update, Update::Source(_)),
        });
        Reader {
            subscription,
            greeting,
        }
    }

    /// The next update; `None` when there is nothing.
    pub(super) fn next(&self, reader: &mut Reader) -> Option<Update> {
        if let Some(update) = reader.greeting.pop_front() {
            return Some(update);
        }
        let subscription = &mut reader.subscription;
        loop {
            // Each time another state: it is told once for each.
            let rings = self.rings.replace(self.rings.get() + 1);
            self.store
                .set_state(&self.bell, State::Unreadable(rings.to_string()));
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

/// A reader, and what it was greeted with but the states of the sources.
pub(super) struct Reader {
    pub subscription: Subscription,
    pub greeting: VecDeque<Update>,
}

impl Reader {
    /// The text of its place.
    pub(super) fn cursor(&self) -> Cursor {
        self.subscription.cursor().to_string().parse().unwrap()
    }
}

pub(super) fn wishes(from: From) -> Wishes {
    Wishes {
        selection: Selection::All,
        filter: Arc::new(Filter::new(&FilterSpec::default()).unwrap()),
        context: 0,
        boundary: Arc::new(Filter::new(&FilterSpec::default()).unwrap()),
        from,
        tail: 0,
        skips_lag: false,
    }
}

impl Server {
    /// All that there is for the reader: lines, `> what the segment became`, `gap: why`.
    pub(super) fn told(&self, reader: &mut Reader) -> Vec<String> {
        let mut told = Vec::new();
        while let Some(update) = self.next(reader) {
            match update {
                Update::Lines(lines) => {
                    let kept = lines
                        .kept
                        .iter()
                        .map(|&number| &lines.batch.lines()[number as usize]);
                    told.extend(
                        kept.map(|line| {
                            String::from_utf8_lossy(lines.batch.text(line)).into_owned()
                        }),
                    );
                }
                Update::Boundary { boundary, .. } => told.push(match boundary.kind {
                    BoundaryKind::Rotated { name } => format!("> {}", name.unwrap_or_default()),
                    BoundaryKind::Truncated { size } => format!("> {size} bytes truncated"),
                }),
                Update::Gap(gap) => told.push(format!(
                    "gap: {:?} {:?}..{:?}",
                    gap.reason,
                    gap.from.unwrap_or_default(),
                    gap.to.unwrap_or_default()
                )),
                Update::Source(source) => told.push(format!("{:?}", source.state())),
            }
        }
        told
    }
}

/// The lines of one file, between two truncations: the model.
#[derive(Default)]
pub(super) struct Generation {
    pub lines: Vec<String>,
    /// The part of a line that is there.
    pub part: String,
    /// How many lines are there for whoever looks now or later.
    looked_at: usize,
    /// Lines from here on were destroyed before anybody looked.
    pub unseen_from: Option<usize>,
    /// Whether a follower holds the file open.
    is_held: bool,
}

impl Generation {
    /// What is written for so many lines.
    pub(super) fn lines(&mut self, number: usize, count: usize) -> String {
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
    pub(super) fn part(&mut self, number: usize) -> String {
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

/// The files of a log as their writer and its rotation leave them, and what was in them: the
/// model of what a reader is to be given.
pub(super) struct Files {
    _dir: TempDir,
    pub path: PathBuf,
    pub generations: Vec<Generation>,
    /// Which of them the path names.
    pub current: Option<usize>,
    /// The file renamed last, while its writer may expect to be heard.
    late: Option<(usize, File)>,
    /// Those that were deleted: the follower alone holds them.
    deleted: Vec<usize>,
    /// The rotated files, oldest first, and whether each is a copy.
    rotated: Vec<(usize, bool)>,
    /// Those before this number were there before the server.
    history: usize,
}

impl Files {
    /// One empty file, which is followed.
    pub(super) fn new() -> Files {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("app.log");
        fs::write(&path, "").unwrap();
        let first = Generation {
            is_held: true,
            ..Generation::default()
        };
        Files {
            _dir: dir,
            path,
            generations: vec![first],
            current: Some(0),
            late: None,
            deleted: Vec::new(),
            rotated: Vec::new(),
            history: 0,
        }
    }

    pub(super) fn write(&mut self, grow: impl FnOnce(&mut Generation, usize) -> String) {
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

    pub(super) fn write_late(&mut self, grow: impl FnOnce(&mut Generation, usize) -> String) {
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

    pub(super) fn drop_oldest(&mut self) {
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

    pub(super) fn rotate(&mut self) {
        if let Some(number) = self.current.take() {
            let file = OpenOptions::new().append(true).open(&self.path).unwrap();
            self.late = Some((number, file));
            let to = self.make_room(number, false);
            fs::rename(&self.path, to).unwrap();
        }
    }

    pub(super) fn truncate(&mut self, copies: bool, count: usize) {
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

    pub(super) fn delete(&mut self) {
        if let Some(number) = self.current.take() {
            fs::remove_file(&self.path).unwrap();
            self.remove(number, false);
        }
    }

    /// The follower looks, and the grace of renamed files is over or not.
    pub(super) fn note_look(&mut self, ends_grace: bool) {
        if ends_grace {
            self.late = None;
        }
        self.note_held();
        // While there is no file, nobody knows of one that came and was renamed.
        let is_there = self.current.is_some();
        for (number, generation) in self.generations.iter_mut().enumerate() {
            let is_news = number >= self.history && is_there;
            if is_news || generation.is_held {
                generation.looked_at = generation.lines.len();
            }
        }
    }

    /// Another server follows. Nothing tells it of what goes or is gone but a reader's place
    /// there.
    pub(super) fn note_restart(&mut self, has_lines_of: impl Fn(usize) -> bool) {
        self.late = None;
        self.history = self.generations.len();
        for number in std::mem::take(&mut self.deleted) {
            self.generations[number].destroy();
        }
        for (number, generation) in self.generations.iter_mut().enumerate() {
            generation.is_held = false;
            if !has_lines_of(number) {
                generation.looked_at = 0;
                generation.unseen_from = generation.unseen_from.map(|_| 0);
            }
        }
        // It looks at once, at what is there.
        self.note_held();
        if let Some(number) = self.current {
            let generation = &mut self.generations[number];
            generation.looked_at = generation.lines.len();
        }
    }

    fn note_held(&mut self) {
        if let Some(number) = self.current {
            self.generations[number].is_held = true;
        }
    }
}
