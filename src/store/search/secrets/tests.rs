use std::io::Write;
use std::sync::Arc;
use std::sync::OnceLock;

use proptest::prelude::*;

use crate::filter::Filter;
use crate::filter::FilterSpec;
use crate::redaction::Mode;
use crate::redaction::Redaction;
use crate::store::search::hits::Looking;
use crate::store::search::hits::line;

use super::*;

/// The texts of the hits in these lines, of which so many bytes are above the piece.
fn hits(rules: &Rules, filter: &Filter, lines: &str, above: usize) -> Vec<String> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(lines.as_bytes()).unwrap();
    let piece = Piece {
        offset: above as u64,
        end: lines.len() as u64,
        bytes: &lines.as_bytes()[above..],
        terminator: 1,
    };
    let finder = filter.finder();
    let encoding = Encoding::Bytes;
    let looking = Looking {
        filter,
        finder: finder.as_ref(),
        encoding,
        secrets: Secrets::of(rules, &piece, encoding, finder.as_ref(), &file),
    };
    let (found, _) = looking.hits(&piece, &file);
    let text = |found| String::from_utf8(line(&piece, encoding, found).1).unwrap();
    found.iter().map(text).collect()
}

/// The same, line by line from the first one on.
fn expected(rules: &Rules, filter: &Filter, lines: &str, above: usize) -> Vec<String> {
    let mut keys = rules.keys_behind(b"");
    let mut at = 0;
    let mut texts = Vec::new();
    for line in lines.lines() {
        let key = rules.key_part(&mut keys, line.as_bytes());
        let text = rules.redact(line.as_bytes(), line.len(), key);
        let text = text.unwrap_or(line.as_bytes().to_vec());
        if at >= above && filter.keeps_text(&text) {
            texts.push(String::from_utf8(text).unwrap());
        }
        at += line.len() + 1;
    }
    texts
}

const LINES: [&str; 14] = [
    "all is well",
    "password=hunter2 ok",
    "redacted by hand",
    "value of [a]",
    "-----BEGIN PRIVATE KEY-----",
    "MIIEpAIBAAKCAQEAx4fd9Zb5nqGpRk0m0pB1d8nS2v",
    "abC=",
    "-----END PRIVATE KEY-----",
    "a token without one",
    "https://me:secret@host/ok",
    "",
    "okokok",
    // Of the same word, the end is none of the secret.
    "AIzabbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbok",
    "at 10.0.0.1: 12 in 77ms",
];

const PATTERNS: [&str; 25] = [
    "ok",
    "redacted",
    "hunter",
    "a",
    "value",
    "]",
    r"\]",
    r"^\[red",
    "=.*k",
    r"\bok$",
    "private-key",
    "MII",
    "[a-z]{6}",
    "password=[^h]",
    "(?i)WELL|hunter",
    "^$",
    r"\bok\b",
    r"\b[jko]+\b",
    r"\b[0-9]{2}ms\b",
    r"[0-9]+\B",
    r"^[a-z]{3,} ",
    r"[a-z]{5}$",
    r"\b[^a-z]{2,}\b",
    "[k-z]{3,}",
    "[A-Za-z]{8,}|ms",
];

proptest! {
    #[test]
    fn hits_are_the_lines_that_match_as_they_are_shown(
        lines in prop::collection::vec(prop::sample::select(&LINES[..]), 1..30),
        pattern in prop::sample::select(&PATTERNS[..]),
        strict in any::<bool>(),
        above in 0usize..30,
    ) {
        static RULES: OnceLock<[Arc<Rules>; 2]> = OnceLock::new();
        let rules = RULES.get_or_init(|| {
            [Mode::Default, Mode::Strict].map(|mode| Redaction::new(mode, &[]).unwrap().rules())
        });
        let rules = &rules[usize::from(strict)];
        let spec = FilterSpec { include: vec![pattern.to_owned()], ..FilterSpec::default() };
        let filter = Filter::new(&spec).unwrap();
        let above = lines.iter().take(above).map(|line| line.len() + 1).sum();
        let text = lines.join("\n") + "\n";
        prop_assert_eq!(
            hits(rules, &filter, &text, above),
            expected(rules, &filter, &text, above)
        );
    }
}
