//! A reader of `/events`, as strict as a browser's `EventSource` is lenient. Every event goes
//! through [`Check`].

use std::collections::VecDeque;
use std::io::BufRead;
use std::io::BufReader;
use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;

use serde_json::Value;

use crate::harness::check::Check;
use crate::harness::eventually::PATIENCE;
use crate::harness::http;
use crate::harness::http::Body;
use crate::harness::http::Head;
use crate::harness::written::Written;

/// How many of the newest events a failure shows.
const REMEMBERED: usize = 12;

/// One server-sent event.
#[derive(Debug, Clone)]
pub struct Event {
    pub kind: String,
    pub id: Option<String>,
    pub data: Value,
}

impl Event {
    /// A member of the data that is a string, or an empty one.
    pub fn str(&self, key: &str) -> &str {
        self.data[key].as_str().unwrap_or_default()
    }
}

/// One line as it arrived.
#[derive(Debug, Clone)]
pub struct Line {
    pub source: String,
    pub segment: String,
    pub offset: u64,
    pub text: String,
    /// The line's object, with its optional keys.
    pub json: Value,
}

/// The connection, and what it has shown so far.
pub struct Reader {
    port: u16,
    target: String,
    head: Head,
    body: BufReader<Body>,
    /// The `id` of the newest event that had one.
    pub last_id: Option<String>,
    /// The `retry` the server asked for.
    pub retry: Option<u64>,
    pending: VecDeque<Line>,
    recent: VecDeque<String>,
    /// How long nothing but pings may come.
    pub patience: Duration,
    /// Since when nothing came but pings: a silent stream must not keep a test waiting for ever.
    quiet_since: Instant,
    check: Check,
}

impl Reader {
    /// Opens `/events` with this query.
    #[track_caller]
    pub fn open(port: u16, query: &str, written: Option<Arc<Written>>) -> Reader {
        let target = format!("/events?{query}");
        let (head, body) = connect(port, &target, None);
        let has_filter = ["q=", "x=", "level=", "since=", "until="]
            .iter()
            .any(|key| query.split('&').any(|pair| pair.starts_with(key)));
        Reader {
            port,
            target,
            head,
            body,
            last_id: None,
            retry: None,
            pending: VecDeque::new(),
            recent: VecDeque::new(),
            patience: PATIENCE,
            quiet_since: Instant::now(),
            check: Check::new(written, has_filter),
        }
    }

    /// The server was started with a filter: lines may be missing.
    #[must_use]
    pub fn filtered(mut self) -> Reader {
        self.check.allow_holes();
        self
    }

    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Cuts the connection and comes back with the last `id`, as an `EventSource` does.
    #[track_caller]
    pub fn reconnect(&mut self) {
        let last_id = self.last_id.clone().expect("no event with an id so far");
        (self.head, self.body) = connect(self.port, &self.target, Some(&last_id));
    }

    /// The next event, checked.
    #[track_caller]
    pub fn event(&mut self) -> Event {
        self.quiet_since = Instant::now();
        self.next_event()
    }

    #[track_caller]
    fn next_event(&mut self) -> Event {
        self.try_event()
            .unwrap_or_else(|| panic!("the stream ended; {}", self.report()))
    }

    /// The next event; none when the server has closed the stream.
    #[track_caller]
    pub fn try_event(&mut self) -> Option<Event> {
        self.body
            .get_mut()
            .set_deadline(self.quiet_since + self.patience);
        let event = self.parse_event()?;
        if self.recent.len() == REMEMBERED {
            self.recent.pop_front();
        }
        self.recent.push_back(shortened(&format!("{event:?}")));
        if event.kind != "ping" {
            self.quiet_since = Instant::now();
        }
        if event.id.is_some() {
            self.last_id.clone_from(&event.id);
        }
        match self.check.event(&event) {
            Ok(lines) => self.pending.extend(lines),
            Err(fault) => panic!("{fault}; {}", self.report()),
        }
        Some(event)
    }

    /// The next event of this kind, and the texts of the lines before it.
    #[track_caller]
    pub fn until(&mut self, kind: &str) -> (Vec<String>, Event) {
        self.quiet_since = Instant::now();
        loop {
            let event = self.next_event();
            if event.kind == kind {
                let texts = self.pending.drain(..).map(|line| line.text).collect();
                return (texts, event);
            }
        }
    }

    /// The next line. A gap, a truncation or the end of the stream fails the test: who expects one
    /// asks for it.
    #[track_caller]
    pub fn line(&mut self) -> Line {
        self.quiet_since = Instant::now();
        loop {
            if let Some(line) = self.pending.pop_front() {
                return line;
            }
            let event = self.next_event();
            let is_quiet = matches!(event.kind.as_str(), "log" | "source" | "ping" | "rotated");
            assert!(is_quiet, "{event:?} instead of a line; {}", self.report());
        }
    }

    /// The texts of the next lines.
    #[track_caller]
    pub fn texts(&mut self, count: usize) -> Vec<String> {
        (0..count).map(|_| self.line().text).collect()
    }

    /// The next lines are these.
    #[track_caller]
    pub fn expect(&mut self, texts: &[impl AsRef<str>]) {
        for (index, expected) in texts.iter().enumerate() {
            let line = self.line();
            assert_eq!(
                line.text,
                expected.as_ref(),
                "line {index} of {}; {}",
                texts.len(),
                self.report()
            );
        }
    }

    /// Whatever comes, gaps and truncations included, until this line; gives the texts before it.
    #[track_caller]
    pub fn texts_until(&mut self, last: &str) -> Vec<String> {
        let mut texts = Vec::new();
        self.quiet_since = Instant::now();
        loop {
            while let Some(line) = self.pending.pop_front() {
                if line.text == last {
                    return texts;
                }
                texts.push(line.text);
            }
            self.next_event();
        }
    }

    fn report(&self) -> String {
        let recent: Vec<&str> = self.recent.iter().map(String::as_str).collect();
        format!("{} showed last:\n  {}", self.target, recent.join("\n  "))
    }

    fn parse_event(&mut self) -> Option<Event> {
        let (mut kind, mut id, mut data) = (String::new(), None, String::new());
        loop {
            let line = self.read_line()?;
            if line.is_empty() {
                if kind.is_empty() {
                    continue;
                }
                let data = serde_json::from_str(&data)
                    .unwrap_or_else(|error| panic!("not JSON ({error}): {data}"));
                return Some(Event { kind, id, data });
            }
            match line.split_once(": ") {
                Some(("event", value)) => value.clone_into(&mut kind),
                Some(("id", value)) => id = Some(value.to_owned()),
                Some(("retry", value)) => self.retry = value.parse().ok(),
                Some(("data", value)) if data.is_empty() => value.clone_into(&mut data),
                _ => panic!("not a field of our events: {line:?}; {}", self.report()),
            }
        }
    }

    /// None at the end of the stream.
    fn read_line(&mut self) -> Option<String> {
        let mut line = Vec::new();
        if let Err(error) = self.body.read_until(b'\n', &mut line) {
            panic!("nothing more ({error}); {}", self.report());
        }
        assert!(!line.contains(&b'\r'), "a CR in {}", line.escape_ascii());
        let line = line.strip_suffix(b"\n")?;
        Some(String::from_utf8(line.to_vec()).expect("the stream is UTF-8"))
    }
}

#[track_caller]
fn connect(port: u16, target: &str, last_id: Option<&str>) -> (Head, BufReader<Body>) {
    let headers: Vec<(&str, &str)> = last_id.iter().map(|id| ("Last-Event-ID", *id)).collect();
    let request = http::request("GET", target, port, &headers);
    let (head, body) = http::open(port, request.as_bytes()).expect("an answer");
    assert_eq!(head.status, 200, "{target}: {head:?}");
    (head, BufReader::with_capacity(64 * 1024, body))
}

/// Enough of a text to recognise it.
pub fn shortened(text: &str) -> String {
    match text.char_indices().nth(300) {
        Some((index, _)) => format!("{}…", &text[..index]),
        None => text.to_owned(),
    }
}
