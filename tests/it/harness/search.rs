//! A reader of `/api/search`.

use std::collections::VecDeque;
use std::io::BufRead;
use std::io::BufReader;
use std::time::Duration;
use std::time::Instant;

use serde_json::Value;

use crate::harness::eventually::PATIENCE;
use crate::harness::http;
use crate::harness::http::Body;
use crate::harness::http::Head;

/// The connection; closed when dropped.
pub struct Search {
    head: Head,
    body: BufReader<Body>,
    /// How long the next event may take.
    pub patience: Duration,
}

/// Everything one search gave.
#[derive(Debug)]
pub struct Found {
    /// The lines of all events `hit`.
    pub lines: VecDeque<Value>,
    /// The data of the event `done`.
    pub done: Value,
}

impl Found {
    pub fn texts(&self) -> Vec<&str> {
        let text = |line: &'_ Value| line["text"].as_str().is_some();
        assert!(self.lines.iter().all(text), "a line without a text");
        self.lines
            .iter()
            .filter_map(|line| line["text"].as_str())
            .collect()
    }
}

impl Search {
    /// Opens `/api/search` with this query; it may be refused.
    #[track_caller]
    pub fn ask(port: u16, query: &str) -> Search {
        Search::request(port, &format!("/api/search?{query}"))
    }

    /// Opens another address that answers with such events.
    #[track_caller]
    pub fn request(port: u16, target: &str) -> Search {
        let request = http::request("GET", target, port, &[]);
        let (head, body) = http::open(port, request.as_bytes()).expect("an answer");
        Search {
            head,
            body: BufReader::with_capacity(64 * 1024, body),
            patience: PATIENCE,
        }
    }

    /// The same, and is not refused.
    #[track_caller]
    pub fn open(port: u16, query: &str) -> Search {
        let search = Search::ask(port, query);
        assert_eq!(search.head.status, 200, "{query}: {:?}", search.head);
        search
    }

    pub fn head(&self) -> &Head {
        &self.head
    }

    /// The next event and its data; none at the end.
    #[track_caller]
    pub fn event(&mut self) -> Option<(String, Value)> {
        let deadline = Instant::now() + self.patience;
        self.body.get_mut().set_deadline(deadline);
        let name = self.field("event: ")?;
        let data = self.field("data: ").expect("an event has data");
        assert_eq!(self.line().as_deref(), Some(""), "behind {name}");
        let data = serde_json::from_str(&data)
            .unwrap_or_else(|error| panic!("not JSON ({error}): {data}"));
        Some((name, data))
    }

    /// Reads until the search is done.
    #[track_caller]
    pub fn all(mut self) -> Found {
        let mut lines = VecDeque::new();
        loop {
            let (name, data) = self.event().expect("it ends with an event done");
            match name.as_str() {
                "hit" => lines.extend(data["lines"].as_array().expect("lines").clone()),
                "progress" => {
                    let count = |key: &str| data[key].as_u64().expect("a number");
                    assert!(count("scanned") <= count("total"), "{data}");
                }
                "done" => {
                    assert_eq!(self.event().map(|(name, _)| name), None, "behind done");
                    return Found { lines, done: data };
                }
                other => panic!("an event {other}"),
            }
        }
    }

    #[track_caller]
    fn field(&mut self, name: &str) -> Option<String> {
        let line = self.line()?;
        let value = line.strip_prefix(name);
        Some(
            value
                .unwrap_or_else(|| panic!("{line:?} instead of {name}"))
                .to_owned(),
        )
    }

    #[track_caller]
    fn line(&mut self) -> Option<String> {
        let mut line = Vec::new();
        self.body.read_until(b'\n', &mut line).expect("more events");
        let line = line.strip_suffix(b"\n")?;
        Some(String::from_utf8(line.to_vec()).expect("the events are UTF-8"))
    }
}
