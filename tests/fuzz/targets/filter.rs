//! Patterns come from strangers: each one is refused with a sentence or does
//! what it says, in bounded time (`-timeout`) and memory (`-malloc_limit_mb`).
//! What plain text matches is known without a regex, and is compared.

#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;

use logstream::filter::Case;
use logstream::filter::Filter;
use logstream::filter::FilterError;
use logstream::filter::FilterSpec;
use logstream::filter::Levels;
use logstream::filter::MATCH_RANGES_MAX;
use logstream::filter::PATTERNS_MAX;
use logstream::record::Recogniser;
use logstream::record::Record;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    include: Vec<&'a str>,
    exclude: Vec<&'a str>,
    case: Capitals,
    literal: bool,
    levels: Option<&'a str>,
    line: &'a [u8],
    /// The line so many times in a row.
    times: u8,
}

#[derive(Arbitrary, Debug)]
enum Capitals {
    Smart,
    Ignore,
    Match,
}

fuzz_target!(|input: Input| {
    let levels = match input.levels.map(str::parse::<Levels>) {
        None => Levels::ALL,
        Some(Ok(levels)) => levels,
        Some(Err(error)) => return check_error(&error, ""),
    };
    let owned = |patterns: &[&str]| patterns.iter().map(|&pattern| pattern.to_owned()).collect();
    let spec = FilterSpec {
        include: owned(&input.include),
        exclude: owned(&input.exclude),
        case: match input.case {
            Capitals::Smart => Case::Smart,
            Capitals::Ignore => Case::Ignore,
            Capitals::Match => Case::Match,
        },
        literal: input.literal,
        levels,
    };
    let patterns = spec.include.len() + spec.exclude.len();
    let line = input.line.repeat(input.times.into());
    let record = Recogniser::new().read(&line);
    match Filter::new(&spec) {
        Ok(filter) => {
            assert!(patterns <= PATTERNS_MAX);
            check_matches(&filter, &line);
            check_decision(&spec, &filter, &line, &record);
        }
        Err(error) => {
            let FilterError::BadRegex { pattern, .. } = &error else {
                return check_error(&error, "");
            };
            assert!(spec.include.contains(pattern) || spec.exclude.contains(pattern));
            check_error(&error, pattern);
        }
    }
});

/// The sentence is one line, and the place is in the pattern.
fn check_error(error: &FilterError, pattern: &str) {
    assert!(!error.message().is_empty());
    assert!(!error.message().contains(char::is_control));
    assert!(!error.code().is_empty());
    assert!(!error.to_string().is_empty());
    assert!(
        error
            .offset()
            .is_none_or(|offset| offset <= pattern.chars().count())
    );
}

/// Ranges are within the text, in order, apart, and divide no character.
fn check_matches(filter: &Filter, line: &[u8]) {
    let text = String::from_utf8_lossy(line);
    let matches = filter.matches(&text);
    assert!(filter.has_include() || matches.is_empty());
    assert!(matches.len() <= MATCH_RANGES_MAX);
    let units: Vec<u16> = text.encode_utf16().collect();
    let is_border = |at: usize| at == units.len() || !(0xdc00..=0xdfff).contains(&units[at]);
    let mut last_end = None;
    for [start, end] in matches {
        assert!(start < end && end as usize <= units.len());
        assert!(last_end < Some(start));
        assert!(is_border(start as usize) && is_border(end as usize));
        last_end = Some(end);
    }
}

fn check_decision(spec: &FilterSpec, filter: &Filter, line: &[u8], record: &Record) {
    let keeps = filter.keeps(line, record);
    if filter.passes_all() {
        assert!(keeps);
    }
    assert_eq!(filter.within(filter).keeps(line, record), keeps);
    if keeps {
        assert!(spec.levels.contains(record.record_level));
    }
    if spec.literal && spec.case == Case::Match {
        let is_wanted = spec.include.iter().all(|pattern| contains(line, pattern));
        // Empty patterns ask for nothing.
        let mut exclude = spec.exclude.iter().filter(|pattern| !pattern.is_empty());
        let is_unwanted = exclude.any(|pattern| contains(line, pattern));
        let is_level = spec.levels.contains(record.record_level);
        assert_eq!(keeps, is_wanted && !is_unwanted && is_level);
    }
}

fn contains(line: &[u8], part: &str) -> bool {
    let part = part.as_bytes();
    part.is_empty() || line.windows(part.len()).any(|window| window == part)
}
