use super::*;
use crate::redaction::Mode;
use crate::redaction::Redaction;
use crate::redaction::Rules;

const KEY: &str = "\
-----BEGIN RSA PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED

MIIEpAIBAAKCAQEAx4fd9Zb5nqGpRk0m0pB1d8nS2vZQbVhJ3bq0cQ7uYy5mXr2L
q0cQ7uYy5mXr2LMIIEpAIBAAKCAQEAx4fd9Zb5nqGpRk0m0pB1d8nS2vZQbVhJ3b
Zb5nqGpR==
-----END RSA PRIVATE KEY-----
";

fn rules() -> std::sync::Arc<Rules> {
    Redaction::new(Mode::Default, &[])
        .expect("no pattern")
        .rules()
}

/// The lines as they are shown, read from one end to the other.
fn shown(rules: &Rules, mut keys: Keys, lines: &str) -> Vec<String> {
    let line = |line: &str| {
        let key = rules.key_part(&mut keys, line.as_bytes());
        let text = rules.redact(line.as_bytes(), line.len(), key);
        text.map_or(line.to_owned(), |text| String::from_utf8(text).unwrap())
    };
    lines.lines().map(line).collect()
}

#[test]
fn every_line_of_a_key_is_hidden_and_the_next_line_is_not() {
    let log = format!("{KEY}the key was read\n");
    assert_eq!(
        shown(&rules(), Keys::default(), &log),
        [
            "[redacted:private-key]",
            "Proc-Type: 4,ENCRYPTED",
            "",
            "[redacted:private-key]",
            "[redacted:private-key]",
            "[redacted:private-key]",
            "-----END RSA PRIVATE KEY-----",
            "the key was read",
        ]
    );
}

#[test]
fn it_does_not_matter_where_reading_begins() {
    let rules = rules();
    let log = format!("starting\n{KEY}the key was read\nMIIE is no key\n");
    let all = shown(&rules, Keys::default(), &log);
    for (count, (start, _)) in log.match_indices('\n').enumerate() {
        let (above, below) = log.split_at(start + 1);
        let keys = rules.keys_behind(above.as_bytes());
        assert_eq!(shown(&rules, keys, below), all[count + 1..], "{below}");
    }
}

#[test]
fn the_lines_of_a_key_may_stand_behind_a_time_and_a_name() {
    let log: Vec<_> = KEY
        .lines()
        .map(|line| {
            format!("Nov 26 10:00:01 web app[12]: {line}\nNov 26 10:00:01 db query took 12 ms\n")
        })
        .collect();
    let shown = shown(&rules(), Keys::default(), &log.concat());
    let hidden = |line: &&String| line.contains("[redacted:private-key]");
    assert_eq!(shown.iter().filter(hidden).count(), 4);
    let key_words = ["MIIE", "q0cQ7"];
    assert!(
        shown
            .iter()
            .all(|line| !key_words.iter().any(|word| line.contains(word)))
    );
    assert!(shown.iter().filter(|line| line.ends_with("12 ms")).count() == 7);
}

#[test]
fn public_keys_and_hashes_stay() {
    let certificate = KEY.replace("RSA PRIVATE KEY", "CERTIFICATE");
    let shown = shown(&rules(), Keys::default(), &certificate);
    assert_eq!(shown.join("\n") + "\n", certificate);
}

#[test]
fn a_key_without_an_end_ends_all_the_same() {
    let begin = "-----BEGIN PRIVATE KEY-----\n";
    let filler = "one two three four five six seven\n".repeat(KEY_BYTES_MAX / 34 + 1);
    let run = "abcdefghABCDEFGH01234567abcdefghABCDEFGH01234567\n";
    let near = shown(&rules(), Keys::default(), &format!("{begin}one two\n{run}"));
    assert_eq!(near[2], "[redacted:private-key]");
    let far = shown(&rules(), Keys::default(), &format!("{begin}{filler}{run}"));
    assert_eq!(far.last().unwrap(), run.trim_end());
}

#[test]
fn a_part_that_is_still_being_written_is_hidden() {
    let rules = rules();
    let keys = rules.keys_behind(b"-----BEGIN PRIVATE KEY-----\n");
    let part = rules.key_part(&mut keys.at_unfinished(), b"MIIEp");
    assert_eq!(part, Some(0..5));
}
