//! What many readers are sent is made once.
//!
//! Readers that want the same and have been given everything there is are all
//! at the same place, and what comes next is the same for all of them, down to
//! the id. So one subscription goes on for them, and its frames stand in a
//! window: the newest few, under a byte budget. A reader there is a seat, which
//! is a number in the window and the place behind its last frame.
//!
//! The window is no queue. The feed makes the next frames when some reader has
//! taken all there are, never waits for the others, and keeps nothing for them:
//! one whose next frame has left the window goes its own way from its own place,
//! on a subscription of its own, and is back when it has caught up.

use std::collections::HashMap;
use std::collections::VecDeque;
use std::mem;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::time::Duration;

use actix_web::rt;
use bytes::Bytes;
use tokio::sync::Notify;
use tokio::sync::watch;
use tokio::time::sleep;

use crate::config::FEED_BYTES;
use crate::config::FEED_BYTES_MAX;
use crate::config::FEED_BYTES_PER_READER;
use crate::config::FRAME_BYTES;
use crate::config::FRAMES_PER_TURN;
use crate::filter::Filter;
use crate::http::company::Company;
use crate::http::company::Crowd;
use crate::http::form::Form;
use crate::http::wire::long::Content;
use crate::shutdown::Shutdown;
use crate::store::lately::Lately;
use crate::subscription::Subscription;
use crate::subscription::wishes::Selection;
use crate::subscription::wishes::Wishes;

/// What a reader is sent, wherever it begins: equal views are sent the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct View {
    selection: Selection,
    pub(super) filter: Arc<Filter>,
    context: usize,
    skips_lag: bool,
    pub(super) form: Form,
}

impl View {
    /// The view of a reader with these wishes.
    pub fn new(wishes: &Wishes, form: Form) -> View {
        View {
            selection: wishes.selection.clone(),
            filter: Arc::clone(&wishes.filter),
            context: wishes.context,
            skips_lag: wishes.skips_lag,
            form,
        }
    }
}

/// The feeds there are: those that somebody reads.
#[derive(Debug, Default)]
pub struct Feeds {
    by_view: Mutex<HashMap<View, Arc<Feed>>>,
    crowd: Arc<Crowd>,
    /// The long lines that are being sent, to whomever.
    pub(super) lately: Lately<Bytes>,
}

#[derive(Debug)]
struct Feed {
    window: Mutex<Window>,
    /// How many frames were ever made. Its receivers are the seats.
    made: watch::Sender<u64>,
    /// A reader has taken all frames there are.
    wanted: Notify,
}

#[derive(Debug)]
struct Window {
    frames: VecDeque<Frame>,
    /// The number of the first of them.
    first: u64,
    bytes: usize,
    /// The place behind all of them, where the subscription stands.
    end: Arc<Subscription>,
    is_over: bool,
}

#[derive(Clone, Debug)]
struct Frame {
    content: Content,
    /// The place behind it.
    after: Arc<Subscription>,
}

/// A reader's place in a feed.
#[derive(Debug)]
pub struct Seat {
    feed: Arc<Feed>,
    made: watch::Receiver<u64>,
    /// The number of its next frame.
    next: u64,
    place: Arc<Subscription>,
}

/// Where a reader may be seated that has been given everything.
#[derive(Debug)]
pub enum Seating {
    /// Here.
    Seat(Seat),
    /// The feed is somewhere else just now, but comes by.
    Later(Waiting),
    /// Nowhere: it wants so many sources that to remember the places behind every
    /// frame would cost more than it saves.
    Alone,
}

/// A reader that waits for a seat.
#[derive(Debug)]
pub struct Waiting {
    feed: Arc<Feed>,
    made: watch::Receiver<u64>,
}

/// What comes next at a seat.
#[derive(Debug)]
pub enum Next {
    /// What is to be sent.
    Frame(Content),
    /// The window has moved on: the reader goes its own way from here.
    Behind(Subscription),
    /// The server is going away.
    Over,
}

impl Feeds {
    /// The seat of the reader of `view` that stands at `subscription` and has been
    /// given everything. All that are seated keep the same `view`: a thousand
    /// compiled filters would be the most that readers hold.
    pub fn seat(
        self: &Arc<Feeds>,
        view: &mut View,
        subscription: &Subscription,
        shutdown: &Shutdown,
    ) -> Seating {
        if !subscription.has_whole_cursor() {
            return Seating::Alone;
        }
        let mut feeds = lock(&self.by_view);
        if let Some((shared, feed)) = feeds.get_key_value(view) {
            *view = shared.clone();
            return feed.seat_at(subscription);
        }
        let feed = Arc::new(Feed::new(subscription));
        feeds.insert(view.clone(), Arc::clone(&feed));
        let seating = feed.seat_at(subscription);
        rt::spawn(Arc::clone(self).run(view.clone(), feed, shutdown.clone()));
        seating
    }

    /// Makes the frames of `feed` as long as somebody reads them.
    async fn run(self: Arc<Feeds>, view: View, feed: Arc<Feed>, mut shutdown: Shutdown) {
        let mut company = Company::new(&self.crowd);
        loop {
            tokio::select! {
                biased;
                () = shutdown.wait() => break,
                () = feed.made.closed() => {
                    // Seats are given under this lock.
                    let mut feeds = lock(&self.by_view);
                    if feed.made.is_closed() {
                        feeds.remove(&view);
                        return;
                    }
                }
                () = feed.turn(&view, &mut company) => {}
            }
        }
        lock(&feed.window).is_over = true;
        feed.made.send_modify(|_| {});
    }
}

impl Feed {
    fn new(subscription: &Subscription) -> Feed {
        Feed {
            window: Mutex::new(Window {
                frames: VecDeque::new(),
                first: 0,
                bytes: 0,
                end: Arc::new(subscription.clone()),
                is_over: false,
            }),
            made: watch::Sender::new(0),
            wanted: Notify::new(),
        }
    }

    /// The seat behind the newest frame behind which `subscription` may stand.
    fn seat_at(self: &Arc<Feed>, subscription: &Subscription) -> Seating {
        let window = lock(&self.window);
        let (feed, made) = (Arc::clone(self), self.made.subscribe());
        match window.find(subscription) {
            None => Seating::Later(Waiting { feed, made }),
            Some((next, place)) => Seating::Seat(Seat {
                feed,
                made,
                next,
                place: Arc::clone(place),
            }),
        }
    }

    /// Makes the next frames, a bounded number of them, once somebody wants them and
    /// there is something for them. Nothing is lost when the future is dropped and
    /// made anew.
    async fn turn(&self, view: &View, company: &mut Company) {
        self.wanted.notified().await;
        let mut first = None;
        let pause = loop {
            let mut subscription = (*lock(&self.window).end).clone();
            let frames = make(view, &mut subscription).await;
            let end = Arc::new(subscription);
            let readers = self.made.receiver_count();
            if frames.is_empty() {
                lock(&self.window).add(frames, &end, readers);
                company.wait(end.changed()).await;
                continue;
            }
            let is_full = frames.len() == FRAMES_PER_TURN;
            let mut pause = Duration::ZERO;
            if first.is_none() {
                pause = company.time_for(readers);
                if !pause.is_zero() && !is_full {
                    // Made anew, with the lines that join these.
                    first = Some(end);
                    sleep(pause).await;
                    continue;
                }
            }
            company.note(is_full || first.is_some_and(|first| !first.stands_like(&end)));
            lock(&self.window).add(frames, &end, readers);
            break pause;
        };
        let newest = lock(&self.window).newest();
        self.made.send_replace(newest);
        if !pause.is_zero() {
            sleep(pause).await;
        }
    }
}

/// Frames of what there is now.
async fn make(view: &View, subscription: &mut Subscription) -> Vec<Frame> {
    let mut frames = Vec::new();
    let mut out = Vec::new();
    while frames.len() < FRAMES_PER_TURN {
        let update = subscription.next().await;
        let long = update.as_ref().and_then(|update| {
            view.form
                .write(&mut out, update, &view.filter, subscription)
        });
        let content = match long {
            Some(long) => Some(Content::Long(Arc::new(long))),
            None if out.len() >= FRAME_BYTES || update.is_none() && !out.is_empty() => {
                Some(Content::Bytes(Bytes::from(mem::take(&mut out))))
            }
            None => None,
        };
        frames.extend(content.map(|content| Frame {
            content,
            after: Arc::new(subscription.clone()),
        }));
        if update.is_none() {
            break;
        }
    }
    frames
}

impl Window {
    fn newest(&self) -> u64 {
        self.first + self.frames.len() as u64
    }

    /// Adds what was made, up to `end`, for so many readers.
    fn add(&mut self, frames: Vec<Frame>, end: &Arc<Subscription>, readers: usize) {
        let most = (readers * FEED_BYTES_PER_READER).clamp(FEED_BYTES, FEED_BYTES_MAX);
        for frame in frames {
            self.bytes += frame.content.length();
            self.frames.push_back(frame);
        }
        self.end = Arc::clone(end);
        if let Some(last) = self.frames.back_mut() {
            // There may have been lines since, and none of them for these readers.
            last.after = Arc::clone(end);
        }
        // The newest frame is behind nobody who takes it.
        while self.frames.len() > 1 && (self.bytes > most || self.holds_old_files()) {
            let oldest = self.frames.pop_front();
            self.bytes -= oldest.map_or(0, |frame| frame.content.length());
            self.first += 1;
        }
    }

    /// Whether the oldest frame keeps files open that the newer ones have left.
    fn holds_old_files(&self) -> bool {
        let oldest = self.frames.front();
        oldest.is_some_and(|frame| !frame.after.is_in_files_of(&self.end))
    }

    /// Where `subscription` stands, and the number of the frame that comes next there.
    fn find(&self, subscription: &Subscription) -> Option<(u64, &Arc<Subscription>)> {
        if self.end.stands_like(subscription) {
            return Some((self.newest(), &self.end));
        }
        let mut places = self.frames.iter().map(|frame| &frame.after).enumerate();
        let (index, place) = places.rfind(|(_, place)| place.stands_like(subscription))?;
        Some((self.first + index as u64 + 1, place))
    }
}

impl Waiting {
    /// Waits until the feed has moved.
    pub async fn moved(&mut self) {
        self.feed.wanted.notify_one();
        // The feed lives as long as somebody waits for it.
        let _ = self.made.changed().await;
    }
}

impl Seat {
    /// Waits for the next frame. Nothing is lost when the future is dropped and made
    /// anew.
    pub async fn next(&mut self) -> Next {
        loop {
            self.made.mark_unchanged();
            if let Some(next) = self.take() {
                return next;
            }
            self.feed.wanted.notify_one();
            // The feed lives as long as a seat.
            let _ = self.made.changed().await;
        }
    }

    /// Behind everything that the reader was given.
    pub fn place(&mut self) -> &Subscription {
        let window = lock(&self.feed.window);
        if self.next == window.newest() {
            self.place = Arc::clone(&window.end);
        }
        &self.place
    }

    fn take(&mut self) -> Option<Next> {
        let window = lock(&self.feed.window);
        if window.is_over {
            return Some(Next::Over);
        }
        let Some(index) = self.next.checked_sub(window.first) else {
            return Some(Next::Behind((*self.place).clone()));
        };
        let Some(frame) = window.frames.get(index as usize) else {
            self.place = Arc::clone(&window.end);
            return None;
        };
        self.next += 1;
        self.place = Arc::clone(&frame.after);
        Some(Next::Frame(frame.content.clone()))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("no holder of the lock panics")
}
