//! What it costs to keep secrets out of lines: the same file looked through with and without, by a
//! search for a text, by one that has to look at every line, by a timeline, and sent to a reader.
//! Then lines that are made to be slow, of 4 and of 64 KiB: the time for a byte is to be the same.

use std::time::Instant;

use logstream::redaction::Mode;
use logstream::redaction::Redaction;

use crate::harness::log_dir::LogDir;
use crate::harness::search::Search;
use crate::harness::server::Server;

const LINES: usize = 1_000_000;
const ROUNDS: usize = 5;

/// Pieces that are repeated: beginnings of secrets that never end, or end at once.
const HOSTILE: [&str; 12] = [
    "password=\"",
    "token=aaa ",
    "pwd='\\",
    "PWD=/",
    "a://b:c",
    "-----BEGIN PRIVATE KEY-----",
    "eyJaaaaaaaa.",
    "cookie:",
    "authorization: basic ",
    "AKIA",
    "secret_",
    "gh_ghp_",
];

pub fn measure() {
    let dir = LogDir::new();
    dir.append("app.log", lines());
    let path = dir.path("app.log");
    let (off, on) = (
        Server::start(&["-q", "-n", "0", &path]),
        Server::start(&["-q", "-n", "0", "--redact", "default", &path]),
    );
    for (name, target) in [
        (
            "search, a text",
            "/api/search?q=no+such+text&literal=1&case=match",
        ),
        (
            "search, every line",
            "/api/search?q=%5Cb%5B0-9%5D%7B5%7Dms%5Cb&case=match",
        ),
        ("timeline", "/api/timeline"),
        ("all lines as text", "/tail?follow=0&tail=all"),
    ] {
        let best = |server: &Server| {
            let seconds = |_| seconds(server, target);
            (0..ROUNDS).map(seconds).fold(f64::INFINITY, f64::min)
        };
        let (without, with) = (best(&off), best(&on));
        println!(
            "  {name}: {:.0} ms without, {:.0} ms with, {:.1} times",
            without * 1e3,
            with * 1e3,
            with / without
        );
    }
    hostile();
}

fn seconds(server: &Server, target: &str) -> f64 {
    let start = Instant::now();
    if target.starts_with("/tail") {
        assert_eq!(server.get(target).status(), 200);
    } else {
        let mut answer = Search::request(server.port(), target);
        while answer.event().is_some() {}
    }
    start.elapsed().as_secs_f64()
}

fn hostile() {
    let redaction = Redaction::new(Mode::Default, &[]).expect("no pattern");
    let rules = redaction.rules();
    for piece in HOSTILE {
        let nanoseconds_a_byte = |bytes: usize| {
            let line = piece.repeat(bytes / piece.len());
            let rounds = (0..20).map(|_| {
                let start = Instant::now();
                rules.redact(line.as_bytes(), line.len(), None);
                start.elapsed().as_secs_f64() * 1e9 / line.len() as f64
            });
            rounds.fold(f64::INFINITY, f64::min)
        };
        let (short, long) = (nanoseconds_a_byte(4 << 10), nanoseconds_a_byte(64 << 10));
        println!("  hostile {piece:?}: {short:.1} ns a byte in 4 KiB, {long:.1} in 64 KiB");
    }
}

/// Ordinary lines; one of a hundred has a word that announces a secret, one of a thousand a secret.
fn lines() -> String {
    let line = |number: usize| {
        let message = match number % 1000 {
            7 => "login user=bob password=hunter2".to_owned(),
            n if n % 100 == 8 => "Failed password for root".to_owned(),
            n => format!("GET /api/v1/search user=u{n} status=200 in {}ms", n % 83),
        };
        let time = format!("{:02}:{:02}", number / 60_000 % 60, number / 1000 % 60);
        format!(
            "2026-11-22T10:{time}.{:03}Z INFO  http: id={number} {message}\n",
            number % 1000
        )
    };
    (0..LINES).map(line).collect()
}
