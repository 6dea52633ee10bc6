use std::time::Duration;
use std::time::Instant;

use crate::config::REQUESTS_AT_ONCE_MAX;
use crate::config::REQUESTS_PER_SECOND_MAX;
use crate::http::pace::Pace;

/// How many of so many requests at this moment are allowed.
fn allowed(pace: &Pace<&'static str>, reader: &'static str, now: Instant, requests: u32) -> u32 {
    (0..requests)
        .map(|_| u32::from(pace.allows(reader, now)))
        .sum()
}

#[test]
fn so_many_at_once_and_then_so_many_each_second() {
    let pace = Pace::default();
    let now = Instant::now();
    assert_eq!(allowed(&pace, "a", now, 1_000), REQUESTS_AT_ONCE_MAX);
    let later = now + Duration::from_secs(1);
    assert_eq!(allowed(&pace, "a", later, 1_000), REQUESTS_PER_SECOND_MAX);
    // A long pause earns no more than is allowed at once.
    let much_later = now + Duration::from_secs(3_600);
    assert_eq!(allowed(&pace, "a", much_later, 1_000), REQUESTS_AT_ONCE_MAX);
}

#[test]
fn one_reader_does_not_slow_another() {
    let pace = Pace::default();
    let now = Instant::now();
    allowed(&pace, "a", now, 1_000);
    assert_eq!(allowed(&pace, "b", now, 1), 1);
}
