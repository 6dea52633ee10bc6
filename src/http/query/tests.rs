use std::path::Path;

use crate::config::TAIL_LINES_MAX;
use crate::filter::Filter;
use crate::filter::FilterSpec;
use crate::http::error::ApiError;
use crate::http::query;
use crate::position::Cursor;
use crate::position::SourceId;
use crate::record::Record;
use crate::record::level::Level;
use crate::record::window::Window;
use crate::subscription::wishes::From;
use crate::subscription::wishes::Selection;
use crate::subscription::wishes::Wishes;

fn everything() -> Filter {
    Filter::new(&FilterSpec::default()).unwrap()
}

fn wishes(query: &str) -> Result<Wishes, ApiError> {
    query::wishes(query, &everything(), 1000, None)
}

fn with_id(query: &str, id: &str) -> Result<Wishes, ApiError> {
    query::wishes(query, &everything(), 1000, Some(id))
}

#[track_caller]
fn refused(query: &str, code: &str) {
    let error = wishes(query).expect_err(query);
    assert_eq!(error.code(), code, "{query}");
    let Some((name, value)) = query.split_once('=') else {
        return;
    };
    if code == "bad_query" && value.len() > 3 {
        assert!(
            !error.to_string().contains(value),
            "{name}: what was sent is not echoed"
        );
    }
}

fn keeps(query: &str, line: &str, level: Option<Level>) -> bool {
    let record = Record {
        level,
        record_level: level,
        ..Record::default()
    };
    wishes(query)
        .unwrap()
        .filter
        .keeps(line.as_bytes(), &record)
}

fn cursor() -> Cursor {
    Cursor {
        selection: 1,
        made: 2,
        is_complete: true,
        places: Vec::new(),
    }
}

#[test]
fn nothing_asked_is_everything_from_the_newest_lines() {
    for query in ["", "&", "&&"] {
        let wishes = wishes(query).unwrap();
        assert_eq!(wishes.selection, Selection::All);
        assert!(matches!(wishes.from, From::Tail(1000)));
        assert_eq!(wishes.tail, 1000);
        assert!(wishes.filter.passes_all());
        assert!(!wishes.skips_lag);
    }
}

#[test]
fn an_unknown_parameter_is_refused() {
    for query in [
        "Q=error",
        "query=error",
        "tail=1&foo",
        "=x",
        "q[]=x",
        "source.=x",
        " q=x",
        "token=secret",
    ] {
        refused(query, "bad_query");
    }
}

#[test]
fn a_parameter_that_can_be_given_once_is_given_once() {
    for name in ["case", "literal", "level", "tail", "from", "lag"] {
        refused(&format!("{name}=1&{name}=1"), "bad_query");
    }
    for name in ["q", "x", "source"] {
        assert!(wishes(&format!("{name}=a&{name}=a")).is_ok(), "{name}");
    }
}

#[test]
fn a_value_that_makes_no_sense_is_refused() {
    for query in [
        "case=upper",
        "case=",
        "case",
        "literal=yes",
        "literal=",
        "literal",
        "lag=1",
        "lag=",
        "lag",
        "tail=",
        "tail",
        "tail=-1",
        "tail=+1",
        "tail=1.5",
        "tail=0x10",
        "tail=%201",
        "tail=1%20",
        "tail=ten",
        "tail=1234567890123456789",
        "q=%ff",
        "%ff=1",
    ] {
        refused(query, "bad_query");
    }
    for query in [
        "from=",
        "from",
        "from=garbage",
        "from=../../x",
        "from=0.99999999999999999999",
    ] {
        refused(query, "bad_position");
    }
}

#[test]
fn the_number_of_lines_has_a_limit() {
    assert!(matches!(wishes("tail=0").unwrap().from, From::Tail(0)));
    assert!(matches!(wishes("tail=007").unwrap().from, From::Tail(7)));
    let most = TAIL_LINES_MAX as usize;
    assert_eq!(wishes("tail=999999999").unwrap().tail, most);
}

#[test]
fn text_is_decoded_as_forms_encode_it() {
    let decoded = |query: &str| match wishes(query).unwrap().selection {
        Selection::Named(names) => names,
        Selection::All => Vec::new(),
    };
    assert_eq!(
        decoded("source=a+b&source=c%2Bd&source=%C3%BC&source=x%26y%3Dz"),
        ["a b", "c+d", "ü", "x&y=z"]
    );
    assert_eq!(decoded("source=a=b"), ["a=b"]);
    assert_eq!(decoded("%73ource=app.log"), ["app.log"]);
}

#[test]
fn a_filter_is_what_was_asked_within_the_boundary() {
    assert!(keeps("q=error", "an ERROR", None));
    assert!(
        !keeps("q=Error", "an ERROR", None),
        "a capital letter asks for the case"
    );
    assert!(!keeps("q=error&case=match", "an ERROR", None));
    assert!(keeps("q=ERROR&case=ignore", "an error", None));
    assert!(keeps("q=a.c&literal=1", "a.c", None) && !keeps("q=a.c&literal=1", "abc", None));
    assert!(keeps("q=a&q=b", "ab", None) && !keeps("q=a&q=b", "a", None));
    assert!(!keeps("x=a", "a", None) && keeps("x=a", "b", None));
    assert!(!keeps("q=a&x=b", "ab", None));
    assert!(
        keeps("level=warn", "x", Some(Level::Error))
            && !keeps("level=warn", "x", Some(Level::Info))
    );
    assert!(!keeps("level=info,error", "x", Some(Level::Warn)));
    let secret = FilterSpec {
        exclude: vec!["secret".to_owned()],
        ..FilterSpec::default()
    };
    let boundary = Filter::new(&secret).unwrap();
    let wishes = query::wishes("q=secret", &boundary, 0, None).unwrap();
    assert!(!wishes.filter.keeps(b"a secret", &Record::default()));
}

#[test]
fn a_bad_filter_says_which_parameter_it_is() {
    for (query, parameter, code) in [
        ("q=(a", "q", "bad_regex"),
        ("x=(a", "x", "bad_regex"),
        ("q=fine&q=%5Bz-a%5D", "q", "bad_regex"),
        ("q=fine&x=*", "x", "bad_regex"),
        ("q=(%3F%3Da)", "q", "bad_regex"),
        ("level=loud", "level", "bad_level"),
    ] {
        let error = wishes(query).expect_err(query);
        assert_eq!(error.code(), code, "{query}");
        assert!(
            matches!(error, ApiError::BadFilter { parameter: found, .. } if found == parameter),
            "{query}"
        );
    }
    refused(&format!("q={}", "a".repeat(1025)), "filter_too_long");
    refused("x=(?:\\pL{100}){100}", "regex_too_big");
}

#[test]
fn a_filter_has_so_many_patterns_however_they_are_divided() {
    let query =
        |includes: usize, excludes: usize| "q=a&".repeat(includes) + &"x=b&".repeat(excludes);
    assert!(wishes(&query(16, 0)).is_ok());
    assert!(wishes(&query(8, 8)).is_ok());
    refused(&query(17, 0), "filter_too_long");
    refused(&query(16, 1), "filter_too_long");
}

#[test]
fn the_place_a_browser_repeats_is_newer_than_the_one_it_came_with() {
    let text = cursor().to_string();
    assert!(
        matches!(wishes(&format!("from={text}")).unwrap().from, From::Cursor(found) if found == cursor())
    );
    let newer = Cursor {
        made: 3,
        ..cursor()
    };
    let both = with_id(&format!("from={text}&tail=5"), &newer.to_string()).unwrap();
    assert!(matches!(both.from, From::Cursor(found) if found == newer));
    assert_eq!(
        both.tail, 5,
        "for sources that the cursor does not speak of"
    );
}

#[test]
fn a_browser_with_a_place_that_cannot_be_read_is_served_and_told() {
    for id in [
        "x",
        "0.99999999999999999999",
        "../../x",
        &"A".repeat(64 * 1024),
    ] {
        assert!(matches!(with_id("", id).unwrap().from, From::LostCursor));
    }
    // Its first request had a wrong one as well, which is an error of the page.
    assert!(matches!(
        with_id("from=wrong", "x"),
        Ok(_) | Err(ApiError::BadPosition(_))
    ));
}

#[test]
fn sources_are_asked_for_by_name_or_id() {
    let id = SourceId::of(Path::new("/var/log/app.log")).to_string();
    let wishes = wishes(&format!("source=app.log&source={id}&lag=skip")).unwrap();
    assert_eq!(
        wishes.selection,
        Selection::Named(vec!["app.log".to_owned(), id])
    );
    assert!(wishes.skips_lag);
}

#[test]
fn a_stretch_of_time_is_a_filter() {
    let at = |time: Option<i64>| Record {
        record_time: time,
        ..Record::default()
    };
    let keeps = |query: &str, time| wishes(query).unwrap().filter.keeps(b"m", &at(time));
    let noon = Some(1_795_348_800_000);
    assert!(keeps("since=1795348800000", noon));
    assert!(!keeps("since=1795348800001", noon));
    assert!(keeps("until=1795348800001", noon));
    assert!(!keeps("until=2026-11-22T12:00:00Z", noon));
    assert!(!keeps("since=2026-11-22T13:00:00%2B00:00", noon));
    assert!(keeps("since=-3h", None));
    assert!(!keeps("until=-3h", None));
}

#[test]
fn a_time_that_is_none_is_refused_with_the_forms_there_are() {
    for query in ["since=soon", "until=", "since=-3", "until=25:00"] {
        refused(query, "bad_query");
        let message = wishes(query).expect_err(query).to_string();
        assert!(message.contains("14:02, -3h"), "{message}");
    }
    refused("since=1&since=2", "bad_query");
    refused("since=-1h&until=-2h", "bad_query");
    refused("since=5&until=5", "bad_query");
}

#[test]
fn a_stream_with_a_since_begins_there_unless_its_end_is_asked_for() {
    let from = |query: &str| wishes(query).unwrap().from;
    assert!(matches!(from("since=5000"), From::Moment(5000)));
    assert!(matches!(from("since=5000&tail=10"), From::Tail(10)));
    assert!(matches!(from("since=5000&lag=skip"), From::Tail(1000)));
    assert!(matches!(from("until=5000"), From::Tail(1000)));
    let boundary = everything().during(Window {
        since: Some(7000),
        until: None,
    });
    let later = query::wishes("since=5000", &boundary, 1000, None).unwrap();
    assert!(matches!(later.from, From::Moment(7000)));
}
