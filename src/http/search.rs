//! `GET /api/search`: lines found in all that the files hold.

use std::sync::Arc;

use actix_web::HttpResponse;
use bytes::Bytes;
use serde::Serialize;

use crate::config::whole_files::SEARCH_TIME_MAX;
use crate::config::whole_files::SEARCHES_WAITING_MAX;
use crate::filter::Filter;
use crate::http::error::ApiError;
use crate::http::events::Streams;
use crate::http::query;
use crate::http::scans::Limits;
use crate::http::scans::Scan;
use crate::http::scans::Scans;
use crate::http::scans::event;
use crate::http::wire;
use crate::http::wire::PlacedLine;
use crate::store::search;
use crate::store::search::Hit;
use crate::store::search::Listener;
use crate::store::search::Outcome;
use crate::store::search::Request;
use crate::store::search::Stop;

/// What searches are made from, and how many there are.
#[derive(Clone, Debug)]
pub struct Searches {
    streams: Streams,
    scans: Scans,
}

impl Searches {
    /// Searches in what `streams` are made from, so many at a time.
    pub fn new(streams: &Streams, running_max: usize) -> Searches {
        Searches {
            streams: streams.clone(),
            scans: Scans::new(Limits {
                name: "search",
                running_max,
                waiting_max: SEARCHES_WAITING_MAX,
                time_max: SEARCH_TIME_MAX,
            }),
        }
    }

    /// `GET /api/search`
    pub fn search(&self, query: &str) -> Result<HttpResponse, ApiError> {
        let streams = &self.streams;
        let wishes = query::search(query, &streams.boundary)?;
        let request = Request {
            sources: streams.chosen(&wishes.selection)?,
            filter: Arc::new(wishes.filter),
            order: wishes.order,
            from: wishes.from,
            hits_max: wishes.hits_max,
        };
        let nothing = event("progress", &progress(search::Progress::default()));
        self.scans.stream(streams, nothing, move |scan| {
            let filter = Arc::clone(&request.filter);
            let mut reader = Reader { filter, scan };
            let outcome = search::search(&request, &mut reader);
            reader.scan.end(event("done", &done(&outcome)));
        })
    }
}

/// The search's side of its reader.
struct Reader {
    filter: Arc<Filter>,
    scan: Scan,
}

impl Listener for Reader {
    fn take(&mut self, hits: &[Hit]) -> Result<(), Stop> {
        self.scan.send(event_of(hits, &self.filter))
    }

    fn go_on(&mut self, now_at: search::Progress) -> Result<(), Stop> {
        self.scan.go_on()?;
        self.scan.tell(|| event("progress", &progress(now_at)));
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
            Some(Stop::Damaged) => "damaged",
        },
        hits: outcome.progress.hits,
        scanned: outcome.progress.scanned,
        resume: outcome.resume.map(|position| position.to_string()),
    }
}

/// The event `hit`.
fn event_of(hits: &[Hit], filter: &Filter) -> Bytes {
    let mut out = b"event: hit\ndata: {\"lines\":[".to_vec();
    let placed = hits.iter().map(|hit| PlacedLine {
        source: &hit.source.name,
        segment: hit.segment,
        line: &hit.line,
        text: &hit.text,
        record: hit.record,
        is_context: false,
    });
    wire::placed_lines(&mut out, placed, filter);
    out.extend_from_slice(b"]}\n\n");
    Bytes::from(out)
}
