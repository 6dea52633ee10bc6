//! Lines around those that match, in the stream and in history.

use serde_json::Value;

use crate::harness::http::get;
use crate::harness::log_dir::LogDir;
use crate::harness::pages::backward;
use crate::harness::pages::page;
use crate::harness::server::Server;

/// Every tenth of 40 lines has an `x`.
fn log() -> (LogDir, Server) {
    let dir = LogDir::new();
    for number in 0..40 {
        let kind = if number % 10 == 5 { "x" } else { "-" };
        dir.append("app.log", format!("{number} {kind}\n"));
    }
    let server = Server::start(&[&dir.path("app.log")]);
    (dir, server)
}

fn is_context(line: &Value) -> bool {
    line["context"] == true
}

#[test]
fn history_shows_lines_around_matches_and_marks_them() {
    let (_dir, server) = log();
    let found = page(&server, "q=x&context=1&limit=4");
    let lines = found["lines"].as_array().expect("lines");
    let told: Vec<_> = lines
        .iter()
        .map(|line| (line["text"].as_str().expect("a text"), is_context(line)))
        .collect();
    let expected = [
        ("26 -", true),
        ("34 -", true),
        ("35 x", false),
        ("36 -", true),
    ];
    assert_eq!(told, expected);
    for limit in [1, 2, 5, 100] {
        let all = backward(&server, &format!("q=x&context=2&limit={limit}"));
        assert_eq!(all.len(), 4 * 5, "{limit}");
    }
}

#[test]
fn a_stream_shows_lines_around_matches_and_marks_them() {
    let (dir, server) = log();
    let mut reader = server.reader(&dir, "q=x&context=1&tail=2");
    let mut lines = |count: usize| -> Vec<_> {
        (0..count)
            .map(|_| reader.line())
            .map(|line| (line.text.clone(), is_context(&line.json)))
            .collect()
    };
    let given = |lines: &[(&str, bool)]| -> Vec<(String, bool)> {
        let owned = |(text, is_context): &(&str, bool)| ((*text).to_owned(), *is_context);
        lines.iter().map(owned).collect()
    };
    let expected = [
        ("24 -", true),
        ("25 x", false),
        ("26 -", true),
        ("34 -", true),
        ("35 x", false),
        ("36 -", true),
    ];
    assert_eq!(lines(6), given(&expected));
    dir.append("app.log", "live -\n");
    dir.append("app.log", "live x\n");
    assert_eq!(lines(2), given(&[("live -", true), ("live x", false)]));
}

#[test]
fn a_stream_with_context_resumes_exactly() {
    let (dir, mut server) = log();
    let mut reader = server.reader(&dir, "q=x&context=2&tail=1");
    reader.expect(&["33 -", "34 -", "35 x", "36 -", "37 -"]);
    dir.append("app.log", "a -\nb x\nc -\n");
    reader.expect(&["39 -", "a -", "b x", "c -"]);
    server.kill_9();
    dir.append("app.log", "d -\ne -\nf -\ng -\n");
    server.restart();
    reader.reconnect();
    reader.expect(&["d -"]);
    dir.append("app.log", "h x\n");
    reader.expect(&["f -", "g -", "h x"]);
}

#[test]
fn context_is_a_number() {
    let (_dir, server) = log();
    for target in ["/events", "/tail", "/api/filter", "/api/history"] {
        let answer = get(server.port(), &format!("{target}?context=-1"));
        assert_eq!(answer.status(), 400, "{target}");
        assert!(answer.message().contains("context"), "{}", answer.text());
    }
}
