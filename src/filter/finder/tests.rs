use proptest::prelude::*;

use crate::filter::Case;
use crate::filter::Filter;
use crate::filter::FilterSpec;

fn filter(patterns: &[&str], case: Case) -> Filter {
    Filter::new(&FilterSpec {
        include: patterns.iter().map(|&pattern| pattern.to_owned()).collect(),
        case,
        ..FilterSpec::default()
    })
    .unwrap()
}

/// The text of each line of a block, and where it starts.
fn lines(block: &[u8]) -> Vec<(usize, &[u8])> {
    let mut start = 0;
    block
        .split_inclusive(|&byte| byte == b'\n')
        .map(|line| {
            let at = start;
            start += line.len();
            let text = line.strip_suffix(b"\n").unwrap_or(line);
            (at, text.strip_suffix(b"\r").unwrap_or(text))
        })
        .collect()
}

/// The numbers of the lines that match, found line by line and by the finder.
fn found(filter: &Filter, block: &[u8]) -> Option<(Vec<usize>, Vec<usize>)> {
    let lines = lines(block);
    let is_hit = |number: &usize| filter.keeps_text(lines[*number].1);
    let expected = (0..lines.len()).filter(is_hit).collect();
    let finder = filter.finder()?;
    let mut hits = Vec::new();
    let mut from = 0;
    while from < block.len()
        && let Some(at) = finder.find(block, from)
    {
        assert!(at >= from, "{at} is before {from}");
        let number = lines.partition_point(|(start, _)| *start <= at) - 1;
        if is_hit(&number) {
            hits.push(number);
        }
        from = lines.get(number + 1).map_or(block.len(), |next| next.0);
    }
    Some((expected, hits))
}

#[track_caller]
fn check(pattern: &str, block: &str, expected: &[usize]) {
    let (by_line, hits) = found(&filter(&[pattern], Case::Smart), block.as_bytes()).unwrap();
    assert_eq!(by_line, expected, "{pattern} line by line");
    assert_eq!(hits, expected, "{pattern} in the block");
}

#[test]
fn the_ends_of_the_text_are_those_of_the_line() {
    check("^a", "b\na\nba\n", &[1]);
    check(r"\Aa", "b\na\nba\n", &[1]);
    check("b$", "b\r\nbb\r\r\nab\nba\n", &[0, 2]);
    check(r"b\z", "b\r\nb \nab", &[0, 2]);
    check("^$", "a\n\n\r\nb\n", &[1, 2]);
}

#[test]
fn no_match_reaches_into_another_line() {
    check(r"a\s+b", "a\nb\na b\n", &[2]);
    check(r"a[^x]*c", "a\nb\nc\nabc\n", &[3]);
    check("(?s)a.c", "a\nc\nabc\n", &[2]);
    check(r"a(?-u:[^x])c", "a\nc\nabc\n", &[2]);
}

#[test]
fn what_needs_a_line_feed_matches_nothing() {
    check(r"a\nb", "a\nb\n", &[]);
    check(r"(?:a\nb|c)", "a\nb\nc\n", &[2]);
}

#[test]
fn the_rarest_of_several_patterns_is_looked_for() {
    let several = filter(&["a", "timeout", "b"], Case::Smart);
    let (expected, hits) = found(&several, b"a b\ntimeout a b\na timeout\n").unwrap();
    assert_eq!((expected, hits), (vec![1], vec![1]));
}

#[test]
fn a_text_that_every_hit_has_is_enough_to_find_it() {
    check(
        "^.*refused$",
        "refused\nwas refused\nrefused it\r\nREFUSED\r\n",
        &[0, 1, 3],
    );
    check(
        r"\w+ (?:one|three) \d+",
        "a one 1\none 1\na two 2\na three 3\n",
        &[0, 3],
    );
    check("(?:abc){2}d*", "abc\nabcabc\n", &[1]);
    check("k?elvin", "\u{212a}elvin\nelvin\nelvi\n", &[0, 1]);
}

#[test]
fn the_text_can_be_left_out() {
    let mut finder = filter(&["[a-z]+ timeout [0-9]+"], Case::Match)
        .finder()
        .unwrap();
    let block = b"a timeout x\nb timeout 1\n";
    assert!(finder.find(block, 0) < Some(12));
    finder.without_text();
    assert!(finder.find(block, 0) >= Some(12));
}

#[test]
fn patterns_that_match_everywhere_have_no_finder() {
    for pattern in ["", ".*", "a*", "(?:x?)"] {
        assert!(
            filter(&[pattern], Case::Smart).finder().is_none(),
            "{pattern}"
        );
    }
}

#[test]
fn lines_are_found_beside_marks_that_a_pattern_can_neither_be_in_nor_touch() {
    let marks = b"[redacted:value]\n[redacted:jwt]\n";
    for (pattern, expected) in [
        ("timeout", true),
        ("timeout.*after", true),
        ("(?:upstream|search) failed", true),
        ("red", false),
        ("e", false),
        ("jwt.*timeout", true),
        (r"\[red", false),
        (r"value\] ok", false),
        (r"after \[", false),
        ("[a-z]+", false),
        ("(?:red|timeout)[0-9]", true),
        (r"\b[0-9]{5}ms\b", true),
        (r"(?i)\bx[0-9]+$", true),
        (r"\bred\b", false),
        (r"\w+", false),
        (r"\w+=", true),
        ("[^ ]{9}", false),
        (".", false),
        (r"(?-u:[^a-z]{9})", false),
        ("^$", false),
        (r"timeout[\[(]", false),
    ] {
        let finder = filter(&[pattern], Case::Smart)
            .finder()
            .expect("it has one");
        assert_eq!(finder.beside(marks).is_some(), expected, "{pattern}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn whatever_a_line_matches_is_found_in_the_block(
        pattern in prop::collection::vec(prop::sample::select(vec![
            "a", "b", "X", "é", r"\s", r"\S", ".", "^", "$", r"\b", r"\B", "[^a]", r"\n", r"\r",
            "(?s:.)", "(?m:^)", "(?mR:$)", "(?mR:^)", "(?-u:\\xff)", "(?i:x)", "*", "+", "?",
            "{2}", "|", "(a", ")", "abx", "(?:abx|bax)", "x.*a", r"\w", r"(?-u:\b)", r"\z", r"\A",
        ]), 1..7),
        block in prop::collection::vec(prop::sample::select(vec![
            &b"a"[..], b"b", b"x", b"X", b"\n", b"\n", b"\r", b"\r\n", b" ", "é".as_bytes(),
            b"\xc3", b"\xff", b"_", b"abx", b"bax", b"ABX",
        ]), 0..40),
        case in prop::sample::select(vec![Case::Smart, Case::Ignore, Case::Match]),
    ) {
        let spec = FilterSpec { include: vec![pattern.concat()], case, ..FilterSpec::default() };
        if let Ok(filter) = Filter::new(&spec)
            && let Some((expected, hits)) = found(&filter, &block.concat())
        {
            prop_assert_eq!(expected, hits);
        }
    }
}
