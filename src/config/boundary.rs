//! The filter that flags give: a boundary, beyond which no reader gets a line.

use crate::cli::Cli;
use crate::error::StartupError;
use crate::filter::Case;
use crate::filter::Filter;
use crate::filter::FilterError;
use crate::filter::FilterSpec;
use crate::filter::Levels;
use crate::record::time::asked;
use crate::record::window::Window;

/// Which lines the flags ask for, but for their times.
pub(super) fn filter_spec(cli: &Cli) -> Result<FilterSpec, StartupError> {
    let case = match (cli.ignore_case, cli.case_sensitive) {
        (true, _) => Case::Ignore,
        (_, true) => Case::Match,
        _ => Case::Smart,
    };
    let levels = match &cli.level {
        Some(levels) => levels.parse().map_err(|error| bad_filter(&error))?,
        None => Levels::ALL,
    };
    Ok(FilterSpec {
        include: cli.regexp.clone(),
        exclude: cli.exclude.clone(),
        case,
        literal: cli.literal,
        levels,
    })
}

/// The same compiled, and bounded by `--since` and `--until`.
pub(super) fn filter(spec: &FilterSpec, cli: &Cli) -> Result<Filter, StartupError> {
    let filter = Filter::new(spec).map_err(|error| bad_filter(&error))?;
    Ok(filter.during(window(cli)?))
}

fn window(cli: &Cli) -> Result<Window, StartupError> {
    let moment = |flag, text: &Option<String>| {
        let text = text.as_ref();
        text.map(|text| {
            asked::moment(text).map_err(|_| StartupError::Time {
                flag,
                text: text.clone(),
                forms: asked::FORMS,
            })
        })
        .transpose()
    };
    let window = Window {
        since: moment("since", &cli.since)?,
        until: moment("until", &cli.until)?,
    };
    match (window.since, window.until) {
        (Some(since), Some(until)) if since >= until => Err(StartupError::Filter(
            "--until has to be later than --since".to_owned(),
        )),
        _ => Ok(window),
    }
}

fn bad_filter(error: &FilterError) -> StartupError {
    match error {
        FilterError::BadRegex { .. } => StartupError::Regex(error.to_string()),
        _ => StartupError::Filter(error.to_string()),
    }
}
