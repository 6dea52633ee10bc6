//! Pages of the lines there are, backward, forward and around a place.

use serde_json::Value;
use serde_json::json;

use crate::harness::log_dir::LogDir;
use crate::harness::pages::backward;
use crate::harness::pages::forward;
use crate::harness::pages::gzip;
use crate::harness::pages::page;
use crate::harness::pages::position;
use crate::harness::pages::texts;
use crate::harness::server::Server;

#[test]
fn without_a_place_a_page_is_the_newest_lines() {
    let dir = LogDir::new();
    dir.append("app.log", "one\ntwo\nthree\n");
    let server = Server::start(&[&dir.path("app.log")]);
    let found = page(&server, "limit=2");
    let segment = found["lines"][0]["segment"].clone();
    assert_eq!(
        found,
        json!({
            "lines": [
                {"source": "app.log", "segment": segment, "offset": 4, "text": "two"},
                {"source": "app.log", "segment": segment, "offset": 8, "text": "three"},
            ],
            "older": format!("{}.4", segment.as_str().expect("an id")),
            "newer": null,
        })
    );
    let rest = page(
        &server,
        &format!("before={}", found["older"].as_str().expect("older")),
    );
    assert_eq!(texts(&rest), ["one"]);
    assert_eq!(rest["older"], Value::Null);
    assert_eq!(rest["newer"], found["older"]);
}

#[test]
fn pages_go_through_rotated_and_compressed_files_both_ways() {
    let dir = LogDir::new();
    let mut all = Vec::new();
    for part in 0..4 {
        all.extend(dir.append_lines("app.log", part * 100..part * 100 + 100));
        if part < 3 {
            dir.rotate("app.log");
        }
    }
    gzip(&dir, "app.log.2");
    let server = Server::start(&[&dir.path("app.log")]);
    for limit in [1000, 100, 37] {
        let query = format!("limit={limit}");
        assert!(backward(&server, &query) == all, "{query}");
        let sources = server.get("/api/sources").json();
        let oldest = &sources["sources"][0]["segments"][0]["segment"];
        let beginning = format!("{}.0", oldest.as_str().expect("an id"));
        assert!(forward(&server, &query, &beginning) == all, "{query}");
    }
}

#[test]
fn half_a_page_around_a_line_stands_on_each_side() {
    let dir = LogDir::new();
    dir.append_lines("app.log", 0..100);
    let server = Server::start(&[&dir.path("app.log")]);
    let all = page(&server, "");
    let around = |line: &str, limit: usize| {
        let found = position(&all, line);
        let around = page(&server, &format!("around={found}&limit={limit}"));
        assert_eq!(around["line"], found, "the line that was meant");
        texts(&around)
    };
    assert_eq!(
        around("line 50", 4),
        ["line 48", "line 49", "line 50", "line 51"]
    );
    assert_eq!(around("line 50", 1), ["line 50"]);
    assert_eq!(around("line 0", 4), ["line 0", "line 1"]);
    assert_eq!(
        around("line 99", 4),
        ["line 96", "line 97", "line 98", "line 99"]
    );
}

#[test]
fn an_offset_inside_a_line_is_the_line() {
    let dir = LogDir::new();
    dir.append("app.log", "one\nt\u{fc}o\nthree\n");
    let server = Server::start(&[&dir.path("app.log")]);
    let all = page(&server, "");
    let segment = all["lines"][0]["segment"].as_str().expect("an id");
    for offset in 4..9 {
        let after = page(&server, &format!("after={segment}.{offset}"));
        assert_eq!(texts(&after), ["t\u{fc}o", "three"], "{offset}");
        assert_eq!(after["older"], format!("{segment}.4"));
        let before = page(&server, &format!("before={segment}.{offset}"));
        assert_eq!(texts(&before), ["one"], "{offset}");
        assert_eq!(before["newer"], format!("{segment}.4"));
    }
}

#[test]
fn an_offset_past_the_end_is_told_where_the_end_is() {
    let dir = LogDir::new();
    dir.append("app.log", "one\ntwo\n");
    let server = Server::start(&[&dir.path("app.log")]);
    let all = page(&server, "");
    let segment = all["lines"][0]["segment"].as_str().expect("an id");
    for way in ["before", "after", "around"] {
        let found = page(&server, &format!("{way}={segment}.1000000000"));
        let older = format!("{segment}.8");
        let expected = json!({"lines": [], "older": older, "newer": null, "size": 8});
        assert_eq!(found, expected, "{way}");
    }
    let end = page(&server, &format!("after={segment}.8"));
    assert_eq!(
        end,
        json!({"lines": [], "older": format!("{segment}.8"), "newer": null})
    );
}

#[test]
fn a_page_has_a_size_within_limits() {
    let dir = LogDir::new();
    dir.append_lines("app.log", 0..12_000);
    let server = Server::start(&[&dir.path("app.log")]);
    assert_eq!(texts(&page(&server, "")).len(), 500);
    assert_eq!(texts(&page(&server, "limit=1000000000")).len(), 10_000);
    for limit in ["0", "-1", "", "x", "1.5", "99999999999999999999"] {
        let answer = server.get(&format!("/api/history?limit={limit}"));
        assert_eq!(answer.status(), 400, "{limit:?}");
        assert!(answer.message().contains("limit"), "{}", answer.text());
    }
    let long = format!("{}\n", "x".repeat(60_000));
    dir.append("long.log", long.repeat(100));
    let server = Server::start(&[&dir.path("long.log")]);
    assert_eq!(texts(&page(&server, "")).len(), (1 << 20) / 60_000);
}

#[test]
fn what_is_asked_wrongly_is_refused() {
    let dir = LogDir::new();
    dir.append("app.log", "one\n");
    let server = Server::start(&[&dir.path("app.log")]);
    for (query, code) in [
        ("f=/etc/passwd", "bad_query"),
        ("limit=1&limit=2", "bad_query"),
        ("before=8c1f2a90.1&after=8c1f2a90.1", "bad_query"),
        ("before=8c1f2a90.1&before=8c1f2a90.1", "bad_query"),
        ("before=8c1f2a90.-1", "bad_position"),
        ("before=8c1f2a90.18446744073709551616", "bad_position"),
        ("after=8c1f2a90.0x10", "bad_position"),
        ("around=8c1f2a90.+1", "bad_position"),
        ("before=", "bad_position"),
        ("before=garbage", "bad_position"),
        ("q=(", "bad_regex"),
        ("level=loud", "bad_level"),
        ("context=some", "bad_query"),
    ] {
        let answer = server.get(&format!("/api/history?{query}"));
        assert_eq!(answer.status(), 400, "{query}");
        assert_eq!(answer.code(), code, "{query}");
    }
    let answer = server.get("/api/history?source=nope");
    assert_eq!(
        (answer.status(), answer.code().as_str()),
        (404, "unknown_source")
    );
    for offset in ["0", "9223372036854775808"] {
        let answer = server.get(&format!("/api/history?around=00000001.{offset}"));
        assert_eq!(
            (answer.status(), answer.code().as_str()),
            (404, "no_segment")
        );
    }
}

#[test]
fn a_filter_holds_on_every_page() {
    let dir = LogDir::new();
    for number in 0..300 {
        dir.append(
            "app.log",
            format!("2026-11-22T10:47:02Z INFO fine {number}\n"),
        );
        if number % 50 == 7 {
            let error = format!("2026-11-22T10:47:02Z ERROR broken {number}\n");
            dir.append("app.log", error + &format!("  at trace({number})\n"));
        }
    }
    let server = Server::start(&[&dir.path("app.log")]);
    let errors = backward(&server, "level=error&limit=1");
    let expected: Vec<String> = [7, 57, 107, 157, 207, 257]
        .iter()
        .flat_map(|number| {
            let error = format!("2026-11-22T10:47:02Z ERROR broken {number}");
            [error, format!("  at trace({number})")]
        })
        .collect();
    assert_eq!(errors, expected);
    assert_eq!(backward(&server, "q=trace&x=57&limit=2").len(), 3);
}

#[test]
fn what_the_start_keeps_back_is_in_no_page() {
    let dir = LogDir::new();
    dir.append("app.log", "public 1\nsecret\npublic 2\n");
    let server = Server::start(&["-e", "public", &dir.path("app.log")]);
    let both = ["public 1", "public 2"];
    assert_eq!(texts(&page(&server, "")), both);
    assert_eq!(texts(&page(&server, "q=secret")), [""; 0]);
    assert_eq!(texts(&page(&server, "q=public+2&context=1")), both);
}

#[test]
fn a_filter_that_rarely_matches_takes_many_short_steps() {
    let dir = LogDir::new();
    let block = format!("{}\n", "x".repeat(99)).repeat(10_000);
    dir.append("app.log", "needle\n");
    for _ in 0..90 {
        dir.append("app.log", &block);
    }
    let server = Server::start(&[&dir.path("app.log")]);
    let mut found = page(&server, "q=needle");
    let mut steps = 1;
    while let Some(older) = found["older"].as_str() {
        assert_eq!(texts(&found), [""; 0]);
        found = page(&server, &format!("q=needle&before={older}"));
        steps += 1;
    }
    assert_eq!(texts(&found), ["needle"]);
    assert!((2..9).contains(&steps), "{steps} steps through 90 MB");
}

#[test]
fn several_sources_are_merged_by_time() {
    let dir = LogDir::new();
    let line =
        |second: usize, name: &str| format!("2026-11-22T10:00:{second:02}Z {name} {second}\n");
    for second in 0..60 {
        let (name, other) = if second % 3 == 0 {
            ("a.log", "a")
        } else {
            ("b.log", "b")
        };
        dir.append(name, line(second, other) + "  more\n");
        if second == 30 {
            dir.rotate("b.log");
        }
    }
    let server = Server::start(&[&dir.path("a.log"), &dir.path("b.log")]);
    let expected: Vec<String> = (0..60)
        .flat_map(|second| {
            let first = line(second, if second % 3 == 0 { "a" } else { "b" });
            [first.trim_end().to_owned(), "  more".to_owned()]
        })
        .collect();
    for limit in [7, 500] {
        assert_eq!(backward(&server, &format!("limit={limit}")), expected);
    }
    let newest = page(&server, "limit=20");
    let older = newest["older"].as_str().expect("older");
    assert_eq!(
        texts(&page(&server, &format!("after={older}"))),
        expected[100..]
    );
    assert_eq!(backward(&server, "source=a.log&limit=7").len(), 40);
}

#[test]
fn the_id_of_an_event_is_a_place_in_history() {
    let dir = LogDir::new();
    dir.append(
        "a.log",
        "2026-11-22T10:00:01Z a 1\n2026-11-22T10:00:03Z a 3\n",
    );
    dir.append(
        "b.log",
        "2026-11-22T10:00:02Z b 2\n2026-11-22T10:00:04Z b 4\n",
    );
    let server = Server::start(&[&dir.path("a.log"), &dir.path("b.log")]);
    let mut reader = server.reader(&dir, "tail=0");
    reader.until("ping");
    let id = reader.last_id.clone().expect("an id");
    dir.append("a.log", "2026-11-22T10:00:05Z a 5\n");
    reader.expect(&["2026-11-22T10:00:05Z a 5"]);
    let before = texts(&page(&server, &format!("before={id}&limit=3")));
    let of = |names: &[&str]| -> Vec<String> {
        let whole = |name: &&str| format!("2026-11-22T10:00:0{}Z {name}", &name[2..]);
        names.iter().map(whole).collect()
    };
    assert_eq!(before, of(&["b 2", "a 3", "b 4"]));
    let after = texts(&page(&server, &format!("after={id}")));
    assert_eq!(after, of(&["a 5"]));
}

#[test]
fn more_sources_than_can_be_merged_have_to_be_chosen_from() {
    let dir = LogDir::new();
    for number in 0..65 {
        dir.append(&format!("{number}.log"), "one\n");
    }
    let server = Server::start(&[&dir.path("*.log")]);
    let answer = server.get("/api/history");
    assert_eq!(
        (answer.status(), answer.code().as_str()),
        (400, "bad_query")
    );
    assert!(answer.message().contains("64"), "{}", answer.text());
    assert_eq!(texts(&page(&server, "source=7.log")), ["one"]);
}
