//! A page of history at random places of a large file, 5 GB unless `LOGSTREAM_BENCH_BYTES` says
//! otherwise, beside reading the same bytes with one `pread`. The file is in the page cache for both,
//! and a page is asked for over a connection of its own; what that costs stands beside it too.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::time::Instant;

use crate::harness::log_dir::LogDir;
use crate::harness::server::Server;
use crate::percentile;
use crate::start::write_lines;

const BYTES: u64 = 5_000_000_000;
const SAMPLES: usize = 500;
const LINES: usize = 500;

pub fn measure() {
    let bytes = std::env::var("LOGSTREAM_BENCH_BYTES").map_or(BYTES, |text| {
        text.parse().expect("LOGSTREAM_BENCH_BYTES is a number")
    });
    let dir = LogDir::new();
    let path = dir.path("large.log");
    write_lines(&path, bytes);
    let server = Server::start(&["-q", &path]);
    let newest = server.get("/api/history?limit=1").json();
    let segment = newest["lines"][0]["segment"]
        .as_str()
        .expect("a line")
        .to_owned();
    let file = File::open(&path).expect("the file");
    let mut places = Places(1);
    println!("  {bytes} bytes, {SAMPLES} random places, {LINES} lines a page:");
    for (name, query) in [
        ("before", "before"),
        ("after", "after"),
        ("around", "around"),
        ("after, one line in ten", "q=7%24&after"),
    ] {
        let mut ours = Vec::new();
        let mut plain = Vec::new();
        for _ in 0..SAMPLES {
            let place = places.next(bytes);
            let target = format!("/api/history?limit={LINES}&{query}={segment}.{place}");
            let start = Instant::now();
            let answer = server.get(&target);
            ours.push(start.elapsed().as_secs_f64() * 1_000.0);
            // In turns, so that a busy moment of the machine is one for both.
            let (from, length) = range(&answer.json());
            let mut buffer = vec![0; length];
            let start = Instant::now();
            file.read_exact_at(&mut buffer, from).expect("in the file");
            plain.push(start.elapsed().as_secs_f64() * 1_000.0);
        }
        report(name, ours, Some(plain));
    }
    let mut empty = Vec::new();
    for _ in 0..SAMPLES {
        let start = Instant::now();
        server.get("/healthz");
        empty.push(start.elapsed().as_secs_f64() * 1_000.0);
    }
    report("an answer without a page", empty, None);
    println!(
        "  memory {:.1} MiB",
        server.memory() as f64 / f64::from(1 << 20)
    );
}

/// Where the lines of a page lie.
fn range(page: &serde_json::Value) -> (u64, usize) {
    let lines = page["lines"].as_array().expect("lines");
    let offset = |line: &serde_json::Value| line["offset"].as_u64().expect("an offset");
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else {
        return (0, 0);
    };
    let length = offset(last) - offset(first) + last["text"].as_str().expect("a text").len() as u64;
    (offset(first), length as usize)
}

fn report(name: &str, mut ours: Vec<f64>, plain: Option<Vec<f64>>) {
    ours.sort_by(f64::total_cmp);
    let (p50, p99) = (percentile(&ours, 0.5), percentile(&ours, 0.99));
    print!("  {name}: p50 {p50:.3} ms, p99 {p99:.3} ms");
    if let Some(mut plain) = plain {
        plain.sort_by(f64::total_cmp);
        let half = percentile(&plain, 0.5);
        print!("; pread p50 {half:.3} ms: {:.0} times as long", p50 / half);
    }
    println!();
}

/// Places that look random and are the same in every run.
struct Places(u64);

impl Places {
    fn next(&mut self, bytes: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) % bytes
    }
}
