//! The parameters that every request for lines may have: which sources and which
//! lines.

use crate::config::CONTEXT_LINES_MAX;
use crate::filter::Case;
use crate::filter::Filter;
use crate::filter::FilterError;
use crate::filter::FilterSpec;
use crate::filter::Levels;
use crate::filter::PATTERNS_MAX;
use crate::http::error::ApiError;
use crate::http::query::pairs::all;
use crate::http::query::pairs::bad;
use crate::http::query::pairs::single;
use crate::http::query::pairs::whole_number;
use crate::record::time::asked;
use crate::record::window::Window;
use crate::subscription::wishes::Selection;

/// Every request for lines may say which sources and which lines.
pub(super) const FILTERING: [&str; 8] = [
    "source", "q", "x", "case", "literal", "level", "since", "until",
];

/// Which sources are wanted.
pub(super) fn selection(pairs: &[(String, String)]) -> Selection {
    let sources: Vec<String> = all(pairs, "source").map(str::to_owned).collect();
    if sources.is_empty() {
        Selection::All
    } else {
        Selection::Named(sources)
    }
}

/// How many lines around each that is wanted.
pub(super) fn context(pairs: &[(String, String)]) -> Result<usize, ApiError> {
    let lines = single(pairs, "context")?.map(whole_number);
    let lines = lines.unwrap_or(Some(0));
    let lines = lines.ok_or_else(|| bad("context is a number of lines"))?;
    Ok(lines.min(CONTEXT_LINES_MAX))
}

/// Which lines are wanted.
pub(super) fn filter(pairs: &[(String, String)]) -> Result<Filter, ApiError> {
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
pub(super) fn time(
    pairs: &[(String, String)],
    name: &'static str,
) -> Result<Option<i64>, ApiError> {
    let text = single(pairs, name)?;
    let moment = text.map(asked::moment).transpose();
    moment.map_err(|error| ApiError::BadQuery(format!("{name} is not understood: {error}")))
}
