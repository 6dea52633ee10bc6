use proptest::prelude::*;

use crate::store::timeline::scale::Scale;

/// Noon of a day, in every zone of whole hours a round time.
const NOON: i64 = 1_795_348_800_000;

#[track_caller]
fn check(seconds: i64, parts: usize, step_seconds: i64) {
    let scale = Scale::of_times(NOON, NOON + seconds * 1000, parts);
    assert_eq!(scale.step, step_seconds * 1000);
}

#[test]
fn steps_are_round() {
    check(60, 100, 1);
    check(101, 100, 2);
    check(600, 100, 10);
    check(1300, 100, 15);
    check(3600, 100, 60);
    check(86_400, 100, 900);
    check(86_400, 30, 3600);
    check(7 * 86_400, 100, 7200);
    check(365 * 86_400, 400, 86_400);
    check(365 * 86_400, 100, 5 * 86_400);
    check(365 * 86_400, 10, 50 * 86_400);
}

#[test]
fn a_moment_is_one_part() {
    for parts in [0, 1, 100] {
        let scale = Scale::of_times(NOON, NOON, parts);
        assert_eq!(scale.len(), 1);
        assert_eq!(scale.part_of(NOON), Some(0));
    }
}

#[test]
fn bytes_are_cut_into_parts_of_equal_length() {
    assert_eq!(Scale::of_bytes(1000, 10).step, 100);
    assert_eq!(Scale::of_bytes(1001, 10).step, 101);
    assert_eq!(Scale::of_bytes(3, 10).len(), 3);
    assert!(Scale::of_bytes(0, 10).is_empty());
}

proptest! {
    #[test]
    fn every_time_is_in_the_part_that_holds_it(
        first in -1_000_000_000_000_i64..4_000_000_000_000,
        length in 1_i64..1_000_000_000_000,
        place in 0.0_f64..1.0,
        parts in 1_usize..2000,
    ) {
        let scale = Scale::of_times(first, first + length, parts);
        prop_assert!(scale.len() <= parts.max(1) && !scale.is_empty(), "{scale:?}");
        prop_assert!(scale.from <= first && first + length <= scale.to);
        let time = first + (length as f64 * place) as i64;
        let part = scale.part_of(time).expect("it is inside") as i64;
        let start = scale.from + part * scale.step;
        prop_assert!((start..start + scale.step).contains(&time));
        prop_assert_eq!(scale.part_of(scale.from - 1), None);
        prop_assert_eq!(scale.part_of(scale.to), None);
    }
}
