//! Bytes and lines a second from a file to one reader.

use std::fmt::Write as _;
use std::fs;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use crate::counter::Counter;
use crate::harness::log_dir::LogDir;
use crate::harness::server::Server;

const LINES: usize = 1_000_000;
const PIECES: usize = 1_000;

pub fn measure() {
    let pieces: Vec<String> = (0..PIECES).map(piece).collect();
    let bytes = pieces.iter().map(String::len).sum();

    let dir = LogDir::new();
    dir.append("app.log", "");
    let server = Server::start(&["-q", &dir.path("app.log")]);
    let mut reader = Counter::opened(server.port(), "tail=0");
    let beginning = reader.last_id.clone();
    let start = Instant::now();
    thread::scope(|scope| {
        scope.spawn(|| pieces.iter().for_each(|piece| dir.append("app.log", piece)));
        reader.read(LINES);
    });
    report("written meanwhile, live", start.elapsed(), bytes);

    let start = Instant::now();
    Counter::open(server.port(), "tail=0", Some(&beginning)).read(LINES);
    let from_disk = start.elapsed();
    report("written before, from disk", from_disk, bytes);

    let filter = "tail=0&q=timeout.*id%3D%5Cd*7%24";
    let start = Instant::now();
    Counter::open(server.port(), filter, Some(&beginning)).read(LINES / 10);
    report("the same through a filter", start.elapsed(), bytes);

    let start = Instant::now();
    let content = fs::read(dir.path("app.log")).expect("the file");
    let lines = memchr::memchr_iter(b'\n', &content).count();
    let bare = start.elapsed();
    assert_eq!(lines, LINES);
    report("reading and splitting it, no more", bare, bytes);
    println!(
        "  from disk takes {:.1} times as long as reading it",
        from_disk.as_secs_f64() / bare.as_secs_f64()
    );
}

fn piece(index: usize) -> String {
    let mut text = String::new();
    for line in 0..LINES / PIECES {
        let number = index * (LINES / PIECES) + line;
        writeln!(
            text,
            "2026-11-22T10:47:{:02}.{:03}Z INFO  http: request timeout after 30s path=/api/v1/search id={number}",
            index % 60,
            line % 1_000
        )
        .expect("memory");
    }
    text
}

fn report(what: &str, took: Duration, bytes: usize) {
    let seconds = took.as_secs_f64();
    println!(
        "  {what}: {:.0} lines/s, {:.0} MB/s ({seconds:.2} s for {LINES} lines)",
        LINES as f64 / seconds,
        bytes as f64 / seconds / 1e6
    );
}
