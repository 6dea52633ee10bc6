use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::record::time::asked::BadTime;
use crate::record::time::asked::FORMS;
use crate::record::time::asked::moment_at;

/// Noon of a Sunday in Greenwich, one o'clock in the zone of the tests.
const NOW: &str = "2026-11-22T12:00:00Z";

fn moment(text: &str) -> Result<String, BadTime> {
    let zone = TimeZone::fixed(jiff::tz::offset(1));
    let found = moment_at(text, NOW.parse().expect("a time"), &zone)?;
    let found = Timestamp::from_millisecond(found).expect("in range");
    Ok(found.to_string())
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(moment(text), Ok(expected.to_owned()), "{text:?}");
}

#[test]
fn rfc_3339_is_that_moment() {
    check("2026-11-22T10:47:02Z", "2026-11-22T10:47:02Z");
    check("2026-11-22T10:47:02.403+01:00", "2026-11-22T09:47:02.403Z");
    check("2026-11-22 10:47:02-05:30", "2026-11-22T16:17:02Z");
    check("2026-11-20T10:47+05:00", "2026-11-20T05:47:00Z");
    check("2026-11-20 10:47Z", "2026-11-20T10:47:00Z");
    // The plus sign of an address that was not encoded.
    check("2026-11-22T10:47:02 01:00", "2026-11-22T09:47:02Z");
}

#[test]
fn dates_and_times_without_a_zone_are_the_servers() {
    check("2026-11-22", "2026-11-21T23:00:00Z");
    check("2026-11-22 10:47", "2026-11-22T09:47:00Z");
    check("2026-11-22T10:47", "2026-11-22T09:47:00Z");
    check("2026-11-22 10:47:02.5", "2026-11-22T09:47:02.5Z");
    check("2026-11-20 10:47", "2026-11-20T09:47:00Z");
    check("2026-11-20T10:47:02", "2026-11-20T09:47:02Z");
    check("2026-12-24 18:00:00", "2026-12-24T17:00:00Z");
}

#[test]
fn a_time_of_day_is_the_latest_that_is_not_in_the_future() {
    check("10:47", "2026-11-22T09:47:00Z");
    check("10:47:02.403", "2026-11-22T09:47:02.403Z");
    check("9:05", "2026-11-22T08:05:00Z");
    check("13:00", "2026-11-22T12:00:00Z");
    check("13:00:01", "2026-11-21T12:00:01Z");
    check("23:59", "2026-11-21T22:59:00Z");
}

#[test]
fn a_length_is_so_long_ago() {
    check("-3h", "2026-11-22T09:00:00Z");
    check("-15m", "2026-11-22T11:45:00Z");
    check("-2d", "2026-11-20T12:00:00Z");
    check("-1h30m", "2026-11-22T10:30:00Z");
    check("-1w2d3h4m5s", "2026-11-13T08:55:55Z");
    check("-90s", "2026-11-22T11:58:30Z");
    check("-0s", "2026-11-22T12:00:00Z");
}

#[test]
fn a_bare_number_is_milliseconds_since_the_epoch() {
    check("1795344422403", "2026-11-22T10:47:02.403Z");
    check("0", "1970-01-01T00:00:00Z");
}

#[test]
fn what_is_not_wholly_understood_is_refused() {
    for text in [
        "",
        "-",
        "soon",
        "-3",
        "-h",
        "3h",
        "-3 h",
        "-3h x",
        "-30m1h",
        "-1h1h",
        "--3h",
        "-1.5h",
        "-99999999999999w",
        "-9999999999999999999d",
        "25:00",
        "10:60",
        "10:47 2026-11-22",
        "10:47Z",
        "10:47+05:00",
        "2026-11-20+05:00",
        "2026-11-20T10:47:02[Asia/Tokyo]",
        "1:2",
        "2026-13-01",
        "2026-11-31 10:00",
        "2026-11-22 10:47 tomorrow",
        "2026-11-22T10:47:02+25:99",
        "99999999999999999999",
        "9999999999999999",
        "10:47 01:00x",
    ] {
        assert_eq!(moment(text), Err(BadTime), "{text:?}");
    }
}

#[test]
fn the_sentence_shows_only_forms_that_are_understood() {
    let forms = FORMS.strip_prefix("a time is one of ").expect("forms");
    let forms: Vec<&str> = forms
        .split(", ")
        .filter(|form| !form.starts_with("or "))
        .collect();
    assert!(forms.len() > 5, "{forms:?}");
    for form in forms {
        assert!(moment(form).is_ok(), "{form:?}");
    }
}
