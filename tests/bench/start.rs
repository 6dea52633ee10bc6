//! Time and memory at the start on a large file, beside `tail -n`. The file is written once, 5 GB
//! unless `LOGSTREAM_BENCH_BYTES` says otherwise, without holes, and is in the page cache for both.

use std::fs::File;
use std::io::BufWriter;
use std::io::Write;
use std::process::Command;
use std::time::Instant;

use crate::counter::Counter;
use crate::harness::log_dir::LogDir;
use crate::harness::server::Server;

const BYTES: u64 = 5_000_000_000;
const TAIL: usize = 1_000;
const ROUNDS: usize = 5;

pub fn measure() {
    let bytes = std::env::var("LOGSTREAM_BENCH_BYTES").map_or(BYTES, |text| {
        text.parse().expect("LOGSTREAM_BENCH_BYTES is a number")
    });
    let dir = LogDir::new();
    let path = dir.path("large.log");
    write_lines(&path, bytes);

    let mut memory = 0;
    let ours = best(|| {
        let server = Server::start(&["-q", &path]);
        Counter::open(server.port(), &format!("tail={TAIL}"), None).read(TAIL);
        memory = server.memory();
    });
    let theirs = best(|| {
        let output = Command::new("tail")
            .args(["-n", &TAIL.to_string(), &path])
            .output()
            .expect("tail");
        assert_eq!(memchr::memchr_iter(b'\n', &output.stdout).count(), TAIL);
    });
    println!("  {bytes} bytes; from nothing to the newest {TAIL} lines, best of {ROUNDS}:");
    println!("  logstream {ours:.1} ms (start, connect, read), tail -n {theirs:.1} ms");
    println!("  memory {:.1} MiB", memory as f64 / f64::from(1 << 20));
}

/// Lines of which each has a number of its own.
pub fn write_lines(path: &str, bytes: u64) {
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path).expect("create"));
    let mut written = 0;
    let mut number = 0_u64;
    while written < bytes {
        let line = format!(
            "2026-11-22T10:47:02.403Z INFO  http: GET /api/v1/search 200 in 12 ms id={number}\n"
        );
        file.write_all(line.as_bytes()).expect("room for the file");
        written += line.len() as u64;
        number += 1;
    }
    file.flush().expect("room for the file");
}

/// Milliseconds of the best round.
fn best(mut round: impl FnMut()) -> f64 {
    (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            round();
            start.elapsed().as_secs_f64() * 1_000.0
        })
        .fold(f64::INFINITY, f64::min)
}
