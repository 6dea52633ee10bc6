//! The route table, on one screen.

pub mod wire;
pub mod pages;
pub mod form;
pub mod company;
pub mod feed;
pub mod filters;
pub mod error;
pub mod query;
pub mod places;
pub mod pace;
pub mod head;
pub mod waiting;
pub mod connection;
pub mod held;
pub mod portions;
pub mod answer;
pub mod access;
pub mod limits;
pub mod session;
pub mod assets;
pub mod sources;
pub mod resolve;
pub mod events;
pub mod metrics;
pub mod history;
pub mod scans;
pub mod search;
pub mod timeline;
pub mod raw;
pub mod tail;
pub mod listen;
pub mod tls;
pub mod addresses;
pub mod share;

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::ResponseError;
use actix_web::http::header;
use actix_web::web;

use crate::config::serving::Prefix;
use crate::config::serving::Serving;
use crate::http::access::Access;
use crate::http::access::SESSION_PATH;
use crate::http::addresses::Addresses;
use crate::http::error::ApiError;
use crate::http::events::Streams;
use crate::http::history::History;
use crate::http::limits::Limits;
use crate::http::metrics::Answers;
use crate::http::metrics::Figures;
use crate::http::search::Searches;
use crate::http::timeline::Timelines;
use crate::memory::Memory;
use crate::store::Store;

/// What `/api/sources` says besides the sources.
#[derive(Clone, Debug)]
pub struct About {
    /// The page's name, where it was given one.
    pub title: Option<String>,
    /// Lines of each source to begin with.
    pub lines: usize,
}

/// What the routes are handed, each what it uses.
#[derive(Clone, Debug)]
pub struct Parts {
    /// Live lines, and what they are made from.
    pub streams: Streams,
    /// Pages of lines.
    pub history: History,
    /// Searches.
    pub searches: Searches,
    /// Timelines.
    pub timelines: Timelines,
    /// What the page says of itself.
    pub about: About,
    /// Who may come in.
    pub access: Arc<Access>,
    /// Where.
    pub addresses: Arc<Addresses>,
    /// How much at once.
    pub limits: Arc<Limits>,
    /// Begins every path.
    pub prefix: Prefix,
    /// What was answered so far.
    pub answers: Arc<Answers>,
}

impl Parts {
    /// Everything that reads what `streams` are made from.
    pub fn new(
        streams: Streams,
        about: About,
        access: Access,
        addresses: Addresses,
        serving: Serving,
    ) -> Parts {
        Parts {
            history: History::new(&streams),
            searches: Searches::new(&streams, serving.searches),
            timelines: Timelines::new(&streams),
            streams,
            about,
            access: Arc::new(access),
            addresses: Arc::new(addresses),
            limits: Arc::new(Limits::new(Memory::of_this_process())),
            prefix: serving.prefix,
            answers: Arc::default(),
        }
    }
}

/// All routes.
pub fn routes(config: &mut web::ServiceConfig, parts: &Parts) {
    config
        .app_data(web::Data::new(parts.streams.clone()))
        .app_data(web::Data::new(parts.history.clone()))
        .app_data(web::Data::new(parts.searches.clone()))
        .app_data(web::Data::new(parts.timelines.clone()))
        .app_data(web::Data::from(Arc::clone(&parts.streams.store)))
        .app_data(web::Data::new(parts.about.clone()))
        .app_data(web::Data::from(Arc::clone(&parts.access)))
        .app_data(web::Data::from(Arc::clone(&parts.addresses)))
        .app_data(web::Data::from(Arc::clone(&parts.limits)))
        .app_data(web::Data::from(Arc::clone(&parts.answers)))
        .route("/", web::route().to(page))
        .route("/assets/{version}/{name:.*}", web::route().to(part))
        .route("/events", web::route().to(events))
        .route("/tail", web::route().to(tail))
        .route("/api/filter", web::route().to(filter))
        .route("/api/sources", web::route().to(list))
        .route("/api/history", web::route().to(page_of_history))
        .route("/api/search", web::route().to(find))
        .route("/api/timeline", web::route().to(timeline))
        .route("/raw/{source:.*}", web::route().to(bytes))
        .route("/api/resolve", web::route().to(place))
        .route(SESSION_PATH, web::route().to(begin_session))
        .route("/api/share", web::route().to(share))
        .route("/healthz", web::route().to(health))
        .route("/metrics", web::route().to(metrics))
        .default_service(web::route().to(nothing));
}

async fn page(request: HttpRequest) -> HttpResponse {
    assets::page(&request)
}

async fn part(
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    assets::part(&request, &path.0, &path.1)
}

async fn events(
    streams: web::Data<Streams>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    streams.events(&request).await
}

async fn tail(streams: web::Data<Streams>, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    tail::tail(&streams, &request).await
}

async fn filter(
    streams: web::Data<Streams>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    streams.check(&request)
}

async fn list(
    store: web::Data<Store>,
    about: web::Data<About>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    query::none(request.query_string())?;
    Ok(sources::list(&store.into_inner(), about.title.as_deref(), about.lines).await)
}

async fn page_of_history(
    history: web::Data<History>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    history.page(request.query_string()).await
}

async fn find(
    searches: web::Data<Searches>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    searches.search(request.query_string())
}

async fn bytes(
    streams: web::Data<Streams>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    raw::raw(&streams, &request).await
}

async fn place(store: web::Data<Store>, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    resolve::resolve(store.into_inner(), request.query_string()).await
}

async fn timeline(
    timelines: web::Data<Timelines>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    timelines.draw(request.query_string())
}

async fn begin_session(
    access: web::Data<Access>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    session::begin(&access, &request)
}

async fn share(
    access: web::Data<Access>,
    addresses: web::Data<Addresses>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    query::none(request.query_string())?;
    Ok(share::describe(&access, &addresses))
}

async fn health() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type("text/plain; charset=utf-8")
        .body("ok")
}

async fn metrics(
    streams: web::Data<Streams>,
    answers: web::Data<Answers>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    query::none(request.query_string())?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .body(Figures::of(&streams).text(&answers)))
}

async fn nothing() -> HttpResponse {
    ApiError::NotFound.error_response()
}
