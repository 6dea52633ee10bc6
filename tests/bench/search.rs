//! Search of a whole file, beside `rg` on the same file in the same minute: a literal, the same in
//! any case, a regex, one without any literal, one that nothing matches, and a level. The file, 1 GB
//! unless `LOGSTREAM_BENCH_BYTES` says otherwise, is in the page cache for both. `rg` maps it, which
//! a program must not do with a file that others may truncate.

use std::fs::File;
use std::io::BufWriter;
use std::io::Write;
use std::process::Command;
use std::time::Instant;

use crate::harness::http::encoded;
use crate::harness::log_dir::LogDir;
use crate::harness::search::Search;
use crate::harness::server::Server;

const BYTES: u64 = 1_000_000_000;
const ROUNDS: usize = 7;

/// What is looked for: a name, the query, and how `rg` is asked for the same.
const CASES: [(&str, &str, &str, &[&str]); 7] = [
    (
        "literal",
        "upstream timeout",
        "case=match&literal=1",
        &["-s", "-F"],
    ),
    (
        "literal, any case",
        "upstream timeout",
        "literal=1",
        &["-S", "-F"],
    ),
    ("regex", r"user=\w+ status=50[34]", "case=match", &["-s"]),
    ("regex, any case", r"user=\w+ status=50[34]", "", &["-S"]),
    (
        "regex, no literal",
        r"\b[0-9]{5}ms\b",
        "case=match",
        &["-s"],
    ),
    ("ends of lines", "^.*refused$", "case=match", &["-s"]),
    (
        "nothing",
        "no such text anywhere",
        "case=match&literal=1",
        &["-s", "-F"],
    ),
];

pub fn measure() {
    let bytes = std::env::var("LOGSTREAM_BENCH_BYTES").map_or(BYTES, |text| {
        text.parse().expect("LOGSTREAM_BENCH_BYTES is a number")
    });
    let dir = LogDir::new();
    let path = dir.path("large.log");
    write_lines(&path, bytes);
    let server = Server::start(&["-q", &path]);
    let has_rg = Command::new("rg").arg("--version").output().is_ok();
    for (name, pattern, parameters, flags) in CASES {
        let query = format!("q={}&{parameters}", encoded(pattern));
        let mut hits = (0, 0);
        let (mut ours, mut theirs) = (f64::INFINITY, f64::INFINITY);
        // In turns, so that a busy moment of the machine is one for both.
        for _ in 0..ROUNDS {
            ours = ours.min(seconds(|| hits.0 = search(&server, &query)));
            if has_rg {
                theirs = theirs.min(seconds(|| hits.1 = rg(pattern, flags, &path)));
            }
        }
        let rate = |seconds: f64| bytes as f64 / seconds / 1e9;
        print!("  {name}: {:.2} GB/s, {} hits", rate(ours), hits.0);
        if has_rg {
            assert_eq!(hits.0, hits.1, "{name}: rg finds others");
            print!("; rg {:.2} GB/s; {:.2} of rg", rate(theirs), theirs / ours);
        }
        println!();
    }
    let ours = seconds(|| _ = search(&server, "level=fatal"));
    println!(
        "  a level, every line recognised: {:.2} GB/s",
        bytes as f64 / ours / 1e9
    );
    println!(
        "  memory {:.1} MiB",
        server.memory() as f64 / f64::from(1 << 20)
    );
}

fn search(server: &Server, query: &str) -> usize {
    let found = Search::open(server.port(), query).all();
    assert_eq!(found.done["reason"], "exhausted", "{query}: {}", found.done);
    found.lines.len()
}

fn rg(pattern: &str, flags: &[&str], path: &str) -> usize {
    let output = Command::new("rg")
        .args(["--no-config", "-N"])
        .args(flags)
        .args(["-e", pattern, path])
        .output()
        .expect("rg");
    memchr::memchr_iter(b'\n', &output.stdout).count()
}

fn seconds(run: impl FnOnce()) -> f64 {
    let start = Instant::now();
    run();
    start.elapsed().as_secs_f64()
}

fn write_lines(path: &str, bytes: u64) {
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path).expect("create"));
    let mut written = 0;
    let mut number = 0_u64;
    while written < bytes {
        let (level, message) = match number % 100_003 {
            7 => ("ERROR", "upstream timeout after 30s".to_owned()),
            8 => ("ERROR", format!("user=u{number} status=503 no answer")),
            9 => ("WARN ", "slow answer in 12345ms".to_owned()),
            _ => (
                "INFO ",
                format!(
                    "GET /api/v1/search user=u{} status=200 in {}ms",
                    number % 977,
                    number % 83
                ),
            ),
        };
        let end = if number % 100_003 == 10 {
            "refused"
        } else {
            "answered"
        };
        let line = format!(
            "2026-11-22T10:47:02.{:03}Z {level} http: id={number} {message}, {end}\n",
            number % 1_000
        );
        file.write_all(line.as_bytes()).expect("room for the file");
        written += line.len() as u64;
        number += 1;
    }
    file.flush().expect("room for the file");
}
