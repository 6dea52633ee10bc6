//! What brings the lines of a file to nginx, which does not read files itself: `tail -F` and a POST
//! for what is there, at most 64 lines at a time.

use std::io::BufRead;
use std::io::BufReader;
use std::io::Write;
use std::process::Command;
use std::process::Stdio;

use crate::connect::connect;

const BATCH_LINES: usize = 64;

/// Publishes the lines that are appended to `path` from now on to the nginx at `port`.
pub fn publish(path: &str, port: &str) {
    let mut nginx = connect(port.parse().expect("a port")).expect("nginx");
    let mut answers = BufReader::new(nginx.try_clone().expect("a socket"));
    // Whoever ends this process ends its group.
    let tail = Command::new("tail")
        .args(["-n", "0", "-F", path])
        .stdout(Stdio::piped())
        .spawn();
    let mut tail = tail.expect("tail");
    let mut lines = BufReader::with_capacity(1 << 16, tail.stdout.take().expect("a pipe"));
    let mut rest = Vec::new();
    while let Ok(read @ [_, ..]) = lines.fill_buf() {
        let count = read.len();
        rest.extend_from_slice(read);
        lines.consume(count);
        let whole = memchr::memrchr(b'\n', &rest).map_or(0, |last| last + 1);
        let whole: Vec<u8> = rest.drain(..whole).collect();
        let all: Vec<&[u8]> = whole.split_inclusive(|&byte| byte == b'\n').collect();
        for batch in all.chunks(BATCH_LINES) {
            let body = batch.concat();
            let head = format!(
                "POST /publish HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n",
                body.len()
            );
            nginx
                .write_all(&[head.as_bytes(), &body].concat())
                .expect("nginx");
            skip_answer(&mut answers);
        }
    }
    tail.wait().expect("it is our child");
}

fn skip_answer(answers: &mut impl BufRead) {
    let mut length = 0;
    let mut line = String::new();
    while answers.read_line(&mut line).expect("an answer") > 2 {
        let lower = line.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length");
        }
        line.clear();
    }
    answers.read_exact(&mut vec![0; length]).expect("a body");
}
