//! The flags exactly as they are typed, with no knowledge of what they mean.
//!
//! Doc comments are the help. What is checked here is only what `clap` can say
//! better than we could: that a number is a number. `config.rs` does the rest.
//! Every flag can also be given in the environment; the command line wins.

mod access;
mod redaction;
mod serving;

use std::ffi::OsString;
use std::process;

use clap::ArgMatches;
use clap::CommandFactory;
use clap::FromArgMatches;
use clap::Parser;
use clap::builder::BoolishValueParser;
use clap::parser::ValueSource;

pub use crate::cli::access::AccessFlags;
pub use crate::cli::redaction::RedactionFlags;
pub use crate::cli::serving::ServingFlags;
use crate::diagnostics;

/// Follow log files and show them live in a browser.
///
/// Prints the address of the page on standard output. Rotated, truncated and missing files are
/// followed by name, and a reader that was cut off goes on with exactly the next line.
#[derive(Clone, Debug, Parser)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[command(
    name = "logstream",
    version,
    max_term_width = 100,
    args_override_self = true,
    override_usage = "logstream [OPTIONS] [FILE]...",
    after_help = "Every flag can be given in the environment: LOGSTREAM_LINES=100 is --lines 100, and \
                  LOGSTREAM_POLL=yes is --poll. LOGSTREAM_REGEXP and LOGSTREAM_EXCLUDE hold one \
                  pattern on each line."
)]
pub struct Cli {
    /// Path, glob (quoted or not), directory, or `-` for standard input
    ///
    /// A path that does not exist yet is waited for. A glob matches files, `**` at any depth; a
    /// directory stands for the log files in it and below it; files that appear later are found
    /// within a second. Standard input is spooled to an unlinked temporary file of bounded size
    /// (1 GiB).
    #[arg(value_name = "FILE")]
    pub files: Vec<OsString>,

    /// Begin with the newest N lines of each file
    #[arg(short = 'n', long, value_name = "N", default_value = "1000")]
    #[arg(value_parser = line_count, allow_negative_numbers = true)]
    #[arg(env = "LOGSTREAM_LINES", hide_env = true)]
    pub lines: u64,

    /// Accepted for the habit of `tail`; following is what the program does
    #[arg(short = 'f', long, visible_short_alias = 'F')]
    pub follow: bool,

    /// Keep only lines that match; if repeated, lines that match every pattern
    ///
    /// Filters given here are a boundary: a line that they drop leaves the server for nobody.
    #[arg(short = 'e', long, value_name = "PATTERN")]
    #[arg(value_delimiter = '\n', allow_hyphen_values = true)]
    #[arg(env = "LOGSTREAM_REGEXP", hide_env = true)]
    pub regexp: Vec<String>,

    /// Drop lines that match; if repeated, lines that match any pattern
    #[arg(short = 'x', long, value_name = "PATTERN")]
    #[arg(value_delimiter = '\n', allow_hyphen_values = true)]
    #[arg(env = "LOGSTREAM_EXCLUDE", hide_env = true)]
    pub exclude: Vec<String>,

    /// Ignore case in patterns
    #[arg(short = 'i', long)]
    #[arg(env = "LOGSTREAM_IGNORE_CASE", hide_env = true, value_parser = BoolishValueParser::new())]
    pub ignore_case: bool,

    /// Match case in patterns exactly
    #[arg(short = 's', long)]
    #[arg(env = "LOGSTREAM_CASE_SENSITIVE", hide_env = true, value_parser = BoolishValueParser::new())]
    pub case_sensitive: bool,

    /// Match case only in patterns with a capital letter (the default)
    #[arg(short = 'S', long)]
    #[arg(env = "LOGSTREAM_SMART_CASE", hide_env = true, value_parser = BoolishValueParser::new())]
    pub smart_case: bool,

    /// Take patterns as plain text rather than as regular expressions
    #[arg(long)]
    #[arg(env = "LOGSTREAM_LITERAL", hide_env = true, value_parser = BoolishValueParser::new())]
    pub literal: bool,

    /// Keep only lines of this level and above, or of the levels in a comma list
    ///
    /// Levels are trace, debug, info, warn, error and fatal; unknown is lines that say none.
    #[arg(short = 'l', long, value_name = "LEVEL")]
    #[arg(env = "LOGSTREAM_LEVEL", hide_env = true)]
    pub level: Option<String>,

    /// Keep only lines that are not older
    ///
    /// A time is one of 14:02, -3h, -1h30m, -2d, 2026-11-22, 2026-11-22 10:47,
    /// 2026-11-22T10:47:02Z, or milliseconds since the epoch. What is relative is counted from the
    /// program's start. A line without a time of its own has that of the line above.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    #[arg(env = "LOGSTREAM_SINCE", hide_env = true)]
    pub since: Option<String>,

    /// Keep only lines that are older
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    #[arg(env = "LOGSTREAM_UNTIL", hide_env = true)]
    pub until: Option<String>,

    /// Listen on this port; 0 takes any free one [default: the first free of 5647 to 5656]
    #[arg(short = 'p', long, value_name = "PORT")]
    #[arg(env = "LOGSTREAM_PORT", hide_env = true)]
    pub port: Option<u16>,

    /// What is kept out of lines
    #[command(flatten)]
    pub redaction: RedactionFlags,

    /// Name the page
    #[arg(short = 't', long, value_name = "TEXT")]
    #[arg(env = "LOGSTREAM_TITLE", hide_env = true)]
    pub title: Option<String>,

    /// Open the page in a browser
    #[arg(long)]
    #[arg(env = "LOGSTREAM_OPEN", hide_env = true, value_parser = BoolishValueParser::new())]
    pub open: bool,

    /// Look at files five times a second instead of waiting for notifications
    ///
    /// Only saves watches: files are looked at every second in any case, so that file systems
    /// without notifications are followed as well.
    #[arg(long)]
    #[arg(env = "LOGSTREAM_POLL", hide_env = true, value_parser = BoolishValueParser::new())]
    pub poll: bool,

    /// Say nothing on standard error but errors
    #[arg(short = 'q', long)]
    #[arg(env = "LOGSTREAM_QUIET", hide_env = true, value_parser = BoolishValueParser::new())]
    pub quiet: bool,

    /// Follow logs that the program writes itself, into a temporary folder, to be tried out
    #[arg(long)]
    #[arg(env = "LOGSTREAM_DEMO", hide_env = true, value_parser = BoolishValueParser::new())]
    pub demo: bool,

    /// Where to listen, and who may come in.
    #[command(flatten)]
    pub access: AccessFlags,

    /// How much is served at once, and below which path.
    #[command(flatten)]
    pub serving: ServingFlags,
}

impl Cli {
    /// The program's own arguments. Help, the version and wrong usage end the program here, as
    /// `clap` does it: on standard output with 0, or on standard error with 2.
    pub fn from_command_line() -> Self {
        match Self::try_from_words(std::env::args_os()) {
            Ok(cli) => cli,
            Err(error) => {
                // It repeats what was wrong, which may be the name of a file that a pattern found.
                let text = error.render().to_string();
                let harmless = diagnostics::harmless(&text, true);
                if harmless == text {
                    error.exit();
                }
                eprint!("{harmless}");
                process::exit(error.exit_code());
            }
        }
    }

    /// Arguments from anywhere; the first is the program's name.
    pub fn try_from_words<I, T>(words: I) -> Result<Self, clap::Error>
    where
        I: IntoIterator<Item = T>,
        T: Into<OsString> + Clone,
    {
        let matches = Self::command().try_get_matches_from(words)?;
        let mut cli = Self::from_arg_matches(&matches)?;
        cli.let_last_case_win(&matches);
        cli.let_environment_have_the_token();
        Ok(cli)
    }

    /// `--token` without a value asks for a token, and does not say which.
    fn let_environment_have_the_token(&mut self) {
        if self.access.token.as_deref() == Some("")
            && let Ok(token) = std::env::var("LOGSTREAM_TOKEN")
        {
            self.access.token = Some(token);
        }
    }

    /// The last of the case flags wins over the others, and over variables of the environment.
    ///
    /// `overrides_with` would refuse a flag that contradicts a variable.
    fn let_last_case_win(&mut self, matches: &ArgMatches) {
        let flags = ["ignore_case", "case_sensitive", "smart_case"];
        let is_typed = |flag: &&str| matches.value_source(flag) == Some(ValueSource::CommandLine);
        let last = flags
            .into_iter()
            .filter(is_typed)
            .max_by_key(|flag| matches.index_of(flag));
        if let Some(last) = last {
            self.ignore_case = last == "ignore_case";
            self.case_sensitive = last == "case_sensitive";
            self.smart_case = last == "smart_case";
        }
    }
}

/// `5`, and `-5` as GNU tail takes it; `+5`, which tail counts from the beginning, is refused
/// rather than misunderstood.
fn line_count(text: &str) -> Result<u64, String> {
    if text.starts_with('+') {
        return Err("lines are counted from the end only".to_owned());
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits
        .parse()
        .map_err(|error: std::num::ParseIntError| error.to_string())
}

#[cfg(test)]
mod tests;
