//! Moments and the timeline of a large file, 5 GB unless `LOGSTREAM_BENCH_BYTES` says otherwise: how
//! often it is read to find a moment, how long that takes for a reader, and how soon the timeline is
//! there, at first and exact. Beside the timeline stands reading the file and splitting it at line
//! feeds. The file is in the page cache for all.

use std::fs::File;
use std::io::BufWriter;
use std::io::Read;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::time::Instant;

use logstream::store::bisection::Bisection;
use logstream::store::encoding::Encoding;

use crate::harness::log_dir::LogDir;
use crate::harness::search::Search;
use crate::harness::server::Server;
use crate::percentile;

const BYTES: u64 = 5_000_000_000;
const SAMPLES: u64 = 300;

/// Ten o'clock of a day, in milliseconds.
const TEN: i64 = 1_795_341_600_000;

/// The day of that, counted from the epoch.
const FIRST_DAY: i64 = 20_779;

/// Between two lines, in milliseconds.
const APART: i64 = 7;

pub fn measure() {
    let bytes = std::env::var("LOGSTREAM_BENCH_BYTES").map_or(BYTES, |text| {
        text.parse().expect("LOGSTREAM_BENCH_BYTES is a number")
    });
    let dir = LogDir::new();
    let path = dir.path("large.log");
    let lines = write(&path, bytes);
    println!("  {bytes} bytes, {lines} lines, {SAMPLES} moments:");
    let moments: Vec<u64> = (0..SAMPLES)
        .map(|sample| sample.wrapping_mul(0x9e37_79b9_7f4a_7c15) % lines)
        .collect();
    count_reads(&path, &moments);

    let server = Server::start(&["-q", &path]);
    let before = server.memory();
    let took: Vec<f64> = moments.iter().map(|line| ask(&server, *line)).collect();
    report("a page of 500 lines at a moment", took);
    draw(&server, lines);
    let memory = server.memory().saturating_sub(before);
    println!("  memory for all that {:.1} MiB", mebibytes(memory));

    let start = Instant::now();
    let plain = split(&path);
    assert_eq!(plain, lines);
    println!(
        "  reading and splitting it, no more: {:.2} s",
        start.elapsed().as_secs_f64()
    );
}

/// Reads of the file for each moment.
fn count_reads(path: &str, moments: &[u64]) {
    let file = File::open(path).expect("the file");
    let end = file.metadata().expect("its length").len();
    let mut reads = Vec::new();
    for line in moments {
        let read_at = |buffer: &mut [u8], offset| file.read_at(buffer, offset);
        let search = Bisection::new(read_at, Encoding::Bytes, 0, end);
        let found = search.find(TEN + *line as i64 * APART);
        let found = found.expect("readable").expect("it has times");
        assert!(!found.is_approximate);
        reads.push(found.reads as f64);
    }
    reads.sort_by(f64::total_cmp);
    println!(
        "  reads to find a moment: p50 {}, most {}",
        percentile(&reads, 0.5),
        percentile(&reads, 1.0)
    );
}

/// Milliseconds for a page that begins at this line.
fn ask(server: &Server, line: u64) -> f64 {
    let time = TEN + line as i64 * APART;
    let start = Instant::now();
    let answer = server.get(&format!("/api/history?at={time}"));
    let took = start.elapsed().as_secs_f64() * 1_000.0;
    let page = answer.json();
    let is_meant = |found: &serde_json::Value| found["time"] == time;
    let lines = page["lines"].as_array().expect("lines");
    assert!(lines.iter().any(is_meant), "line {line}");
    took
}

fn draw(server: &Server, lines: u64) {
    let start = Instant::now();
    let mut timeline = Search::request(server.port(), "/api/timeline?buckets=300");
    let (_, first) = timeline.event().expect("a picture");
    let seen = start.elapsed().as_secs_f64() * 1_000.0;
    let mut last = first.clone();
    while let Some((name, data)) = timeline.event() {
        if name == "timeline" {
            last = data;
        }
    }
    let exact = start.elapsed().as_secs_f64();
    assert_eq!(last["exact"], true);
    let sum = |picture: &serde_json::Value| -> u64 {
        let buckets = picture["buckets"].as_array().expect("buckets");
        let totals = buckets.iter().map(|bucket| bucket["total"].as_u64());
        totals.map(|total| total.expect("a number")).sum()
    };
    assert_eq!(sum(&last), lines);
    let off = 100.0 * (sum(&first) as f64 / lines as f64 - 1.0);
    println!(
        "  timeline: first picture after {seen:.1} ms ({off:+.2} % lines), exact after {exact:.2} s"
    );
}

fn split(path: &str) -> u64 {
    let mut file = File::open(path).expect("the file");
    let mut block = vec![0; 1 << 20];
    let mut lines = 0;
    loop {
        let filled = file.read(&mut block).expect("readable");
        if filled == 0 {
            return lines;
        }
        lines += memchr::memchr_iter(b'\n', &block[..filled]).count() as u64;
    }
}

/// Lines whose times go on; every hundredth is an error. Gives how many.
fn write(path: &str, bytes: u64) -> u64 {
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path).expect("create"));
    let (mut written, mut number) = (0, 0_u64);
    while written < bytes {
        let time = TEN + number as i64 * APART;
        let (day, hour) = (time / 86_400_000 - FIRST_DAY, time / 3_600_000 % 24);
        assert!(day < 9, "more bytes than the month has days for");
        let (minute, second) = (time / 60_000 % 60, time / 1_000 % 60);
        let level = if number % 100 == 7 { "ERROR" } else { "INFO " };
        let line = format!(
            "2026-11-{:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z {level} http: GET /api/v1/search 200 id={number}\n",
            22 + day,
            time % 1_000
        );
        file.write_all(line.as_bytes()).expect("room for the file");
        written += line.len() as u64;
        number += 1;
    }
    file.flush().expect("room for the file");
    number
}

fn report(name: &str, mut milliseconds: Vec<f64>) {
    milliseconds.sort_by(f64::total_cmp);
    println!(
        "  {name}: p50 {:.1} ms, p99 {:.1} ms",
        percentile(&milliseconds, 0.5),
        percentile(&milliseconds, 0.99)
    );
}

fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
