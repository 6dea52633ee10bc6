//! The lines that everybody is given.

use std::fs::File;
use std::fs::OpenOptions;
use std::io::BufWriter;
use std::io::Write;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;
use std::time::Instant;

use crate::connect::pause;

/// Of a line, with its line feed.
pub const LINE_BYTES: usize = 150;

/// What stands before the number of a line.
pub const MARK: &[u8] = b" seq=";

/// Digits of the number, and of the time behind it.
pub const NUMBER_DIGITS: usize = 10;
pub const TIME_DIGITS: usize = 14;

/// A word that one line in a hundred has.
pub const RARE: &str = "timeout";

/// A word that one line in a million has.
pub const RAREST: &str = "meltdown";

/// Between two times that lines are written steadily.
const INTERVAL: Duration = Duration::from_millis(10);

/// Microseconds since the first call.
pub fn now() -> u64 {
    static EPOCH: OnceLock<Instant> = OnceLock::new();
    EPOCH.get_or_init(Instant::now).elapsed().as_micros() as u64
}

/// Appends the line of this number, written now.
pub fn push(text: &mut Vec<u8>, number: u64) {
    let start = text.len();
    let word = match number {
        // None of those that are looked for as rare ones, which are counted.
        _ if number % 1_000_000 == 500_000 => RAREST,
        // Number 0 passes every filter.
        _ if number == 0 || number % 100 == 99 => RARE,
        _ => "request",
    };
    write!(
        text,
        "2026-11-22T10:47:{:02}.{:03}Z INFO  http: {word} GET /api/v1/search 200 in {} ms seq={number:0NUMBER_DIGITS$}@{:0TIME_DIGITS$} ",
        number / 1_000 % 60,
        number % 1_000,
        number % 97,
        now()
    )
    .expect("memory");
    text.resize(start + LINE_BYTES - 1, b'.');
    text.push(b'\n');
}

/// The lines of these numbers.
pub fn text(numbers: std::ops::Range<u64>) -> Vec<u8> {
    let mut text = Vec::with_capacity((numbers.end - numbers.start) as usize * LINE_BYTES);
    numbers.for_each(|number| push(&mut text, number));
    text
}

/// Appends to the file, a piece at a time as a busy program does.
pub fn append(path: &Path, text: &[u8]) {
    let mut file = OpenOptions::new().append(true).open(path).expect("the log");
    for piece in text.chunks(1 << 18) {
        file.write_all(piece).expect("room for the log");
    }
}

/// Appends so many lines, so many at once every 10 ms.
pub fn append_steadily(path: &Path, count: u64, at_once: u64) {
    let start = Instant::now();
    for step in 0..count / at_once {
        pause((start + INTERVAL * step as u32).saturating_duration_since(Instant::now()));
        let first = step * at_once + 1;
        append(path, &text(first..first + at_once));
    }
}

/// A file of so many bytes, of lines with numbers from 1 on; gives how many they are.
pub fn write_file(path: &Path, bytes: u64) -> u64 {
    let count = bytes / LINE_BYTES as u64;
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path).expect("create"));
    let mut line = Vec::new();
    for number in 1..=count {
        line.clear();
        push(&mut line, number);
        file.write_all(&line).expect("room for the file");
    }
    file.flush().expect("room for the file");
    count
}
