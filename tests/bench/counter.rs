//! Lines counted as they arrive, without looking into them: a reader that costs as little as it
//! can.

use std::io::BufRead;
use std::io::BufReader;
use std::time::Duration;
use std::time::Instant;

use memchr::memmem;

use crate::harness::http;
use crate::harness::http::Body;

/// How long a measurement may wait for one event.
const PATIENCE: Duration = Duration::from_secs(60);

/// One stream.
pub struct Counter {
    body: BufReader<Body>,
    line: Vec<u8>,
    /// The newest `id`.
    pub last_id: String,
}

impl Counter {
    /// Opens `/events` with this query.
    pub fn open(port: u16, query: &str, last_id: Option<&str>) -> Counter {
        let headers: Vec<(&str, &str)> = last_id.iter().map(|id| ("Last-Event-ID", *id)).collect();
        let request = http::request("GET", &format!("/events?{query}"), port, &headers);
        let (head, body) = http::open(port, request.as_bytes()).expect("an answer");
        assert_eq!(head.status, 200, "{head:?}");
        Counter {
            body: BufReader::with_capacity(256 * 1024, body),
            line: Vec::new(),
            last_id: String::new(),
        }
    }

    /// Reads up to the first ping, which every stream begins with.
    pub fn opened(port: u16, query: &str) -> Counter {
        let mut counter = Counter::open(port, query, None);
        while !counter.next_field().starts_with(b"data: {\"head\":") {}
        counter
    }

    /// Reads until this many lines have arrived; gives the last event's data.
    pub fn read(&mut self, lines: usize) -> &[u8] {
        let mut count = 0;
        while count < lines {
            // A quotation mark in a text is escaped, so the key cannot be counted in one.
            count += memmem::find_iter(self.next_field(), "\"offset\":").count();
        }
        &self.line
    }

    fn next_field(&mut self) -> &[u8] {
        self.body.get_mut().set_deadline(Instant::now() + PATIENCE);
        self.line.clear();
        let count = self
            .body
            .read_until(b'\n', &mut self.line)
            .expect("more events");
        assert!(count > 0, "the stream ended");
        if let Some(id) = self.line.strip_prefix(b"id: ") {
            self.last_id = String::from_utf8_lossy(id.trim_ascii()).into_owned();
        }
        &self.line
    }
}
