//! Secrets leave the server by no address.

use std::io::Read;
use std::process::Command;

use crate::harness::eventually::PATIENCE;
use crate::harness::http;
use crate::harness::http::encoded;
use crate::harness::log_dir::LogDir;
use crate::harness::pages::backward;
use crate::harness::pages::page;
use crate::harness::pages::position;
use crate::harness::pages::texts;
use crate::harness::search::Search;
use crate::harness::server::Server;
use crate::harness::server::command;

/// What may be seen nowhere.
const SECRETS: [&str; 6] = [
    "hunter2",
    "AKIAIOSFODNN7EXAMPLE",
    "Zm9vYmFyYmF6",
    "MIIEpAIBAAKCAQEAx4fd9Zb5nqGpRk0m",
    "rK2mN5pQ8sT1vW4yZ7aB3dE6gH9j",
    "pQ7==",
];

/// The lines with these secrets, and as they are shown.
const LINES: [[&str; 2]; 10] = [
    ["10:00 started", "10:00 started"],
    [
        "10:01 login user=bob password=hunter2 ok",
        "10:01 login user=bob password=[redacted:value] ok",
    ],
    [
        "10:02 WARN key AKIAIOSFODNN7EXAMPLE was used",
        "10:02 WARN key [redacted:aws-key-id] was used",
    ],
    [
        r#"{"time":"10:03","authorization":"Basic Zm9vYmFyYmF6","ok":true}"#,
        r#"{"time":"10:03","authorization":"Basic [redacted:authorization]","ok":true}"#,
    ],
    ["-----BEGIN RSA PRIVATE KEY-----", "[redacted:private-key]"],
    [
        "MIIEpAIBAAKCAQEAx4fd9Zb5nqGpRk0m0pB1d8nS2vZQbVhJ3bq0cQ7uYy5mXr2L",
        "[redacted:private-key]",
    ],
    [
        "rK2mN5pQ8sT1vW4yZ7aB3dE6gH9jrK2mN5pQ8sT1vW4yZ7aB3dE6gH9jAbCdEfGh",
        "[redacted:private-key]",
    ],
    ["pQ7==", "[redacted:private-key]"],
    [
        "-----END RSA PRIVATE KEY-----",
        "-----END RSA PRIVATE KEY-----",
    ],
    ["10:04 done", "10:04 done"],
];

fn file() -> String {
    LINES.map(|[line, _]| format!("{line}\n")).concat()
}

fn shown() -> Vec<&'static str> {
    LINES.map(|[_, shown]| shown).to_vec()
}

fn redacting(text: &str) -> (LogDir, Server) {
    let dir = LogDir::new();
    dir.append("app.log", text);
    let server = Server::start(&[&dir.path("app.log"), "--redact", "default"]);
    (dir, server)
}

#[track_caller]
fn check_secret_free(from: &str, answer: &str) {
    for secret in SECRETS {
        assert!(!answer.contains(secret), "{from} shows {secret}: {answer}");
    }
}

/// The beginning of an answer that does not end, up to some text.
#[track_caller]
fn read_up_to(server: &Server, target: &str, end: &str) -> String {
    let request = http::request("GET", target, server.port(), &[]);
    let (head, mut body) = http::open(server.port(), request.as_bytes()).expect("an answer");
    assert_eq!(head.status, 200, "{target}");
    body.set_deadline(std::time::Instant::now() + PATIENCE);
    let mut text = Vec::new();
    let mut buffer = [0; 4096];
    while !String::from_utf8_lossy(&text).contains(end) {
        let count = body.read(&mut buffer).expect("in time");
        assert!(count > 0, "{target}: {}", String::from_utf8_lossy(&text));
        text.extend_from_slice(&buffer[..count]);
    }
    String::from_utf8_lossy(&text).into_owned()
}

#[test]
fn no_address_gives_a_secret() {
    let (_dir, server) = redacting(&file());
    let found = page(&server, "");
    assert_eq!(texts(&found), shown());
    let segment = found["lines"][0]["segment"].as_str().expect("an id");
    let inside = file().find("rK2mN5").expect("it is there");
    let key = format!("{segment}.{inside}");
    let login = encoded(LINES[1][1]);
    let whole = [
        "/api/sources".to_owned(),
        "/api/history".to_owned(),
        "/api/history?q=password".to_owned(),
        "/api/history?q=.&context=2&limit=3".to_owned(),
        format!("/api/history?after={segment}.{inside}&limit=1"),
        format!("/api/history?before={segment}.{}", file().len()),
        format!("/api/history?around={key}"),
        "/api/history?at=10:02".to_owned(),
        "/api/search?q=.".to_owned(),
        "/api/search?q=e&order=oldest".to_owned(),
        format!("/api/search?q={login}&literal=1"),
        "/api/search?q=done&context=1".to_owned(),
        "/api/timeline".to_owned(),
        format!("/api/resolve?at={key}"),
        "/tail?follow=0&tail=all".to_owned(),
        "/tail?follow=0&tail=2&q=key&context=3".to_owned(),
        "/raw/app.log".to_owned(),
        format!("/raw/app.log?segment={segment}"),
        format!("/raw/app.log?lines={segment}.{inside}&n=2"),
    ];
    for target in whole {
        let answer = server.get(&target);
        check_secret_free(&target, &answer.text());
    }
    for target in [
        "/events",
        "/events?tail=all",
        "/events?q=.&context=1",
        "/tail",
    ] {
        check_secret_free(target, &read_up_to(&server, target, "done"));
    }
    let live = read_up_to(&server, "/events?tail=0", "event: ping");
    check_secret_free("/events", &live);
}

#[test]
fn lines_are_without_secrets_wherever_reading_begins() {
    let (_dir, server) = redacting(&file());
    assert_eq!(backward(&server, "limit=1"), shown());
    for count in 1..=LINES.len() {
        let answer = server.get(&format!("/tail?follow=0&tail={count}"));
        let expected = shown()[LINES.len() - count..].join("\n") + "\n";
        assert_eq!(answer.text(), expected);
    }
}

#[test]
fn a_live_line_and_one_without_an_end_show_no_secret() {
    let dir = LogDir::new();
    dir.append("app.log", "begun\n");
    let server = Server::start(&[&dir.path("app.log"), "--redact", "default"]);
    let mut reader = server.unchecked_reader("tail=1");
    assert_eq!(reader.line().text, "begun");
    for line in file().lines() {
        dir.append("app.log", format!("{line}\n"));
    }
    for expected in shown() {
        assert_eq!(reader.line().text, expected);
    }
    dir.append("app.log", "asked for password=hun");
    let (_, partial) = reader.until("partial");
    assert_eq!(partial.str("text"), "asked for password=[redacted:value]");
    dir.append("app.log", "ter2 of bob\n");
    let text = reader.line().text;
    assert_eq!(text, "asked for password=[redacted:value] of bob");
}

#[test]
fn a_search_tells_nothing_of_a_secret_and_finds_what_stands_for_it() {
    let (_dir, server) = redacting(&file());
    let hits = |query: &str| {
        let found = Search::open(server.port(), query).all();
        let texts = found.texts().into_iter().map(str::to_owned);
        texts.collect::<Vec<_>>()
    };
    for query in [
        "q=password=hunter2",
        "q=hunter",
        "q=password=h",
        "q=AKIAIOSFODNN7EXAMPLE",
        "q=AKIA[A-Z0-9]",
        "q=^MIIE",
        "q=[a-zA-Z0-9]{40}",
        "q=ter2%20ok",
    ] {
        assert_eq!(hits(query), [""; 0], "{query}");
        assert_eq!(texts(&page(&server, query)), [""; 0], "{query}");
    }
    let login = LINES[1][1];
    for query in [
        "q=redacted:value",
        "q=password=%5C%5Bredacted:value%5C%5D%20ok",
        "q=bob%20password",
        "q=value%5C%5D%20ok$",
        "q=(?i)LOGIN.*RED.*OK",
        "q=10:01.*%5C%5D",
        "q=password&x=redacted:aws",
        "q=password=.r",
    ] {
        assert_eq!(hits(query), [login], "{query}");
        assert_eq!(texts(&page(&server, query)), [login], "{query}");
    }
    assert_eq!(hits("q=private-key").len(), 4);
}

#[test]
fn matches_are_those_of_what_is_shown() {
    let (_dir, server) = redacting(&file());
    let found = page(&server, "q=ok&q=bob");
    let text = found["lines"][0]["text"].as_str().expect("a text");
    let matches = &found["lines"][0]["matches"];
    let places = ["bob", "ok"].map(|word| {
        let start = text.rfind(word).expect("it is there");
        serde_json::json!([start, start + word.len()])
    });
    assert_eq!(*matches, serde_json::Value::from(places.to_vec()));
}

#[test]
fn offsets_and_links_are_those_of_the_file() {
    let (_dir, server) = redacting(&file());
    let found = page(&server, "");
    let lines = found["lines"].as_array().expect("lines");
    let mut offset = 0;
    for (line, [text, _]) in lines.iter().zip(LINES) {
        assert_eq!(line["offset"], offset);
        offset += text.len() as u64 + 1;
    }
    let last = position(&found, "10:04 done");
    let resolved = server.get(&format!("/api/resolve?at={last}")).json();
    assert_eq!(resolved["found"], "here");
    let there = page(&server, &format!("after={last}"));
    assert_eq!(texts(&there), ["10:04 done"]);
}

#[test]
fn a_download_has_the_text_without_secrets_and_no_ranges() {
    let (dir, server) = redacting("");
    let long = "x".repeat(100_000);
    dir.append(
        "app.log",
        format!("one\r\npassword=hunter2\r\n{long}\nlast"),
    );
    let request = http::request(
        "GET",
        "/raw/app.log",
        server.port(),
        &[("Range", "bytes=0-3")],
    );
    let answer = http::send(server.port(), request.as_bytes());
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.header("accept-ranges"), Some("none"));
    assert_eq!(answer.header("content-length"), None);
    let disposition = answer.header("content-disposition").expect("a name");
    assert!(
        disposition.contains("\"app.redacted.log\""),
        "{disposition}"
    );
    let shown = &long[..65_536];
    let expected = format!("one\r\npassword=[redacted:value]\r\n{shown}[redacted:rest]\nlast");
    assert!(answer.text() == expected, "{} bytes", answer.text().len());
}

#[test]
fn a_secret_at_the_end_of_what_is_shown_of_a_long_line_is_not_shown_in_part() {
    let line = |more: usize| {
        let before = "x".repeat(65_536 - more - 1);
        let rest = "y".repeat(70_000);
        format!("{before} AKIAIOSFODNN7EXAMPLE {rest}\n")
    };
    let (_dir, server) = redacting(&[5, 10, 19].map(line).concat());
    let (history, search) = (server.get("/api/history"), server.get("/api/search?q=x"));
    let tail = server.get("/tail?follow=0&tail=all");
    for answer in [history, search, tail] {
        let text = answer.text();
        assert_eq!(text.matches("[redacted:aws-key-id]").count(), 3);
        assert!(!text.contains("AKIA"));
    }
}

#[test]
fn rotated_compressed_and_foreign_files_are_without_secrets_too() {
    let dir = LogDir::new();
    dir.append("app.log", file());
    dir.rotate("app.log");
    let packed = Command::new("gzip").arg(dir.path("app.log.1")).status();
    assert!(packed.expect("gzip").success());
    let units = file().encode_utf16().collect::<Vec<_>>();
    let bytes = units.iter().flat_map(|unit| unit.to_le_bytes());
    dir.append("app.log", [vec![0xff, 0xfe], bytes.collect()].concat());
    let server = Server::start(&[&dir.path("app.log"), "--redact", "default"]);
    let twice = [shown(), shown()].concat();
    assert_eq!(backward(&server, "limit=3"), twice);
    assert_eq!(
        server.get("/tail?follow=0&tail=all").text(),
        twice.join("\n") + "\n"
    );
    assert_eq!(server.get("/raw/app.log").text(), shown().join("\n") + "\n");
    for query in ["q=.", "q=MII", "q=hunter"] {
        check_secret_free(query, &server.get(&format!("/api/search?{query}")).text());
    }
    let found = Search::open(server.port(), "q=redacted:value").all();
    assert_eq!(found.lines.len(), 2);
}

#[test]
fn the_filter_of_a_flag_asks_what_is_shown() {
    let dir = LogDir::new();
    dir.append("app.log", file());
    let path = dir.path("app.log");
    let given = |flags: &[&str]| {
        let server = Server::start(&[&[&*path, "--redact", "default"], flags].concat());
        texts(&page(&server, ""))
    };
    assert_eq!(given(&["-e", "hunter"]), [""; 0]);
    assert_eq!(given(&["-e", "password"]), [LINES[1][1]]);
    assert_eq!(given(&["-x", "redacted"]).len(), 3);
}

#[test]
fn it_is_off_for_the_user_alone_and_what_is_added_is_looked_for_then_too() {
    let dir = LogDir::new();
    dir.append("app.log", file());
    let path = dir.path("app.log");
    let server = Server::start(&[&path]);
    assert_eq!(server.get("/raw/app.log").text(), file());
    let server = Server::start(&[&path, "--redact-add", "user=([a-z]+)"]);
    let found = texts(&page(&server, "q=login"));
    assert_eq!(
        found,
        ["10:01 login user=[redacted:custom] password=hunter2 ok"]
    );
    let server = Server::start(&[&path, "--redact", "strict"]);
    assert_eq!(texts(&page(&server, "")), shown());
}

#[test]
fn a_pattern_or_a_mode_that_is_none_is_refused() {
    for flags in [["--redact-add", "a(b"], ["--redact", "some"]] {
        let output = command(&[&["app.log"][..], &flags].concat()).output();
        let output = output.expect("it runs");
        assert_eq!(output.status.code(), Some(2));
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(text.contains("--redact"), "{text}");
    }
}

#[test]
fn our_own_token_is_shown_to_nobody_and_redaction_is_on_where_a_token_is_asked_for() {
    let dir = LogDir::new();
    dir.append(
        "app.log",
        "GET /#t=correct-horse/battery /?t=correct-horse%2Fbattery ls_5647=v1.99.abcdefgh; password=hunter2\n",
    );
    let path = dir.path("app.log");
    let ask = |flags: &[&str]| {
        let server = Server::start(&[&[&*path, "--token=correct-horse/battery"], flags].concat());
        let bearer = [("Authorization", "Bearer correct-horse/battery")];
        let get = |target: &str| {
            let request = http::request("GET", target, server.port(), &bearer);
            http::send(server.port(), request.as_bytes())
        };
        let found = get("/api/history").json();
        assert_eq!(get("/raw/app.log").text(), texts(&found)[0].clone() + "\n");
        texts(&found)
    };
    let own = "GET /#t=[redacted:own-token] /?t=[redacted:own-token] ls_5647=[redacted:own-token]; password=";
    assert_eq!(ask(&["--redact", "off"]), [format!("{own}hunter2")]);
    assert_eq!(ask(&[]), [format!("{own}[redacted:value]")]);
}
