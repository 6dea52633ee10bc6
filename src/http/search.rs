//! `GET /api/search`: lines found in all that the files hold.
//!
//! A search has a thread of its own, not one of those that read for the live
//! streams. There are few of them, and a bounded number of requests waits for
//! one to end. Between a search and its reader lie at most a few events: a
//! reader that is slow makes the search wait, and one that is gone ends it.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::thread;

use actix_web::HttpResponse;
use actix_web::http::header;
use bytes::Bytes;
use futures_util::stream;
use serde::Serialize;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio::time::interval;
use tokio::time::timeout_at;

use crate::config::PING_INTERVAL;
use crate::config::whole_files::SEARCH_PROGRESS_INTERVAL;
use crate::config::whole_files::SEARCH_TIME_GRACE;
use crate::config::whole_files::SEARCH_TIME_MAX;
use crate::config::whole_files::SEARCHES_MAX;
use crate::config::whole_files::SEARCHES_WAITING_MAX;
use crate::filter::Filter;
use crate::http::error::ApiError;
use crate::http::events::Place;
use crate::http::events::Streams;
use crate::http::query;
use crate::http::wire;
use crate::http::wire::PlacedLine;
use crate::shutdown::Shutdown;
use crate::store::search;
use crate::store::search::Hit;
use crate::store::search::Listener;
use crate::store::search::Outcome;
use crate::store::search::Request;
use crate::store::search::Stop;

/// Events between a search and its reader.
const EVENTS_WAITING_MAX: usize = 2;

/// What searches are made from, and how many there are.
#[derive(Clone, Debug)]
pub struct Searches {
    streams: Streams,
    running: Arc<Semaphore>,
    /// Running or waiting.
    present: Arc<AtomicUsize>,
}

impl Searches {
    /// Searches in what `streams` are made from.
    pub fn new(streams: &Streams) -> Searches {
        Searches {
            streams: streams.clone(),
            running: Arc::new(Semaphore::new(SEARCHES_MAX)),
            present: Arc::default(),
        }
    }

    /// `GET /api/search`
    pub fn search(&self, query: &str) -> Result<HttpResponse, ApiError> {
        let streams = &self.streams;
        let wishes = query::search(query, &streams.boundary)?;
        let mut sources = streams.store.sources();
        if !wishes.selection.is_there(&sources) {
            return Err(streams.unknown_source());
        }
        sources.retain(|source| wishes.selection.includes(source));
        let request = Request {
            sources,
            filter: Arc::new(wishes.filter),
            order: wishes.order,
            from: wishes.from,
            hits_max: wishes.hits_max,
        };
        let present = Present::take(&self.present).ok_or(ApiError::TooManySearches)?;
        let place = Place::take(&streams.open).ok_or(ApiError::Busy)?;
        let (sender, events) = mpsc::channel(EVENTS_WAITING_MAX);
        actix_web::rt::spawn(begin(request, Arc::clone(&self.running), sender));
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

/// One of the searches there may be; given back when dropped.
struct Present(Arc<AtomicUsize>);

impl Present {
    fn take(present: &Arc<AtomicUsize>) -> Option<Present> {
        let taken = Present(Arc::clone(present));
        let before = present.fetch_add(1, Ordering::AcqRel);
        (before < SEARCHES_MAX + SEARCHES_WAITING_MAX).then_some(taken)
    }
}

impl Drop for Present {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// The reader's side of a search.
struct Serving {
    events: mpsc::Receiver<Bytes>,
    shutdown: Shutdown,
    has_ended: bool,
    _present: Present,
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

/// Starts the search when it is its turn, unless its reader leaves before.
async fn begin(request: Request, running: Arc<Semaphore>, events: mpsc::Sender<Bytes>) {
    let mut turn = pin!(running.acquire_owned());
    let mut signs = interval(PING_INTERVAL);
    let permit = loop {
        tokio::select! {
            biased;
            permit = &mut turn => break permit,
            () = events.closed() => return,
            // It waits, and is alive.
            _ = signs.tick() => {
                let _ = events.try_send(event("progress", &progress(search::Progress::default())));
            }
        }
    };
    let Ok(permit) = permit else { return };
    let now = Instant::now();
    let mut reader = Reader {
        filter: Arc::clone(&request.filter),
        events,
        runtime: Handle::current(),
        deadline: now + SEARCH_TIME_MAX,
        next_progress: now + SEARCH_PROGRESS_INTERVAL,
    };
    let run = move || {
        let outcome = search::search(&request, &mut reader);
        // The next one may begin, however long the reader takes for the rest.
        drop(permit);
        let _ = reader.events.blocking_send(event("done", &done(&outcome)));
    };
    let thread = thread::Builder::new().name("search".to_owned()).spawn(run);
    if let Err(error) = thread {
        tracing::warn!("cannot start a thread for a search: {error}");
    }
}

/// The search's side of its reader.
struct Reader {
    filter: Arc<Filter>,
    events: mpsc::Sender<Bytes>,
    runtime: Handle,
    deadline: Instant,
    next_progress: Instant,
}

impl Listener for Reader {
    fn take(&mut self, hits: &[Hit]) -> Result<(), Stop> {
        let until = self.deadline + SEARCH_TIME_GRACE;
        let event = event_of(hits, &self.filter);
        let sending = async { timeout_at(until, self.events.send(event)).await };
        match self.runtime.block_on(sending) {
            Ok(sent) => sent.map_err(|_| Stop::Left),
            Err(_) => Err(Stop::Budget),
        }
    }

    fn go_on(&mut self, now_at: search::Progress) -> Result<(), Stop> {
        if self.events.is_closed() {
            return Err(Stop::Left);
        }
        let now = Instant::now();
        if now > self.deadline {
            return Err(Stop::Budget);
        }
        if now > self.next_progress {
            self.next_progress = now + SEARCH_PROGRESS_INTERVAL;
            // A reader that still has events to take can do without this one.
            let _ = self.events.try_send(event("progress", &progress(now_at)));
        }
        Ok(())
    }
}

#[derive(Serialize)]
struct Progress {
    scanned: u64,
    total: u64,
    hits: u64,
}

#[derive(Serialize)]
struct Done {
    reason: &'static str,
    hits: u64,
    scanned: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    resume: Option<String>,
}

fn progress(progress: search::Progress) -> Progress {
    Progress {
        scanned: progress.scanned,
        total: progress.total,
        hits: progress.hits,
    }
}

fn done(outcome: &Outcome) -> Done {
    Done {
        reason: match outcome.stop {
            None => "exhausted",
            Some(Stop::Capped) => "capped",
            Some(Stop::Budget | Stop::Left) => "budget",
            Some(Stop::Lost) => "gone",
        },
        hits: outcome.progress.hits,
        scanned: outcome.progress.scanned,
        resume: outcome.resume.map(|position| position.to_string()),
    }
}

/// The event `hit`.
fn event_of(hits: &[Hit], filter: &Filter) -> Bytes {
    let mut out = b"event: hit\ndata: {\"lines\":[".to_vec();
    for (index, hit) in hits.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        let placed = PlacedLine {
            source: &hit.source.name,
            segment: hit.segment,
            line: &hit.line,
            text: &hit.text,
            record: hit.record,
            is_context: false,
        };
        wire::placed_line(&mut out, &placed, filter);
    }
    out.extend_from_slice(b"]}\n\n");
    Bytes::from(out)
}

fn event(name: &str, data: &impl Serialize) -> Bytes {
    let data = serde_json::to_string(data).expect("numbers and words are JSON");
    Bytes::from(format!("event: {name}\ndata: {data}\n\n"))
}
