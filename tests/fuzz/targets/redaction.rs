//! A secret that is announced is not in what is shown of its line, whatever stands
//! around it, wherever the line is cut and however much of it was written so far; a
//! line that was redacted stays as it is; a line in which nothing is suspected has
//! no secret; and a line in the middle of a private key is known for one wherever
//! reading begins.

#![no_main]

use std::sync::Arc;
use std::sync::OnceLock;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;

use logstream::redaction::Keys;
use logstream::redaction::Mode;
use logstream::redaction::Redaction;
use logstream::redaction::Rules;
use logstream::redaction::Suspects;

/// What announces a secret, and what ends it.
const ANNOUNCED: [[&str; 2]; 14] = [
    [" password=", " "],
    [" Passwd: ", ","],
    [" \"api_key\":\"", "\""],
    [" \\\"client_secret\\\":\\\"", "\\\""],
    [" token='", "'"],
    [" access-key => ", ";"],
    [" <password>", "</password>"],
    [" Authorization: Bearer ", "\""],
    [" bearer ", " "],
    [" Cookie: sid=", "\""],
    [" redis://app:", "@host"],
    [" ghp_", " "],
    [" xoxb-", " "],
    [" -----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----"],
];

/// Letters and digits, with both of them: no filler of a line is like it.
const SECRET: &str = "Zq7Xw9Kv3Jt5Hr1Gp8Fn2Dm4Cl6Bk0Zq7Xw9Kv3";

/// A part of the secret that tells it.
const PART: &str = "q7Xw9Kv3Jt5Hr";

#[derive(Arbitrary, Debug)]
struct Input {
    before: Vec<u8>,
    announced: u8,
    after: Vec<u8>,
    shown: u16,
    key: Vec<KeyLine>,
    added: bool,
}

#[derive(Arbitrary, Debug)]
enum KeyLine {
    Begin,
    Body(u8),
    Last,
    End,
    Other(Vec<u8>),
}

fn rules(added: bool) -> &'static Rules {
    static RULES: OnceLock<[Arc<Rules>; 2]> = OnceLock::new();
    let rules = RULES.get_or_init(|| {
        let rules = |mode, added: &[String]| {
            let redaction = Redaction::new(mode, added).expect("patterns");
            redaction.hide(&["our-own-token"]);
            redaction.rules()
        };
        [
            rules(Mode::Default, &[]),
            rules(Mode::Strict, &["customer-[0-9]+".to_owned()]),
        ]
    });
    &rules[usize::from(added)]
}

fuzz_target!(|input: Input| {
    let rules = rules(input.added);
    let one_line = |bytes: &[u8]| -> Vec<u8> {
        let is_text = |byte: &&u8| **byte != b'\n';
        bytes.iter().filter(is_text).copied().collect()
    };
    let [announce, end] = ANNOUNCED[usize::from(input.announced) % ANNOUNCED.len()];
    let (before, after) = (one_line(&input.before), one_line(&input.after));
    let line = [&before, announce.as_bytes(), SECRET.as_bytes(), end.as_bytes(), &after].concat();

    let text = redacted(rules, &line);
    check_hidden(&line, &text);
    assert_eq!(redacted(rules, &text), text, "{}", text.escape_ascii());
    assert_ne!(rules.suspects(&line), Suspects::At(Vec::new()));

    let shown = usize::from(input.shown) % (line.len() + 1);
    let cut = rules.redact(&line, shown, None);
    check_hidden(&line, cut.as_deref().unwrap_or(&line[..shown]));
    let unfinished = rules.redact_unfinished(&line[..shown], shown, None);
    check_hidden(&line, unfinished.as_deref().unwrap_or(&line[..shown]));

    for line in [before, after] {
        if rules.suspects(&line) == Suspects::At(Vec::new()) {
            assert_eq!(rules.redact(&line, line.len(), None), None);
        }
    }
    check_key(rules, &input.key);
});

fn redacted(rules: &Rules, line: &[u8]) -> Vec<u8> {
    rules.redact(line, line.len(), None).unwrap_or(line.to_vec())
}

fn check_hidden(line: &[u8], text: &[u8]) {
    let is_shown = text.windows(PART.len()).any(|part| part == PART.as_bytes());
    assert!(!is_shown, "{}: {}", line.escape_ascii(), text.escape_ascii());
}

/// The parts of a key are the same, read from the first line on and from any other.
fn check_key(rules: &Rules, lines: &[KeyLine]) {
    let text = |line: &KeyLine| match line {
        KeyLine::Begin => b"-----BEGIN RSA PRIVATE KEY-----".to_vec(),
        KeyLine::Body(length) => SECRET.repeat(3)[..16 + usize::from(*length) % 64].into(),
        KeyLine::Last => b"aB0=".to_vec(),
        KeyLine::End => b"-----END RSA PRIVATE KEY-----".to_vec(),
        KeyLine::Other(bytes) => {
            let is_text = |byte: &&u8| !b"\r\n".contains(byte);
            bytes.iter().filter(is_text).copied().collect()
        }
    };
    let lines: Vec<_> = lines.iter().map(text).collect();
    let mut keys = Keys::default();
    let mut above = Vec::new();
    for line in &lines {
        assert_eq!(rules.keys_behind(&above), keys);
        let part = rules.key_part(&mut keys, line);
        assert!(part.is_none_or(|part| part.end <= line.len()));
        above.extend_from_slice(line);
        above.push(b'\n');
    }
}
