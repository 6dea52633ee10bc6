//! The flags that say how much is served at once, and below which path.

use clap::Args;

/// As they were typed.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Serving")]
pub struct ServingFlags {
    /// Keep at most N streams open [default: 1000]
    #[arg(long, value_name = "N")]
    #[arg(env = "LOGSTREAM_MAX_STREAMS", hide_env = true)]
    pub max_streams: Option<usize>,

    /// Keep at most N different filters of streams in use [default: 256]
    #[arg(long, value_name = "N")]
    #[arg(env = "LOGSTREAM_MAX_FILTERS", hide_env = true)]
    pub max_filters: Option<usize>,

    /// Run at most N searches at once [default: 2]
    #[arg(long, value_name = "N")]
    #[arg(env = "LOGSTREAM_MAX_SEARCHES", hide_env = true)]
    pub max_searches: Option<usize>,

    /// Serve everything below this path, as a proxy does that passes whole paths on: /logs
    #[arg(long, value_name = "PATH")]
    #[arg(env = "LOGSTREAM_ROUTE_PREFIX", hide_env = true)]
    pub route_prefix: Option<String>,
}
