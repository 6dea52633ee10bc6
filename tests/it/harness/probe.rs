//! Bytes to a port, and what comes back, whatever the bytes are.

use std::io::ErrorKind;
use std::io::Read;
use std::io::Write;
use std::net::TcpStream;
use std::thread;

use crate::harness::eventually::PATIENCE;

/// What came back until the server closed the connection, or had nothing more to say.
#[derive(Debug)]
pub struct Reply {
    pub text: String,
    pub is_closed: bool,
    /// Why no more was read than the first answer, or not even that.
    pub ended: String,
}

impl Reply {
    /// Of the first answer; 0 where there is none.
    pub fn status(&self) -> u16 {
        let digits = self.text.get(9..12).unwrap_or_default();
        digits.parse().unwrap_or(0)
    }

    /// Behind the first head.
    pub fn body(&self) -> &str {
        self.text
            .split_once("\r\n\r\n")
            .map_or("", |(_, body)| body)
    }

    /// How many answers there are.
    pub fn answers(&self) -> usize {
        self.text.matches("HTTP/1.").count()
    }

    pub fn has_header(&self, name: &str) -> bool {
        let head = self.text.split("\r\n\r\n").next().unwrap_or_default();
        head.to_ascii_lowercase().contains(&format!("\r\n{name}:"))
    }
}

/// A connection on which nothing was sent.
pub fn connect(port: u16) -> TcpStream {
    let stream = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
    stream
}

/// Sends these bytes, which the server may refuse to take, and reads the first answer. Where the
/// connection stays open it is closed from here.
pub fn ask(port: u16, bytes: &[u8]) -> Reply {
    let mut stream = connect(port);
    let mut writer = stream.try_clone().expect("a descriptor");
    let bytes = bytes.to_vec();
    // Whoever refuses early does not take everything.
    let writing = thread::spawn(move || {
        let _refused = writer.write_all(&bytes);
    });
    let mut received = Vec::new();
    let mut is_closed = false;
    let mut ended = String::new();
    let mut buffer = [0; 16 * 1024];
    while !is_whole(&received) {
        match stream.read(&mut buffer) {
            Ok(0) => {
                is_closed = true;
                "nothing more".clone_into(&mut ended);
                break;
            }
            // A wait with a time-out is broken off by any signal.
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => {
                // Nothing for so long is no end.
                is_closed = error.kind() != ErrorKind::WouldBlock;
                ended = error.to_string();
                break;
            }
            Ok(count) => received.extend_from_slice(&buffer[..count]),
        }
    }
    if !is_closed && says_close(&received) {
        is_closed = matches!(stream.read(&mut buffer), Ok(0) | Err(_));
    }
    drop(stream);
    writing.join().expect("no panic");
    Reply {
        text: String::from_utf8_lossy(&received).into_owned(),
        is_closed,
        ended,
    }
}

fn head(received: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(received);
    let (head, _) = text.split_once("\r\n\r\n")?;
    Some(head.to_ascii_lowercase())
}

fn says_close(received: &[u8]) -> bool {
    head(received).is_some_and(|head| head.contains("\r\nconnection: close"))
}

/// A head, and as much behind it as it says; of a stream the head is enough.
fn is_whole(received: &[u8]) -> bool {
    let Some(head) = head(received) else {
        return false;
    };
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.and_then(|length| length.parse().ok()).unwrap_or(0);
    received.len() >= head.len() + 4 + length
}
