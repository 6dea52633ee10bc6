//! What a line says of itself: its time, its level, and whether it belongs to the line above.
//!
//! A record is a line and its continuation lines: a stack trace, a wrapped
//! message, a printed object. Which lines continue is decided here, in one
//! table, for lines that have neither a time nor a level of their own; it is
//! never decided backwards, since the line above has already been sent.

mod head;
pub mod level;
mod walk;
mod finder;
mod wrapped;
pub mod time;
pub mod window;

use crate::record::finder::level_in;
use crate::record::head::head;
use crate::record::level::Level;
use crate::record::time::TimeReader;
use crate::record::time::begins_with_time;
use crate::record::wrapped::text_inside;

/// What one line says of itself, and what it owes to the lines above it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Record {
    /// The line's own time, in milliseconds since the epoch.
    pub time: Option<i64>,
    /// The line's own time or, without one, that of the nearest line above that has one.
    pub record_time: Option<i64>,
    /// The line's own level.
    pub level: Option<Level>,
    /// The line's own level or, for a continuation, that of the record above.
    pub record_level: Option<Level>,
    /// Whether the line belongs to the record above.
    pub continues: bool,
}

/// Reads the lines of one source in their order.
#[derive(Clone, Debug, Default)]
pub struct Recogniser {
    times: TimeReader,
    /// What the last line said.
    last: Option<Record>,
    trace: Trace,
    /// The last line owed nothing to those above it but, perhaps, the time of its record.
    stands_alone: bool,
}

/// What the last line has begun: some traces have lines that only their neighbours explain.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Trace {
    /// Nothing.
    #[default]
    None,
    /// Continuation lines of no particular kind.
    Lines,
    /// `Traceback (most recent call last):`, which a line such as `ValueError: x` ends.
    Python,
    /// `goroutine 1 [running]:`, below which functions are not indented.
    Go,
    /// `thread 'main' panicked at src/main.rs:2:5:`, with the message on the next line.
    Rust,
}

impl Recogniser {
    /// A recogniser that has seen no line yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether some line so far had a time.
    pub fn knows_time(&self) -> bool {
        self.last.is_some_and(|last| last.record_time.is_some())
    }

    /// Whether the last line has a time or a level of its own, so that it is the same whatever
    /// stands above it but for the time of its record.
    pub fn stands_alone(&self) -> bool {
        self.stands_alone
    }

    /// Forgets the lines so far; how times are written there is still known.
    pub fn forget_lines(&mut self) {
        self.last = None;
        self.trace = Trace::None;
    }

    /// What the next line of the source says. Only the head of a long line is read.
    pub fn read(&mut self, line: &[u8]) -> Record {
        let head = &*head(line);
        let time = self.times.read_head(head);
        let inside = text_inside(head);
        let inside = inside.as_deref();
        let text = inside.unwrap_or(head);
        let level = level_in(text);

        // What a runtime has wrapped has its time from that, in the middle of a trace too.
        let is_timed = inside.map_or(time.is_some(), begins_with_time);
        self.stands_alone = is_timed || level.is_some();
        let above = self.last.filter(|_| !self.stands_alone);
        let continued = above.and_then(|above| Some((above, self.trace.followed_by(text)?)));
        self.trace = match continued {
            Some((_, trace)) => trace,
            None if !is_timed => Trace::begun_by(text).unwrap_or_default(),
            None => Trace::None,
        };
        let record_level = continued.map_or(level, |(above, _)| above.record_level);
        let time_above = self.last.and_then(|last| last.record_time);
        let record = Record {
            time,
            record_time: time.or(time_above),
            level,
            record_level,
            continues: continued.is_some(),
        };
        self.last = Some(record);
        record
    }
}

/// How lines begin that continue a record, indented ones aside.
const CONTINUATIONS: &[(&[u8], Trace)] = &[
    // Java and its relatives.
    (b"at ", Trace::Lines),
    (b"Caused by: ", Trace::Lines),
    (b"Suppressed: ", Trace::Lines),
    (b"... ", Trace::Lines),
    (b"Wrapped by: ", Trace::Lines),
    // .NET.
    (b"---> ", Trace::Lines),
    (b"--- End of ", Trace::Lines),
    // Python, whose chained exceptions are joined by sentences.
    (b"Traceback (most recent call last)", Trace::Python),
    (b"During handling of the above exception", Trace::Python),
    (b"The above exception was the direct cause", Trace::Python),
    // Go, whose first line has a level and so begins a record.
    (b"panic: ", Trace::Go),
    (b"fatal error: ", Trace::Go),
    (b"goroutine ", Trace::Go),
    (b"created by ", Trace::Go),
    (b"[signal SIG", Trace::Go),
    // Rust.
    (b"thread '", Trace::Rust),
    (b"stack backtrace:", Trace::Lines),
    (b"note: run with `RUST_BACKTRACE", Trace::Lines),
    (b"note: Some details are omitted", Trace::Lines),
    // Node, which shows the source first.
    (b"node:internal/", Trace::Lines),
    // PHP.
    (b"Stack trace:", Trace::Lines),
    (b"#0 ", Trace::Lines),
];

impl Trace {
    /// What a line begins, whether or not it continues a record itself.
    fn begun_by(text: &[u8]) -> Option<Self> {
        let found = CONTINUATIONS
            .iter()
            .find(|(start, _)| text.starts_with(start));
        let (_, trace) = found?;
        // Between the thread's name and these words may stand its number.
        let is_begun =
            *trace != Self::Rust || memchr::memmem::find(text, b" panicked at ").is_some();
        is_begun.then_some(*trace)
    }

    /// What a line without time and level makes of the lines above; `None` when it does not
    /// continue them.
    fn followed_by(self, line: &[u8]) -> Option<Self> {
        let text = line.trim_ascii();
        if text.is_empty() {
            // Between two parts of a trace; after an ordinary line only where it is indented.
            return match self {
                Self::None => (!line.is_empty()).then_some(Self::Lines),
                begun => Some(begun),
            };
        }
        if let Some(trace) = Self::begun_by(text) {
            return Some(trace);
        }
        if line[0].is_ascii_whitespace() {
            return Some(if self == Self::None {
                Self::Lines
            } else {
                self
            });
        }
        let is_part = match self {
            _ if is_ruby_frame(text) => true,
            Self::Rust => true,
            Self::Python => is_exception(text),
            Self::Go => text.ends_with(b")") || text.starts_with(b"exit status "),
            Self::Lines => is_numbered_frame(text),
            Self::None => false,
        };
        match self {
            Self::Rust | Self::Python if is_part => Some(Self::Lines),
            _ if is_part || is_closing(text) => Some(self),
            _ => is_qualified_exception(text).then_some(Self::Lines),
        }
    }
}

/// The last line of a Python traceback: `ValueError: x`, `requests.exceptions.Timeout`.
fn is_exception(text: &[u8]) -> bool {
    let name = name_length(text);
    name > 0 && matches!(text.get(name), None | Some(b':'))
}

/// What Java prints below the message it logged: `java.io.IOException: broken pipe`.
fn is_qualified_exception(text: &[u8]) -> bool {
    let name = &text[..name_length(text)];
    is_exception(text)
        && name.contains(&b'.')
        && (name.ends_with(b"Exception") || name.ends_with(b"Error"))
}

fn name_length(text: &[u8]) -> usize {
    let is_in_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"._$".contains(byte);
    text.iter().take_while(|byte| is_in_name(byte)).count()
}

/// PHP: `#12 /srv/app/index.php(3): run()`.
fn is_numbered_frame(text: &[u8]) -> bool {
    matches!(text, [b'#', b'0'..=b'9', ..])
}

/// Ruby and Rails: ``app/models/user.rb:12:in `save'``.
fn is_ruby_frame(text: &[u8]) -> bool {
    let Some(line) = memchr::memmem::find(text, b".rb:") else {
        return false;
    };
    let rest = &text[line + 4..];
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    digits > 0 && rest[digits..].starts_with(b":in ")
}

/// The end of a printed object or of a block: `}`, `});`, `],`.
fn is_closing(text: &[u8]) -> bool {
    text.len() <= 8 && text.iter().all(|byte| b"}]),;".contains(byte))
}

#[cfg(test)]
mod tests;
