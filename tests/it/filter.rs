//! Which lines a filter lets through, and what a bad one is told.

use serde_json::json;

use crate::harness::http::encoded;
use crate::harness::log_dir::LogDir;
use crate::harness::server::Server;

/// The last line passes every filter of the tests below, so that reading up to it has read them
/// all.
const LOG: [&str; 7] = [
    "DEBUG cache: miss for user.1",
    "INFO  http: GET /health 200",
    "INFO  http: GET /users 404",
    "WARN  db: Connection lost",
    "ERROR db: connection refused (attempt 2)",
    "no level here",
    "FATAL db: Connection to user.1 refused: 500 GET /users",
];

/// A reader with this query gets exactly these lines of [`LOG`].
#[track_caller]
fn check(query: &str, expected: &[usize]) {
    let dir = LogDir::new();
    dir.append("app.log", LOG.join("\n") + "\n");
    let server = Server::start(&[&dir.path("app.log")]);
    let mut texts = server.reader(&dir, query).texts_until(LOG[6]);
    texts.push(LOG[6].to_owned());
    let expected: Vec<&str> = expected.iter().map(|index| LOG[*index]).collect();
    assert_eq!(texts, expected, "{query}");
}

#[test]
fn a_regex_chooses_lines() {
    check("q=refused", &[4, 6]);
    check(&format!("q={}", encoded(r"GET /users|\d{3}$")), &[1, 2, 6]);
}

#[test]
fn several_must_all_match() {
    check("q=GET&q=users", &[2, 6]);
}

#[test]
fn an_exclusion_wins() {
    check("x=http%3A&x=cache&x=level", &[3, 4, 6]);
    check("q=db&x=lost", &[4, 6]);
}

#[test]
fn a_capital_makes_the_case_matter() {
    check("q=connection", &[3, 4, 6]);
    check("q=Connection", &[3, 6]);
    check("q=Connection&case=ignore", &[3, 4, 6]);
    check("q=Connection&case=match", &[3, 6]);
    check("q=Connection&case=smart", &[3, 6]);
}

#[test]
fn a_literal_is_no_regex() {
    check("q=user.1&literal=1", &[0, 6]);
    check("q=r.1", &[0, 6]);
}

#[test]
fn a_level_is_a_minimum() {
    check("level=warn", &[3, 4, 6]);
    check("level=fatal", &[6]);
}

#[test]
fn levels_may_be_listed() {
    check("level=debug,fatal", &[0, 6]);
}

#[test]
fn a_filter_and_a_level_must_both_hold() {
    check("level=error&q=connection", &[4, 6]);
}

#[test]
fn a_filter_holds_for_live_lines_too() {
    let dir = LogDir::new();
    dir.append("app.log", "");
    let server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.reader(&dir, "q=yes");
    reader.until("ping");
    dir.append("app.log", "no 1\nyes 1\nno 2\n");
    dir.append("app.log", "no 3\nyes 2\n");
    reader.expect(&["yes 1", "yes 2"]);
}

#[test]
fn a_filtered_reader_resumes_too() {
    let dir = LogDir::new();
    dir.append("app.log", "yes 1\nno 1\n");
    let mut server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.reader(&dir, "q=yes");
    reader.expect(&["yes 1"]);
    server.kill_9();
    dir.append("app.log", "no 2\nyes 2\n");
    server.restart();
    reader.reconnect();
    reader.expect(&["yes 2"]);
}

#[test]
fn the_ranges_of_the_matches_count_as_javascript_does() {
    let dir = LogDir::new();
    dir.append("app.log", "é 😀 needle, Needle\n");
    let server = Server::start(&[&dir.path("app.log")]);
    let line = server.reader(&dir, "q=needle").line();
    assert_eq!(line.json["matches"], json!([[5, 11], [13, 19]]));
}

#[test]
fn an_invalid_regex_is_told_what_is_wrong_with_it() {
    let dir = LogDir::new();
    let server = Server::start(&[&dir.path("app.log")]);
    for endpoint in ["/events", "/tail", "/api/filter"] {
        let answer = server.get(&format!("{endpoint}?q=ab(c"));
        assert_eq!(answer.status(), 400, "{endpoint}");
        assert_eq!(answer.code(), "bad_regex");
        assert!(
            answer.message().contains("unclosed group"),
            "{}",
            answer.text()
        );
        assert_eq!(answer.json()["error"]["parameter"], "q");
        assert_eq!(answer.json()["error"]["pattern_offset"], 2);
    }
}

#[test]
fn every_kind_of_invalid_regex_is_refused() {
    let dir = LogDir::new();
    let server = Server::start(&[&dir.path("app.log")]);
    for pattern in ["(a", "[z-a]", r"\1", "(?=a)", "a{2,1}", "*"] {
        for parameter in ["q", "x"] {
            let answer = server.get(&format!("/api/filter?{parameter}={}", encoded(pattern)));
            assert_eq!(answer.status(), 400, "{pattern}");
            assert_eq!(answer.code(), "bad_regex", "{pattern}");
            assert_eq!(answer.json()["error"]["parameter"], parameter, "{pattern}");
        }
    }
}

#[test]
fn a_regex_that_would_cost_too_much_is_refused() {
    let dir = LogDir::new();
    let server = Server::start(&[&dir.path("app.log")]);
    for pattern in [r"(?:\w{50}){50}", "(?:a{1000}){1000}"] {
        let answer = server.get(&format!("/api/filter?q={}", encoded(pattern)));
        assert_eq!(answer.status(), 400, "{pattern}");
        assert_eq!(answer.code(), "regex_too_big", "{pattern}");
    }
    let answer = server.get(&format!("/api/filter?q={}", "a".repeat(1_025)));
    assert_eq!(answer.status(), 400);
    assert_eq!(answer.code(), "filter_too_long");
}

#[test]
fn a_filter_can_be_tried_before_it_is_used() {
    let dir = LogDir::new();
    let server = Server::start(&[&dir.path("app.log")]);
    let answer = server.get("/api/filter?q=fine&x=too&level=warn&case=match");
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.json(), json!({"ok": true}));
}

#[test]
fn a_filter_given_at_the_start_is_a_boundary() {
    let dir = LogDir::new();
    dir.append("app.log", "public 1\nsecret\npublic 2\n");
    let server = Server::start(&["-e", "public", &dir.path("app.log")]);
    server
        .reader(&dir, "")
        .filtered()
        .expect(&["public 1", "public 2"]);
    server
        .reader(&dir, "q=.")
        .filtered()
        .expect(&["public 1", "public 2"]);
    let mut reader = server.reader(&dir, "q=secret");
    reader.until("ping");
    dir.append("app.log", "secret again\npublic, no longer secret\n");
    reader.expect(&["public, no longer secret"]);
}

#[test]
fn filters_given_at_the_start_must_all_hold() {
    let dir = LogDir::new();
    dir.append("app.log", LOG.join("\n") + "\n");
    let check = |flags: &[&str], expected: &[usize]| {
        let path = dir.path("app.log");
        let server = Server::start(&[flags, &[&path]].concat());
        let expected: Vec<&str> = expected.iter().map(|index| LOG[*index]).collect();
        let mut reader = server.reader(&dir, "").filtered();
        reader.expect(&expected);
    };
    check(&["-e", "GET", "-e", "users"], &[2, 6]);
    check(&["-x", "http:", "-x", "cache", "-x", "level"], &[3, 4, 6]);
    check(&["-l", "warn"], &[3, 4, 6]);
    check(&["-i", "-e", "CONNECTION"], &[3, 4, 6]);
    check(&["-s", "-e", "connection"], &[4]);
    check(&["-S", "-e", "connection"], &[3, 4, 6]);
}
