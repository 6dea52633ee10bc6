//! Live lines, their places, what a reader may ask for, and how the stream looks.

use std::fmt::Write as _;
use std::thread;

use serde_json::json;

use crate::harness::http;
use crate::harness::http::get;
use crate::harness::log_dir::LogDir;
use crate::harness::server::Server;

#[test]
fn a_line_arrives_with_its_place() {
    let dir = LogDir::new();
    dir.append("app.log", "before\n");
    let server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.reader(&dir, "tail=0");
    let first_ping = reader.until("ping");
    assert_eq!(first_ping.0.len(), 0);
    dir.append("app.log", "after\n");

    let line = reader.line();
    assert_eq!(line.text, "after");
    assert_eq!(line.offset, 7);
    assert_eq!(line.source, "app.log");
    assert!(!line.segment.is_empty());
    assert_eq!(line.json, json!({"offset": 7, "text": "after"}));
}

#[test]
fn a_stream_begins_with_the_sources_and_a_ping_to_resume_from() {
    let dir = LogDir::new();
    dir.append("a.log", "one\n");
    dir.append("b.log", "two\n");
    let server = Server::start(&[&dir.path("a.log"), &dir.path("b.log")]);
    let mut reader = server.reader(&dir, "tail=10");

    let first = reader.event();
    assert_eq!(first.kind, "source");
    assert_eq!(first.str("source"), "a.log");
    assert_eq!(first.str("state"), "live");
    assert_eq!(first.data["size"], 4);
    assert_eq!(reader.event().str("source"), "b.log");
    assert_eq!(reader.event().kind, "ping");
    assert_eq!(reader.retry, Some(1000));
    assert_eq!(reader.event().kind, "log");
}

#[test]
fn the_answer_is_an_event_stream_that_nobody_may_keep() {
    let dir = LogDir::new();
    dir.append("app.log", "one\n");
    let server = Server::start(&[&dir.path("app.log")]);
    let reader = server.reader(&dir, "");
    let head = reader.head();
    assert_eq!(head.header("content-type"), Some("text/event-stream"));
    assert_eq!(head.header("cache-control"), Some("no-cache, no-transform"));
    assert_eq!(head.header("x-accel-buffering"), Some("no"));
    assert_eq!(head.header("content-encoding"), None);
}

#[test]
fn the_newest_lines_come_first_and_then_the_live_ones() {
    let dir = LogDir::new();
    let mut texts = dir.append_lines("app.log", 0..5_000);
    let server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.reader(&dir, "tail=3000");
    reader.expect(&texts.split_off(2_000));
    reader.expect(&dir.append_lines("app.log", 5_000..5_010));
}

#[test]
fn the_flag_says_how_many_lines_a_reader_begins_with() {
    let dir = LogDir::new();
    let texts = dir.append_lines("app.log", 0..10);
    let server = Server::start(&["--lines", "2", &dir.path("app.log")]);
    server.reader(&dir, "").expect(&texts[8..]);
}

#[test]
fn without_a_word_a_reader_begins_with_a_thousand_lines() {
    let dir = LogDir::new();
    let texts = dir.append_lines("app.log", 0..1_500);
    let server = Server::start(&[&dir.path("app.log")]);
    server.reader(&dir, "").expect(&texts[500..]);
}

#[test]
fn a_tail_longer_than_the_file_is_the_file() {
    let dir = LogDir::new();
    let texts = dir.append_lines("app.log", 0..10);
    let server = Server::start(&[&dir.path("app.log")]);
    server.reader(&dir, "tail=100000").expect(&texts);
}

#[test]
fn each_source_has_its_own_tail() {
    let dir = LogDir::new();
    let busy = dir.append_lines("busy.log", 0..1_000);
    let quiet = dir.append_lines("quiet.log", 0..3);
    let server = Server::start(&[&dir.path("busy.log"), &dir.path("quiet.log")]);
    let mut reader = server.reader(&dir, "tail=5");
    let mut of_busy = Vec::new();
    let mut of_quiet = Vec::new();
    for _ in 0..8 {
        let line = reader.line();
        match line.source.as_str() {
            "busy.log" => of_busy.push(line.text),
            _ => of_quiet.push(line.text),
        }
    }
    assert_eq!(of_busy, &busy[995..]);
    assert_eq!(of_quiet, quiet);
}

#[test]
fn a_first_request_may_begin_at_a_cursor() {
    let dir = LogDir::new();
    let texts = dir.append_lines("app.log", 0..10);
    let server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.reader(&dir, "tail=10");
    reader.expect(&texts);
    let cursor = reader.last_id.clone().expect("an id");
    let more = dir.append_lines("app.log", 10..15);

    let query = format!("from={}", http::encoded(&cursor));
    server.reader(&dir, &query).expect(&more);
}

#[test]
fn the_header_of_a_reconnect_wins_over_the_cursor_in_the_address() {
    let dir = LogDir::new();
    dir.append("app.log", "one\n");
    let server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.reader(&dir, "tail=0");
    let (_, ping) = reader.until("ping");
    dir.append("app.log", "two\n");
    let query = format!("from={}", http::encoded(ping.id.as_deref().expect("an id")));

    let mut reader = server.reader(&dir, &query);
    reader.expect(&["two"]);
    dir.append("app.log", "three\n");
    reader.reconnect();
    reader.expect(&["three"]);
}

#[test]
fn a_reader_of_one_source_hears_nothing_of_another() {
    let dir = LogDir::new();
    dir.append("a.log", "");
    dir.append("b.log", "");
    let server = Server::start(&[&dir.path("a.log"), &dir.path("b.log")]);
    let mut reader = server.reader(&dir, "tail=0&source=b.log");
    assert_eq!(reader.event().str("source"), "b.log");
    assert_eq!(reader.event().kind, "ping");
    dir.append("a.log", "not for us\n");
    dir.append("b.log", "for us\n");
    assert_eq!(reader.line().text, "for us");
}

#[test]
fn a_source_may_be_asked_for_by_id() {
    let dir = LogDir::new();
    dir.append("a.log", "of a\n");
    dir.append("b.log", "of b\n");
    let server = Server::start(&[&dir.path("a.log"), &dir.path("b.log")]);
    let sources = server.get("/api/sources").json();
    let id = sources["sources"][1]["id"].as_str().expect("an id");
    server
        .reader(&dir, &format!("source={id}"))
        .expect(&["of b"]);
}

#[test]
fn an_unknown_source_is_told_the_names_there_are() {
    let dir = LogDir::new();
    dir.append("app.log", "one\n");
    let server = Server::start(&[&dir.path("app.log")]);
    for endpoint in ["/events", "/tail"] {
        let answer = server.get(&format!("{endpoint}?source=nope"));
        assert_eq!(answer.status(), 404, "{endpoint}");
        assert_eq!(answer.code(), "unknown_source");
        assert!(answer.message().contains("app.log"), "{}", answer.text());
    }
}

#[test]
fn every_reader_gets_every_line() {
    let dir = LogDir::new();
    dir.append("app.log", "");
    let server = Server::start(&[&dir.path("app.log")]);
    let readers: Vec<_> = (0..10)
        .map(|_| {
            let mut reader = server.reader(&dir, "tail=0");
            reader.until("ping");
            reader
        })
        .collect();
    let mut texts = Vec::new();
    for start in (0..5_000).step_by(50) {
        texts.extend(dir.append_lines("app.log", start..start + 50));
    }
    for mut reader in readers {
        reader.expect(&texts);
    }
}

#[test]
fn a_burst_of_many_lines_loses_none() {
    let dir = LogDir::new();
    dir.append("app.log", "");
    let server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.reader(&dir, "tail=0");
    reader.until("ping");
    let texts = dir.append_lines("app.log", 0..200_000);
    reader.expect(&texts);
}

#[test]
fn writers_that_share_a_file_each_keep_their_order() {
    let dir = LogDir::new();
    dir.append("app.log", "");
    let server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.unchecked_reader("tail=0");
    reader.until("ping");
    thread::scope(|scope| {
        for writer in 0..4 {
            let dir = &dir;
            scope.spawn(move || {
                for number in 0..500 {
                    dir.append("app.log", format!("{writer} {number}\n"));
                }
            });
        }
    });
    let mut next = [0; 4];
    for text in reader.texts(2_000) {
        let (writer, number) = text.split_once(' ').expect("two words");
        let writer: usize = writer.parse().expect("a writer");
        assert_eq!(number.parse(), Ok(next[writer]), "of writer {writer}");
        next[writer] += 1;
    }
}

#[test]
fn events_stay_small() {
    let dir = LogDir::new();
    let server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.reader(&dir, "tail=0");
    let mut text = String::new();
    for number in 0..2_000 {
        writeln!(text, "{number} {}", "x".repeat(number % 500)).expect("memory");
    }
    dir.append("app.log", &text);
    let mut count = 0;
    while count < 2_000 {
        let event = reader.event();
        if let Some(lines) = event.data["lines"].as_array() {
            count += lines.len();
            let bytes: usize = lines
                .iter()
                .filter_map(|line| line["text"].as_str())
                .map(str::len)
                .sum();
            assert!(bytes <= 17 * 1024, "{bytes} bytes of text in one event");
        }
    }
}

#[test]
fn a_silent_stream_says_that_it_lives_and_how_far_it_is() {
    let dir = LogDir::new();
    dir.append("app.log", "12345\n");
    let server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.reader(&dir, "tail=0");
    let (_, first) = reader.until("ping");
    let (_, second) = reader.until("ping");
    for ping in [first, second] {
        assert_eq!(
            (&ping.data["head"], &ping.data["behind"]),
            (&json!(6), &json!(0))
        );
    }
}

#[test]
fn ids_stay_short_with_many_sources() {
    let dir = LogDir::new();
    for number in 0..30 {
        dir.append(&format!("{number:02}.log"), "one\n");
    }
    let server = Server::start(&[&dir.path("*.log")]);
    let mut reader = server.reader(&dir, "");
    reader.texts(30);
    let id = reader.last_id.clone().expect("an id");
    assert!(id.len() < 4096, "{} bytes", id.len());
    let more = dir.append_lines("17.log", 0..3);
    reader.reconnect();
    reader.expect(&more);
}

#[test]
fn a_line_says_its_time_level_and_that_it_continues_a_record() {
    let dir = LogDir::new();
    dir.append(
        "app.log",
        "2026-11-22T10:47:02.403Z ERROR request failed\n\
         \tat com.acme.Search.call(Search.java:211)\n\
         2026-11-22T10:47:03Z INFO going on\n",
    );
    let server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.reader(&dir, "");
    let failed = reader.line().json;
    assert_eq!(failed["time"], 1_795_344_422_403_u64);
    assert_eq!(failed["level"], "error");
    assert_eq!(failed.get("continues"), None);
    assert_eq!(reader.line().json["continues"], true);
    assert_eq!(reader.line().json["level"], "info");
}

#[test]
fn the_sources_are_listed() {
    let dir = LogDir::new();
    dir.append("app.log", "one\n");
    let server = Server::start(&[
        "--title",
        "my logs",
        &dir.path("app.log"),
        &dir.path("later.log"),
    ]);
    let listed = server.get("/api/sources").json();
    assert_eq!(listed["title"], "my logs");
    assert_eq!(listed["lines"], 1000);
    let sources = listed["sources"].as_array().expect("a list");
    assert_eq!(sources.len(), 2);
    assert_eq!(sources[0]["source"], "app.log");
    assert_eq!(sources[0]["state"], "live");
    assert_eq!(sources[0]["size"], 4);
    assert_eq!(sources[0]["segments"][0]["size"], 4);
    assert_eq!(sources[0]["segments"][0]["name"], "app.log");
    assert_eq!(sources[1]["source"], "later.log");
    assert_eq!(sources[1]["state"], "waiting");
    assert_eq!(sources[1]["segments"], json!([]));
}

#[test]
fn plain_text_is_there_for_curl() {
    let dir = LogDir::new();
    dir.append(
        "app.log",
        "INFO one\nERROR two\n\u{1b}[31mERROR three\u{1b}[0m\n",
    );
    let mut server = Server::start(&[&dir.path("app.log")]);
    let request = http::request("GET", "/tail?q=ERROR", server.port(), &[]);
    let (head, mut body) = http::open(server.port(), request.as_bytes()).expect("an answer");
    assert_eq!(
        head.header("content-type"),
        Some("text/plain; charset=utf-8")
    );
    dir.append("app.log", "INFO four\nERROR five\n");
    let mut text = String::new();
    while !text.ends_with("ERROR five\n") {
        let mut buffer = [0; 256];
        let count = std::io::Read::read(&mut body, &mut buffer).expect("more");
        assert!(count > 0, "ended after {text:?}");
        text.push_str(&String::from_utf8_lossy(&buffer[..count]));
    }
    assert_eq!(
        text,
        "ERROR two\n\u{1b}[31mERROR three\u{1b}[0m\nERROR five\n"
    );
    assert!(server.stop().success());
}

#[test]
fn it_is_healthy() {
    let dir = LogDir::new();
    let server = Server::start(&[&dir.path("app.log")]);
    let answer = get(server.port(), "/healthz");
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.text().trim_end(), "ok");
    assert_eq!(
        answer.header("content-type"),
        Some("text/plain; charset=utf-8")
    );
}
