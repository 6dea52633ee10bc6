use std::time::Duration;
use std::time::Instant;

use proptest::prelude::ProptestConfig;
use proptest::prop_assert;
use proptest::proptest;

use crate::filter::Case;
use crate::filter::Filter;
use crate::filter::FilterError;
use crate::filter::FilterSpec;
use crate::filter::Levels;
use crate::filter::MATCH_RANGES_MAX;
use crate::record::Record;
use crate::record::level::Level;

fn including(patterns: &[&str]) -> FilterSpec {
    let include = patterns
        .iter()
        .map(|pattern| (*pattern).to_owned())
        .collect();
    FilterSpec {
        include,
        ..FilterSpec::default()
    }
}

fn keeps(spec: &FilterSpec, line: &str) -> bool {
    Filter::new(spec)
        .expect("a filter")
        .keeps(line.as_bytes(), &Record::default())
}

#[test]
fn without_a_filter_every_line_passes() {
    let filter = Filter::new(&FilterSpec::default()).expect("a filter");
    assert!(filter.passes_all());
    assert!(!filter.needs_record());
    assert!(filter.keeps(b"\xff", &Record::default()));
    assert!(
        Filter::new(&including(&[""]))
            .expect("a filter")
            .passes_all()
    );
}

#[test]
fn all_includes_must_match_and_no_exclude() {
    let spec = FilterSpec {
        exclude: vec!["health".to_owned(), "ping".to_owned()],
        ..including(&["GET", r"\b5\d\d\b"])
    };
    assert!(keeps(&spec, "GET / 503"));
    assert!(!keeps(&spec, "GET / 200"));
    assert!(!keeps(&spec, "POST / 503"));
    assert!(!keeps(&spec, "GET /health 503"));
    assert!(!keeps(&spec, "GET /ping 503"));
}

#[test]
fn smart_case_asks_whether_a_capital_stands_for_itself() {
    for (pattern, line, expected) in [
        ("error", "ERROR", true),
        ("Error", "ERROR", false),
        ("Error", "Error", true),
        (r"\Serror", "xERROR", true),
        (r"\W\S\Berror", "  xERROR", true),
        (r"\W\Serror", " xERROR", true),
        (r"\p{Lu}rror", "ERROR", true),
        ("[A-E]rror", "ERROR", false),
        ("[a-e]rror", "ERROR", true),
        (r"\x45rror", "ERROR", false),
        ("straße", "STRAẞE", true),
    ] {
        assert_eq!(
            keeps(&including(&[pattern]), line),
            expected,
            "{pattern} on {line}"
        );
    }
}

#[test]
fn case_can_be_settled() {
    let spec = |case, pattern| FilterSpec {
        case,
        ..including(&[pattern])
    };
    assert!(keeps(&spec(Case::Ignore, "Error"), "eRROR"));
    assert!(!keeps(&spec(Case::Match, "error"), "ERROR"));
}

#[test]
fn literal_patterns_mean_what_they_say() {
    let spec = FilterSpec {
        literal: true,
        ..including(&["a.b(c"])
    };
    assert!(keeps(&spec, "x A.B(C x"));
    assert!(!keeps(&spec, "axb(c"));
    let spec = FilterSpec {
        literal: true,
        ..including(&["A+"])
    };
    assert!(!keeps(&spec, "a+"));
}

#[test]
fn lines_that_are_not_utf_8_are_matched_around_the_fault() {
    let filter = Filter::new(&including(&["caf.*end"])).expect("a filter");
    assert!(filter.keeps("café end".as_bytes(), &Record::default()));
    let filter = Filter::new(&including(&["end"])).expect("a filter");
    assert!(filter.keeps(b"\xff\xfe end", &Record::default()));
}

#[test]
fn a_level_is_a_minimum_and_a_list_is_a_set() {
    let check = |text: &str, expected: &[Level], without: bool| {
        let levels: Levels = text.parse().expect("levels");
        let found: Vec<Level> = Level::ALL
            .into_iter()
            .filter(|level| levels.contains(Some(*level)))
            .collect();
        assert_eq!(found, expected, "{text}");
        assert_eq!(levels.contains(None), without, "{text}");
    };
    check("warn", &[Level::Warn, Level::Error, Level::Fatal], false);
    check("WARNING", &[Level::Warn, Level::Error, Level::Fatal], false);
    check("fatal", &[Level::Fatal], false);
    check("trace", &Level::ALL, true);
    check("info,error", &[Level::Info, Level::Error], false);
    check("error, info", &[Level::Info, Level::Error], false);
    check("info,", &[Level::Info], false);
    check("trace,debug,info,warn,error,fatal", &Level::ALL, false);
    check("unknown", &[], true);
    check("error, unknown", &[Level::Error], true);
}

#[test]
fn a_continuation_is_judged_by_the_level_of_its_record() {
    let spec = FilterSpec {
        levels: "warn".parse().expect("levels"),
        ..FilterSpec::default()
    };
    let filter = Filter::new(&spec).expect("a filter");
    assert!(filter.needs_record());
    assert!(!filter.passes_all());
    let of = |level| Record {
        record_level: level,
        ..Record::default()
    };
    assert!(filter.keeps(b"  at x", &of(Some(Level::Error))));
    assert!(!filter.keeps(b"  at x", &of(Some(Level::Info))));
    assert!(!filter.keeps(b"  at x", &of(None)));
}

#[test]
fn unknown_levels_are_refused_with_the_names_there_are() {
    for text in ["", ",", "loud", "info,loud"] {
        let error = text.parse::<Levels>().expect_err(text);
        assert_eq!(error.code(), "bad_level");
        assert_eq!(
            error.message(),
            "there is no such level; the levels are trace, debug, info, warn, error, fatal, unknown"
        );
    }
}

#[test]
fn syntax_errors_say_what_and_where() {
    for (pattern, message, offset) in [
        ("(a", "unclosed group at character 1", 0),
        ("status (foo", "unclosed group at character 8", 7),
        ("äöü(", "unclosed group at character 4", 3),
        (
            "[z-a]",
            "invalid character class range, the start must be <= the end at character 2",
            1,
        ),
        (r"\1", "backreferences are not supported at character 1", 0),
        (
            "a{2,1}",
            "invalid repetition count range, the start must be <= the end at character 2",
            1,
        ),
        (
            "*",
            "repetition operator missing expression at character 1",
            0,
        ),
        (r"\p{Nope}", "Unicode property not found at character 1", 0),
        (
            "x(?=a)",
            "Look-ahead is not supported (Rust regex). Use an exclude filter instead.",
            1,
        ),
        (
            "(?!a)",
            "Look-ahead is not supported (Rust regex). Use an exclude filter instead.",
            0,
        ),
        (
            "(?<!a)",
            "Look-behind is not supported (Rust regex). Use an exclude filter instead.",
            0,
        ),
    ] {
        let error = Filter::new(&including(&[pattern])).expect_err(pattern);
        assert_eq!(error.code(), "bad_regex", "{pattern}");
        assert_eq!(error.message(), message);
        assert_eq!(error.offset(), Some(offset), "{pattern}");
    }
}

#[test]
fn a_terminal_gets_a_caret_below_the_place() {
    let error = Filter::new(&including(&["ok", "status (foo"])).expect_err("an error");
    assert_eq!(
        error.to_string(),
        "unclosed group at character 8\n  status (foo\n         ^"
    );
}

#[test]
fn a_pattern_of_more_than_a_kibibyte_is_refused() {
    assert!(Filter::new(&including(&[&"a".repeat(1024)])).is_ok());
    let error = Filter::new(&including(&[&"a".repeat(1025)])).expect_err("an error");
    assert_eq!(error.code(), "filter_too_long");
    assert_eq!(error.message(), "a pattern may have 1024 bytes, not 1025");
}

#[test]
fn a_filter_has_a_bounded_number_of_patterns() {
    assert!(Filter::new(&including(&["a"; 16])).is_ok());
    let error = Filter::new(&including(&["a"; 17])).expect_err("an error");
    assert_eq!(error.code(), "filter_too_long");
    assert_eq!(error.message(), "a filter may have 16 patterns, not 17");
}

#[test]
fn patterns_that_take_too_much_memory_are_refused_at_once() {
    for pattern in [
        r"(?:\w{50}){50}",
        "(?:a{1000}){1000}",
        r"\pL{0,60}Q",
        r"\w{100}",
    ] {
        let started = Instant::now();
        let error = Filter::new(&including(&[pattern])).expect_err(pattern);
        assert_eq!(
            error,
            FilterError::TooBig {
                pattern: pattern.to_owned()
            }
        );
        // 50 ms are promised of a release build on an idle machine.
        assert!(
            started.elapsed() < Duration::from_secs(5),
            "{pattern}: {:?}",
            started.elapsed()
        );
    }
    let deep = format!("{}a{}", "(".repeat(100), ")".repeat(100));
    assert_eq!(
        Filter::new(&including(&[&deep]))
            .expect_err("an error")
            .code(),
        "bad_regex"
    );
}

#[test]
fn matches_are_counted_in_utf_16_units() {
    let check = |patterns: &[&str], text: &str, expected: &[[u32; 2]]| {
        let found = Filter::new(&including(patterns))
            .expect("a filter")
            .matches(text);
        assert_eq!(found, expected, "{patterns:?} in {text:?}");
    };
    check(&["b"], "abcb", &[[1, 2], [3, 4]]);
    check(&["x"], "abcb", &[]);
    check(&["b"], "äb", &[[1, 2]]);
    check(&["b"], "😀b😀b", &[[2, 3], [5, 6]]);
    check(&["😀"], "a😀", &[[1, 3]]);
    check(&["€+"], "x€€y", &[[1, 3]]);
    check(&["a*"], "baab", &[[1, 3]]);
    check(&["$"], "abc", &[]);
    check(&["bc", "ab"], "abcd ab", &[[0, 3], [5, 7]]);
    check(&["a", "abc"], "abc", &[[0, 3]]);
    check(&["a"], "aaa", &[[0, 3]]);
    check(&[r"(?-u:\xa4|\xf0)"], "ä😀", &[[0, 3]]);
    check(&[], "abc", &[]);
}

#[test]
fn a_line_reports_a_bounded_number_of_matches() {
    let filter = Filter::new(&including(&["a"])).expect("a filter");
    assert_eq!(filter.matches(&"ab".repeat(1000)).len(), MATCH_RANGES_MAX);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn match_ranges_are_whole_characters_of_the_text(
        text in "[a-cä€😀\u{301}]{0,40}",
        patterns in proptest::collection::vec(
            proptest::sample::select(vec!["a", "[ab]+", "b*", ".", "😀|c", "€.", r"(?-u:[\x80-\xff])", r"(?-u:\x98)", r"\b"]),
            0..4,
        ),
    ) {
        let units: Vec<u16> = text.encode_utf16().collect();
        let mut end_before = None;
        for [start, end] in Filter::new(&including(&patterns)).expect("a filter").matches(&text) {
            let (start, end) = (start as usize, end as usize);
            prop_assert!(start < end && end <= units.len());
            prop_assert!(end_before.is_none_or(|before| before < start));
            prop_assert!(String::from_utf16(&units[..start]).is_ok());
            prop_assert!(String::from_utf16(&units[start..end]).is_ok());
            end_before = Some(end);
        }
    }
}
