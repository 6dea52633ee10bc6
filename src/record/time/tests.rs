use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::record::time::TimeReader;
use crate::record::time::calendar::Calendar;
use crate::record::time::order::Order;

/// A reader in a zone, on 22 November 2026.
fn reader_in(zone: TimeZone) -> TimeReader {
    let now = || "2026-11-22T12:00:00Z".parse().expect("a time");
    TimeReader {
        calendar: Calendar::new(zone, now),
        place: 0,
        order: Order::default(),
    }
}

/// Without a zone of its own the line is taken to be of one that is an hour ahead.
#[track_caller]
fn check(line: &str, expected: &str) {
    let zone = TimeZone::fixed(jiff::tz::offset(1));
    assert_eq!(
        shown(reader_in(zone).read(line.as_bytes())),
        expected,
        "in {line:?}"
    );
}

fn shown(milliseconds: Option<i64>) -> String {
    let time = milliseconds.map(|time| Timestamp::from_millisecond(time).expect("in range"));
    time.map_or("none".to_owned(), |time| time.to_string())
}

#[test]
fn iso_8601_in_its_variants() {
    check("2026-11-22T10:47:02.403Z m", "2026-11-22T10:47:02.403Z");
    check("2026-11-22t10:47:02z", "2026-11-22T10:47:02Z");
    check("2026-11-22 10:47:02,403 m", "2026-11-22T09:47:02.403Z");
    check(
        "2026-11-22 10:47:02.403987654+02:00",
        "2026-11-22T08:47:02.403Z",
    );
    check("2026-11-22 10:47:02.5 -0530 m", "2026-11-22T16:17:02.5Z");
    check("2026-11-22T10:47:02+01", "2026-11-22T09:47:02Z");
    check("2026-11-22 10:47:02 UTC [12] m", "2026-11-22T10:47:02Z");
    check(
        "2026-11-22 10:47:02.403 +0000 UTC m=+0.1",
        "2026-11-22T10:47:02.403Z",
    );
    check(
        "2026-11-22 10:47:02,403 - name - m",
        "2026-11-22T09:47:02.403Z",
    );
    check("2026-11-22 10:47:02 -1 left", "2026-11-22T09:47:02Z");
    check("2026-11-22T10:47Z", "2026-11-22T10:47:00Z");
    check("20261122T104702.25Z", "2026-11-22T10:47:02.25Z");
    check("20261122 10:47:02", "2026-11-22T09:47:02Z");
    check("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z");
    check("2026-12-31T23:59:60Z", "2026-12-31T23:59:59Z");
}

#[test]
fn layouts_of_servers_and_frameworks() {
    check(
        "2026/11/22 10:47:02 [error] 123#0: m",
        "2026-11-22T09:47:02Z",
    );
    check(
        "2026/11/22 10:47:02.403210 main.go:1: m",
        "2026-11-22T09:47:02.403Z",
    );
    check(
        "2026.11.22 10:47:02.403123 [ 1 ] m",
        "2026-11-22T09:47:02.403Z",
    );
    check(
        "[Sun Dec 04 04:47:44 2005] [notice] m",
        "2005-12-04T03:47:44Z",
    );
    check(
        "[Sun Dec  4 04:47:44.123456 2005] [core:error] m",
        "2005-12-04T03:47:44.123Z",
    );
    check("Sun Dec  4 04:47:44 UTC 2005", "2005-12-04T04:47:44Z");
    check("17/06/09 20:10:40 INFO m", "2017-06-09T19:10:40Z");
    check("081109 203615 148 INFO m", "2008-11-09T19:36:15Z");
    check(
        "[22-Nov-2026 10:47:02 UTC] PHP Warning:  m",
        "2026-11-22T10:47:02Z",
    );
    check(
        "1234:M 22 Nov 2026 10:47:02.403 * Ready",
        "2026-11-22T09:47:02.403Z",
    );
    check(
        "E20261122 10:47:02.403210 12 a.cc:1] m",
        "2026-11-22T09:47:02.403Z",
    );
    check("Nov 22 2026 10:47:02: %ASA-6-1: m", "2026-11-22T09:47:02Z");
    check(
        "<165>1 2026-11-22T10:47:02.403Z host app - - - m",
        "2026-11-22T10:47:02.403Z",
    );
}

#[test]
fn layouts_of_databases_and_application_servers() {
    check("261122 10:47:02 [Note] m", "2026-11-22T09:47:02Z");
    check("261122  9:47:02 [Note] m", "2026-11-22T08:47:02Z");
    check(
        "2026-11-22-10.47.02.403210+060 I1 m",
        "2026-11-22T09:47:02.403Z",
    );
    check("2026-11-22_10:47:02.403 m", "2026-11-22T09:47:02.403Z");
    check("2026-11-22 10:47:02:403 m", "2026-11-22T09:47:02.403Z");
    check("20261122-10:47:02:403|m", "2026-11-22T09:47:02.403Z");
    check(
        "=INFO REPORT==== 22-Nov-2026::10:47:02 ===",
        "2026-11-22T09:47:02Z",
    );
    check("- 1795344422 2026.11.22 node m", "2026-11-22T10:47:02Z");
}

#[test]
fn hours_of_half_a_day_are_told_apart() {
    check(
        "Nov 22, 2026 9:47:02 PM org.example.App run",
        "2026-11-22T20:47:02Z",
    );
    check(
        "####<Nov 22, 2026, 10:47:02,403 AM UTC> <Info>",
        "2026-11-22T10:47:02.403Z",
    );
    check("2026-11-22 12:47:02 AM m", "2026-11-21T23:47:02Z");
    check("2026-11-22 12:47:02 PM m", "2026-11-22T11:47:02Z");
    check("2026-11-22 1:47:02 PM m", "2026-11-22T12:47:02Z");
    check("2026-11-22 10:47:02 PMX m", "2026-11-22T09:47:02Z");
}

#[test]
fn zones_have_names_too() {
    check(
        "2026-11-22 10:47:02.403 CET [1234] m",
        "2026-11-22T09:47:02.403Z",
    );
    check("2026-11-22 10:47:02 EST [1234-1] m", "2026-11-22T15:47:02Z");
    check(
        "[11/22/26 10:47:02:403 PST] 00000001 m",
        "2026-11-22T18:47:02.403Z",
    );
    // An hour ahead of Greenwich, as the server of these tests is.
    check("2026-11-22 10:47:02 CST m", "2026-11-22T09:47:02Z");
    check("2026-11-22 10:47:02 ESTIMATED m", "2026-11-22T09:47:02Z");
}

#[test]
fn dates_of_numbers_alone_are_read_in_the_order_that_fits() {
    check("11/22/2026 10:47:02 AM\tError", "2026-11-22T09:47:02Z");
    check(
        "\"Error\",\"11/22/2026 9:47:02 PM\"",
        "2026-11-22T20:47:02Z",
    );
    check("22/11/2026 10:47:02 m", "2026-11-22T09:47:02Z");
    check("22.11.2026 10:47:02 m", "2026-11-22T09:47:02Z");
    check("11-22-2026 10:47:02 m", "2026-11-22T09:47:02Z");
    check("11/22/26 10:47:02 m", "2026-11-22T09:47:02Z");
    check("26/11/22 10:47:02 m", "2026-11-22T09:47:02Z");
    check("05/11/2026 10:47:02 m", "2026-05-11T09:47:02Z");
    check("05.11.2026 10:47:02 m", "2026-11-05T09:47:02Z");
    for line in [
        "10.0.0.1 10:47:02",
        "1.2.3 10:47:02",
        "40/22/2026 10:47:02",
        "1/2/3 10:47",
    ] {
        check(line, "none");
    }
}

#[test]
fn an_order_that_was_certain_once_is_kept() {
    let mut reader = reader_in(TimeZone::UTC);
    let mut read = |line: &str| shown(reader.read(line.as_bytes()));
    assert_eq!(read("13/11/2026 10:47:02 m"), "2026-11-13T10:47:02Z");
    assert_eq!(read("05/11/2026 10:47:02 m"), "2026-11-05T10:47:02Z");
    let mut reader = reader_in(TimeZone::UTC);
    let mut read = |line: &str| shown(reader.read(line.as_bytes()));
    assert_eq!(read("11/22/26 10:47:02 m"), "2026-11-22T10:47:02Z");
    assert_eq!(read("11/09/26 10:47:02 m"), "2026-11-09T10:47:02Z");
}

#[test]
fn access_logs_have_it_anywhere_in_the_head() {
    let time = "2026-11-22T10:47:02Z";
    check(
        r#"1.2.3.4 - - [22/Nov/2026:10:47:02 +0000] "GET / HTTP/1.1" 200 1"#,
        time,
    );
    check(
        r#"shop:443 2001:db8::1 - a user [22/Nov/2026:11:47:02 +0100] "GET /" 200 1"#,
        time,
    );
    check(
        r#"1.2.3.4 - [x] [y] z [22/Nov/2026:10:47:02 +0000] "GET /""#,
        time,
    );
}

#[test]
fn a_missing_year_is_the_latest_that_fits() {
    check("Nov 22 10:47:02 host app: m", "2026-11-22T09:47:02Z");
    check("Nov  2 10:47:02 host app: m", "2026-11-02T09:47:02Z");
    check("Nov 2 10:47:02 host app: m", "2026-11-02T09:47:02Z");
    check("Nov 23 10:47:02 host app: m", "2026-11-23T09:47:02Z");
    check("Nov 24 10:47:02 host app: m", "2025-11-24T09:47:02Z");
    check("Jan  1 00:00:00 host app: m", "2025-12-31T23:00:00Z");
    check("Feb 29 12:00:00 host app: m", "2024-02-29T11:00:00Z");
    check("<34>Oct 11 22:14:15 host su: m", "2026-10-11T21:14:15Z");
    check(
        "03-17 16:13:38.811  1702  2395 D Tag: m",
        "2026-03-17T15:13:38.811Z",
    );
    check(
        "E1122 10:47:02.403210    12 a.go:1] m",
        "2026-11-22T09:47:02.403Z",
    );
}

#[test]
fn epoch_numbers_tell_their_unit_by_their_size() {
    let time = "2025-11-22T10:47:02.403Z";
    check("1763808422.403 x", time);
    check("1763808422403 x", time);
    check("1763808422403000 x", time);
    check("1763808422403000000 x", time);
    check("[1763808422] x", "2025-11-22T10:47:02Z");
    check("1.763808422403e+09\tinfo", time);
    check("@40000000692194b018054ac0 x", time);
    check(
        "type=SYSCALL msg=audit(1763808422.403:24287): arch=c000003e",
        time,
    );
}

#[test]
fn fields_say_the_time() {
    let time = "2026-11-22T10:47:02.403Z";
    check(
        r#"{"time":"2026-11-22T10:47:02.403Z","level":"info"}"#,
        time,
    );
    check(r#"{"level":"info","ts":1795344422.403,"msg":"m"}"#, time);
    check(r#"{"level":30,"time":1795344422403,"pid":1}"#, time);
    check(r#"{"timeMillis":1795344422403,"level":"INFO"}"#, time);
    check(r#"{"msec":"1795344422.403","status":"200"}"#, time);
    check(
        r#"{"TimeCreated":"\/Date(1795344422403)\/","Level":2}"#,
        time,
    );
    check(r#"{"timeUnixNano":"1795344422403000000"}"#, time);
    check(r#"{"ts":1.795344422403e+09}"#, time);
    check("event='x' timestamp='2026-11-22T10:47:02.403Z'", time);
    check(
        r#"{"instant":{"epochSecond":1795344422,"nanoOfSecond":403000000}}"#,
        "2026-11-22T10:47:02Z",
    );
    check(
        r#"{"time_local":"22/Nov/2026:11:47:02 +0100"}"#,
        "2026-11-22T10:47:02Z",
    );
    check(r#"{"@timestamp":"2026-11-22T10:47:02.403Z"}"#, time);
    check(r#"{"timestamp":"2026-11-22 11:47:02,403"}"#, time);
    check(
        r#"{"t":{"$date":"2026-11-22T10:47:02.403+00:00"},"s":"I"}"#,
        time,
    );
    check(r#"{"__REALTIME_TIMESTAMP":"1795344422403000"}"#, time);
    check(
        r#"{"time":12,"date":"Sun","ts":"2026-11-22T10:47:02.403Z"}"#,
        time,
    );
    check("ts=2026-11-22T10:47:02.403Z level=info", time);
    check(r#"level=info time="2026-11-22T10:47:02.403Z" msg=m"#, time);
    check(r#"app_1  | {"time":"2026-11-22T10:47:02.403Z"}"#, time);
}

#[test]
fn a_few_words_may_stand_before_the_time() {
    let time = "2026-11-22T10:47:02Z";
    check(
        "app.log.1.2017-05-16_13:53:08 2026-11-22 11:47:02 25746 INFO m",
        time,
    );
    check("INFO  [main] 2026-11-22 11:47:02 A.java:1 - m", time);
    check("[pod/app-1/main] 2026-11-22T10:47:02Z m", time);
    check("web_1  | 2026-11-22T10:47:02Z m", time);
    check("E, [2026-11-22T11:47:02 #12] ERROR -- : m", time);
    check(
        "\x1b[2m2026-11-22T10:47:02Z\x1b[0m \x1b[32m INFO\x1b[0m m",
        time,
    );
    check("  2026-11-22T10:47:02Z m", time);
}

#[test]
fn other_numbers_and_the_dates_of_messages_are_not_times() {
    for line in [
        "",
        " ",
        "no time here",
        "12",
        "127.0.0.1 is here",
        "the user of room five left on 2026-11-22T10:47:02Z",
        "    created: 2026-11-22T10:47:02Z",
        "user 1763808422 logged in",
        "1763808422abc",
        "5551234567 called",
        "99999999999999999999999",
        "2026-13-22T10:47:02Z",
        "2026-02-29T10:47:02Z",
        "2026-11-22T24:47:02Z",
        "2026-11-22T10:60:02Z",
        "2026-11-22",
        "2026-11/22 10:47:02",
        "Nov 31 10:47:02 host",
        "Now 22 10:47:02 host",
        "[1/Nov/",
        "{\"time\":\"soon\"}",
        "time=",
    ] {
        check(line, "none");
    }
}

#[test]
fn any_beginning_of_a_line_is_read_without_a_panic() {
    for line in [
        "2026-11-22 10:47:02.403987654+02:00",
        "[Sun Dec 04 04:47:44.123456 2005] x",
        r#"1.2.3.4 - - [22/Nov/2026:10:47:02 +0000] "GET""#,
        "<34>Oct 11 22:14:15 host su: m",
        r#"{"time":1795344422.403}"#,
    ] {
        let mut reader = reader_in(TimeZone::UTC);
        for end in 0..line.len() {
            reader.read(&line.as_bytes()[..end]);
        }
    }
}

#[test]
fn the_place_is_learned_and_learned_again() {
    let mut reader = reader_in(TimeZone::UTC);
    let mut read = |line: &str| shown(reader.read(line.as_bytes()));
    assert_eq!(read("2026-11-22 10:47:02 m"), "2026-11-22T10:47:02Z");
    assert_eq!(read("a.log 2026-11-22 10:47:03 m"), "2026-11-22T10:47:03Z");
    assert_eq!(read("b.log 2026-11-22 10:47:04 m"), "2026-11-22T10:47:04Z");
    assert_eq!(read("no time"), "none");
    assert_eq!(
        read("longer.log 2026-11-22 10:47:05 m"),
        "2026-11-22T10:47:05Z"
    );
    assert_eq!(read("2026-11-22 10:47:06 m"), "2026-11-22T10:47:06Z");
}

#[test]
fn the_offset_of_the_zone_changes_when_the_clocks_do() {
    // Central Europe, spelled out so that no zone database is needed.
    let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").expect("a zone");
    let mut reader = reader_in(zone);
    let mut read = |line: &str| shown(reader.read(line.as_bytes()));
    assert_eq!(read("2026-03-29 01:59:59"), "2026-03-29T00:59:59Z");
    assert_eq!(read("2026-03-29 03:00:00"), "2026-03-29T01:00:00Z");
    assert_eq!(read("2026-10-25 01:59:59"), "2026-10-24T23:59:59Z");
    assert_eq!(read("2026-10-25 03:00:00"), "2026-10-25T02:00:00Z");
}

#[test]
fn a_line_tells_the_zone_of_its_time() {
    let mut reader = reader_in(TimeZone::UTC);
    let mut zone = |line: &str| {
        let found = reader.read_zoned(line.as_bytes());
        found.map(|(_, zone)| zone.to_string())
    };
    let server = Some("server".to_owned());
    assert_eq!(zone("2026-11-22 10:47:02,403 m"), server);
    assert_eq!(zone("Nov 22 10:47:02 host app: m"), server);
    assert_eq!(zone("2026-11-22T10:47:02Z m").as_deref(), Some("+00:00"));
    assert_eq!(zone("1795344422.403 m").as_deref(), Some("+00:00"));
    assert_eq!(
        zone("2026-11-22T10:47:02-05:30 m").as_deref(),
        Some("-05:30")
    );
    assert_eq!(zone("no time"), None);
}
