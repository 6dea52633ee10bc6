//! What searches must not do to others, and what ends them.

use std::fs;
use std::fs::OpenOptions;
use std::io::Read;
use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;
use std::time::Instant;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use crate::harness::eventually::PATIENCE;
use crate::harness::eventually::eventually;
use crate::harness::http;
use crate::harness::http::encoded;
use crate::harness::log_dir::LogDir;
use crate::harness::search::Search;
use crate::harness::server::Server;

/// Takes the regex engine long for each byte (ACCESS: H92).
const HOSTILE: &str = r"[a-z]{1,30}[0-9]{1,30}.{0,50}[a-z]{1,30}Z";

/// A log in which a hostile search is busy for minutes.
fn large() -> (LogDir, Server, String) {
    let dir = LogDir::new();
    let line = "abcdefgh1234567890abcdefghij0987654321zyxwvut".repeat(4) + "\n";
    dir.append("large.log", line.repeat(200_000));
    dir.append("app.log", "");
    let server = Server::start(&[&dir.path("large.log"), &dir.path("app.log")]);
    let query = format!("source=large.log&case=match&q={}", encoded(HOSTILE));
    (dir, server, query)
}

/// Threads that search.
fn searching(server: &Server) -> usize {
    let tasks = fs::read_dir(format!("/proc/{}/task", server.pid())).expect("alive");
    let names = tasks.filter_map(|task| fs::read_to_string(task.ok()?.path().join("comm")).ok());
    names.filter(|name| name.trim() == "search").count()
}

#[track_caller]
fn wait_for_searching(server: &Server, count: usize) {
    eventually(PATIENCE, || match searching(server) {
        seen if seen == count => Ok(()),
        seen => Err(format!("{seen} threads")),
    });
}

#[test]
fn a_search_ends_when_its_reader_leaves() {
    let (_dir, server, query) = large();
    // The machine may be busy: the best of several is what the program can do.
    let ended_after = |_| {
        let search = Search::open(server.port(), &query);
        wait_for_searching(&server, 1);
        drop(search);
        let left = Instant::now();
        wait_for_searching(&server, 0);
        left.elapsed()
    };
    let best = (0..5).map(ended_after).min().expect("five");
    assert!(best < Duration::from_millis(200), "{best:?}");
}

#[test]
fn a_search_that_unpacks_ends_when_its_reader_leaves() {
    let dir = LogDir::new();
    // A gzip file may have many members: this is half a gigabyte of text.
    let mut member = GzEncoder::new(Vec::new(), Compression::fast());
    member
        .write_all(&b"an old line\n".repeat(100_000))
        .expect("memory");
    let member = member.finish().expect("memory");
    fs::write(dir.path("app.log.1.gz"), member.repeat(400)).expect("write");
    dir.append("app.log", "a new line\n");
    let server = Server::start(&[&dir.path("app.log")]);
    let ended_after = |_| {
        let mut search = Search::open(server.port(), "q=line");
        // The newest file is done; what comes next is the packed one.
        while search.event().expect("a hit").0 != "hit" {}
        wait_for_searching(&server, 1);
        drop(search);
        let left = Instant::now();
        wait_for_searching(&server, 0);
        left.elapsed()
    };
    let best = (0..5).map(ended_after).min().expect("five");
    assert!(best < Duration::from_millis(200), "{best:?}");
    let sources = server.get("/api/sources").json();
    assert_eq!(sources["sources"][0]["segments"][0]["name"], "app.log.1.gz");
}

#[test]
fn two_searches_run_eight_wait_and_others_are_refused() {
    let (_dir, server, query) = large();
    let mut searches: Vec<Search> = (0..12)
        .map(|_| Search::ask(server.port(), &query))
        .collect();
    let statuses: Vec<u16> = searches.iter().map(|search| search.head().status).collect();
    assert_eq!(statuses, [&[200; 10][..], &[429; 2]].concat());
    let refused = searches[11].head();
    assert_eq!(refused.header("retry-after"), Some("2"));
    wait_for_searching(&server, 2);
    // One that waits says so, and its turn comes.
    let (name, data) = searches[5].event().expect("a sign");
    assert_eq!(
        (name.as_str(), data),
        ("progress", json!({"scanned": 0, "total": 0, "hits": 0}))
    );
    searches.drain(..2);
    let answer = eventually(PATIENCE, || {
        let search = Search::ask(server.port(), &query);
        match search.head().status {
            200 => Ok(search),
            other => Err(other.to_string()),
        }
    });
    wait_for_searching(&server, 2);
    drop((answer, searches));
    wait_for_searching(&server, 0);
    let found = Search::open(server.port(), "q=nothing&source=app.log").all();
    assert_eq!(found.done["reason"], "exhausted");
}

#[test]
fn hostile_searches_do_not_delay_live_lines() {
    let (dir, server, query) = large();
    let search_twice = || [(); 2].map(|()| Search::open(server.port(), &query));
    let mut searches = search_twice();
    let mut reader = server.reader(&dir, "tail=0&source=app.log");
    reader.until("ping");
    let mut delays: Vec<Duration> = (0..40)
        .map(|number| {
            if searching(&server) < 2 {
                // They have come to an end.
                searches = search_twice();
                wait_for_searching(&server, 2);
            }
            let written = Instant::now();
            dir.append_lines("app.log", number..number + 1);
            reader.line();
            written.elapsed()
        })
        .collect();
    delays.sort();
    drop(searches);
    // A line that waited for a search would come after its 30 s.
    assert!(delays[35] < Duration::from_secs(5), "{delays:?}");
}

#[test]
fn a_search_waits_for_a_reader_that_is_slow() {
    let dir = LogDir::new();
    let line = format!("needle {}\n", "x".repeat(600));
    dir.append("app.log", line.repeat(20_000));
    let server = Server::start(&[&dir.path("app.log")]);
    Search::open(server.port(), "q=nothing").all();
    let before = server.memory();
    let search = Search::open(server.port(), "q=needle");
    // It cannot send 6 MB into buffers: it waits, asleep.
    wait_for_searching(&server, 1);
    wait_until_asleep(&server);
    let grown = server.memory().saturating_sub(before);
    assert!(grown < 4 << 20, "{grown} bytes");
    let found = search.all();
    assert_eq!(found.lines.len(), 10_000);
    assert_eq!(found.done["reason"], "capped");
}

/// Waits until the one search sleeps.
fn wait_until_asleep(server: &Server) {
    eventually(PATIENCE, || {
        let tasks = fs::read_dir(format!("/proc/{}/task", server.pid())).expect("alive");
        let stats =
            tasks.filter_map(|task| fs::read_to_string(task.ok()?.path().join("stat")).ok());
        let search = stats.into_iter().find(|stat| stat.contains("(search)"));
        match search {
            Some(stat) if stat.contains(") S ") => Ok(()),
            other => Err(format!("{other:?}")),
        }
    });
}

#[test]
fn a_file_that_is_emptied_under_a_search_ends_it_honestly() {
    let dir = LogDir::new();
    let line = format!("needle {}\n", "x".repeat(2_000));
    dir.append("app.log", line.repeat(2_000));
    let server = Server::start(&[&dir.path("app.log")]);
    let search = Search::open(server.port(), "q=needle");
    wait_until_asleep(&server);
    dir.rewrite("app.log", "needle, but another\n".repeat(1_000_000));
    let found = search.all();
    assert_eq!(found.done["reason"], "gone");
    assert!(found.texts().iter().all(|text| text.ends_with("xxx")));
    assert!((1..2_000).contains(&found.lines.len()));
}

#[test]
fn a_file_that_is_copied_and_emptied_under_a_search_is_looked_through_in_the_copy() {
    let dir = LogDir::new();
    let line = |number: usize| format!("needle {number} {}\n", "x".repeat(2_000));
    dir.append("app.log", (0..2_000).map(line).collect::<String>());
    let server = Server::start(&[&dir.path("app.log")]);
    let search = Search::open(server.port(), "q=needle&order=oldest");
    wait_until_asleep(&server);
    dir.copytruncate("app.log");
    let found = search.all();
    assert_eq!(found.done["reason"], "exhausted");
    let expected: Vec<String> = (0..2_000).map(line).collect();
    let is_whole = found
        .texts()
        .iter()
        .zip(&expected)
        .all(|(text, line)| *text == line.trim_end());
    assert!(
        is_whole && found.lines.len() == 2_000,
        "{} lines",
        found.lines.len()
    );
}

#[test]
fn every_line_matches_ten_thousand_are_given() {
    let dir = LogDir::new();
    dir.append_lines("app.log", 0..25_000);
    let server = Server::start(&[&dir.path("app.log")]);
    let mut query = "q=.*&limit=1000000000&order=oldest".to_owned();
    let mut counts = Vec::new();
    loop {
        let found = Search::open(server.port(), &query).all();
        counts.push(found.lines.len());
        let Some(resume) = found.done["resume"].as_str() else {
            break;
        };
        query = format!("q=.*&order=oldest&from={resume}");
    }
    assert_eq!(counts, [10_000, 10_000, 5_000]);
}

#[test]
fn a_hole_costs_no_memory() {
    let dir = LogDir::new();
    dir.append("app.log", "needle 1\n");
    let path = dir.path("app.log");
    let mut file = OpenOptions::new().append(true).open(path).expect("open");
    file.set_len(1 << 26).expect("a hole");
    file.write_all(b"\nneedle 2\n").expect("write");
    let server = Server::start(&[&dir.path("app.log")]);
    let before = server.memory();
    for (order, expected) in [
        ("newest", ["needle 2", "needle 1"]),
        ("oldest", ["needle 1", "needle 2"]),
    ] {
        let found = Search::open(server.port(), &format!("q=needle&order={order}")).all();
        assert_eq!(found.texts(), expected);
        assert_eq!(found.done["scanned"], (1 << 26) + 10);
    }
    let grown = server.memory().saturating_sub(before);
    assert!(grown < 4 << 20, "{grown} bytes");
}

#[test]
fn the_end_of_the_server_ends_a_search() {
    let (_dir, mut server, query) = large();
    let mut search = Search::open(server.port(), &query);
    wait_for_searching(&server, 1);
    let asked = Instant::now();
    assert!(server.stop().success());
    assert!(
        asked.elapsed() < Duration::from_secs(5),
        "{:?}",
        asked.elapsed()
    );
    let last = std::iter::from_fn(|| search.event())
        .last()
        .expect("an event");
    assert_eq!(last, ("end".to_owned(), json!({"reason": "shutdown"})));
}

#[test]
fn a_reader_that_leaves_at_once_leaves_nothing_behind() {
    let (_dir, server, query) = large();
    for _ in 0..30 {
        let mut stream = TcpStream::connect(("127.0.0.1", server.port())).expect("connect");
        let target = format!("/api/search?{query}");
        let request = http::request("GET", &target, server.port(), &[]);
        stream.write_all(request.as_bytes()).expect("write");
        let mut first = [0; 12];
        stream.read_exact(&mut first).expect("an answer");
        assert_eq!(&first, b"HTTP/1.1 200");
        drop(stream);
        wait_for_searching(&server, 0);
    }
}
