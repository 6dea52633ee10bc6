//! Waiting for something to become true, the only place where a test pauses.

use std::time::Duration;
use std::time::Instant;

/// How long a test waits for what should take milliseconds. A loaded machine is slow, and a failure
/// is rare.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Looks again and again until `look` gives a value. `Err` says what was seen instead, for the
/// report of the failure.
#[track_caller]
pub fn eventually<T>(deadline: Duration, mut look: impl FnMut() -> Result<T, String>) -> T {
    let start = Instant::now();
    loop {
        match look() {
            Ok(value) => return value,
            Err(seen) if start.elapsed() > deadline => {
                panic!("not within {deadline:?}; last seen: {seen}")
            }
            Err(_) => pause(),
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the pause between two looks; everything else waits for something"
)]
fn pause() {
    std::thread::sleep(Duration::from_millis(5));
}
