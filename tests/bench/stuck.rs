//! Memory while readers are stuck and a million lines pass, and what becomes of those readers.

use std::time::Instant;

use crate::counter::Counter;
use crate::harness::log_dir::LogDir;
use crate::harness::server::Server;

const STUCK: usize = 10;
const ROUNDS: usize = 10;
const LINES_PER_ROUND: usize = 100_000;

pub fn measure() {
    let dir = LogDir::new();
    dir.append("app.log", "");
    let server = Server::start(&["-q", &dir.path("app.log")]);
    let mut reader = Counter::opened(server.port(), "tail=0");
    let text = format!("{}\n", "a line of ninety bytes ".repeat(4)).repeat(LINES_PER_ROUND);
    // What is kept for every reader together is filled first.
    for _ in 0..ROUNDS {
        dir.append("app.log", &text);
        reader.read(LINES_PER_ROUND);
    }
    let before = server.memory();
    let mut stuck: Vec<Counter> = (0..STUCK)
        .map(|_| Counter::opened(server.port(), "tail=0"))
        .collect();
    for _ in 0..ROUNDS {
        dir.append("app.log", &text);
        reader.read(LINES_PER_ROUND);
    }
    let grown = server.memory().saturating_sub(before);
    let lines = ROUNDS * LINES_PER_ROUND;
    println!(
        "  {STUCK} stuck readers, {lines} lines: memory grew by {:.0} KiB",
        grown as f64 / 1024.0
    );

    let start = Instant::now();
    for reader in &mut stuck {
        reader.read(lines);
    }
    println!(
        "  then each read all of them, {:.2} s for all {STUCK}",
        start.elapsed().as_secs_f64()
    );
}
