//! How many lines there are when: guessed at once, then counted.

use std::fs;
use std::time::Duration;
use std::time::Instant;

use serde_json::Value;

use crate::harness::eventually::PATIENCE;
use crate::harness::eventually::eventually;
use crate::harness::http::encoded;
use crate::harness::log_dir::LogDir;
use crate::harness::search::Search;
use crate::harness::server::Server;
use crate::harness::skip::skipped;

/// 10:00 of a day, in milliseconds.
const TEN: i64 = 1_795_341_600_000;

/// A line for each of so many seconds from ten o'clock on; each tenth is an error.
fn seconds(count: u32) -> String {
    let line = |second: u32| {
        let (day, hour) = (22 + (second / 3600 + 10) / 24, (second / 3600 + 10) % 24);
        let (minute, rest) = (second / 60 % 60, second % 60);
        let level = if second % 10 == 3 { "ERROR" } else { "INFO " };
        format!("2026-11-{day}T{hour:02}:{minute:02}:{rest:02}Z {level} line {second}\n")
    };
    (0..count).map(line).collect()
}

fn open(server: &Server, query: &str) -> Search {
    let timeline = Search::request(server.port(), &format!("/api/timeline?{query}"));
    assert_eq!(timeline.head().status, 200, "{query}");
    timeline
}

/// Every picture there is, and the data of `done`.
#[track_caller]
fn all(mut timeline: Search) -> (Vec<Value>, Value) {
    let mut pictures = Vec::new();
    loop {
        let (name, data) = timeline.event().expect("it ends with an event done");
        if name == "done" {
            assert!(timeline.event().is_none(), "behind done");
            return (pictures, data);
        }
        assert_eq!(name, "timeline");
        pictures.push(data);
    }
}

fn sum(picture: &Value, key: &str) -> u64 {
    let buckets = picture["buckets"].as_array().expect("buckets");
    let counts = buckets.iter().map(|bucket| bucket[key].as_u64());
    counts.map(|count| count.expect("a number")).sum()
}

#[test]
fn it_is_approximate_at_once_and_exact_at_last() {
    let dir = LogDir::new();
    dir.append("app.log", seconds(40_000));
    let server = Server::start(&[&dir.path("app.log")]);
    let timeline = open(&server, "buckets=50");
    let kind = timeline.head().header("content-type");
    assert_eq!(kind, Some("text/event-stream"));
    let (pictures, done) = all(timeline);
    let (first, last) = (&pictures[0], &pictures[pictures.len() - 1]);
    assert_eq!(
        (&first["exact"], &last["exact"]),
        (&Value::Bool(false), &Value::Bool(true))
    );
    assert_eq!(last["from"], TEN);
    assert_eq!(last["step"], 900_000);
    assert_eq!(last["to"], TEN + 45 * 900_000);
    assert_eq!(last["buckets"].as_array().map(Vec::len), Some(45));
    assert_eq!(
        last["buckets"][0],
        serde_json::json!({"total": 900, "warn": 0, "error": 90})
    );
    assert_eq!((sum(last, "total"), sum(last, "error")), (40_000, 4000));
    assert!((39_000..41_000).contains(&sum(first, "total")), "{first}");
    assert_eq!(done["reason"], "exhausted");
    assert_eq!(done["scanned"], done["total"]);
}

#[test]
fn sources_filter_and_stretch_choose_what_is_counted() {
    let dir = LogDir::new();
    dir.append("one.log", seconds(600));
    dir.append("two.log", seconds(300));
    let server = Server::start(&[&dir.path("one.log"), &dir.path("two.log")]);
    let total = |query: &str| {
        let (pictures, _) = all(open(&server, query));
        sum(pictures.last().expect("a picture"), "total")
    };
    assert_eq!(total(""), 900);
    assert_eq!(total("source=two.log"), 300);
    assert_eq!(total(&format!("q={}", encoded("line 1..$"))), 200);
    assert_eq!(total("level=error"), 90);
    assert_eq!(
        total("since=2026-11-22T10:04:00Z&until=2026-11-22T10:05:00Z"),
        120
    );
    assert_eq!(total("until=2026-11-21"), 0);
}

#[test]
fn a_log_without_times_is_counted_by_bytes() {
    let dir = LogDir::new();
    dir.append_lines("app.log", 0..500);
    let server = Server::start(&[&dir.path("app.log")]);
    let (pictures, _) = all(open(&server, "buckets=10"));
    let last = pictures.last().expect("a picture");
    assert_eq!(
        (&last["by"], &last["from"]),
        (&Value::from("bytes"), &Value::from(0))
    );
    assert_eq!(sum(last, "total"), 500);
    assert_eq!(last["buckets"].as_array().map(Vec::len), Some(10));
}

#[test]
fn what_is_not_understood_is_refused() {
    let dir = LogDir::new();
    dir.append("app.log", seconds(1));
    let server = Server::start(&[&dir.path("app.log")]);
    for (query, status) in [
        ("buckets=0", 400),
        ("buckets=-1", 400),
        ("buckets=many", 400),
        ("since=soon", 400),
        ("tail=5", 400),
        ("q=(", 400),
        ("source=other.log", 404),
    ] {
        let response = server.get(&format!("/api/timeline?{query}"));
        assert_eq!(response.status(), status, "{query}");
    }
}

/// How many threads of the server count lines.
fn counting(server: &Server) -> usize {
    let tasks = fs::read_dir(format!("/proc/{}/task", server.pid())).expect("a process");
    let names = tasks.filter_map(|task| fs::read_to_string(task.ok()?.path().join("comm")).ok());
    names.filter(|name| name.trim() == "timeline").count()
}

/// How much a thread of the server gives way to others.
fn niceness(server: &Server, is_wanted: impl Fn(&str) -> bool) -> Vec<i64> {
    let tasks = fs::read_dir(format!("/proc/{}/task", server.pid())).expect("a process");
    let stats = tasks.filter_map(|task| fs::read_to_string(task.ok()?.path().join("stat")).ok());
    let wanted = stats.filter_map(|stat| {
        let (name, rest) = stat.split_once(") ")?;
        // proc(5): the nineteenth field, of which two stand before.
        let nice = rest.split(' ').nth(16)?;
        is_wanted(name.split_once('(')?.1).then(|| nice.parse().ok())?
    });
    wanted.collect()
}

#[test]
fn counting_gives_way_to_live_lines() {
    let status = fs::read_to_string("/proc/self/status").expect("a process");
    if !status.contains("Seccomp:\t0") {
        skipped("calls of the system are filtered here, so it must not be tried");
        return;
    }
    let dir = LogDir::new();
    dir.append("app.log", seconds(50_000).repeat(20));
    let server = Server::start(&[&dir.path("app.log")]);
    let mut timeline = open(&server, "");
    timeline.event().expect("a picture");
    let others = niceness(&server, |name| name != "timeline");
    let most = others.into_iter().max().expect("the main thread");
    eventually(PATIENCE, || {
        let counting = niceness(&server, |name| name == "timeline");
        match counting[..] {
            [nice] if nice > most => Ok(()),
            _ => Err(format!("{counting:?} beside {most}")),
        }
    });
}

#[test]
fn it_ends_soon_when_its_reader_leaves() {
    let dir = LogDir::new();
    dir.append("app.log", seconds(50_000).repeat(20));
    let server = Server::start(&[&dir.path("app.log")]);
    // The machine may be busy: the best of several is what the program can do.
    let ended_after = |_| {
        let mut timeline = open(&server, "");
        timeline.event().expect("a picture");
        drop(timeline);
        let left = Instant::now();
        wait_until_none_counts(&server);
        left.elapsed()
    };
    let best = (0..5).map(ended_after).min().expect("five");
    assert!(best < Duration::from_millis(200), "{best:?}");
}

#[track_caller]
fn wait_until_none_counts(server: &Server) {
    eventually(PATIENCE, || match counting(server) {
        0 => Ok(()),
        some => Err(format!("{some} still count")),
    });
}

#[test]
fn others_are_served_meanwhile_and_too_many_are_refused() {
    let dir = LogDir::new();
    let text = seconds(50_000).repeat(20);
    dir.append("app.log", text);
    let server = Server::start(&[&dir.path("app.log")]);
    let pattern = format!("q={}", encoded("(l.n.)* [0-9]+5$"));
    let mut timelines: Vec<Search> = (0..8).map(|_| open(&server, &pattern)).collect();
    for timeline in &mut timelines {
        let (name, picture) = timeline.event().expect("a picture");
        assert_eq!(
            (name.as_str(), &picture["exact"]),
            ("timeline", &Value::Bool(false))
        );
    }
    assert_eq!(server.get("/api/timeline").status(), 429);
    let mut reader = server.reader(&dir, "tail=0");
    dir.append("app.log", "2026-11-23T00:00:00Z INFO  live\n");
    assert_eq!(reader.line().text, "2026-11-23T00:00:00Z INFO  live");
    assert!(counting(&server) > 0);
    drop(timelines);
    wait_until_none_counts(&server);
    assert_eq!(open(&server, "").head().status, 200);
}
