//! Times: which lines a stretch of time lets through, and where a reader of one begins.

use crate::harness::log_dir::LogDir;
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
