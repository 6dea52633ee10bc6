//! Lines as plain text that ends by itself: the download of what a filter shows.

use std::io::Read;
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::thread;

use crate::harness::http;
use crate::harness::http::Body;
use crate::harness::http::Response;
use crate::harness::log_dir::LogDir;
use crate::harness::server::Server;

fn given(server: &Server, query: &str) -> Response {
    let answer = server.get(&format!("/tail?follow=0&{query}"));
    assert_eq!(answer.status(), 200, "{query}: {}", answer.text());
    answer
}

/// A log that was rotated twice, with the oldest file compressed: `line 0` to `line 29`.
fn rotated() -> (LogDir, Server, Vec<String>) {
    let dir = LogDir::new();
    let mut lines = dir.append_lines("app.log", 0..10);
    dir.rotate("app.log");
    lines.extend(dir.append_lines("app.log", 10..20));
    dir.rotate("app.log");
    lines.extend(dir.append_lines("app.log", 20..30));
    let packed = Command::new("gzip")
        .arg(dir.path("app.log.2"))
        .status()
        .expect("gzip");
    assert!(packed.success());
    let server = Server::start(&[&dir.path("app.log")]);
    (dir, server, lines)
}

/// An answer that is being read.
fn open(server: &Server, query: &str) -> Body {
    let request = http::request(
        "GET",
        &format!("/tail?follow=0&{query}"),
        server.port(),
        &[],
    );
    let (head, body) = http::open(server.port(), request.as_bytes()).expect("an answer");
    assert_eq!(head.status, 200);
    body
}

#[test]
fn all_there_is_is_given_from_the_first_byte_of_the_oldest_file() {
    let (_dir, server, lines) = rotated();
    assert_eq!(given(&server, "tail=all").text(), lines.join("\n") + "\n");
    assert_eq!(
        given(&server, "tail=15").text(),
        lines[15..].join("\n") + "\n"
    );
    assert_eq!(given(&server, "tail=0").text(), "");
}

#[test]
fn a_filter_narrows_it() {
    let (_dir, server, lines) = rotated();
    let answer = given(&server, "tail=all&q=5$&download=1");
    assert_eq!(
        answer.text(),
        format!("{}\n{}\n{}\n", lines[5], lines[15], lines[25])
    );
    let name = "attachment; filename=\"app.log\"; filename*=UTF-8''app.log";
    assert_eq!(answer.header("content-disposition"), Some(name));
    assert_eq!(
        answer.header("content-type"),
        Some("text/plain; charset=utf-8")
    );
    assert_eq!(
        given(&server, "tail=all").header("content-disposition"),
        None
    );
    assert_eq!(given(&server, "tail=all&q=nothing").text(), "");
}

#[test]
fn what_the_boundary_drops_is_not_in_it() {
    let dir = LogDir::new();
    dir.append("app.log", "public 1\nsecret\npublic 2\n");
    let server = Server::start(&["-x", "secret", &dir.path("app.log")]);
    assert_eq!(given(&server, "tail=all").text(), "public 1\npublic 2\n");
}

#[test]
fn several_sources_are_merged_by_time() {
    let dir = LogDir::new();
    let line = |second: usize| format!("2026-11-22T10:47:{second:02}Z line {second}\n");
    for second in 0..20 {
        dir.append(
            if second % 3 == 0 { "a.log" } else { "b.log" },
            line(second),
        );
    }
    dir.append("empty.log", "");
    let server = Server::start(&[
        &dir.path("a.log"),
        &dir.path("b.log"),
        &dir.path("empty.log"),
        &dir.path("no.log"),
    ]);
    let answer = given(&server, "tail=all&download=1");
    assert_eq!(answer.text(), (0..20).map(line).collect::<String>());
    let name = "attachment; filename=\"logstream.log\"; filename*=UTF-8''logstream.log";
    assert_eq!(answer.header("content-disposition"), Some(name));
}

#[test]
fn it_ends_although_the_log_goes_on() {
    let dir = LogDir::new();
    let lines = dir.append_lines("app.log", 0..1_000);
    let server = Server::start(&[&dir.path("app.log")]);
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                dir.append("app.log", "later\n");
            }
        });
        let text = given(&server, "tail=all").text();
        is_over.store(true, Ordering::Relaxed);
        let rest = text
            .strip_prefix(&(lines.join("\n") + "\n"))
            .expect("the first lines");
        assert_eq!(rest.replace("later\n", ""), "");
    });
}

#[test]
fn lines_written_after_the_request_are_not_in_it() {
    let dir = LogDir::new();
    let long = "x".repeat(1_000);
    dir.append("app.log", format!("{long}\n").repeat(20_000));
    let server = Server::start(&[&dir.path("app.log")]);
    let mut body = open(&server, "tail=all");
    let mut first = [0; 1];
    body.read_exact(&mut first).expect("a byte");
    let mut reader = server.reader(&dir, "tail=0");
    reader.until("ping");
    dir.append("app.log", "later\n");
    reader.expect(&["later"]);
    let mut rest = String::new();
    body.read_to_string(&mut rest).expect("the rest");
    assert_eq!(rest.len() + 1, 20_000 * 1_001);
    assert!(!rest.contains("later"));
}

#[test]
fn what_is_destroyed_on_the_way_breaks_it_off() {
    let dir = LogDir::new();
    let long = "x".repeat(1_000);
    dir.append("app.log", format!("{long}\n").repeat(20_000));
    let server = Server::start(&[&dir.path("app.log")]);
    let mut body = open(&server, "tail=all");
    let mut first = [0; 1];
    body.read_exact(&mut first).expect("a byte");
    let mut reader = server.reader(&dir, "tail=0");
    reader.until("ping");
    dir.rewrite("app.log", "anew\n");
    reader.until("truncated");
    let mut rest = Vec::new();
    body.read_to_end(&mut rest).expect_err("it is not whole");
    assert!(rest.len() < 20_000 * 1_001);
}

#[test]
fn the_end_of_the_server_breaks_it_off() {
    let dir = LogDir::new();
    dir.append("app.log", format!("{}\n", "x".repeat(1_000)).repeat(20_000));
    let mut server = Server::start(&[&dir.path("app.log")]);
    let mut body = open(&server, "tail=all");
    let mut first = [0; 1];
    body.read_exact(&mut first).expect("a byte");
    assert!(server.stop().success());
    body.read_to_end(&mut Vec::new())
        .expect_err("it is not whole");
}

#[test]
fn a_stream_can_begin_with_all_there_is_too() {
    let (dir, server, lines) = rotated();
    let mut reader = server.reader(&dir, "tail=all").filtered();
    reader.expect(&lines);
    let new = dir.append_lines("app.log", 30..31);
    reader.expect(&new);
}

#[test]
fn bad_parameters_are_refused() {
    let (_dir, server, _) = rotated();
    for target in [
        "/tail?follow=2",
        "/tail?follow",
        "/tail?follow=0&follow=0",
        "/tail?download=yes",
        "/tail?tail=some",
        "/events?follow=0",
        "/events?download=1",
    ] {
        let answer = server.get(target);
        assert_eq!(
            (answer.status(), answer.code().as_str()),
            (400, "bad_query"),
            "{target}"
        );
    }
    let answer = server.get("/tail?follow=0&source=no.log");
    assert_eq!(
        (answer.status(), answer.code().as_str()),
        (404, "unknown_source")
    );
}
