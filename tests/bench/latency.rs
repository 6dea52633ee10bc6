//! From an append to the reader, one line at a time; beside it `tail -F` through a pipe.

use std::io::BufRead;
use std::io::BufReader;
use std::process::Command;
use std::process::Stdio;
use std::time::Instant;

use crate::counter::Counter;
use crate::harness::log_dir::LogDir;
use crate::harness::server::Server;
use crate::percentile;

const SAMPLES: usize = 2_000;

pub fn measure() {
    let dir = LogDir::new();
    dir.append("app.log", "");
    let server = Server::start(&["-q", &dir.path("app.log")]);
    let mut reader = Counter::opened(server.port(), "tail=0");
    let ours = samples(&dir, || {
        reader.read(1);
    });
    drop(server);

    let mut tail = Command::new("tail")
        .args(["-n", "1", "-F", &dir.path("app.log")])
        .stdout(Stdio::piped())
        .spawn()
        .expect("tail");
    let mut output = BufReader::new(tail.stdout.take().expect("a pipe"));
    let mut line = String::new();
    // The line that is there says that the file is open.
    output.read_line(&mut line).expect("a line");
    let theirs = samples(&dir, || {
        line.clear();
        output.read_line(&mut line).expect("a line");
    });
    tail.kill().expect("tail is alive");
    tail.wait().expect("it is our child");

    for (name, sorted) in [("logstream", &ours), ("tail -F", &theirs)] {
        println!(
            "  {name}: p50 {:.3} ms, p99 {:.3} ms, max {:.3} ms",
            percentile(sorted, 0.5),
            percentile(sorted, 0.99),
            percentile(sorted, 1.0)
        );
    }
    println!(
        "  p50 is {:.1} times that of tail",
        percentile(&ours, 0.5) / percentile(&theirs, 0.5)
    );
}

/// Milliseconds, sorted.
fn samples(dir: &LogDir, mut arrived: impl FnMut()) -> Vec<f64> {
    let mut samples: Vec<f64> = (0..SAMPLES)
        .map(|number| {
            let line = format!("2026-11-22T10:47:02.403Z INFO sample {number}\n");
            let start = Instant::now();
            dir.append("app.log", &line);
            arrived();
            start.elapsed().as_secs_f64() * 1_000.0
        })
        .collect();
    samples.sort_by(f64::total_cmp);
    samples
}
