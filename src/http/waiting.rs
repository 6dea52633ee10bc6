//! Connections on which nothing is asked at the moment.
//!
//! They cost a descriptor each, and whoever opens many and stays silent could keep
//! everybody else out. So there are only so many: one more takes the place of the
//! one that has waited longest. Who has something to ask says so within
//! milliseconds, and is not met by that.

use std::cell::Cell;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::task::Context;
use std::task::Poll;
use std::task::Waker;

/// The connections of one thread that wait.
#[derive(Debug)]
pub struct Waiting {
    most: usize,
    next: Cell<u64>,
    /// In the order in which they began, with what wakes them.
    wakers: RefCell<BTreeMap<u64, Option<Waker>>>,
}

/// One of them; it waits no more when this is dropped.
#[derive(Debug)]
pub struct Wait {
    among: Rc<Waiting>,
    number: u64,
}

impl Waiting {
    /// At most so many may wait.
    pub fn new(most: usize) -> Waiting {
        Waiting {
            most,
            next: Cell::new(0),
            wakers: RefCell::default(),
        }
    }

    /// Begins to wait. The one that has waited longest may have to go.
    pub fn enter(self: &Rc<Self>) -> Wait {
        let number = self.next.get();
        self.next.set(number + 1);
        let mut wakers = self.wakers.borrow_mut();
        wakers.insert(number, None);
        if wakers.len() > self.most
            && let Some((_, Some(waker))) = wakers.pop_first()
        {
            waker.wake();
        }
        Wait {
            among: Rc::clone(self),
            number,
        }
    }
}

impl Wait {
    /// Ready when another one has taken its place.
    pub fn poll_over(&self, context: &Context<'_>) -> Poll<()> {
        match self.among.wakers.borrow_mut().get_mut(&self.number) {
            Some(waker) => {
                waker.replace(context.waker().clone());
                Poll::Pending
            }
            None => Poll::Ready(()),
        }
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        self.among.wakers.borrow_mut().remove(&self.number);
    }
}
