//! The follow thread: it waits for a mark or the poll interval, and gives each
//! marked follower one bounded turn.
//!
//! Nearly always it is one file that has grown, and nothing else is going on. Then
//! the thread that brings the notification looks at it right away: to wake another
//! one takes longer than the look.

pub mod rotation;
mod watch;
mod pinned;
mod failing;
mod condition;
mod held;
mod held_files;
mod left;
mod unseen;
mod untouched;
mod gone;
mod file;
mod rounds;
pub mod stdin;

use std::io;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::thread;
use std::thread::JoinHandle;

pub use crate::follow::rounds::Looking;
use crate::follow::rounds::Rounds;
use crate::follow::watch::Marked;
use crate::follow::watch::Marks;
use crate::source::discovery::Discovery;
use crate::store::Store;

/// The running follow thread; it ends when this is dropped.
#[derive(Debug)]
pub struct Following {
    marks: Arc<Marks>,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Following {
    /// Finds the sources, looks at each once, and starts the thread.
    pub fn start(
        store: Arc<Store>,
        discovery: Discovery,
        looking: Looking,
    ) -> io::Result<Following> {
        let marks = Arc::new(Marks::default());
        let is_over = Arc::new(AtomicBool::new(false));
        let waking = Arc::clone(&marks);
        store.on_ask(move || waking.wake());
        let mut rounds = Rounds::new(store, discovery, &marks, looking);
        rounds.discover();
        rounds.round(&Marked::default());
        let rounds = Arc::new(Mutex::new(rounds));
        let looking = Arc::downgrade(&rounds);
        marks.on_mark(move || {
            // Whoever is in there comes by later; who waited here would wait for each other.
            let rounds = looking.upgrade();
            rounds.is_some_and(|rounds| {
                rounds
                    .try_lock()
                    .is_ok_and(|mut rounds| rounds.look_at_once())
            })
        });
        let (over, marking) = (Arc::clone(&is_over), Arc::clone(&marks));
        let thread = thread::Builder::new()
            .name("follow".to_owned())
            .spawn(move || {
                while !over.load(Ordering::Acquire) {
                    let until_next = lock(&rounds).until_next();
                    let marked = marking.take(until_next);
                    lock(&rounds).round(&marked);
                }
            })?;
        Ok(Following {
            marks,
            is_over,
            thread: Some(thread),
        })
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Release);
        self.marks.wake();
        if let Some(thread) = self.thread.take() {
            // A panic there was reported when it happened.
            let _ = thread.join();
        }
    }
}

fn lock(rounds: &Mutex<Rounds>) -> MutexGuard<'_, Rounds> {
    rounds.lock().expect("no holder of the lock panics")
}

#[cfg(test)]
mod tests;
