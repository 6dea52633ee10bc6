//! Many readers of one busy file. The readers share the machine with the server, which makes the
//! latency a pessimistic one.

use std::fs;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use crate::counter::Counter;
use crate::harness::log_dir::LogDir;
use crate::harness::server::Server;
use crate::percentile;

const READERS: usize = 1_000;
const LINES_PER_SECOND: u32 = 100;
const SECONDS: u32 = 10;
const LINES: u32 = LINES_PER_SECOND * SECONDS;

/// Of the readers' threads; they need hardly any.
const STACK_BYTES: usize = 128 * 1024;

/// What the kernel counts CPU time in (`man 5 proc`).
const TICKS_PER_SECOND: f64 = 100.0;

pub fn measure() {
    let dir = LogDir::new();
    dir.append("app.log", "");
    let server = Server::start(&["-q", &dir.path("app.log")]);
    let before = server.memory();
    let start = Instant::now();
    let readers: Vec<Counter> = (0..READERS)
        .map(|_| Counter::opened(server.port(), "tail=0"))
        .collect();
    println!(
        "  {READERS} readers came in {:.2} s",
        start.elapsed().as_secs_f64()
    );

    let cpu_before = cpu_seconds(&server);
    let epoch = Instant::now();
    let threads: Vec<_> = readers
        .into_iter()
        .map(|reader| {
            let body = move || latencies(reader, epoch);
            thread::Builder::new()
                .stack_size(STACK_BYTES)
                .spawn(body)
                .expect("a thread")
        })
        .collect();
    for number in 1..=LINES {
        pace(epoch + Duration::from_secs(1) * number / LINES_PER_SECOND);
        dir.append(
            "app.log",
            format!("at={} line {number}\n", epoch.elapsed().as_micros()),
        );
    }
    let mut all: Vec<f64> = threads
        .into_iter()
        .flat_map(|thread| thread.join().expect("a reader"))
        .collect();
    all.sort_by(f64::total_cmp);

    let cpu = cpu_seconds(&server) - cpu_before;
    println!("  {READERS} readers at {LINES_PER_SECOND} lines/s for {SECONDS} s:");
    println!(
        "  {:.2} s of CPU, {:.1} µs for each line and reader",
        cpu,
        cpu * 1e6 / f64::from(LINES) / READERS as f64
    );
    println!(
        "  p50 {:.1} ms, p99 {:.1} ms, max {:.1} ms",
        percentile(&all, 0.5),
        percentile(&all, 0.99),
        percentile(&all, 1.0)
    );
    let grown = server.memory().saturating_sub(before);
    println!(
        "  {:.1} KiB of memory a reader",
        grown as f64 / 1024.0 / READERS as f64
    );
}

/// Milliseconds from the append to the arrival, for each event; a line says when it was written.
fn latencies(mut reader: Counter, epoch: Instant) -> Vec<f64> {
    let last = format!("line {LINES}\"");
    let mut found = Vec::with_capacity(LINES as usize);
    loop {
        let data = String::from_utf8_lossy(reader.read(1)).into_owned();
        let now = epoch.elapsed().as_micros() as f64;
        for written in data.split("\"at=").skip(1) {
            let at = written
                .split(' ')
                .next()
                .and_then(|digits| digits.parse::<f64>().ok());
            found.push((now - at.expect("a time")) / 1_000.0);
        }
        if data.contains(&last) {
            return found;
        }
    }
}

fn cpu_seconds(server: &Server) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{}/stat", server.pid())).expect("alive");
    // The name may hold blanks; what follows it does not.
    let fields: Vec<&str> = stat
        .rsplit(") ")
        .next()
        .expect("fields")
        .split(' ')
        .collect();
    let ticks: f64 = [fields[11], fields[12]]
        .iter()
        .filter_map(|ticks| ticks.parse::<f64>().ok())
        .sum();
    ticks / TICKS_PER_SECOND
}

#[expect(
    clippy::disallowed_methods,
    reason = "a steady rate is what is measured"
)]
fn pace(until: Instant) {
    thread::sleep(until.saturating_duration_since(Instant::now()));
}
