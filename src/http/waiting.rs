//! Connections on which nothing is asked at the moment.
//!
//! They cost a descriptor each, and whoever opens many and stays silent could keep
//! everybody else out. So only so many may wait for long: one more takes the place
//! of the one that has waited longest. Who has something to ask says so within
//! milliseconds; but a thousand that come at once are heard one after the other, so
//! each has a moment before it has to give way.

use std::cell::Cell;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::task::Context;
use std::task::Poll;
use std::task::Waker;
use std::time::Duration;

use tokio::time::Instant;

/// In which each can say what it wants, also on a busy machine.
const MOMENT: Duration = Duration::from_millis(500);

/// The connections of one thread that wait.
#[derive(Debug)]
pub struct Waiting {
    most: usize,
    next: Cell<u64>,
    /// In the order in which they began.
    all: RefCell<BTreeMap<u64, Silent>>,
}

#[derive(Debug)]
struct Silent {
    since: Instant,
    waker: Option<Waker>,
}

/// One of them; it waits no more when this is dropped.
#[derive(Debug)]
pub struct Wait {
    among: Rc<Waiting>,
    number: u64,
    /// There were too many when it came: it may wait for no longer than this.
    pub hurry: Option<Duration>,
}

impl Waiting {
    /// At most so many may wait for long.
    pub fn new(most: usize) -> Waiting {
        Waiting {
            most,
            next: Cell::new(0),
            all: RefCell::default(),
        }
    }

    /// Begins to wait. The one that has waited longest may have to go.
    pub fn enter(self: &Rc<Self>) -> Wait {
        let number = self.next.get();
        self.next.set(number + 1);
        let mut all = self.all.borrow_mut();
        let now = Instant::now();
        let (since, waker) = (now, None);
        all.insert(number, Silent { since, waker });
        let is_crowded = all.len() > self.most;
        if is_crowded
            && let Some(longest) = all.first_entry()
            && now - longest.get().since > MOMENT
            && let Some(waker) = longest.remove().waker
        {
            waker.wake();
        }
        Wait {
            among: Rc::clone(self),
            number,
            hurry: is_crowded.then_some(MOMENT),
        }
    }
}

impl Wait {
    /// Ready when another one has taken its place.
    pub fn poll_over(&self, context: &Context<'_>) -> Poll<()> {
        match self.among.all.borrow_mut().get_mut(&self.number) {
            Some(silent) => {
                silent.waker.replace(context.waker().clone());
                Poll::Pending
            }
            None => Poll::Ready(()),
        }
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        self.among.all.borrow_mut().remove(&self.number);
    }
}
