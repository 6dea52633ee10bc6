//! Requests for which whole files are read: searches and timelines.
//!
//! Each has a thread of its own, not one of those that read for the live
//! streams. Of each kind few run at once, and a bounded number waits for one to
//! end. Between a scan and its reader lie at most a few events: a reader that is
//! slow makes the scan wait, and one that is gone ends it.

use std::pin::pin;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::header;
use bytes::Bytes;
use futures_util::stream;
use serde::Serialize;
use tokio::runtime::Handle;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::Semaphore;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio::time::interval;
use tokio::time::timeout_at;

use crate::config::PING_INTERVAL;
use crate::config::whole_files::SCAN_PROGRESS_INTERVAL;
use crate::config::whole_files::SCAN_TIME_GRACE;
use crate::http::error::ApiError;
use crate::http::events::Streams;
use crate::http::places::Place;
use crate::http::places::Places;
use crate::http::wire;
use crate::shutdown::Shutdown;
use crate::store::search::Stop;

/// Events between a scan and its reader.
const EVENTS_WAITING_MAX: usize = 2;

/// How many scans of one kind there may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For the thread.
    pub name: &'static str,
    /// At once.
    pub running_max: usize,
    /// For one of them to end.
    pub waiting_max: usize,
    /// How long one may take.
    pub time_max: Duration,
}

/// The scans of one kind.
#[derive(Clone, Debug)]
pub struct Scans {
    limits: Limits,
    running: Arc<Semaphore>,
    /// Running or waiting.
    present: Arc<Places>,
}

impl Scans {
    /// None yet.
    pub fn new(limits: Limits) -> Scans {
        Scans {
            running: Arc::new(Semaphore::new(limits.running_max)),
            present: Places::new(limits.running_max + limits.waiting_max),
            limits,
        }
    }

    /// The events of a scan, which is `run` when its turn comes. Until then the
    /// reader is sent `sign` now and then, to know that it is not forgotten.
    pub fn stream(
        &self,
        streams: &Streams,
        sign: Bytes,
        run: impl FnOnce(Scan) + Send + 'static,
    ) -> Result<HttpResponse, ApiError> {
        let present = Place::take(&self.present).ok_or(ApiError::TooManySearches)?;
        let place = Place::take(&streams.open).ok_or(ApiError::Busy)?;
        let (sender, events) = mpsc::channel(EVENTS_WAITING_MAX);
        let begin = begin(self.limits, Arc::clone(&self.running), sender, sign, run);
        actix_web::rt::spawn(begin);
        let serving = Serving {
            events,
            shutdown: streams.shutdown.clone(),
            has_ended: false,
            _present: present,
            _place: place,
        };
        let stream = stream::unfold(serving, |mut serving| async move {
            let event = serving.next_event().await?;
            Some((Ok::<_, actix_web::Error>(event), serving))
        });
        Ok(HttpResponse::Ok()
            .insert_header((header::CACHE_CONTROL, "no-cache, no-transform"))
            .insert_header(("x-accel-buffering", "no"))
            .content_type("text/event-stream")
            .streaming(stream))
    }
}

/// The reader's side of a scan.
struct Serving {
    events: mpsc::Receiver<Bytes>,
    shutdown: Shutdown,
    has_ended: bool,
    _present: Place,
    _place: Place,
}

impl Serving {
    /// What is sent next; `None` at the end.
    async fn next_event(&mut self) -> Option<Bytes> {
        if self.has_ended {
            return None;
        }
        tokio::select! {
            biased;
            () = self.shutdown.wait() => {
                self.has_ended = true;
                let mut out = Vec::new();
                wire::end(&mut out);
                Some(Bytes::from(out))
            }
            event = self.events.recv() => event,
        }
    }
}

/// Starts the scan when it is its turn, unless its reader leaves before.
async fn begin(
    limits: Limits,
    running: Arc<Semaphore>,
    events: mpsc::Sender<Bytes>,
    sign: Bytes,
    run: impl FnOnce(Scan) + Send + 'static,
) {
    let mut turn = pin!(running.acquire_owned());
    let mut signs = interval(PING_INTERVAL);
    let permit = loop {
        tokio::select! {
            biased;
            permit = &mut turn => break permit,
            () = events.closed() => return,
            // It waits, and is alive.
            _ = signs.tick() => {
                let _ = events.try_send(sign.clone());
            }
        }
    };
    let Ok(permit) = permit else { return };
    let now = Instant::now();
    let scan = Scan {
        events,
        runtime: Handle::current(),
        time_max: limits.time_max,
        deadline: now + limits.time_max,
        next_progress: now + SCAN_PROGRESS_INTERVAL,
        permit,
    };
    let thread = thread::Builder::new().name(limits.name.to_owned());
    if let Err(error) = thread.spawn(move || run(scan)) {
        tracing::warn!("cannot start a thread for a {}: {error}", limits.name);
    }
}

/// The thread's side of its reader.
#[derive(Debug)]
pub struct Scan {
    events: mpsc::Sender<Bytes>,
    runtime: Handle,
    time_max: Duration,
    deadline: Instant,
    next_progress: Instant,
    permit: OwnedSemaphorePermit,
}

impl Scan {
    /// Waits until the reader takes `event`.
    pub fn send(&self, event: Bytes) -> Result<(), Stop> {
        let until = self.deadline + SCAN_TIME_GRACE;
        let sending = async { timeout_at(until, self.events.send(event)).await };
        match self.runtime.block_on(sending) {
            Ok(sent) => sent.map_err(|_| Stop::Left),
            Err(_) => Err(Stop::Budget),
        }
    }

    /// Whether anybody waits for more, and there is time left.
    pub fn go_on(&self) -> Result<(), Stop> {
        if self.events.is_closed() {
            return Err(Stop::Left);
        }
        if Instant::now() > self.deadline {
            return Err(Stop::Budget);
        }
        Ok(())
    }

    /// Waits for one of `turns`, which are of this kind of work; its time begins then.
    pub fn wait_turn(&mut self, turns: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Stop> {
        let waiting = async {
            tokio::select! {
                biased;
                () = self.events.closed() => Err(Stop::Left),
                turn = Arc::clone(turns).acquire_owned() => turn.map_err(|_| Stop::Left),
            }
        };
        let turn = self.runtime.block_on(waiting)?;
        self.deadline = Instant::now() + self.time_max;
        Ok(turn)
    }

    /// Sends the `event` that says how far the scan is, a few times a second. A
    /// reader that still has events to take can do without one.
    pub fn tell(&mut self, event: impl FnOnce() -> Bytes) {
        let now = Instant::now();
        if now > self.next_progress && self.events.capacity() > 0 {
            self.next_progress = now + SCAN_PROGRESS_INTERVAL;
            let _ = self.events.try_send(event());
        }
    }

    /// The last event. The next scan may begin, however long the reader takes.
    pub fn end(self, event: Bytes) {
        drop(self.permit);
        let _ = self.events.blocking_send(event);
    }
}

/// One event of a stream.
pub fn event(name: &str, data: &impl Serialize) -> Bytes {
    let data = serde_json::to_string(data).expect("numbers and words are JSON");
    Bytes::from(format!("event: {name}\ndata: {data}\n\n"))
}
