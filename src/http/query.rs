//! The parameters of a request, strictly: an unknown or a repeated single one
//! is an error, since a typing mistake in a filter would show the wrong lines.

mod pairs;

use std::sync::Arc;

use crate::config::CONTEXT_LINES_MAX;
use crate::config::HISTORY_LINES;
use crate::config::HISTORY_LINES_MAX;
use crate::config::whole_files::SEARCH_HITS_MAX;
use crate::config::whole_files::TIMELINE_BUCKETS;
use crate::config::whole_files::TIMELINE_BUCKETS_MAX;
use crate::filter::Case;
use crate::filter::Filter;
use crate::filter::FilterError;
use crate::filter::FilterSpec;
use crate::filter::Levels;
use crate::filter::PATTERNS_MAX;
use crate::http::error::ApiError;
use crate::http::query::pairs::all;
use crate::http::query::pairs::bad;
use crate::http::query::pairs::pairs;
use crate::http::query::pairs::single;
use crate::http::query::pairs::whole_number;
use crate::position::Cursor;
use crate::position::Position;
use crate::position::SegmentId;
use crate::record::time::asked;
use crate::record::window::Window;
use crate::store::search::Order;
use crate::subscription::wishes::From;
use crate::subscription::wishes::Selection;
use crate::subscription::wishes::Wishes;

const UNKNOWN: &str = "there is no such parameter; see the README for those there are";

/// Every request for lines may say which sources and which lines.
const FILTERING: [&str; 8] = [
    "source", "q", "x", "case", "literal", "level", "since", "until",
];

/// What `/events` and `/tail` may be asked.
pub fn wishes(
    query: &str,
    boundary: &Filter,
    tail: usize,
    last_event_id: Option<&str>,
) -> Result<Wishes, ApiError> {
    let pairs = pairs(query)?;
    for (name, _) in &pairs {
        let is_own = matches!(&**name, "tail" | "from" | "lag" | "context");
        if !is_own && !FILTERING.contains(&&**name) {
            return Err(bad(UNKNOWN));
        }
    }
    let tail = match single(&pairs, "tail")? {
        None => tail,
        Some(text) => whole_number(text).ok_or_else(|| bad("tail is a number of lines"))?,
    };
    let skips_lag = match single(&pairs, "lag")? {
        None => false,
        Some("skip") => true,
        Some(_) => return Err(bad("lag can only be skip")),
    };
    let filter = filter(&pairs)?.within(boundary);
    // Who asks for the newest lines, or wants to be near the end, begins there.
    let is_from_since =
        single(&pairs, "since")?.is_some() && single(&pairs, "tail")?.is_none() && !skips_lag;
    let since = filter.window().since.filter(|_| is_from_since);
    let from = single(&pairs, "from")?;
    let from = match (last_event_id, from) {
        // A browser repeats the parameters of its first request, but its place is newer.
        (Some(id), _) => id.parse::<Cursor>().map_or(From::LostCursor, From::Cursor),
        (None, Some(text)) => From::Cursor(text.parse::<Cursor>()?),
        (None, None) => since.map_or(From::Tail(tail), From::Moment),
    };
    Ok(Wishes {
        selection: selection(&pairs),
        filter: Arc::new(filter),
        context: context(&pairs)?,
        boundary: Arc::new(boundary.clone()),
        from,
        tail,
        skips_lag,
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

fn selection(pairs: &[(String, String)]) -> Selection {
    let sources: Vec<String> = all(pairs, "source").map(str::to_owned).collect();
    if sources.is_empty() {
        Selection::All
    } else {
        Selection::Named(sources)
    }
}

fn context(pairs: &[(String, String)]) -> Result<usize, ApiError> {
    let lines = single(pairs, "context")?.map(whole_number);
    let lines = lines.unwrap_or(Some(0));
    let lines = lines.ok_or_else(|| bad("context is a number of lines"))?;
    Ok(lines.min(CONTEXT_LINES_MAX))
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

fn filter(pairs: &[(String, String)]) -> Result<Filter, ApiError> {
    let in_parameter =
        |parameter| move |error: FilterError| ApiError::BadFilter { parameter, error };
    let case = match single(pairs, "case")? {
        None | Some("smart") => Case::Smart,
        Some("ignore") => Case::Ignore,
        Some("match") => Case::Match,
        Some(_) => return Err(bad("case is smart, ignore or match")),
    };
    let literal = match single(pairs, "literal")? {
        None | Some("0") => false,
        Some("1") => true,
        Some(_) => return Err(bad("literal is 1 or 0")),
    };
    let levels = match single(pairs, "level")? {
        None => Levels::default(),
        Some(text) => text.parse().map_err(in_parameter("level"))?,
    };
    let only = |include: Vec<String>, exclude: Vec<String>| FilterSpec {
        include,
        exclude,
        case,
        literal,
        levels,
    };
    let patterns = |name| all(pairs, name).map(str::to_owned).collect::<Vec<_>>();
    let asked = patterns("q").len() + patterns("x").len();
    if asked > PATTERNS_MAX {
        return Err(in_parameter("q")(FilterError::TooMany { patterns: asked }));
    }
    // Each kind by itself, so that the error can say which parameter it is in.
    let included = Filter::new(&only(patterns("q"), Vec::new())).map_err(in_parameter("q"))?;
    let excluded = Filter::new(&only(Vec::new(), patterns("x"))).map_err(in_parameter("x"))?;
    Ok(included.within(&excluded).during(window(pairs)?))
}

/// `since` and `until`.
fn window(pairs: &[(String, String)]) -> Result<Window, ApiError> {
    let window = Window {
        since: time(pairs, "since")?,
        until: time(pairs, "until")?,
    };
    match (window.since, window.until) {
        (Some(since), Some(until)) if since >= until => {
            Err(bad("until has to be later than since"))
        }
        _ => Ok(window),
    }
}

/// A parameter that is a time, in milliseconds since the epoch.
fn time(pairs: &[(String, String)], name: &'static str) -> Result<Option<i64>, ApiError> {
    let text = single(pairs, name)?;
    let moment = text.map(asked::moment).transpose();
    moment.map_err(|error| ApiError::BadQuery(format!("{name} is not understood: {error}")))
}

#[cfg(test)]
mod tests;
