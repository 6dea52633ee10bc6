//! A large file looked through.

use std::io::Read;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use memchr::memmem;

use crate::connect::Door;
use crate::group::Group;
use crate::lines::RAREST;
use crate::peer::is_installed;
use crate::peer::start_logstream;
use crate::table::Row;
use crate::work::Course;

const ROUNDS: usize = 2;

/// Matches the same lines, but not as a text.
const REGEX: &str = r"(melt|freeze)down\s+GET\s+/api/v\d";

pub fn run(course: &mut Course) {
    let (path, bytes) = course.large();
    let mut group = Group::default();
    let port = start_logstream(&mut group, &path, &[]);
    let cpu = group.cpu();
    let literal = best(bytes, || find(port, &format!("literal=1&q={RAREST}")));
    let cpu = (group.cpu() - cpu) / ROUNDS as f64 / (bytes as f64 / 1e9);
    let encoded = percent_encoding::utf8_percent_encode(REGEX, percent_encoding::NON_ALPHANUMERIC);
    let regex = best(bytes, || find(port, &format!("q={encoded}")));
    course.table.add(
        row("logstream", literal, regex)
            .number("CPU s/GB literal", cpu, 2)
            .number("MiB", group.memory(), 1),
    );
    if !is_installed("rg") {
        course.table.skip("rg", "not installed");
        return;
    }
    let literal = best(bytes, || ripgrep(&path, &["-F", RAREST]));
    let regex = best(bytes, || ripgrep(&path, &[REGEX]));
    course.table.add(
        row("rg", literal, regex)
            .with("CPU s/GB literal", "")
            .with("MiB", ""),
    );
}

fn row(name: &'static str, literal: (f64, usize), regex: (f64, usize)) -> Row {
    assert_eq!(literal.1, regex.1, "{name} found other lines");
    Row::new(name, literal.0)
        .number("GB/s regex", regex.0, 2)
        .with("hits", literal.1)
}

/// The hits of one search.
fn find(port: u16, query: &str) -> usize {
    let path = format!("/api/search?order=oldest&{query}");
    let mut stream = Door::Events { port, path }.open().expect("a stream");
    let (mut answer, mut buffer) = (Vec::new(), vec![0; 1 << 16]);
    while memmem::find(&answer, b"event: done").is_none() {
        let count = stream.read(&mut buffer).expect("an answer");
        assert!(count > 0, "{}", String::from_utf8_lossy(&answer));
        answer.extend_from_slice(&buffer[..count]);
    }
    memmem::find_iter(&answer, b"\"offset\":").count()
}

fn ripgrep(path: &Path, args: &[&str]) -> usize {
    let output = Command::new("rg")
        .arg("--no-config")
        .args(args)
        .arg(path)
        .output();
    memchr::memchr_iter(b'\n', &output.expect("rg").stdout).count()
}

/// Gigabytes a second of the best round, and the hits.
fn best(bytes: u64, find: impl Fn() -> usize) -> (f64, usize) {
    let mut best: (f64, usize) = (0.0, 0);
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let hits = find();
        let speed = bytes as f64 / 1e9 / start.elapsed().as_secs_f64();
        best = (best.0.max(speed), hits);
    }
    best
}
