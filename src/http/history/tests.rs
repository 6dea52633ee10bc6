use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use crate::config::HISTORY_REQUESTS_MAX;
use crate::http::history::Turn;

#[test]
fn only_so_many_requests_are_answered_at_the_same_time() {
    let running = Arc::new(AtomicUsize::new(0));
    let mut turns: Vec<_> = (0..HISTORY_REQUESTS_MAX)
        .map(|_| Turn::take(&running).expect("a turn"))
        .collect();
    for _ in 0..3 {
        assert!(Turn::take(&running).is_none());
    }
    turns.pop();
    let turn = Turn::take(&running);
    assert!(turn.is_some(), "one has ended");
    assert!(Turn::take(&running).is_none());
}
