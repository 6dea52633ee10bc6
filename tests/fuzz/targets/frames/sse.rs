//! Reads an event stream by the letter of the standard, as a browser does:
//! <https://html.spec.whatwg.org/multipage/server-sent-events.html>, 9.2.5
//! "Parsing an event stream" and 9.2.6 "Interpreting an event stream".
//!
//! It is written from that text and shares nothing with the program.

/// What a listener is given.
#[derive(Debug, Default, PartialEq)]
pub struct Event {
    /// `message` when the stream does not say.
    pub kind: String,
    pub data: String,
    pub last_event_id: String,
}

/// What comes of a whole stream.
#[derive(Debug, Default)]
pub struct Parsed {
    pub events: Vec<Event>,
    /// The last reconnection time, in milliseconds.
    pub retry: Option<u64>,
}

/// Reads a stream from its first byte to its end.
pub fn parse(bytes: &[u8]) -> Parsed {
    let decoded = String::from_utf8_lossy(bytes);
    let text = decoded.strip_prefix('\u{feff}').unwrap_or(&decoded);
    let mut parser = Parser::default();
    for line in lines(text) {
        parser.line(line);
    }
    parser.parsed
}

/// The lines that are ended by CRLF, LF or CR; what follows the last one is
/// an incomplete event and counts for nothing.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = rest.find(['\r', '\n'])?;
        let line = &rest[..end];
        let length = if rest[end..].starts_with("\r\n") {
            2
        } else {
            1
        };
        rest = &rest[end + length..];
        Some(line)
    })
}

/// The three buffers of the standard, and what has been dispatched.
#[derive(Default)]
struct Parser {
    data: String,
    kind: String,
    last_event_id: String,
    parsed: Parsed,
}

impl Parser {
    fn line(&mut self, line: &str) {
        if line.is_empty() {
            self.dispatch();
        } else if let Some((field, value)) = line.split_once(':') {
            // A line that begins with a colon has a field of no name: a comment.
            self.field(field, value.strip_prefix(' ').unwrap_or(value));
        } else {
            self.field(line, "");
        }
    }

    fn field(&mut self, field: &str, value: &str) {
        match field {
            "event" => value.clone_into(&mut self.kind),
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            "id" if !value.contains('\0') => value.clone_into(&mut self.last_event_id),
            "retry" if value.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.parsed.retry = value.parse().ok().or(self.parsed.retry);
            }
            _ => {}
        }
    }

    fn dispatch(&mut self) {
        let kind = std::mem::take(&mut self.kind);
        let mut data = std::mem::take(&mut self.data);
        if data.is_empty() {
            return;
        }
        // Each line of data has put a newline there.
        data.truncate(data.len() - 1);
        self.parsed.events.push(Event {
            kind: if kind.is_empty() {
                "message".to_owned()
            } else {
                kind
            },
            data,
            last_event_id: self.last_event_id.clone(),
        });
    }
}
