//! `GET /api/history`: pages of the lines there are, wherever they lie.

use std::sync::Arc;
use std::sync::Weak;
use std::time;
use std::time::SystemTime;

use actix_web::HttpResponse;
use actix_web::http::header;
use tokio::time::Instant;
use tokio::time::timeout;

use crate::config::HISTORY_REQUESTS_MAX;
use crate::config::HISTORY_SCAN_BYTES_MAX;
use crate::config::HISTORY_TEXT_BYTES_MAX;
use crate::config::MERGED_SOURCES_MAX;
use crate::config::READ_BYTES;
use crate::config::SETTLE_PAUSE;
use crate::config::SETTLE_TIMEOUT;
use crate::config::whole_files::HISTORY_TIME_MAX;
use crate::filter::Filter;
use crate::http::error::ApiError;
use crate::http::events::Streams;
use crate::http::pages;
use crate::http::pages::Edges;
use crate::http::pages::PageGap;
use crate::http::places::Place;
use crate::http::places::Places;
use crate::http::query;
use crate::http::query::Asked;
use crate::http::query::PageWishes;
use crate::http::query::Whence;
use crate::position::Cursor;
use crate::position::Position;
use crate::store::chain::Source;
use crate::store::page::Page;
use crate::store::page::Patience;
use crate::store::page::Wanted;
use crate::store::spot::Found;
use crate::store::spot::Missing;
use crate::store::spot::Spot;
use crate::store::walk::Direction;
use crate::subscription::wishes::Selection;

/// What pages are made from.
#[derive(Clone, Debug)]
pub struct History {
    streams: Streams,
    /// How many requests are being answered.
    running: Arc<Places>,
}

/// What became of one try to make a page.
enum Made {
    Body(Vec<u8>),
    /// A file was truncated meanwhile.
    Unsettled,
}

impl History {
    /// Pages of what `streams` are made from.
    pub fn new(streams: &Streams) -> History {
        History {
            streams: streams.clone(),
            running: Places::new(HISTORY_REQUESTS_MAX),
        }
    }

    /// `GET /api/history`
    pub async fn page(&self, query: &str) -> Result<HttpResponse, ApiError> {
        let (store, boundary) = (&self.streams.store, &self.streams.boundary);
        let wishes = Arc::new(query::page(query, boundary)?);
        let sources = self.choose(&wishes.selection)?;
        let turn = Arc::new(Place::take(&self.running).ok_or(ApiError::TooManyRequests)?);
        // Held for as long as somebody waits for the page.
        let waiting = Arc::new(());
        let deadline = Instant::now() + SETTLE_TIMEOUT;
        loop {
            let mut changed = store.changed();
            let (wishes, chosen) = (Arc::clone(&wishes), sources.clone());
            let (boundary, turn) = (Arc::clone(boundary), Arc::clone(&turn));
            let reader = Arc::downgrade(&waiting);
            let making = tokio::task::spawn_blocking(move || {
                // It is still being made for a moment when nobody waits for it any more.
                let _turn = turn;
                make(&chosen, &wishes, &boundary, &reader)
            });
            let Ok(made) = making.await else {
                return Err(ApiError::Internal);
            };
            match made? {
                Made::Body(body) => {
                    return Ok(HttpResponse::Ok()
                        .insert_header((header::CACHE_CONTROL, "no-store"))
                        .content_type("application/json; charset=utf-8")
                        .body(body));
                }
                Made::Unsettled if Instant::now() > deadline => return Err(ApiError::Unsettled),
                Made::Unsettled => {
                    let numbers: Vec<_> = sources.iter().map(|source| source.index).collect();
                    store.ask_for_look(&numbers);
                    let _ = timeout(SETTLE_PAUSE, changed.changed()).await;
                }
            }
        }
    }

    fn choose(&self, selection: &Selection) -> Result<Vec<Arc<Source>>, ApiError> {
        let sources = self.streams.chosen(selection)?;
        if sources.len() > MERGED_SOURCES_MAX {
            return Err(ApiError::BadQuery(format!(
                "history of more than {MERGED_SOURCES_MAX} sources at once is not given; \
                 choose some with source"
            )));
        }
        Ok(sources)
    }
}

/// Reads the disk.
fn make(
    sources: &[Arc<Source>],
    wishes: &PageWishes,
    boundary: &Filter,
    reader: &Weak<()>,
) -> Result<Made, ApiError> {
    let wanted = Wanted {
        filter: &wishes.filter,
        boundary,
        context: wishes.context,
        lines_max: wishes.lines,
        text_bytes_max: HISTORY_TEXT_BYTES_MAX,
        scan_bytes_max: HISTORY_SCAN_BYTES_MAX,
        block_bytes_max: READ_BYTES as u64,
        patience: Patience {
            until: time::Instant::now() + HISTORY_TIME_MAX,
            reader,
        },
    };
    let mut edges = Edges::default();
    let page = match &wishes.whence {
        Whence::Newest => {
            let spots = newest(sources, wishes.filter.window().until);
            Page::before(&spots, &wanted)
        }
        Whence::At(time) => {
            let spots = at_time(sources, *time, &mut edges);
            Page::around(&spots, &wanted)
        }
        Whence::Before(asked) | Whence::After(asked) | Whence::Around(asked) => {
            let direction = match wishes.whence {
                Whence::Before(_) => Direction::Backward,
                _ => Direction::Forward,
            };
            let spots = spots(sources, wishes, asked, direction, &mut edges)?;
            match wishes.whence {
                _ if edges.size.is_some() => Ok(Page::empty(&spots)),
                Whence::Before(_) => Page::before(&spots, &wanted),
                Whence::After(_) => Page::after(&spots, &wanted),
                _ => Page::around(&spots, &wanted),
            }
        }
    };
    let Ok(page) = page else {
        return Ok(Made::Unsettled);
    };
    let word = |spots: &[Spot]| word(spots, sources.len(), &wishes.selection);
    edges.older = page.older.as_deref().map(word);
    edges.newer = page.newer.as_deref().map(word);
    if matches!(wishes.whence, Whence::Around(_) | Whence::At(_)) {
        // After a moment past all lines the newest one is the nearest.
        let line = page.lines.get(page.before).or(page.lines.last());
        edges.line = line.map(|line| line.position().to_string());
    }
    let mut body = Vec::new();
    edges.gaps = PageGap::of(&page.lines);
    pages::page(&mut body, &page.lines, &edges, &wishes.filter);
    Ok(Made::Body(body))
}

/// The ends of the sources, or where the lines end that are older than `until`.
fn newest(sources: &[Arc<Source>], until: Option<i64>) -> Vec<Spot> {
    let end = |source: &Arc<Source>| match until {
        Some(until) => Spot::at_time(source, until).map(|(spot, _)| spot),
        None => Spot::end(source),
    };
    sources.iter().filter_map(end).collect()
}

/// Where the lines begin that are not older than `time`.
fn at_time(sources: &[Arc<Source>], time: i64, edges: &mut Edges) -> Vec<Spot> {
    let found = sources
        .iter()
        .filter_map(|source| Spot::at_time(source, time));
    let spots = found.map(|(spot, is_near)| {
        edges.approximate |= is_near;
        spot
    });
    spots.collect()
}

/// The places that the reader means, one for each source that has one.
fn spots(
    sources: &[Arc<Source>],
    wishes: &PageWishes,
    asked: &Asked,
    direction: Direction,
    edges: &mut Edges,
) -> Result<Vec<Spot>, ApiError> {
    match asked {
        Asked::Position(position) => at_position(sources, *position, edges),
        Asked::Cursor(cursor) => {
            let is_whole = cursor.is_complete && cursor.selection == wishes.selection.hash();
            let mut spots = Vec::new();
            for source in sources {
                let places = cursor
                    .places
                    .iter()
                    .filter(|place| place.source == source.id);
                let places: Vec<_> = places.copied().collect();
                let spot = if !places.is_empty() {
                    Spot::resumed(source, &places, direction)
                } else if is_whole {
                    // It did not exist then.
                    Spot::beginning(source).map(|spot| (spot, false))
                } else {
                    Spot::end(source).map(|spot| (spot, true))
                };
                if let Some((spot, is_near)) = spot {
                    edges.approximate |= is_near;
                    spots.push(spot);
                }
            }
            Ok(spots)
        }
    }
}

fn at_position(
    sources: &[Arc<Source>],
    position: Position,
    edges: &mut Edges,
) -> Result<Vec<Spot>, ApiError> {
    let found = Spot::at(sources, position).map_err(|missing| match missing {
        Missing::Unknown => ApiError::NoSegment,
        Missing::Gone => ApiError::Gone,
    })?;
    let spot = match found {
        Found::Line(spot) => spot,
        Found::PastEnd(spot) => {
            edges.size = Some(spot.offset);
            spot
        }
    };
    let mut spots = vec![spot];
    let others = sources
        .iter()
        .filter(|source| source.index != spots[0].source.index);
    let others: Vec<_> = others.collect();
    if !others.is_empty() {
        let time = spots[0].time();
        for source in others {
            let joined = match time {
                Some(time) => Spot::at_time(source, time),
                None => Spot::end(source).map(|spot| (spot, true)),
            };
            if let Some((spot, is_near)) = joined {
                edges.approximate |= is_near;
                spots.push(spot);
            }
        }
    }
    spots.sort_by_key(|spot| spot.source.index);
    Ok(spots)
}

/// What a reader passes to go on from `spots`: a position for one source, a
/// cursor for several.
fn word(spots: &[Spot], sources: usize, selection: &Selection) -> String {
    if let ([spot], 1) = (spots, sources)
        && let Some(position) = spot.position()
    {
        return position.to_string();
    }
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    let cursor = Cursor {
        selection: selection.hash(),
        made: now.as_millis() as u64,
        is_complete: true,
        places: spots.iter().map(Spot::for_cursor).collect(),
    };
    cursor.to_string()
}
