//! As much of HTTP/1.1 as it takes to ask a server and to check what it answers, byte for byte.
//!
//! Own code on purpose: a library would mend what a test wants to see, such as a malformed head.

use std::fmt::Write as _;
use std::io;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;
use std::time::Instant;

use serde_json::Value;

use crate::harness::eventually::PATIENCE;

/// A whole answer.
#[derive(Debug)]
pub struct Response {
    pub head: Head,
    pub body: Vec<u8>,
}

/// Status line and headers.
#[derive(Debug)]
pub struct Head {
    pub status: u16,
    pub headers: Vec<(String, String)>,
}

impl Head {
    /// The value of a header, whatever its case. None twice: a header given twice fails the test.
    #[track_caller]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self
            .headers
            .iter()
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str());
        let value = values.next();
        assert_eq!(values.next(), None, "header {name} is there twice");
        value
    }
}

impl Response {
    pub fn status(&self) -> u16 {
        self.head.status
    }

    #[track_caller]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.header(name)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("not JSON ({error}): {}", self.text()))
    }

    /// The `code` of an error answer.
    #[track_caller]
    pub fn code(&self) -> String {
        self.json()["error"]["code"]
            .as_str()
            .unwrap_or_else(|| panic!("no error code in {}", self.text()))
            .to_owned()
    }

    /// The `message` of an error answer.
    #[track_caller]
    pub fn message(&self) -> String {
        self.json()["error"]["message"]
            .as_str()
            .unwrap_or_else(|| panic!("no error message in {}", self.text()))
            .to_owned()
    }
}

/// Asks for `target` and reads the whole answer.
#[track_caller]
pub fn get(port: u16, target: &str) -> Response {
    send(port, request("GET", target, port, &[]).as_bytes())
}

/// Sends these bytes as they are and reads one answer.
#[track_caller]
pub fn send(port: u16, request: &[u8]) -> Response {
    let (head, mut body) = open(port, request).expect("no answer");
    let mut bytes = Vec::new();
    body.read_to_end(&mut bytes).expect("the answer broke off");
    Response { head, body: bytes }
}

/// Sends these bytes and reads the head of the answer; the body comes as it comes.
pub fn open(port: u16, request: &[u8]) -> io::Result<(Head, Body)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.write_all(request)?;
    let mut input = BufReader::new(Patient {
        stream,
        deadline: Instant::now() + PATIENCE,
    });
    let head = read_head(&mut input)?;
    let has_no_body = request.starts_with(b"HEAD ") || matches!(head.status, 204 | 304);
    let framing = if has_no_body {
        Framing::Length(0)
    } else {
        Framing::of(&head)
    };
    Ok((head, Body { input, framing }))
}

/// The text of a request without a body.
pub fn request(method: &str, target: &str, port: u16, headers: &[(&str, &str)]) -> String {
    let mut text = format!("{method} {target} HTTP/1.1\r\nHost: localhost:{port}\r\n");
    for (name, value) in headers {
        write!(text, "{name}: {value}\r\n").expect("memory");
    }
    text.push_str("\r\n");
    text
}

/// Percent-encodes a value for a query.
pub fn encoded(value: &str) -> String {
    percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn read_head(input: &mut impl BufRead) -> io::Result<Head> {
    let status_line = read_line(input)?;
    let status = status_line
        .strip_prefix("HTTP/1.1 ")
        .or_else(|| status_line.strip_prefix("HTTP/1.0 "))
        .and_then(|rest| rest.get(..3))
        .and_then(|digits| digits.parse().ok())
        .ok_or_else(|| invalid(format!("not a status line: {status_line:?}")))?;
    let mut headers = Vec::new();
    loop {
        let line = read_line(input)?;
        if line.is_empty() {
            return Ok(Head { status, headers });
        }
        let (name, value) = line
            .split_once(": ")
            .ok_or_else(|| invalid(format!("not a header: {line:?}")))?;
        headers.push((name.to_owned(), value.to_owned()));
    }
}

/// A line that ends in CR LF, without it.
fn read_line(input: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    input.read_line(&mut line)?;
    line.strip_suffix("\r\n")
        .map(str::to_owned)
        .ok_or_else(|| io::Error::new(io::ErrorKind::UnexpectedEof, format!("cut: {line:?}")))
}

fn invalid(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}

/// The body of an answer, without its framing.
pub struct Body {
    input: BufReader<Patient>,
    framing: Framing,
}

enum Framing {
    /// Bytes left.
    Length(u64),
    /// Bytes left in this chunk; before the first one there is no line end to skip.
    Chunked {
        left: u64,
        is_first: bool,
    },
    UntilClosed,
}

impl Framing {
    fn of(head: &Head) -> Framing {
        if head.header("transfer-encoding") == Some("chunked") {
            return Framing::Chunked {
                left: 0,
                is_first: true,
            };
        }
        match head.header("content-length") {
            Some(length) => Framing::Length(length.parse().expect("content-length is a number")),
            None => Framing::UntilClosed,
        }
    }
}

impl Body {
    /// From now on reading fails at `deadline`.
    pub fn set_deadline(&mut self, deadline: Instant) {
        self.input.get_mut().deadline = deadline;
    }

    fn next_chunk(&mut self, is_first: bool) -> io::Result<u64> {
        if !is_first {
            let line_end = read_line(&mut self.input)?;
            if !line_end.is_empty() {
                return Err(invalid(format!("{line_end:?} behind a chunk")));
            }
        }
        let size = read_line(&mut self.input)?;
        u64::from_str_radix(&size, 16).map_err(|_| invalid(format!("chunk size {size:?}")))
    }
}

impl Read for Body {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Framing::Chunked { left: 0, is_first } = self.framing {
            let left = self.next_chunk(is_first)?;
            self.framing = if left == 0 {
                Framing::Length(0)
            } else {
                Framing::Chunked {
                    left,
                    is_first: false,
                }
            };
        }
        let left = match &mut self.framing {
            Framing::UntilClosed => return self.input.read(buffer),
            Framing::Length(left) | Framing::Chunked { left, .. } => left,
        };
        let wanted = buffer.len().min(*left as usize);
        if wanted == 0 {
            // Asking a socket for nothing would wait for something.
            return Ok(0);
        }
        let count = self.input.read(&mut buffer[..wanted])?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        *left -= count as u64;
        Ok(count)
    }
}

/// A socket whose reads end at a deadline.
struct Patient {
    stream: TcpStream,
    deadline: Instant,
}

impl Read for Patient {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        self.stream
            .set_read_timeout(Some(left.max(Duration::from_millis(1))))?;
        self.stream.read(buffer)
    }
}
