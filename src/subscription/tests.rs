use std::cell::Cell;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Runtime;

use crate::filter::Filter;
use crate::filter::FilterSpec;
use crate::store::Store;
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
    pub(super) fn start(path: PathBuf) -> Server {
        let store = Arc::new(Store::default());
        let source = store.add(&path);
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

pub(super) fn wishes(from: From) -> Wishes {
    Wishes {
        selection: Selection::All,
        filter: Arc::new(Filter::new(&FilterSpec::default()).unwrap()),
        from,
        tail: 0,
        skips_lag: false,
    }
}
