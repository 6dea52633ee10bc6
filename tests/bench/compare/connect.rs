//! How a reader comes to a peer.

use std::io;
use std::io::Read;
use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;
use std::time::Instant;

/// How long a peer may take to be there.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where a peer is read.
#[derive(Clone, Debug)]
pub enum Door {
    /// A stream of server-sent events.
    Events { port: u16, path: String },
    /// A web socket, on which this is said first.
    Socket {
        port: u16,
        path: String,
        hello: String,
    },
}

impl Door {
    /// Opens one more stream, up to its head.
    pub fn open(&self) -> io::Result<TcpStream> {
        let (Door::Events { port, path } | Door::Socket { port, path, .. }) = self;
        let mut stream = connect(*port)?;
        // Without the frames of chunks, which would stand within the number of a line now and then.
        let version = match self {
            Door::Events { .. } => "1.0",
            Door::Socket { .. } => "1.1",
        };
        let mut request = format!("GET {path} HTTP/{version}\r\nHost: localhost:{port}\r\n");
        match self {
            Door::Events { .. } => request += "Accept: text/event-stream\r\n\r\n",
            Door::Socket { .. } => {
                request += "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
            }
        }
        stream.write_all(request.as_bytes())?;
        // One after the other: a thousand at once would be another measurement.
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            stream.read_exact(&mut byte)?;
            head.push(byte[0]);
        }
        if let Door::Socket { hello, .. } = self
            && !hello.is_empty()
        {
            // One frame of text, under a mask that changes nothing.
            let mut frame = vec![0x81, 0x80 | hello.len() as u8, 0, 0, 0, 0];
            frame.extend_from_slice(hello.as_bytes());
            stream.write_all(&frame)?;
        }
        Ok(stream)
    }
}

/// Connects as soon as somebody listens there.
pub fn connect(port: u16) -> io::Result<TcpStream> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match TcpStream::connect(("127.0.0.1", port)) {
            Err(error)
                if error.kind() == io::ErrorKind::ConnectionRefused
                    && Instant::now() < deadline =>
            {
                pause(Duration::from_millis(1));
            }
            done => {
                let stream = done?;
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
        }
    }
}

/// A port that is free now, for programs that want to be told one.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    listener.local_addr().expect("bound").port()
}

#[expect(
    clippy::disallowed_methods,
    reason = "a rate, or another program, is waited for"
)]
pub fn pause(time: Duration) {
    std::thread::sleep(time);
}
