//! Whatever stands in a query: it is read or refused, the same however it is encoded; one more
//! parameter that nobody knows, or the same one again, is refused; what is accepted is within its
//! limits; and what was sent is not in the refusal, unless it is a pattern.

#![no_main]

use std::fmt::Debug;
use std::fmt::Write;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use url::form_urlencoded;

use logstream::config::CONTEXT_LINES_MAX;
use logstream::config::HISTORY_LINES_MAX;
use logstream::config::TAIL_LINES_MAX;
use logstream::config::whole_files::SEARCH_HITS_MAX;
use logstream::config::whole_files::TIMELINE_BUCKETS_MAX;
use logstream::filter::Filter;
use logstream::filter::FilterSpec;
use logstream::http::error::ApiError;
use logstream::http::query;

const NAMES: [&str; 27] = [
    "source", "q", "x", "case", "literal", "level", "since", "until", "tail", "from", "lag",
    "context", "follow", "download", "before", "after", "around", "at", "limit", "order",
    "segment", "lines", "n", "buckets", "t", "token", "",
];

/// May be given more than once.
const REPEATED: [&str; 3] = ["source", "q", "x"];

const VALUES: [&str; 18] = [
    "1", "0", "all", "skip", "smart", "ignore", "match", "warn", "error,unknown", "-3h", "14:02",
    "2026-11-22T10:47:00Z", "00000001.0", "newest", "oldest", "18446744073709551616", "[a-z]+", "",
];

/// Stands in a value, so that it can be seen whether it comes back.
const MARK: &str = "zQ9mark";

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    parameters: Vec<(u8, Value<'a>)>,
    raw: &'a str,
    again: u8,
}

#[derive(Arbitrary, Debug)]
enum Value<'a> {
    Known(u8),
    Any(&'a str),
    Marked(&'a str),
}

fuzz_target!(|input: Input| {
    let pairs: Vec<(&str, String)> = input
        .parameters
        .iter()
        .map(|(name, value)| {
            let value = match value {
                Value::Known(number) => VALUES[usize::from(*number) % VALUES.len()].to_owned(),
                Value::Any(text) => (*text).to_owned(),
                Value::Marked(text) => format!("{text}{MARK}"),
            };
            (NAMES[usize::from(*name) % NAMES.len()], value)
        })
        .collect();
    let known = encoded(&pairs, false);
    check(&known, &pairs, input.again);
    // As somebody else would write the same.
    let other = encoded(&pairs, true);
    let is_of_now = pairs.iter().any(|(_, value)| value.contains(['-', ':', '.']));
    for ((name, one), (_, two)) in outcomes(&known).into_iter().zip(outcomes(&other)) {
        if is_of_now {
            assert_eq!(one.is_ok(), two.is_ok(), "{name}: {known} {other}");
        } else {
            assert_eq!(format!("{one:?}"), format!("{two:?}"), "{name}: {known} {other}");
        }
    }
    for (name, outcome) in outcomes(input.raw) {
        check_refusal(name, input.raw, outcome.err());
    }
});

fn encoded(pairs: &[(&str, String)], wholly: bool) -> String {
    let mut query = String::new();
    for (name, value) in pairs {
        if wholly {
            for text in [*name, "=", value] {
                match text {
                    "=" => query.push('='),
                    _ => text.bytes().for_each(|byte| write!(query, "%{byte:02x}").expect("memory")),
                }
            }
            query.push_str("&&");
        } else {
            let mut pair = form_urlencoded::Serializer::new(String::new());
            write!(query, "{}&", pair.append_pair(name, value).finish()).expect("memory");
        }
    }
    query
}

type Outcome = Result<String, ApiError>;

/// What each address would make of this query.
fn outcomes(query: &str) -> [(&'static str, Outcome); 8] {
    let everything = Filter::new(&FilterSpec::default()).expect("no pattern");
    let told = |wishes: &dyn Debug| format!("{wishes:?}");
    let page = query::page(query, &everything).map(|page| {
        assert!((1..=HISTORY_LINES_MAX).contains(&page.lines));
        assert!(page.context <= CONTEXT_LINES_MAX);
        told(&page)
    });
    let events = query::wishes(query, &everything, 10, None).map(|wishes| {
        assert!(wishes.tail <= TAIL_LINES_MAX as usize);
        assert!(wishes.context <= CONTEXT_LINES_MAX);
        told(&wishes)
    });
    let search = query::search(query, &everything).map(|search| {
        assert!((1..=SEARCH_HITS_MAX).contains(&search.hits_max));
        told(&search)
    });
    let timeline = query::timeline(query, &everything).map(|timeline| {
        assert!((1..=TIMELINE_BUCKETS_MAX).contains(&timeline.buckets_max));
        told(&timeline)
    });
    [
        ("events", events),
        ("tail", query::tail(query, &everything, 10, None).map(|tail| told(&tail))),
        ("history", page),
        ("search", search),
        ("timeline", timeline),
        ("raw", query::raw(query).map(|raw| told(&raw))),
        ("resolve", query::at(query).map(|at| told(&at))),
        ("sources", query::none(query).map(|()| String::new())),
    ]
}

fn check(query: &str, pairs: &[(&str, String)], again: u8) {
    let unknown = outcomes(&format!("{query}zQ9=1"));
    let again = pairs.get(usize::from(again) % pairs.len().max(1));
    let twice = again.map(|(name, value)| {
        let again = encoded(&[(name, value.clone())], false);
        outcomes(&format!("{query}{again}"))
    });
    for (number, (name, outcome)) in outcomes(query).into_iter().enumerate() {
        let is_accepted = outcome.is_ok();
        check_refusal(name, query, outcome.err());
        assert!(unknown[number].1.is_err(), "{name}: {query}");
        if is_accepted && again.is_some_and(|(again, _)| !REPEATED.contains(again)) {
            let twice = twice.as_ref().expect("there is one");
            assert!(twice[number].1.is_err(), "{name}: {query} twice");
        }
    }
}

fn check_refusal(name: &str, query: &str, error: Option<ApiError>) {
    let Some(error) = error else { return };
    let is_of_pattern = matches!(error, ApiError::BadFilter { .. });
    assert!(
        is_of_pattern || matches!(error.code(), "bad_query" | "bad_position"),
        "{name}: {query}: {error:?}"
    );
    assert!(is_of_pattern || !error.to_string().contains(MARK), "{name}: {query}: {error}");
}
