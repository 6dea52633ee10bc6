//! Hits in whole files, and where a search goes on.

use std::process::Command;

use serde_json::Value;
use serde_json::json;

use crate::harness::http::encoded;
use crate::harness::log_dir::LogDir;
use crate::harness::search::Found;
use crate::harness::search::Search;
use crate::harness::server::Server;

fn found(server: &Server, query: &str) -> Found {
    Search::open(server.port(), query).all()
}

fn gzip(dir: &LogDir, name: &str) {
    let status = Command::new("gzip").arg(dir.path(name)).status();
    assert!(status.expect("gzip").success());
}

/// A log that was rotated twice, with the oldest file compressed: 30 lines, of which every third
/// matches `hit`.
fn rotated() -> (LogDir, Server) {
    let dir = LogDir::new();
    for number in 0..30 {
        if number == 10 || number == 20 {
            dir.rotate("app.log");
        }
        let word = if number % 3 == 0 { "hit" } else { "no" };
        dir.append("app.log", format!("line {number} {word}\n"));
    }
    gzip(&dir, "app.log.2");
    let server = Server::start(&[&dir.path("app.log")]);
    (dir, server)
}

fn hits() -> Vec<String> {
    (0..30)
        .step_by(3)
        .map(|number| format!("line {number} hit"))
        .collect()
}

#[test]
fn the_newest_hits_of_all_files_come_first() {
    let (_dir, server) = rotated();
    let mut expected = hits();
    assert_eq!(found(&server, "q=hit&order=oldest").texts(), expected);
    expected.reverse();
    assert_eq!(found(&server, "q=hit&order=newest").texts(), expected);
    assert_eq!(found(&server, "q=hit").texts(), expected);
}

#[test]
fn a_hit_says_where_it_is_and_the_end_says_what_was_looked_through() {
    let dir = LogDir::new();
    dir.append(
        "app.log",
        "2026-11-22T10:47:02Z ERROR no answer\n  at needle\nneedle\n",
    );
    let server = Server::start(&[&dir.path("app.log")]);
    let found = found(&server, "q=needle");
    let segment = found.lines[0]["segment"]
        .as_str()
        .expect("a segment")
        .to_owned();
    let expected = [
        json!({"source": "app.log", "segment": segment, "offset": 49, "text": "needle", "matches": [[0, 6]]}),
        json!({"source": "app.log", "segment": segment, "offset": 37, "text": "  at needle", "matches": [[5, 11]],
            "continues": true}),
    ];
    assert_eq!(Vec::from(found.lines), expected);
    assert_eq!(
        found.done,
        json!({"reason": "exhausted", "hits": 2, "scanned": 56})
    );
}

#[test]
fn the_answer_is_a_stream_of_events() {
    let (_dir, server) = rotated();
    let search = Search::open(server.port(), "q=hit");
    let head = search.head();
    assert_eq!(head.header("content-type"), Some("text/event-stream"));
    assert_eq!(head.header("cache-control"), Some("no-cache, no-transform"));
    assert_eq!(head.header("x-accel-buffering"), Some("no"));
}

#[test]
fn lines_that_came_since_the_start_are_found() {
    let dir = LogDir::new();
    dir.append("app.log", "");
    let server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.reader(&dir, "tail=0");
    reader.until("ping");
    dir.append("app.log", "needle 1\nhay\nneedle 2\nunfinished needle");
    reader.texts(3);
    assert_eq!(found(&server, "q=needle").texts(), ["needle 2", "needle 1"]);
}

#[test]
fn a_search_goes_on_where_it_ended_also_after_a_rotation_and_a_restart() {
    for order in ["newest", "oldest"] {
        let (dir, mut server) = rotated();
        let mut texts: Vec<String> = Vec::new();
        let mut from = String::new();
        for turn in 0.. {
            let found = found(&server, &format!("q=hit&order={order}&limit=2{from}"));
            texts.extend(found.texts().into_iter().map(str::to_owned));
            if found.done["reason"] == "exhausted" {
                assert_eq!(found.done["resume"], Value::Null);
                break;
            }
            assert_eq!(found.done["reason"], "capped");
            from = format!(
                "&from={}",
                found.done["resume"].as_str().expect("a position")
            );
            match turn {
                0 => {
                    server.kill_9();
                    dir.rename("app.log.2.gz", "app.log.3.gz");
                    dir.rotate("app.log");
                    server.restart();
                }
                1 => server.crash_and_restart(),
                _ => {}
            }
        }
        if order == "newest" {
            texts.reverse();
        }
        assert_eq!(texts, hits(), "{order}");
    }
}

#[test]
fn only_the_chosen_sources_are_looked_through() {
    let dir = LogDir::new();
    dir.append("a.log", "needle in a\n");
    dir.append("b.log", "needle in b\n");
    let server = Server::start(&[&dir.path("a.log"), &dir.path("b.log")]);
    let both = found(&server, "q=needle");
    assert_eq!(both.texts(), ["needle in a", "needle in b"]);
    assert_eq!(both.done["scanned"], 24);
    let one = found(&server, "q=needle&source=b.log");
    assert_eq!(one.texts(), ["needle in b"]);
    assert_eq!(one.done["scanned"], 12);
    let answer = server.get("/api/search?q=needle&source=c.log");
    assert_eq!(
        (answer.status(), answer.code().as_str()),
        (404, "unknown_source")
    );
}

#[test]
fn what_is_a_hit_is_what_passes_the_filter() {
    let dir = LogDir::new();
    dir.append(
        "app.log",
        "ERROR a.b\nINFO A.B\n  more a.b\nWARN aXb\nDEBUG other\n",
    );
    let server = Server::start(&[&dir.path("app.log")]);
    let check = |query: &str, expected: &[&str]| {
        assert_eq!(
            found(&server, &format!("order=oldest&{query}")).texts(),
            expected,
            "{query}"
        );
    };
    check(
        "q=a.b",
        &["ERROR a.b", "INFO A.B", "  more a.b", "WARN aXb"],
    );
    check("q=a.b&literal=1", &["ERROR a.b", "INFO A.B", "  more a.b"]);
    check("q=a.b&case=match", &["ERROR a.b", "  more a.b", "WARN aXb"]);
    check("q=a.b&x=warn", &["ERROR a.b", "INFO A.B", "  more a.b"]);
    check("q=a.b&q=more", &["  more a.b"]);
    check("q=a.b&level=info,", &["INFO A.B", "  more a.b"]);
    check("level=warn", &["ERROR a.b", "WARN aXb"]);
    check("x=a", &["DEBUG other"]);
}

#[test]
fn what_the_boundary_drops_is_never_found() {
    let dir = LogDir::new();
    dir.append("app.log", "user needle\nsecret needle\nuser hay\n");
    let server = Server::start(&["-x", "secret", "-e", "user", &dir.path("app.log")]);
    assert_eq!(found(&server, "q=needle").texts(), ["user needle"]);
    assert_eq!(found(&server, "q=secret").texts(), [""; 0]);
    assert_eq!(found(&server, "").texts(), ["user hay", "user needle"]);
}

#[test]
fn a_place_in_a_file_that_is_gone_is_told() {
    let (_dir, server) = rotated();
    let found = found(&server, "q=hit&from=00000001.7");
    assert_eq!(
        found.done,
        json!({"reason": "gone", "hits": 0, "scanned": 0})
    );
}

#[test]
fn strange_lines_are_found_with_their_offsets() {
    let dir = LogDir::new();
    let long = format!("{}needle", "x".repeat(65_536));
    dir.append("app.log", b"\xef\xbb\xbfneedle 1\r\nneedle \xff\xfe 2\n");
    dir.append("app.log", format!("needle {long}\n{long}\nneedle\0 3\n"));
    let server = Server::start(&[&dir.path("app.log")]);
    let found = found(&server, "q=^needle&order=oldest");
    let offsets: Vec<u64> = found
        .lines
        .iter()
        .map(|line| line["offset"].as_u64().expect("offset"))
        .collect();
    let cut = 13 + 12;
    assert_eq!(offsets, [0, 13, cut, cut + 7 + 2 * (65_536 + 7)]);
    assert_eq!(found.lines[0]["text"], "needle 1");
    assert_eq!(found.lines[1]["lossy"], true);
    assert_eq!(found.lines[2]["cut"], 7 + 65_536 + 6);
    assert_eq!(found.lines[3]["text"], "needle\0 3");
}

#[test]
fn bad_parameters_are_refused() {
    let (_dir, server) = rotated();
    let check = |query: &str, code: &str| {
        let answer = server.get(&format!("/api/search?{query}"));
        assert_eq!(
            (answer.status(), answer.code().as_str()),
            (400, code),
            "{query}"
        );
    };
    for pattern in ["(a", "[z-a]", r"\1", "(?=a)", "a{2,1}", "*"] {
        check(&format!("q={}", encoded(pattern)), "bad_regex");
    }
    for pattern in [r"(?:\w{50}){50}", "(?:a{1000}){1000}", r"\w{100}"] {
        check(&format!("q={}", encoded(pattern)), "regex_too_big");
    }
    check(&format!("q={}", "a".repeat(1025)), "filter_too_long");
    for query in [
        "limit=0",
        "limit=-1",
        "limit=x",
        "limit=1&limit=1",
        "order=up",
        "tail=1",
        "f=/etc/passwd",
    ] {
        check(query, "bad_query");
    }
    for position in [
        "x",
        "8c1f2a90",
        "8c1f2a90.-1",
        "8c1f2a90.0x10",
        "8c1f2a90.18446744073709551616",
    ] {
        check(&format!("from={position}"), "bad_position");
    }
    let answer = server.get(&format!("/api/search?q={}", "a".repeat(1 << 20)));
    assert!(matches!(answer.status(), 414 | 431), "{:?}", answer.head);
}
