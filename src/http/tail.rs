//! `GET /tail`: the lines as plain text, as they come or as far as they are there.
//!
//! What ends by itself is a file to whoever asked for it, so it must not look
//! whole when it is not: when lines are lost on the way, or the server goes, the
//! answer breaks off.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::header;
use bytes::Bytes;
use futures_util::stream;

use crate::http::error::ApiError;
use crate::http::events::Streams;
use crate::http::events::last_event_id;
use crate::http::filters::InUse;
use crate::http::form::Form;
use crate::http::places::Place;
use crate::http::query;
use crate::http::raw::attachment;
use crate::http::wire;
use crate::http::wire::long::Long;
use crate::http::wire::long::Sending;
use crate::position::SegmentId;
use crate::shutdown::Shutdown;
use crate::store::chain::Source;
use crate::store::lately::Lately;
use crate::subscription::Subscription;
use crate::subscription::update::GapReason;
use crate::subscription::update::Lines;
use crate::subscription::update::Update;
use crate::subscription::wishes::Wishes;

/// Several sources are saved under this name.
const FILE_NAME: &str = "logstream.log";

/// `GET /tail`
pub async fn tail(streams: &Streams, request: &HttpRequest) -> Result<HttpResponse, ApiError> {
    let query = request.query_string();
    let id = last_event_id(request);
    let asked = query::tail(query, &streams.boundary, streams.tail, id.as_deref())?;
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CACHE_CONTROL, "no-cache, no-transform"))
        .insert_header(("x-accel-buffering", "no"))
        .content_type("text/plain; charset=utf-8");
    if asked.is_download {
        let sources = streams.chosen(&asked.wishes.selection)?;
        let name = match &sources[..] {
            [source] => source.name.rsplit('/').next().unwrap_or(FILE_NAME),
            _ => FILE_NAME,
        };
        response.insert_header((header::CONTENT_DISPOSITION, attachment(name)));
    }
    if asked.follows {
        return Ok(response.streaming(streams.stream(asked.wishes, Form::Plain).await?));
    }
    let serving = Serving::begin(streams, asked.wishes).await?;
    let chunks = stream::unfold(serving, |mut serving| async move {
        let chunk = serving.next_chunk().await?;
        Some((chunk, serving))
    });
    Ok(response.streaming(chunks))
}

/// One answer that ends by itself.
struct Serving {
    subscription: Subscription,
    there: There,
    /// It was begun, and comes before all else.
    long: Option<Sending>,
    lately: Lately<Bytes>,
    shutdown: Shutdown,
    has_ended: bool,
    _filter: InUse,
    _place: Place,
}

impl Serving {
    async fn begin(streams: &Streams, mut wishes: Wishes) -> Result<Serving, ApiError> {
        let place = Place::take(&streams.open).ok_or(ApiError::Busy)?;
        let filter = streams.share_filter(&mut wishes)?;
        let sources = streams.chosen(&wishes.selection)?;
        let there = tokio::task::spawn_blocking(move || There::in_sources(&sources));
        let there = there.await.map_err(|_| ApiError::Unsettled)?;
        let subscription = Subscription::open(Arc::clone(&streams.store), wishes).await;
        Ok(Serving {
            subscription: subscription.map_err(|_| streams.unknown_source())?,
            there,
            long: None,
            lately: streams.feeds.lately.clone(),
            shutdown: streams.shutdown.clone(),
            has_ended: false,
            _filter: filter,
            _place: place,
        })
    }

    /// The next lines; an error when some are missing, `None` at the end.
    async fn next_chunk(&mut self) -> Option<Result<Bytes, io::Error>> {
        if self.has_ended {
            return None;
        }
        if let Some(long) = &mut self.long
            && let Some(chunk) = long.next(&self.lately).await.transpose()
        {
            self.has_ended = chunk.is_err();
            return Some(chunk);
        }
        self.long = None;
        let mut out = Vec::new();
        while out.is_empty() {
            let update = tokio::select! {
                biased;
                () = self.shutdown.wait() => return Some(Err(self.break_off())),
                update = self.subscription.next_there() => update?,
            };
            match update {
                Update::Lines(mut lines) => {
                    self.there.keep(&mut lines);
                    match Long::plain(&mut out, &lines) {
                        Some(long) => return self.begin_long(long).await,
                        None => wire::plain(&mut out, &lines),
                    }
                }
                Update::Gap(gap) if gap.reason != GapReason::Cursor => {
                    return Some(Err(self.break_off()));
                }
                _ => {}
            }
        }
        Some(Ok(Bytes::from(out)))
    }

    async fn begin_long(&mut self, long: Long) -> Option<Result<Bytes, io::Error>> {
        let long = self.long.insert(Sending::new(Arc::new(long)));
        long.next(&self.lately).await.transpose()
    }

    fn break_off(&mut self) -> io::Error {
        self.has_ended = true;
        io::ErrorKind::Interrupted.into()
    }
}

/// What was written when the request came.
struct There {
    /// Past the last line of each segment.
    heads: HashMap<SegmentId, u64>,
}

impl There {
    /// Looks at directories.
    fn in_sources(sources: &[Arc<Source>]) -> There {
        let mut heads = HashMap::new();
        for source in sources {
            source.link_neighbours();
            for segment in source.segments() {
                let head = if segment.is_finished() {
                    u64::MAX
                } else {
                    segment.head()
                };
                heads.extend(segment.id().map(|id| (id, head)));
            }
        }
        There { heads }
    }

    /// Leaves out the lines that came later.
    fn keep(&self, lines: &mut Lines) {
        let head = self.heads.get(&lines.segment).copied().unwrap_or(0);
        let batch = Arc::clone(&lines.batch);
        lines
            .kept
            .retain(|&number| batch.lines()[number as usize].offset < head);
    }
}
