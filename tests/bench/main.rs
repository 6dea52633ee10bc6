//! Measures the real binary: `cargo bench --bench measure`, and `-- follow` for one of them. `README.md`
//! beside this file says what the figures mean.
//!
//! Everything is bounded, on loopback, and below a temporary folder. Each figure stands beside one
//! of the plain tool that does the least for the same end, measured in the same minute, because the
//! machine decides both.

/// Bytes and lines a second from a file to one reader.
mod follow;
/// From an append to the reader.
mod latency;
/// Many readers of one busy file.
mod fanout;
/// Time and memory at the start on a large file.
mod start;
/// Memory while readers are stuck.
mod stuck;
/// Whole files looked through.
mod search;
/// Pages of history at random places of a large file.
mod history;
/// Moments and the timeline of a large file.
mod time;
/// Lines with and without their secrets.
mod redaction;

/// The readers and folders of the integration tests.
#[path = "../it/harness"]
#[allow(dead_code, reason = "the tests use more of it")]
mod harness {
    pub mod check;
    pub mod eventually;
    pub mod http;
    pub mod log_dir;
    pub mod reader;
    pub mod search;
    pub mod server;
    pub mod written;
}

/// Lines counted as they arrive, without looking into them.
mod counter;

const ALL: [(&str, fn()); 9] = [
    ("follow", follow::measure),
    ("latency", latency::measure),
    ("fanout", fanout::measure),
    ("start", start::measure),
    ("stuck", stuck::measure),
    ("search", search::measure),
    ("history", history::measure),
    ("time", time::measure),
    ("redaction", redaction::measure),
];

fn main() {
    // Cargo itself adds `--bench`.
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|arg| !arg.starts_with('-'))
        .collect();
    for (name, measure) in ALL {
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == name) {
            println!("{name}");
            measure();
        }
    }
}

/// The value below which this share of the sorted values lies.
fn percentile(sorted: &[f64], share: f64) -> f64 {
    sorted[((sorted.len() - 1) as f64 * share) as usize]
}
