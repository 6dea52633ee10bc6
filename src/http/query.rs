//! The parameters of a request, strictly: an unknown or a repeated single one
//! is an error, since a typing mistake in a filter would show the wrong lines.

use std::sync::Arc;

use percent_encoding::percent_decode_str;

use crate::config::TAIL_LINES_MAX;
use crate::filter::Case;
use crate::filter::Filter;
use crate::filter::FilterError;
use crate::filter::FilterSpec;
use crate::filter::Levels;
use crate::filter::PATTERNS_MAX;
use crate::http::error::ApiError;
use crate::position::Cursor;
use crate::position::Position;
use crate::record::time::asked;
use crate::record::window::Window;
use crate::subscription::wishes::From;
use crate::subscription::wishes::Selection;
use crate::subscription::wishes::Wishes;

const UNKNOWN: &str = "there is no such parameter; see the README for those there are";

/// What `/events` and `/tail` may be asked.
pub fn wishes(
    query: &str,
    boundary: &Filter,
    tail: usize,
    last_event_id: Option<&str>,
) -> Result<Wishes, ApiError> {
    let pairs = pairs(query)?;
    for (name, _) in &pairs {
        if !matches!(
            &**name,
            "source"
                | "q"
                | "x"
                | "case"
                | "literal"
                | "level"
                | "since"
                | "until"
                | "tail"
                | "from"
                | "lag"
        ) {
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
    let sources: Vec<String> = all(&pairs, "source").map(str::to_owned).collect();
    Ok(Wishes {
        selection: if sources.is_empty() {
            Selection::All
        } else {
            Selection::Named(sources)
        },
        filter: Arc::new(filter),
        from,
        tail,
        skips_lag,
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

fn pairs(query: &str) -> Result<Vec<(String, String)>, ApiError> {
    let parts = query.split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            Ok((decoded(name)?, decoded(value)?))
        })
        .collect()
}

/// As forms are encoded: `+` is a blank.
fn decoded(text: &str) -> Result<String, ApiError> {
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8();
    decoded
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| bad("a parameter is not UTF-8"))
}

fn all<'a>(pairs: &'a [(String, String)], name: &'a str) -> impl Iterator<Item = &'a str> {
    pairs
        .iter()
        .filter(move |(n, _)| n == name)
        .map(|(_, value)| &**value)
}

fn single<'a>(pairs: &'a [(String, String)], name: &'a str) -> Result<Option<&'a str>, ApiError> {
    let mut values = all(pairs, name);
    let first = values.next();
    match values.next() {
        None => Ok(first),
        Some(_) => Err(bad("a parameter is given twice that can be given once")),
    }
}

/// Digits only; more than the limit is the limit.
fn whole_number(text: &str) -> Option<usize> {
    let is_number =
        !text.is_empty() && text.len() <= 18 && text.bytes().all(|b| b.is_ascii_digit());
    let number: u64 = is_number.then(|| text.parse().ok()).flatten()?;
    Some(number.min(TAIL_LINES_MAX) as usize)
}

fn bad(message: &str) -> ApiError {
    ApiError::BadQuery(message.to_owned())
}

#[cfg(test)]
mod tests;
