use std::time::Duration;
use std::time::Instant;

use crate::redaction::Mode;
use crate::redaction::Redaction;
use crate::redaction::Rules;

/// Pieces that are repeated: beginnings of secrets that never end, or end at once.
const HOSTILE: [&str; 16] = [
    "password=\"",
    "token=aaa ",
    "pwd='\\",
    "PWD=/",
    "a://b:c",
    "a://b:c@",
    "-----BEGIN PRIVATE KEY-----",
    "eyJaaaaaaaa.",
    "cookie:",
    "authorization: basic ",
    "AKIA",
    "secret_",
    "gh_ghp_",
    "SG.aaaaaaaaaaaaaaaa.",
    "--pass-token ",
    "1.1.1.1:AA",
];

const SHORT: usize = 2 << 10;
const LONG: usize = 32 << 10;

/// The best of several: the machine may be busy.
fn time_for(rules: &Rules, piece: &str, bytes: usize) -> Duration {
    let line = piece.repeat(bytes / piece.len());
    let rounds = (0..5).map(|_| {
        let start = Instant::now();
        rules.redact(line.as_bytes(), line.len(), None);
        start.elapsed()
    });
    rounds.min().expect("five")
}

#[test]
fn a_line_takes_time_in_proportion_to_its_length() {
    let redaction = Redaction::new(Mode::Strict, &["customer-[0-9]+".to_owned()]).unwrap();
    redaction.hide(&["our-own-token"]);
    let rules = redaction.rules();
    for piece in HOSTILE {
        // Sixteen times as long; with the square of the length it would take 256 times.
        let is_in_proportion = |_| {
            let (short, long) = (
                time_for(&rules, piece, SHORT),
                time_for(&rules, piece, LONG),
            );
            long < short * 80 + Duration::from_millis(5)
        };
        assert!((0..10).any(is_in_proportion), "{piece:?}");
    }
}
