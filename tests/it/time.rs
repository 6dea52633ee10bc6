//! Times: which lines a stretch of time lets through, and where a reader of one begins.

use serde_json::Value;

use crate::harness::log_dir::LogDir;
use crate::harness::pages::page;
use crate::harness::pages::texts;
use crate::harness::search::Search;
use crate::harness::server::Server;

/// A line each minute from ten o'clock on; a record of several lines at three minutes past.
const LOG: &str = "\
2026-11-22T10:00:00Z INFO  zero
2026-11-22T10:01:00Z INFO  one
2026-11-22T10:02:00Z INFO  two
2026-11-22T10:03:00Z ERROR three
\tat com.example.Three.call(Three.java:3)
\tat com.example.Main.main(Main.java:1)
2026-11-22T10:04:00Z INFO  four
2026-11-22T10:05:00Z INFO  five
";

fn dir() -> LogDir {
    let dir = LogDir::new();
    dir.append("app.log", LOG);
    dir
}

/// The last words of what a reader is given, up to that of the line that is written at last.
#[track_caller]
fn check(flags: &[&str], query: &str, last: &str, expected: &[&str]) {
    let dir = dir();
    let path = dir.path("app.log");
    let server = Server::start(&[flags, &[&path]].concat());
    let mut reader = server.reader(&dir, query).filtered();
    dir.append("app.log", format!("{last}\n"));
    let texts = reader.texts_until(last);
    let words: Vec<&str> = texts
        .iter()
        .filter_map(|text| text.rsplit(' ').next())
        .collect();
    assert_eq!(words, expected, "{flags:?} {query}");
}

/// Older than nothing and newer than everything above.
const LAST: &str = "2026-11-22T10:06:00Z INFO  last";

#[test]
fn a_stream_begins_at_its_moment() {
    check(&[], "since=2026-11-22T10:04:00Z", LAST, &["four", "five"]);
    check(
        &[],
        "since=2026-11-22T11:00:00%2B01:00&tail=1",
        LAST,
        &["five"],
    );
}

#[test]
fn lines_without_a_time_stay_with_their_record() {
    check(
        &[],
        "since=2026-11-22T10:03:00Z&x=five",
        LAST,
        &[
            "three",
            "com.example.Three.call(Three.java:3)",
            "com.example.Main.main(Main.java:1)",
            "four",
        ],
    );
    // Without its head a record is of the same time.
    check(&[], "since=2026-11-22T10:03:30Z", LAST, &["four", "five"]);
}

#[test]
fn a_stretch_given_by_flags_is_a_boundary() {
    check(
        &["--since", "2026-11-22T10:05:00Z"],
        "since=2026-11-22T10:00:00Z",
        LAST,
        &["five"],
    );
}

#[test]
fn a_stream_whose_end_has_passed_goes_on_without_lines() {
    let dir = dir();
    let server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.reader(&dir, "until=2026-11-22T10:02:00Z");
    assert_eq!(reader.texts(2).len(), 2);
    dir.append("app.log", "2026-11-22T10:06:00Z INFO  late\n");
    let size = LOG.len() + "2026-11-22T10:06:00Z INFO  late\n".len();
    loop {
        let (texts, ping) = reader.until("ping");
        assert_eq!(texts, [""; 0]);
        if ping.data["head"] == size && ping.data["behind"] == 0 {
            break;
        }
    }
}

#[test]
fn a_stream_whose_end_has_long_passed_gives_only_what_is_late() {
    let dir = dir();
    dir.append("app.log", seconds(6 * 60, 40_000));
    let server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.reader(&dir, "until=2026-11-22T10:02:00Z");
    assert_eq!(reader.texts(2).len(), 2);
    // Nothing that comes later is in the stretch, but for a clock that is late.
    reader.until("ping");
    dir.append("app.log", "2026-11-22T10:01:30Z INFO  late\n");
    assert_eq!(reader.line().text, "2026-11-22T10:01:30Z INFO  late");
}

#[test]
fn a_moment_is_found_in_rotated_files() {
    let dir = LogDir::new();
    for minute in 0..4 {
        dir.append("app.log", seconds(minute * 60, 60));
        if minute < 3 {
            dir.rotate("app.log");
        }
    }
    let server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.reader(&dir, "since=2026-11-22T10:01:30Z").filtered();
    let last = "2026-11-22T10:03:59Z INFO  line 239";
    let texts = reader.texts_until(last);
    assert_eq!(texts.len(), 149);
    assert_eq!(texts[0], "2026-11-22T10:01:30Z INFO  line 90");
}

#[test]
fn a_stack_trace_keeps_the_level_of_its_error_wherever_reading_begins() {
    let dir = dir();
    dir.append("app.log", "2026-11-22T10:06:00Z ERROR deep\n");
    dir.append(
        "app.log",
        "\tat com.example.Deep.call(Deep.java:1)\n".repeat(5000),
    );
    dir.append("app.log", "2026-11-22T10:07:00Z INFO  last\n");
    let server = Server::start(&[&dir.path("app.log")]);
    for tail in [1, 10, 4000] {
        let mut reader = server.reader(&dir, &format!("level=error&tail={tail}"));
        let frames = reader.texts(tail);
        assert!(frames.iter().all(|text| text.starts_with("\tat ")));
    }
}

/// A line for each of so many seconds, the first so many after ten o'clock.
fn seconds(first: u32, count: u32) -> String {
    let line = |second: u32| {
        let (hour, minute) = (10 + second / 3600, second / 60 % 60);
        let second_of_minute = second % 60;
        format!("2026-11-22T{hour}:{minute:02}:{second_of_minute:02}Z INFO  line {second}\n")
    };
    (first..first + count).map(line).collect()
}

#[test]
fn a_bad_time_is_refused_with_the_forms_there_are() {
    let dir = dir();
    let server = Server::start(&[&dir.path("app.log")]);
    for target in [
        "/events?since=soon",
        "/tail?until=soon",
        "/api/filter?since=soon",
    ] {
        let response = server.get(target);
        assert_eq!(response.status(), 400, "{target}");
        let message = response.json()["error"]["message"].to_string();
        assert!(message.contains("14:02, -3h"), "{message}");
    }
}

/// The text of the line that a page is around.
#[track_caller]
fn meant(page: &Value) -> &str {
    let position = page["line"].as_str().expect("a line");
    let lines = page["lines"].as_array().expect("lines");
    let is_meant = |line: &&Value| {
        let segment = line["segment"].as_str().expect("a segment");
        format!("{segment}.{}", line["offset"]) == position
    };
    let line = lines.iter().find(is_meant).expect("it is on the page");
    line["text"].as_str().expect("a text")
}

#[test]
fn a_page_at_a_moment_is_around_its_first_line() {
    let dir = LogDir::new();
    for hour in 0..4 {
        dir.append("app.log", seconds(hour * 3600, 3600));
        if hour < 3 {
            dir.rotate("app.log");
        }
    }
    let server = Server::start(&[&dir.path("app.log")]);
    for (time, line) in [
        ("2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z INFO  line 0"),
        (
            "2026-11-22T11:30:00Z",
            "2026-11-22T11:30:00Z INFO  line 5400",
        ),
        (
            "2026-11-22T12:59:59.5Z",
            "2026-11-22T13:00:00Z INFO  line 10800",
        ),
        ("2027-01-01", "2026-11-22T13:59:59Z INFO  line 14399"),
    ] {
        let found = page(&server, &format!("at={time}&limit=10"));
        assert_eq!(meant(&found), line, "{time}");
        assert_eq!(found["approximate"], Value::Null);
    }
    let filtered = page(&server, "at=2026-11-22T11:30:00Z&limit=2&q=00$");
    assert_eq!(
        texts(&filtered),
        [
            "2026-11-22T11:28:20Z INFO  line 5300",
            "2026-11-22T11:30:00Z INFO  line 5400"
        ]
    );
}

#[test]
fn a_moment_in_a_log_without_times_is_its_end_and_said_to_be_approximate() {
    let dir = LogDir::new();
    dir.append_lines("app.log", 0..100);
    let server = Server::start(&[&dir.path("app.log")]);
    let found = page(&server, "at=10:00&limit=10");
    assert_eq!(meant(&found), "line 99");
    assert_eq!(found["approximate"], Value::Bool(true));
}

#[test]
fn a_moment_that_is_none_or_comes_with_a_place_is_refused() {
    let dir = dir();
    let server = Server::start(&[&dir.path("app.log")]);
    for query in ["at=soon", "at=10:00&around=1.2", "at=10:00&at=11:00"] {
        let response = server.get(&format!("/api/history?{query}"));
        assert_eq!(response.status(), 400, "{query}");
    }
}

#[test]
fn a_search_looks_through_no_more_than_its_stretch_of_time() {
    let dir = LogDir::new();
    for hour in 0..10 {
        dir.append("app.log", seconds(hour * 1800, 1800));
        if hour < 9 {
            dir.rotate("app.log");
        }
    }
    let server = Server::start(&[&dir.path("app.log")]);
    let stretch = "since=2026-11-22T11:15:00Z&until=2026-11-22T11:15:30Z";
    for order in ["newest", "oldest"] {
        let query = format!("{stretch}&order={order}&q=line");
        let found = Search::open(server.port(), &query).all();
        let mut texts = found.texts();
        if order == "newest" {
            texts.reverse();
        }
        assert_eq!(texts.len(), 30);
        assert_eq!(texts[0], "2026-11-22T11:15:00Z INFO  line 4500");
        let scanned = found.done["scanned"].as_u64().expect("bytes");
        assert!(scanned < 200_000, "{scanned}");
        let all = Search::open(server.port(), &format!("order={order}&q=line")).all();
        assert_eq!(all.lines.len(), 10_000);
    }
}

#[test]
fn a_stack_trace_keeps_the_level_of_its_error_in_history_and_search() {
    let dir = dir();
    dir.append("app.log", "2026-11-22T10:06:00Z ERROR deep\n");
    dir.append(
        "app.log",
        "\tat com.example.Deep.call(Deep.java:1)\n".repeat(5000),
    );
    dir.append("app.log", "2026-11-22T10:07:00Z INFO  last\n");
    let server = Server::start(&[&dir.path("app.log")]);
    // The page begins in the middle of the trace.
    let newest = page(&server, "level=error&limit=10");
    assert!(texts(&newest).iter().all(|text| text.starts_with("\tat ")));
    assert_eq!(texts(&newest).len(), 10);
    let older = newest["older"].as_str().expect("there is more");
    let page = page(&server, &format!("level=error&limit=10&before={older}"));
    assert_eq!(texts(&page).len(), 10);
    let found = Search::open(server.port(), "level=error&q=Deep").all();
    assert_eq!(found.lines.len(), 5000);
    let within = "since=2026-11-22T10:06:00Z&until=2026-11-22T10:07:00Z&q=Deep";
    let found = Search::open(server.port(), within).all();
    assert_eq!(found.lines.len(), 5000);
}

#[test]
fn a_file_says_in_which_zone_its_times_are_written() {
    let dir = LogDir::new();
    dir.append("zoned.log", "2026-11-22T10:00:00+01:00 m\n");
    dir.append("server.log", "2026-11-22 10:00:00,000 m\n");
    dir.append("none.log", "no time\n");
    let paths = ["zoned.log", "server.log", "none.log"].map(|name| dir.path(name));
    let server = Server::start(&[&paths[0], &paths[1], &paths[2]]);
    let sources = server.get("/api/sources").json();
    let zone = |number: usize| sources["sources"][number]["segments"][0]["zone"].clone();
    assert_eq!(
        (zone(0), zone(1), zone(2)),
        ("+01:00".into(), "server".into(), Value::Null)
    );
}
