//! Why a filter is refused, for a person at a terminal and for one at the page.

use regex_syntax::ast;

/// The longest pattern, in bytes.
pub const PATTERN_BYTES_MAX: usize = 1024;

/// How many patterns a filter may have, includes and excludes together.
pub const PATTERNS_MAX: usize = 16;

/// Why a filter cannot be used. What is displayed is for a terminal: the message, then the
/// pattern with a caret below the place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// The pattern is not a regex.
    #[error("{message}\n{}", pointed(pattern, *offset))]
    BadRegex {
        /// The pattern as given.
        pattern: String,
        /// What is wrong and where, on one line.
        message: String,
        /// Where, in characters from the start of the pattern.
        offset: usize,
    },
    /// The pattern would compile into too large a program.
    #[error(
        "the pattern takes too much memory; use smaller repeat counts\n  {}",
        visible(pattern)
    )]
    TooBig {
        /// The pattern as given.
        pattern: String,
    },
    /// The pattern is longer than [`PATTERN_BYTES_MAX`].
    #[error("a pattern may have {PATTERN_BYTES_MAX} bytes, not {bytes}")]
    TooLong {
        /// How long it is.
        bytes: usize,
    },
    /// There are more than [`PATTERNS_MAX`].
    #[error("a filter may have {PATTERNS_MAX} patterns, not {patterns}")]
    TooMany {
        /// How many there are.
        patterns: usize,
    },
    /// There is no such level.
    #[error(
        "there is no such level; the levels are trace, debug, info, warn, error, fatal, unknown\n  {}",
        visible(name)
    )]
    BadLevel {
        /// The name as given.
        name: String,
    },
}

impl FilterError {
    /// The code on the wire.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadRegex { .. } => "bad_regex",
            Self::TooBig { .. } => "regex_too_big",
            Self::TooLong { .. } | Self::TooMany { .. } => "filter_too_long",
            Self::BadLevel { .. } => "bad_level",
        }
    }

    /// One line for a person who sees the pattern anyway; it never repeats what was given.
    pub fn message(&self) -> String {
        let display = self.to_string();
        display.lines().next().unwrap_or_default().to_owned()
    }

    /// Where in the pattern, in characters from its start, when that is known.
    pub fn offset(&self) -> Option<usize> {
        match self {
            Self::BadRegex { offset, .. } => Some(*offset),
            _ => None,
        }
    }

    /// A fault at a place of the pattern.
    pub(super) fn bad_regex(pattern: &str, problem: &str, span: &ast::Span) -> Self {
        let offset = pattern[..span.start.offset].chars().count();
        let message = format!("{problem} at character {}", offset + 1);
        Self::BadRegex {
            pattern: pattern.to_owned(),
            message,
            offset,
        }
    }

    /// A fault found while parsing the pattern.
    pub(super) fn bad_syntax(pattern: &str, error: &ast::Error) -> Self {
        if *error.kind() != ast::ErrorKind::UnsupportedLookAround {
            return Self::bad_regex(pattern, &error.kind().to_string(), error.span());
        }
        let start = error.span().start.offset;
        let side = if pattern[start..].starts_with("(?<") {
            "behind"
        } else {
            "ahead"
        };
        Self::BadRegex {
            pattern: pattern.to_owned(),
            message: format!(
                "Look-{side} is not supported (Rust regex). Use an exclude filter instead."
            ),
            offset: pattern[..start].chars().count(),
        }
    }
}

/// The pattern on a line of its own with a caret below the place.
fn pointed(pattern: &str, offset: usize) -> String {
    format!(
        "  {}\n  {:>width$}",
        visible(pattern),
        '^',
        width = offset + 1
    )
}

/// The text as it can be shown on one line, each character in its place.
fn visible(text: &str) -> String {
    text.replace(char::is_control, "\u{fffd}")
}
