//! How much is served at once, and below which path, checked.

use crate::cli::ServingFlags;
use crate::config::whole_files::SEARCHES;
use crate::config::whole_files::SEARCHES_MAX;
use crate::error::StartupError;

const PREFIXES: &str = "a path is written as /logs or /team/logs, of letters, digits and -._~";

/// Open streams unless the flag says otherwise; one more is answered with 503.
pub const STREAMS: usize = 1000;

/// Streams that the flag may ask for.
pub const STREAMS_MAX: usize = 20_000;

/// Different filters of open streams unless the flag says otherwise; one more is answered with 429.
pub const FILTERS: usize = 256;

/// Filters that the flag may ask for.
pub const FILTERS_MAX: usize = 4096;

/// Connections for everything that is not a stream.
pub const CONNECTIONS_SPARE: usize = 256;

/// How much, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Serving {
    /// Streams that may be open, if that was said; the system may allow fewer otherwise.
    pub streams_wanted: Option<usize>,
    /// Different filters of streams.
    pub filters: usize,
    /// Searches that run at the same time.
    pub searches: usize,
    /// Begins every path that is asked for.
    pub prefix: Prefix,
}

/// Nothing, or a path without the slash at its end.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Prefix(String);

impl Serving {
    /// Understands the flags.
    pub fn new(flags: &ServingFlags) -> Result<Serving, StartupError> {
        let prefix = flags
            .route_prefix
            .as_deref()
            .map_or_else(|| Ok(Prefix::default()), Prefix::parse);
        Ok(Serving {
            streams_wanted: within("max-streams", flags.max_streams, STREAMS_MAX)?,
            filters: within("max-filters", flags.max_filters, FILTERS_MAX)?.unwrap_or(FILTERS),
            searches: within("max-searches", flags.max_searches, SEARCHES_MAX)?.unwrap_or(SEARCHES),
            prefix: prefix?,
        })
    }

    /// Streams that may be open if the system allows it.
    pub fn streams(&self) -> usize {
        self.streams_wanted.unwrap_or(STREAMS)
    }
}

impl Prefix {
    fn parse(text: &str) -> Result<Prefix, StartupError> {
        let path = text.strip_suffix('/').unwrap_or(text);
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let is_part = |part: &str| !matches!(part, "" | "." | "..") && part.bytes().all(is_plain);
        let is_path = match path.strip_prefix('/') {
            Some(parts) => parts.split('/').all(is_part),
            None => path.is_empty(),
        };
        if is_path {
            return Ok(Prefix(path.to_owned()));
        }
        Err(StartupError::Value {
            flag: "route-prefix",
            text: text.to_owned(),
            forms: PREFIXES,
        })
    }

    /// The path without its slash at the end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn within(
    flag: &'static str,
    wanted: Option<usize>,
    most: usize,
) -> Result<Option<usize>, StartupError> {
    match wanted {
        Some(number) if number == 0 || number > most => {
            Err(StartupError::Number { flag, number, most })
        }
        wanted => Ok(wanted),
    }
}

#[cfg(test)]
mod tests;
