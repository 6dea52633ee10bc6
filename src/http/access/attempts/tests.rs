use std::time::Duration;

use super::*;

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn ten_failures_a_minute_close_the_door_for_an_address() {
    let (attempts, start) = (Attempts::default(), Instant::now());
    let (one, other) = (address("192.0.2.1"), address("192.0.2.2"));
    for second in 0..10 {
        let now = start + Duration::from_secs(second);
        assert!(!attempts.are_over(one, now));
        attempts.failed(one, now);
    }
    assert!(attempts.are_over(one, start + Duration::from_secs(10)));
    assert!(!attempts.are_over(other, start + Duration::from_secs(10)));
    assert!(attempts.are_over(one, start + Duration::from_millis(59_999)));
    assert!(!attempts.are_over(one, start + Duration::from_secs(60)));
}

#[test]
fn two_hundred_failures_close_it_for_all() {
    let (attempts, now) = (Attempts::default(), Instant::now());
    for number in 0..=255 {
        attempts.failed(IpAddr::from([10, 0, 0, number]), now);
    }
    assert!(attempts.are_over(address("192.0.2.1"), now));
    assert!(!attempts.are_over(address("192.0.2.1"), now + LOGIN_FAILURES_SPAN));
}

#[test]
fn a_network_of_v6_is_one_address() {
    let (attempts, now) = (Attempts::default(), Instant::now());
    for number in 0..10 {
        attempts.failed(address(&format!("2001:db8::{number}")), now);
    }
    assert!(attempts.are_over(address("2001:db8::ffff"), now));
    assert!(!attempts.are_over(address("2001:db8:0:1::1"), now));
}
