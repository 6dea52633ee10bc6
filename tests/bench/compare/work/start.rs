//! From nothing to the newest lines of a large file, which is in the page cache.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::connect::Door;
use crate::group::Group;
use crate::lines::LINE_BYTES;
use crate::many::Readers;
use crate::peer::start_logstream;
use crate::receipt::Receipt;
use crate::table::Row;
use crate::work::Course;
use crate::work::PATIENCE;

const ROUNDS: usize = 7;
const LINES: u64 = 10;

/// How a start went.
pub struct Begun {
    /// Milliseconds to the newest lines.
    pub took: f64,
    listening: f64,
    /// In MiB.
    pub memory: f64,
}

pub fn run(course: &mut Course) {
    let (path, bytes) = course.large();
    let ours = begin(&path, bytes);
    course.table.add(
        Row::new("logstream", ours.took)
            .number("ms to listen", ours.listening, 2)
            .number("MiB", ours.memory, 1),
    );
    let theirs = best(|| tail(&path));
    course.table.add(
        Row::new("tail -F", theirs)
            .with("ms to listen", "")
            .with("MiB", ""),
    );
}

/// The best of some starts on a file of so many bytes.
pub fn begin(path: &Path, bytes: u64) -> Begun {
    let last = bytes / LINE_BYTES as u64;
    let (mut memory, mut listening) = (0.0, f64::INFINITY);
    let took = best(|| {
        let mut group = Group::default();
        let start = Instant::now();
        let port = start_logstream(&mut group, path, &[]);
        listening = f64::min(listening, start.elapsed().as_secs_f64() * 1e3);
        let path = format!("/events?tail={LINES}");
        let stream = Door::Events { port, path }.open().expect("a stream");
        let receipts = Readers::one(stream, last, Receipt::new(1, false)).leave(PATIENCE);
        let took = start.elapsed().as_secs_f64() * 1e3;
        assert_eq!(receipts[0].lines, LINES);
        memory = group.memory();
        took
    });
    Begun {
        took,
        listening,
        memory,
    }
}

/// `-F` never ends; with it the newest lines come as fast.
fn tail(path: &Path) -> f64 {
    let start = Instant::now();
    let output = Command::new("tail")
        .args(["-n", &LINES.to_string()])
        .arg(path)
        .output();
    let took = start.elapsed().as_secs_f64() * 1e3;
    let lines = memchr::memchr_iter(b'\n', &output.expect("tail").stdout).count();
    assert_eq!(lines as u64, LINES);
    took
}

fn best(round: impl FnMut() -> f64) -> f64 {
    std::iter::repeat_with(round)
        .take(ROUNDS)
        .fold(f64::INFINITY, f64::min)
}
