use std::sync::Arc;

use crate::config::BLOCKS_LATELY_MAX;
use crate::store::lately::Lately;

#[test]
fn a_block_stays_as_long_as_it_is_used_and_goes_before_newer_ones_otherwise() {
    let lately = Lately::default();
    let [used, left] = [1, 2].map(|block| {
        let block = Arc::new(block);
        lately.note(&block);
        Arc::downgrade(&block)
    });
    for _ in 0..2 * BLOCKS_LATELY_MAX {
        lately.note(&Arc::new(3));
        assert!(lately.find(&used).is_some());
    }
    assert!(lately.find(&left).is_none());
    assert!(left.upgrade().is_none());
}

#[test]
fn a_block_that_is_noted_again_takes_no_more_room() {
    let lately = Lately::default();
    let first = Arc::new(4);
    lately.note(&first);
    let other = Arc::new(4);
    for _ in 0..2 * BLOCKS_LATELY_MAX {
        lately.note(&other);
    }
    assert_eq!(Arc::strong_count(&first), 2);
    assert_eq!(Arc::strong_count(&other), 2);
}
