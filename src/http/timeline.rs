//! `GET /api/timeline`: how many lines there are when, over whole logs.

use std::sync::Arc;

use actix_web::HttpResponse;
use bytes::Bytes;
use serde::Serialize;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::Semaphore;

use crate::config::whole_files::TIMELINE_TIME_MAX;
use crate::config::whole_files::TIMELINES_COUNTING_MAX;
use crate::config::whole_files::TIMELINES_MAX;
use crate::http::error::ApiError;
use crate::http::events::Streams;
use crate::http::query;
use crate::http::scans::Limits;
use crate::http::scans::Scan;
use crate::http::scans::Scans;
use crate::http::scans::event;
use crate::store::search::Stop;
use crate::store::timeline;
use crate::store::timeline::Picture;
use crate::store::timeline::Request;

/// How much the counting thread gives way to others.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// What timelines are made from, and how many there are.
#[derive(Clone, Debug)]
pub struct Timelines {
    streams: Streams,
    scans: Scans,
    /// For those whose lines are being counted.
    counting: Arc<Semaphore>,
}

impl Timelines {
    /// Timelines of what `streams` are made from.
    pub fn new(streams: &Streams) -> Timelines {
        Timelines {
            streams: streams.clone(),
            scans: Scans::new(Limits {
                name: "timeline",
                running_max: TIMELINES_MAX,
                waiting_max: 0,
                time_max: TIMELINE_TIME_MAX,
            }),
            counting: Arc::new(Semaphore::new(TIMELINES_COUNTING_MAX)),
        }
    }

    /// `GET /api/timeline`
    pub fn draw(&self, query: &str) -> Result<HttpResponse, ApiError> {
        let streams = &self.streams;
        let wishes = query::timeline(query, &streams.boundary)?;
        let request = Request {
            sources: streams.chosen(&wishes.selection)?,
            filter: Arc::new(wishes.filter),
            buckets_max: wishes.buckets_max,
        };
        let counting = Arc::clone(&self.counting);
        self.scans.stream(streams, Bytes::new(), move |scan| {
            let mut viewer = Viewer {
                scan,
                counting,
                turn: None,
                is_first: true,
            };
            let (picture, stop) = timeline::draw(&request, &mut viewer);
            let last = viewer.scan.send(event_of(&picture));
            drop(viewer.turn);
            if last.is_ok() {
                viewer.scan.end(event("done", &done(&picture, stop)));
            }
        })
    }
}

/// Whether calls of the system are filtered here: one that is not allowed may end the process.
#[cfg(target_os = "linux")]
fn is_confined() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mode = status
        .lines()
        .find_map(|line| line.strip_prefix("Seccomp:"));
    mode.is_none_or(|mode| mode.trim() != "0")
}

/// The timeline's side of its reader.
struct Viewer {
    scan: Scan,
    counting: Arc<Semaphore>,
    turn: Option<OwnedSemaphorePermit>,
    is_first: bool,
}

impl timeline::Viewer for Viewer {
    fn show(&mut self, picture: impl FnOnce() -> Picture) {
        if std::mem::take(&mut self.is_first) {
            // Whether anybody is there to take it is asked next.
            let _ = self.scan.send(event_of(&picture()));
        } else {
            self.scan.tell(|| event_of(&picture()));
        }
    }

    fn wait_turn(&mut self) -> Result<(), Stop> {
        self.turn = Some(self.scan.wait_turn(&self.counting)?);
        // Live lines go first. Elsewhere this would be the whole process's.
        #[cfg(target_os = "linux")]
        if !is_confined() {
            let _ = rustix::process::nice(NICENESS);
        }
        Ok(())
    }

    fn go_on(&mut self) -> Result<(), Stop> {
        self.scan.go_on()
    }
}

#[derive(Serialize)]
struct Timeline {
    from: i64,
    to: i64,
    step: i64,
    exact: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'static str>,
    scanned: u64,
    total: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    outside: Option<u64>,
    buckets: Vec<Bucket>,
}

#[derive(Serialize)]
struct Bucket {
    total: u64,
    warn: u64,
    error: u64,
}

#[derive(Serialize)]
struct Done {
    reason: &'static str,
    scanned: u64,
    total: u64,
}

fn event_of(picture: &Picture) -> Bytes {
    let buckets = picture.buckets.iter().map(|bucket| Bucket {
        total: bucket.total,
        warn: bucket.warn,
        error: bucket.error,
    });
    let timeline = Timeline {
        from: picture.scale.from,
        to: picture.scale.to,
        step: picture.scale.step,
        exact: picture.is_exact,
        by: picture.is_of_bytes.then_some("bytes"),
        scanned: picture.scanned,
        total: picture.total,
        outside: (picture.outside > 0).then_some(picture.outside),
        buckets: buckets.collect(),
    };
    event("timeline", &timeline)
}

fn done(picture: &Picture, stop: Option<Stop>) -> Done {
    Done {
        reason: match stop {
            None => "exhausted",
            Some(Stop::Lost) => "gone",
            Some(_) => "budget",
        },
        scanned: picture.scanned,
        total: picture.total,
    }
}
