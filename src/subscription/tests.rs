pub(super) mod generation;
pub(super) mod files;
mod late;
mod packing;

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::sync::OnceLock;
use std::time::Duration;

use tokio::runtime::Runtime;

use crate::filter::Filter;
use crate::filter::FilterSpec;
use crate::position::Cursor;
use crate::store::Store;
use crate::store::boundary::BoundaryKind;
use crate::store::chain::Source;
use crate::subscription::Subscription;
use crate::subscription::update::Update;
use crate::subscription::wishes::From;
use crate::subscription::wishes::Selection;
use crate::subscription::wishes::Wishes;

/// A server with one followed log and nothing that happens by itself.
pub(crate) struct Server {
    pub store: Arc<Store>,
    pub source: Arc<Source>,
    follower: Box<dyn FnMut(Option<Duration>)>,
    pub runtime: Runtime,
}

impl Server {
    /// What is in the file now is history.
    pub(crate) fn start(path: &Path) -> Server {
        let store = Arc::new(Store::default());
        let source = store.add(path);
        let mut follower = source.driven_follower(&store, true);
        follower(Some(Duration::ZERO));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        Server {
            store,
            source,
            follower,
            runtime,
        }
    }

    pub(crate) fn look(&mut self) {
        self.look_after(Duration::ZERO);
    }

    pub(super) fn look_after(&mut self, time: Duration) {
        (self.follower)(Some(time));
    }

    /// It looks, and gives the descriptor back of the file that its path names.
    pub(super) fn rest(&mut self) {
        (self.follower)(None);
    }

    /// Readers have to go to the disk from here on.
    pub(crate) fn forget(&self) {
        self.source
            .segments()
            .iter()
            .for_each(|segment| segment.forget_everything());
    }

    /// A reader as `/events` makes it: it is greeted before it has its first place.
    pub(crate) fn open(&self, wishes: Wishes) -> Reader {
        let opened = self
            .runtime
            .block_on(Subscription::open(Arc::clone(&self.store), wishes));
        let mut subscription = opened.expect("no source is named");
        let mut greeting = VecDeque::from(subscription.greeting());
        greeting.retain(|update| !matches!(update, Update::Source(_)));
        Reader {
            subscription,
            greeting,
        }
    }

    /// The next update; `None` when there is nothing.
    pub(crate) fn next(&self, reader: &mut Reader) -> Option<Update> {
        if let Some(update) = reader.greeting.pop_front() {
            return Some(update);
        }
        self.store.publish();
        self.runtime.block_on(reader.subscription.next())
    }
}

/// A reader, and what it was greeted with but the states of the sources.
pub(crate) struct Reader {
    pub subscription: Subscription,
    pub greeting: VecDeque<Update>,
}

impl Reader {
    /// The text of its place.
    pub(super) fn cursor(&self) -> Cursor {
        self.subscription.cursor().to_string().parse().unwrap()
    }
}

pub(crate) fn wishes(from: From) -> Wishes {
    Wishes {
        selection: Selection::All,
        filter: Arc::new(Filter::new(&FilterSpec::default()).unwrap()),
        context: 0,
        boundary: Arc::new(Filter::new(&FilterSpec::default()).unwrap()),
        from,
        tail: 0,
        skips_lag: false,
        finder: OnceLock::new(),
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
                Update::Unfinished { line, .. } => {
                    let text = String::from_utf8_lossy(line.text(&line.lines()[0])).into_owned();
                    told.push(format!("unfinished: {text}"));
                }
                Update::Source(source) => told.push(format!("{:?}", source.state())),
            }
        }
        told
    }
}
