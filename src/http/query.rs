//! The parameters of a request, strictly: an unknown or a repeated single one
//! is an error, since a typing mistake in a filter would show the wrong lines.

mod pairs;
mod filtering;

use std::sync::Arc;
use std::sync::OnceLock;

use percent_encoding::AsciiSet;
use percent_encoding::NON_ALPHANUMERIC;
use percent_encoding::utf8_percent_encode;

use crate::config::HISTORY_LINES;
use crate::config::HISTORY_LINES_MAX;
use crate::config::whole_files::SEARCH_HITS_MAX;
use crate::config::whole_files::TIMELINE_BUCKETS;
use crate::config::whole_files::TIMELINE_BUCKETS_MAX;
use crate::filter::Filter;
use crate::http::error::ApiError;
use crate::http::query::filtering::FILTERING;
use crate::http::query::filtering::context;
use crate::http::query::filtering::filter;
use crate::http::query::filtering::selection;
use crate::http::query::filtering::time;
use crate::http::query::pairs::bad;
use crate::http::query::pairs::pairs;
use crate::http::query::pairs::single;
use crate::http::query::pairs::whole_number;
use crate::position::Cursor;
use crate::position::Position;
use crate::position::SegmentId;
use crate::store::search::Order;
use crate::subscription::wishes::From;
use crate::subscription::wishes::Selection;
use crate::subscription::wishes::Wishes;

/// Instead of a number of lines.
const ALL_LINES: &str = "all";

const UNKNOWN: &str = "there is no such parameter; see the README for those there are";

/// What `/events` may be asked.
pub fn wishes(
    query: &str,
    boundary: &Filter,
    tail: usize,
    last_event_id: Option<&str>,
) -> Result<Wishes, ApiError> {
    wishes_in(&pairs(query)?, boundary, tail, last_event_id)
}

/// What `/tail` is asked.
#[derive(Debug)]
pub struct TailWishes {
    /// Which lines.
    pub wishes: Wishes,
    /// Those to come as well.
    pub follows: bool,
    /// As a file.
    pub is_download: bool,
}

/// What `/tail` may be asked: what `/events` may be, and how it ends.
pub fn tail(
    query: &str,
    boundary: &Filter,
    tail: usize,
    last_event_id: Option<&str>,
) -> Result<TailWishes, ApiError> {
    let mut pairs = pairs(query)?;
    let flag = |name, preset| match single(&pairs, name)? {
        None => Ok(preset),
        Some("0") => Ok(false),
        Some("1") => Ok(true),
        Some(_) => Err(bad("follow and download are 1 or 0")),
    };
    let (follows, is_download) = (flag("follow", true)?, flag("download", false)?);
    pairs.retain(|(name, _)| !matches!(&**name, "follow" | "download"));
    Ok(TailWishes {
        wishes: wishes_in(&pairs, boundary, tail, last_event_id)?,
        follows,
        is_download,
    })
}

fn wishes_in(
    pairs: &[(String, String)],
    boundary: &Filter,
    tail: usize,
    last_event_id: Option<&str>,
) -> Result<Wishes, ApiError> {
    for (name, _) in pairs {
        let is_own = matches!(&**name, "tail" | "from" | "lag" | "context");
        if !is_own && !FILTERING.contains(&&**name) {
            return Err(bad(UNKNOWN));
        }
    }
    let tail = match single(pairs, "tail")? {
        None | Some(ALL_LINES) => tail,
        Some(text) => whole_number(text).ok_or_else(|| bad("tail is a number of lines, or all"))?,
    };
    let skips_lag = match single(pairs, "lag")? {
        None => false,
        Some("skip") => true,
        Some(_) => return Err(bad("lag can only be skip")),
    };
    let filter = filter(pairs)?.within(boundary);
    // Who asks for the newest lines, or wants to be near the end, begins there.
    let is_from_since =
        single(pairs, "since")?.is_some() && single(pairs, "tail")?.is_none() && !skips_lag;
    let since = filter.window().since.filter(|_| is_from_since);
    let from = single(pairs, "from")?;
    let from = match (last_event_id, from) {
        // A browser repeats the parameters of its first request, but its place is newer.
        (Some(id), _) => id.parse::<Cursor>().map_or(From::LostCursor, From::Cursor),
        (None, Some(text)) => From::Cursor(text.parse::<Cursor>()?),
        (None, None) if single(pairs, "tail")? == Some(ALL_LINES) => {
            // Where a reader stands that has seen that there was nothing.
            From::Cursor(Cursor {
                selection: selection(pairs).hash(),
                made: 0,
                is_complete: true,
                places: Vec::new(),
            })
        }
        (None, None) => since.map_or(From::Tail(tail), From::Moment),
    };
    Ok(Wishes {
        selection: selection(pairs),
        filter: Arc::new(filter),
        context: context(pairs)?,
        boundary: Arc::new(boundary.clone()),
        from,
        tail,
        skips_lag,
        finder: OnceLock::new(),
    })
}

/// What `/api/history` is asked.
#[derive(Debug)]
pub struct PageWishes {
    /// Which sources.
    pub selection: Selection,
    /// Which lines.
    pub filter: Filter,
    /// Where the page is.
    pub whence: Whence,
    /// So many lines, at most.
    pub lines: usize,
    /// So many lines around each that passes the filter.
    pub context: usize,
}

/// Where a page is.
#[derive(Debug)]
pub enum Whence {
    /// At the end.
    Newest,
    /// Before this place.
    Before(Asked),
    /// Behind it.
    After(Asked),
    /// On both sides of it.
    Around(Asked),
    /// On both sides of a moment, in milliseconds since the epoch.
    At(i64),
}

/// A place, as a reader says it.
#[derive(Debug)]
pub enum Asked {
    /// In one source.
    Position(Position),
    /// In several; also the id of an event.
    Cursor(Cursor),
}

/// What `/api/history` may be asked.
pub fn page(query: &str, boundary: &Filter) -> Result<PageWishes, ApiError> {
    let pairs = pairs(query)?;
    for (name, _) in &pairs {
        let is_own = matches!(
            &**name,
            "before" | "after" | "around" | "at" | "limit" | "context"
        );
        if !is_own && !FILTERING.contains(&&**name) {
            return Err(bad(UNKNOWN));
        }
    }
    let asked = |name| single(&pairs, name)?.map(place).transpose();
    let mut whences = [
        asked("before")?.map(Whence::Before),
        asked("after")?.map(Whence::After),
        asked("around")?.map(Whence::Around),
        time(&pairs, "at")?.map(Whence::At),
    ]
    .into_iter()
    .flatten();
    let whence = whences.next().unwrap_or(Whence::Newest);
    if whences.next().is_some() {
        return Err(bad("only one of before, after, around and at can be given"));
    }
    let lines = match single(&pairs, "limit")? {
        None => HISTORY_LINES,
        Some(text) => whole_number(text)
            .filter(|lines| *lines > 0)
            .ok_or_else(|| bad("limit is a number of lines, at least 1"))?,
    };
    Ok(PageWishes {
        selection: selection(&pairs),
        filter: filter(&pairs)?.within(boundary),
        whence,
        lines: lines.min(HISTORY_LINES_MAX),
        context: context(&pairs)?,
    })
}

/// A position has a dot, and a cursor has none.
fn place(text: &str) -> Result<Asked, ApiError> {
    Ok(if text.contains('.') {
        Asked::Position(text.parse()?)
    } else {
        Asked::Cursor(text.parse()?)
    })
}

/// For requests that take no parameters.
pub fn none(query: &str) -> Result<(), ApiError> {
    if pairs(query)?.is_empty() {
        Ok(())
    } else {
        Err(bad(UNKNOWN))
    }
}

/// What `/api/search` is asked.
#[derive(Debug)]
pub struct SearchWishes {
    /// In which sources.
    pub selection: Selection,
    /// For which lines.
    pub filter: Filter,
    /// Which come first.
    pub order: Order,
    /// Where to begin.
    pub from: Option<Position>,
    /// So many hits, at most.
    pub hits_max: usize,
}

/// What `/api/search` may be asked.
pub fn search(query: &str, boundary: &Filter) -> Result<SearchWishes, ApiError> {
    let pairs = pairs(query)?;
    for (name, _) in &pairs {
        let is_own = matches!(&**name, "order" | "from" | "limit");
        if !is_own && !FILTERING.contains(&&**name) {
            return Err(bad(UNKNOWN));
        }
    }
    let order = match single(&pairs, "order")? {
        None | Some("newest") => Order::Newest,
        Some("oldest") => Order::Oldest,
        Some(_) => return Err(bad("order is newest or oldest")),
    };
    let hits_max = match single(&pairs, "limit")?.map(whole_number) {
        None => SEARCH_HITS_MAX,
        Some(Some(hits @ 1..)) => hits.min(SEARCH_HITS_MAX),
        Some(_) => return Err(bad("limit is a number of hits, at least 1")),
    };
    Ok(SearchWishes {
        selection: selection(&pairs),
        filter: filter(&pairs)?.within(boundary),
        order,
        from: single(&pairs, "from")?.map(str::parse).transpose()?,
        hits_max,
    })
}

/// What `/raw` is asked.
#[derive(Clone, Copy, Debug)]
pub struct RawWishes {
    /// Which file, unless the current one.
    pub segment: Option<SegmentId>,
    /// Where the first line begins that is wanted, and how many of them; all if
    /// nothing is said.
    pub lines: Option<(Position, usize)>,
}

/// What `/raw` may be asked.
pub fn raw(query: &str) -> Result<RawWishes, ApiError> {
    let pairs = pairs(query)?;
    if pairs
        .iter()
        .any(|(name, _)| !matches!(&**name, "segment" | "lines" | "n"))
    {
        return Err(bad(UNKNOWN));
    }
    let segment = single(&pairs, "segment")?.map(str::parse).transpose()?;
    let position: Option<Position> = single(&pairs, "lines")?.map(str::parse).transpose()?;
    let count = single(&pairs, "n")?.map(whole_number);
    let lines = match (position, count) {
        (None, None) => None,
        (None, Some(_)) => return Err(bad("n goes with lines, the position of the first line")),
        (Some(position), None) => Some((position, 1)),
        (Some(position), Some(Some(count @ 1..))) => Some((position, count)),
        (Some(_), Some(_)) => return Err(bad("n is a number of lines, at least 1")),
    };
    if segment.is_some() && position.is_some() {
        return Err(bad("lines names its segment itself; leave segment out"));
    }
    Ok(RawWishes { segment, lines })
}

/// What `/api/timeline` is asked.
#[derive(Debug)]
pub struct TimelineWishes {
    /// Of which sources.
    pub selection: Selection,
    /// Of which lines.
    pub filter: Filter,
    /// In so many buckets, at most.
    pub buckets_max: usize,
}

/// What `/api/timeline` may be asked.
pub fn timeline(query: &str, boundary: &Filter) -> Result<TimelineWishes, ApiError> {
    let pairs = pairs(query)?;
    for (name, _) in &pairs {
        if name != "buckets" && !FILTERING.contains(&&**name) {
            return Err(bad(UNKNOWN));
        }
    }
    let buckets_max = match single(&pairs, "buckets")?.map(whole_number) {
        None => TIMELINE_BUCKETS,
        Some(Some(buckets @ 1..)) => buckets.min(TIMELINE_BUCKETS_MAX),
        Some(_) => return Err(bad("buckets is a number of parts, at least 1")),
    };
    Ok(TimelineWishes {
        selection: selection(&pairs),
        filter: filter(&pairs)?.within(boundary),
        buckets_max,
    })
}

/// The one position that `/api/resolve` is asked for.
pub fn at(query: &str) -> Result<Position, ApiError> {
    let pairs = pairs(query)?;
    if pairs.iter().any(|(name, _)| name != "at") {
        return Err(bad(UNKNOWN));
    }
    let at = single(&pairs, "at")?.ok_or_else(|| bad("at is missing: the position of a line"))?;
    Ok(at.parse()?)
}

/// What may stand everywhere in an address as it is (RFC 3986, unreserved).
const PLAIN: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// `text` as it stands in an address, or in an extended parameter of a header (RFC 5987).
pub fn encoded(text: &str) -> String {
    utf8_percent_encode(text, &PLAIN).to_string()
}

#[cfg(test)]
mod tests;
