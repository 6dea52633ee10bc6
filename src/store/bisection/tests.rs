use std::fmt::Write as _;

use jiff::Timestamp;
use proptest::prelude::*;

use crate::record::time::TimeReader;
use crate::store::bisection::Bisection;
use crate::store::bisection::Found;
use crate::store::encoding::Encoding;

/// The first moment of the tests' logs, in milliseconds.
const NOON: i64 = 1_795_348_800_000;

fn stamp(time: i64) -> String {
    Timestamp::from_millisecond(time)
        .expect("in range")
        .to_string()
}

fn find(text: &[u8], moment: i64) -> Option<Found> {
    find_in(text, Encoding::Bytes, moment)
}

fn find_in(text: &[u8], encoding: Encoding, moment: i64) -> Option<Found> {
    let read_at = |buffer: &mut [u8], offset: u64| {
        let rest = &text[(offset as usize).min(text.len())..];
        let filled = rest.len().min(buffer.len());
        buffer[..filled].copy_from_slice(&rest[..filled]);
        Ok(filled)
    };
    let search = Bisection::new(read_at, encoding, 0, text.len() as u64);
    search.find(moment).expect("reading memory does not fail")
}

/// The same by reading every line.
fn find_slowly(text: &[u8], moment: i64) -> u64 {
    let mut times = TimeReader::new();
    let mut offset = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let own = times.read(line.trim_ascii_end());
        if own.is_some_and(|time| time >= moment) {
            return offset;
        }
        offset += line.len() as u64;
    }
    text.len() as u64
}

/// A line a second from [`NOON`] on, each with as many bytes of message.
fn seconds(count: i64, message: usize) -> String {
    (0..count).fold(String::new(), |mut text, second| {
        let time = stamp(NOON + second * 1000);
        writeln!(text, "{time} {}", "x".repeat(message)).expect("memory");
        text
    })
}

#[track_caller]
fn check_exact(text: &str, moment: i64) {
    let found = find(text.as_bytes(), moment).expect("there are times");
    let expected = find_slowly(text.as_bytes(), moment);
    assert_eq!((found.offset, found.is_approximate), (expected, false));
}

#[test]
fn every_moment_of_a_log_is_found() {
    let text = seconds(5000, 60);
    for second in [-1, 0, 1, 2, 777, 2500, 4998, 4999, 5000, 100_000] {
        check_exact(&text, NOON + second * 1000);
        check_exact(&text, NOON + second * 1000 - 1);
    }
}

#[test]
fn lines_longer_than_what_is_read_at_once_are_no_hindrance() {
    for length in [20_000, 200_000, 2_000_000] {
        let text = seconds(12, length);
        for second in [0, 1, 5, 6, 11, 12] {
            check_exact(&text, NOON + second * 1000);
        }
    }
}

#[test]
fn long_stretches_without_a_time_are_passed_over() {
    let mut text = seconds(100, 60);
    for _ in 0..40_000 {
        text.push_str("\tat com.example.Deep.call(Deep.java:12)\n");
    }
    let more = seconds(300, 60);
    text.extend(more.split_inclusive('\n').skip(100));
    for second in [0, 50, 99, 100, 101, 299, 300] {
        check_exact(&text, NOON + second * 1000);
    }
}

#[test]
fn a_stretch_too_long_to_be_read_makes_the_answer_approximate() {
    let mut text = seconds(100, 60);
    text.extend((0..500_000).map(|_| "\tat com.example.Deep.call(Deep.java:12)\n"));
    let after = text.len() as u64;
    let more = seconds(300, 60);
    text.extend(more.split_inclusive('\n').skip(100));
    let found = find(text.as_bytes(), NOON + 100_000).expect("there are times");
    assert!(found.is_approximate);
    assert!(found.offset >= after, "{found:?}");
}

#[test]
fn a_text_without_times_has_no_moment() {
    assert_eq!(find(b"", NOON), None);
    assert_eq!(find(b"one\ntwo", NOON), None);
    let text = "no time at all in this line\n".repeat(200_000);
    assert_eq!(find(text.as_bytes(), NOON), None);
}

#[test]
fn a_wrong_clock_here_and_there_does_not_mislead() {
    let mut text = String::new();
    for (index, line) in seconds(50_000, 60).split_inclusive('\n').enumerate() {
        if index % 97 == 3 {
            writeln!(text, "{} the clock was reset", stamp(0)).expect("memory");
        }
        text.push_str(line);
    }
    for second in [1, 777, 25_000, 49_999] {
        check_exact(&text, NOON + second * 1000);
    }
}

#[test]
fn two_logs_after_one_another_are_no_order_and_the_answer_says_so() {
    let text = [seconds(5000, 60), seconds(5000, 60)].concat();
    let found = find(text.as_bytes(), NOON + 2_500_000).expect("there are times");
    assert!(found.is_approximate);
}

#[test]
fn a_log_in_utf_16_is_searched_like_any_other() {
    let plain = seconds(3000, 60);
    let mut text = vec![0xff, 0xfe];
    text.extend(plain.encode_utf16().flat_map(u16::to_le_bytes));
    for second in [0, 1, 1500, 2999, 3000] {
        let moment = NOON + second * 1000;
        let found = find_in(&text, Encoding::Utf16Little, moment).expect("there are times");
        let expected = match find_slowly(plain.as_bytes(), moment) {
            0 => 0,
            offset => 2 + 2 * offset,
        };
        assert_eq!(found.offset, expected, "{second}");
    }
}

#[test]
fn fifty_gigabytes_take_a_few_dozen_reads() {
    // Lines of 100 bytes, four a second, made as they are read.
    const LINE: u64 = 100;
    const SIZE: u64 = 50_000_000_000;
    let line = |number: u64| {
        let time = stamp(NOON + number as i64 * 250);
        format!(
            "{time} {:.<width$}\n",
            number,
            width = LINE as usize - time.len() - 2
        )
    };
    let read_at = |buffer: &mut [u8], offset: u64| {
        let end = SIZE.min(offset + buffer.len() as u64);
        let numbers = offset / LINE..end.div_ceil(LINE);
        let text: String = numbers.map(line).collect();
        let from = (offset % LINE) as usize;
        let filled = (end - offset) as usize;
        buffer[..filled].copy_from_slice(&text.as_bytes()[from..from + filled]);
        Ok(filled)
    };
    let mut most = 0;
    for number in [0, 1, 123_456_789, 250_000_000, 499_999_999, 500_000_000] {
        let search = Bisection::new(read_at, Encoding::Bytes, 0, SIZE);
        let found = search.find(NOON + number * 250).unwrap().expect("times");
        assert_eq!(found.offset, number as u64 * LINE);
        assert!(!found.is_approximate);
        most = most.max(found.reads);
    }
    assert!((20..=40).contains(&most), "{most} reads");
}

/// What a log may hold: lines with a time so much later than the last, and lines without.
#[derive(Clone, Debug)]
enum Piece {
    Line(i64, usize),
    Frames(usize),
}

fn piece() -> impl Strategy<Value = Piece> {
    prop_oneof![
        8 => (0_i64..5000, 0_usize..400).prop_map(|(later, length)| Piece::Line(later, length)),
        1 => (1_usize..200).prop_map(Piece::Frames),
        1 => (0_i64..50_000_000, 0_usize..60_000)
            .prop_map(|(later, length)| Piece::Line(later, length)),
    ]
}

fn log(pieces: &[Piece], disorder: i64) -> String {
    let mut text = String::new();
    let mut now = NOON;
    for (index, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Line(later, length) => {
                now += later;
                // Some lines come late, by less than lines are apart in what is read at the end.
                let time = now - disorder * i64::from(index % 5 == 2);
                writeln!(text, "{} {}", stamp(time), "x".repeat(*length)).expect("memory");
            }
            Piece::Frames(count) => {
                text.extend((0..*count).map(|_| "    at com.example.Deep.call(Deep.java:12)\n"));
            }
        }
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn bisection_finds_what_reading_every_line_finds(
        pieces in prop::collection::vec(piece(), 1..1200),
        place in 0.0_f64..1.05,
        is_disordered in any::<bool>(),
    ) {
        let disorder = if is_disordered { 3000 } else { 0 };
        let text = log(&pieces, disorder);
        let total: i64 = pieces.iter().map(|piece| match piece {
            Piece::Line(later, _) => *later,
            Piece::Frames(_) => 0,
        }).sum();
        let moment = NOON + (total as f64 * place) as i64;
        let expected = find_slowly(text.as_bytes(), moment);
        match find(text.as_bytes(), moment) {
            Some(found) => prop_assert_eq!(found.offset, expected),
            None => prop_assert!(!text.contains('Z')),
        }
    }
}
