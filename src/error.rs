//! What the user is told when the program cannot start.
//!
//! One lower-case sentence that names the thing in quotes, perhaps a tip on what
//! to do, and an exit code. It is for a person at a terminal; what a reader of
//! the page is told is elsewhere. A source that cannot be read is no reason not
//! to start, and so is not here.

use std::io;
use std::path::PathBuf;

use crate::token::TokenError;

/// Why the program cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartupError {
    /// Nothing to follow was named.
    #[error("no file given")]
    NoPath,
    /// A glob that cannot be understood.
    #[error("bad pattern \"{pattern}\": {reason}")]
    Pattern {
        /// As it was typed.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A filter that is no regular expression: what is wrong with it, and below that the pattern
    /// with a caret under the place.
    #[error("bad filter: {0}")]
    Regex(String),
    /// A filter that cannot be used for another reason, such as its length or its level.
    #[error("bad filter: {0}")]
    Filter(String),
    /// What is to be kept out of lines is no regular expression, or too large.
    #[error("bad --redact-add: {0}")]
    Redaction(String),
    /// A time that is none.
    #[error("bad time for --{flag}: \"{text}\"")]
    Time {
        /// The flag.
        flag: &'static str,
        /// As it was typed.
        text: String,
        /// Which forms there are.
        forms: &'static str,
    },
    /// More lines to begin with than the program is willing to look for.
    #[error("cannot begin with \"{lines}\" lines: the most is {most}")]
    Lines {
        /// As asked for.
        lines: u64,
        /// The limit.
        most: u64,
    },
    /// A flag whose value is none.
    #[error("bad value for --{flag}: \"{text}\"")]
    Value {
        /// The flag.
        flag: &'static str,
        /// As it was typed.
        text: String,
        /// Which forms there are.
        forms: &'static str,
    },
    /// A number beyond what the program is made for.
    #[error("bad value for --{flag}: \"{number}\" is not from 1 to {most}")]
    Number {
        /// The flag.
        flag: &'static str,
        /// As it was typed.
        number: usize,
        /// The limit.
        most: usize,
    },
    /// More open files than the system allows the process.
    #[error(
        "cannot keep \"{streams}\" streams open: the system allows {descriptors} open files, of {needed} that it takes"
    )]
    Descriptors {
        /// As asked for.
        streams: usize,
        /// The limit of the system.
        descriptors: u64,
        /// What it would have to be.
        needed: u64,
    },
    /// A token that cannot be one; it is not shown.
    #[error("bad token: {0}")]
    Token(TokenError),
    /// The file with the token.
    #[error("cannot read the token in \"{}\": {}", path.display(), reason(.cause))]
    TokenFile {
        /// The file.
        path: PathBuf,
        /// What the system said, or what is wrong with the token.
        #[source]
        cause: io::Error,
    },
    /// A certificate or its key.
    #[error("cannot use the certificate: \"{}\": {reason}", path.display())]
    Certificate {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Two wishes of which only one can be had.
    #[error("contradictory flags: {0} and {1}")]
    Contradiction(&'static str, &'static str),
    /// The shell stands in a directory that is gone or may not be read.
    #[error("cannot find the current directory: {}", reason(.0))]
    CurrentDirectory(#[source] io::Error),
    /// The address cannot be listened on.
    #[error("cannot listen on \"{address}\": {}", reason(.cause))]
    Listen {
        /// Host and port.
        address: String,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// The demo has nowhere to write.
    #[error("cannot write the demo's logs: {}", reason(.0))]
    Demo(#[source] io::Error),
    /// Standard input has nowhere to be kept.
    #[error("cannot make a temporary file for standard input: {}", reason(.0))]
    Spool(#[source] io::Error),
    /// The threads or the runtime could not be started.
    #[error("cannot start: {}", reason(.0))]
    Runtime(#[source] io::Error),
}

impl StartupError {
    /// What to do about it, where there is something to do.
    pub fn tip(&self) -> Option<&'static str> {
        match self {
            Self::NoPath => Some(
                "name what to follow, as in \"logstream /var/log/app.log\", or try \"logstream --demo\"",
            ),
            Self::Pattern { .. } | Self::Redaction(_) => {
                Some("put a backslash before a character that stands for itself, as in \"\\[\"")
            }
            Self::Regex(_) => Some("use --literal to find the text exactly as it is typed"),
            Self::Time { forms, .. } | Self::Value { forms, .. } => Some(forms),
            Self::Descriptors { .. } => Some(
                "raise that limit (LimitNOFILE= of a service, ulimit -Hn of a shell), or give --max-streams fewer",
            ),
            Self::Token(_) => Some("leave it out and one is generated, as by --share"),
            Self::Certificate { .. } => Some(
                "two PEM files belong together, as in \"--tls-cert fullchain.pem --tls-key privkey.pem\"",
            ),
            Self::TokenFile { .. } => Some("the file holds the token and nothing else"),
            Self::Lines { .. } => {
                Some("older lines are read from the file as the reader asks for them")
            }
            Self::CurrentDirectory(_) => Some("change to a directory that exists"),
            Self::Listen { address, cause } => match cause.kind() {
                io::ErrorKind::AddrInUse if address.starts_with('/') => {
                    Some("only a socket on which nobody listens is replaced")
                }
                io::ErrorKind::AddrInUse => Some("use --port 0 to take any free port"),
                io::ErrorKind::PermissionDenied => Some("use --port with a number above 1023"),
                _ => None,
            },
            Self::Demo(_) | Self::Spool(_) => {
                Some("set TMPDIR to a directory that can be written to and has room")
            }
            Self::Filter(_) | Self::Number { .. } | Self::Contradiction(..) | Self::Runtime(_) => {
                None
            }
        }
    }

    /// 2 when the command has to be given differently (as clap does), 1 when something
    /// failed that was asked for correctly.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::NoPath
            | Self::Pattern { .. }
            | Self::Regex(_)
            | Self::Filter(_)
            | Self::Redaction(_)
            | Self::Time { .. }
            | Self::Lines { .. }
            | Self::Value { .. }
            | Self::Number { .. }
            | Self::Descriptors { .. }
            | Self::Token(_)
            | Self::TokenFile { .. }
            | Self::Certificate { .. }
            | Self::Contradiction(..)
            | Self::Listen { .. } => 2,
            Self::CurrentDirectory(_) | Self::Demo(_) | Self::Spool(_) | Self::Runtime(_) => 1,
        }
    }
}

/// An I/O error in the words of this program: lower case, without the number.
///
/// `Address already in use (os error 98)` becomes `address already in use`.
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = match text.rfind(" (os error ") {
        Some(end) => &text[..end],
        None => text.as_str(),
    };
    let mut letters = text.chars();
    match letters.next() {
        // An abbreviation stays as it is.
        Some(first)
            if letters
                .clone()
                .next()
                .is_none_or(|second| !second.is_uppercase()) =>
        {
            first.to_lowercase().chain(letters).collect()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
