//! `GET /events`: the lines as they come.

use std::io;
use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::header;
use bytes::Bytes;
use futures_util::Stream;
use futures_util::future::OptionFuture;
use futures_util::stream;
use tokio::time::Instant;
use tokio::time::Interval;
use tokio::time::MissedTickBehavior;
use tokio::time::interval_at;

use crate::config::PING_INTERVAL;
use crate::config::RETRY_MS;
use crate::filter::Filter;
use crate::http::error::ApiError;
use crate::http::feed::Feeds;
use crate::http::feed::Next;
use crate::http::feed::Seat;
use crate::http::feed::Seating;
use crate::http::feed::View;
use crate::http::feed::Waiting;
use crate::http::filters::Filters;
use crate::http::filters::InUse;
use crate::http::form::Form;
use crate::http::places::Place;
use crate::http::places::Places;
use crate::http::query;
use crate::http::wire;
use crate::http::wire::long::Content;
use crate::http::wire::long::Sending;
use crate::shutdown::Shutdown;
use crate::store::Store;
use crate::store::chain::Source;
use crate::subscription::Subscription;
use crate::subscription::update::Update;
use crate::subscription::wishes::Selection;
use crate::subscription::wishes::Wishes;

/// What streams are made from, the same for all.
#[derive(Clone, Debug)]
pub struct Streams {
    /// Where the lines come from.
    pub store: Arc<Store>,
    /// What it drops leaves the server for nobody.
    pub boundary: Arc<Filter>,
    /// Lines of each source to begin with, unless the reader says otherwise.
    pub tail: usize,
    /// Ends all streams.
    pub shutdown: Shutdown,
    /// How many are open, and may be.
    pub open: Arc<Places>,
    /// Their filters.
    pub filters: Arc<Filters>,
    /// What is made once for many of them.
    pub feeds: Arc<Feeds>,
}

impl Streams {
    /// `GET /events`
    pub async fn events(&self, request: &HttpRequest) -> Result<HttpResponse, ApiError> {
        let query = request.query_string();
        let id = last_event_id(request);
        let wishes = query::wishes(query, &self.boundary, self.tail, id.as_deref())?;
        let stream = self.stream(wishes, Form::Events).await?;
        Ok(HttpResponse::Ok()
            .insert_header((header::CACHE_CONTROL, "no-cache, no-transform"))
            .insert_header(("x-accel-buffering", "no"))
            .content_type("text/event-stream")
            .streaming(stream))
    }

    /// `GET /api/filter`: whether `/events` would accept these parameters. A
    /// browser's `EventSource` cannot tell why it was refused.
    pub fn check(&self, request: &HttpRequest) -> Result<HttpResponse, ApiError> {
        query::wishes(request.query_string(), &self.boundary, self.tail, None)?;
        Ok(HttpResponse::Ok()
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .content_type("application/json; charset=utf-8")
            .body(r#"{"ok":true}"#))
    }

    /// The lines as they come.
    pub(super) async fn stream(
        &self,
        mut wishes: Wishes,
        form: Form,
    ) -> Result<impl Stream<Item = Result<Bytes, actix_web::Error>> + use<>, ApiError> {
        let place = Place::take(&self.open).ok_or(ApiError::Busy)?;
        let filter = self.share_filter(&mut wishes)?;
        let view = View::new(&wishes, form);
        let subscription = Subscription::open(Arc::clone(&self.store), wishes).await;
        let subscription = subscription.map_err(|_| self.unknown_source())?;
        let mut pings = interval_at(Instant::now() + PING_INTERVAL, PING_INTERVAL);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let serving = Serving {
            way: Way::alone(subscription),
            long: None,
            feeds: Arc::clone(&self.feeds),
            view,
            pings,
            shutdown: self.shutdown.clone(),
            is_greeted: false,
            has_ended: false,
            _filter: filter,
            _place: place,
        };
        Ok(stream::unfold(serving, |mut serving| async move {
            let chunk = serving.next_chunk().await?;
            Some((chunk.map_err(actix_web::Error::from), serving))
        }))
    }

    /// Lets the stream use the filter that others like it have.
    pub(super) fn share_filter(&self, wishes: &mut Wishes) -> Result<InUse, ApiError> {
        let filter = Arc::make_mut(&mut wishes.filter);
        InUse::share(&self.filters, filter).ok_or(ApiError::TooManyFilters)
    }

    /// The sources that are there and wanted.
    pub(super) fn chosen(&self, selection: &Selection) -> Result<Vec<Arc<Source>>, ApiError> {
        let mut sources = self.store.sources();
        if !selection.is_there(&sources) {
            return Err(self.unknown_source());
        }
        sources.retain(|source| selection.includes(source));
        Ok(sources)
    }

    /// With the names there are.
    pub(super) fn unknown_source(&self) -> ApiError {
        let sources = self.store.sources();
        ApiError::UnknownSource(sources.iter().map(|source| source.name.clone()).collect())
    }
}

/// Where a reader was that was cut off.
pub(super) fn last_event_id(request: &HttpRequest) -> Option<String> {
    let id = request.headers().get("last-event-id")?;
    let id = String::from_utf8_lossy(id.as_bytes()).into_owned();
    Some(id).filter(|id| !id.is_empty())
}

/// One open stream.
struct Serving {
    way: Way,
    /// It was begun, and comes before all else.
    long: Option<Sending>,
    feeds: Arc<Feeds>,
    view: View,
    pings: Interval,
    shutdown: Shutdown,
    is_greeted: bool,
    has_ended: bool,
    _filter: InUse,
    _place: Place,
}

/// How a reader comes by its lines.
enum Way {
    /// By itself, until it has been given everything there is.
    Alone {
        subscription: Box<Subscription>,
        /// It has been.
        is_at_end: bool,
        /// And there was no place in the feed for it.
        waiting: Option<Waiting>,
    },
    /// Together with others.
    Together(Seat),
}

impl Way {
    fn alone(subscription: Subscription) -> Way {
        Way::Alone {
            subscription: Box::new(subscription),
            is_at_end: false,
            waiting: None,
        }
    }
}

impl Serving {
    /// What is sent next, as soon as there is something; `None` at the end, and an error when
    /// the reader has to come again.
    async fn next_chunk(&mut self) -> Option<io::Result<Bytes>> {
        let mut out = Vec::new();
        if !std::mem::replace(&mut self.is_greeted, true) {
            self.greet(&mut out);
        }
        while out.is_empty() && !self.has_ended {
            if let Some(long) = &mut self.long {
                match Box::pin(long.next(&self.feeds.lately)).await.transpose() {
                    Some(chunk) => {
                        self.has_ended = chunk.is_err();
                        return Some(chunk);
                    }
                    None => self.long = None,
                }
            }
            match &mut self.way {
                // Most readers are not on this way, and need no room for it.
                Way::Alone { .. } => Box::pin(self.go_on_alone(&mut out)).await,
                Way::Together(seat) => tokio::select! {
                    biased;
                    _ = self.pings.tick() => self.view.form.ping(&mut out, seat.place()),
                    next = seat.next() => match next {
                        Next::Frame(Content::Bytes(bytes)) => return Some(Ok(bytes)),
                        Next::Frame(Content::Long(long)) => self.long = Some(Sending::new(long)),
                        Next::Behind(subscription) => self.way = Way::alone(subscription),
                        Next::Over => self.end(&mut out),
                    },
                },
            }
        }
        (!out.is_empty()).then(|| Ok(Bytes::from(out)))
    }

    async fn go_on_alone(&mut self, out: &mut Vec<u8>) {
        let Way::Alone {
            subscription,
            is_at_end,
            waiting,
        } = &mut self.way
        else {
            return;
        };
        let form = self.view.form;
        tokio::select! {
            biased;
            () = self.shutdown.wait() => self.end(out),
            _ = self.pings.tick() => form.ping(out, subscription),
            update = next(subscription, *is_at_end, waiting) => {
                *is_at_end = update.is_none();
                if let Some(update) = update {
                    let long = form.write(out, &update, &self.view.filter, subscription);
                    self.long = long.map(|long| Sending::new(Arc::new(long)));
                    return;
                }
                match self.feeds.seat(&mut self.view, subscription, &self.shutdown) {
                    Seating::Seat(seat) => self.way = Way::Together(seat),
                    Seating::Later(later) => *waiting = Some(later),
                    Seating::Alone => {}
                }
            }
        }
    }

    fn end(&mut self, out: &mut Vec<u8>) {
        self.has_ended = true;
        self.view.form.end(out);
    }

    /// How long to wait before a reconnect, the state of every source, and the
    /// place: a reader that is cut off before its first line has it already. A
    /// gap comes before the place behind it.
    fn greet(&mut self, out: &mut Vec<u8>) {
        let Way::Alone { subscription, .. } = &mut self.way else {
            return;
        };
        let View { form, filter, .. } = &self.view;
        if *form == Form::Events {
            wire::retry(out, RETRY_MS);
            for update in subscription.greeting() {
                // There are no lines among them.
                let _ = form.write(out, &update, filter, subscription);
            }
            form.ping(out, subscription);
        }
    }
}

/// The next update; where there was none, waits until there may be one, or a seat.
async fn next(
    subscription: &mut Subscription,
    is_at_end: bool,
    waiting: &mut Option<Waiting>,
) -> Option<Update> {
    if is_at_end {
        tokio::select! {
            () = subscription.changed() => {}
            Some(()) = OptionFuture::from(waiting.as_mut().map(Waiting::moved)) => {}
        }
        *waiting = None;
    }
    subscription.next().await
}
