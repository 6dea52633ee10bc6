//! The limits of what reads whole files: searches, timelines and downloads.

use std::time::Duration;

/// Bytes that a search looks through at once, while that is fast: more are not in the processor's
/// cache any more when they are looked through.
pub const SEARCH_BLOCK_BYTES_MAX: usize = 128 * 1024;

/// The same, while it is slow.
pub const SEARCH_BLOCK_BYTES_MIN: usize = 4 * 1024;

/// A file of so many bytes is looked through from two places at once, when that is fast.
pub const SEARCH_HALVES_BYTES_MIN: u64 = 64 * 1024 * 1024;

/// Hits of one search; then it ends, and says where to go on.
pub const SEARCH_HITS_MAX: usize = 10_000;

/// Time of one search.
pub const SEARCH_TIME_MAX: Duration = Duration::from_secs(30);

/// How much later than that hits may still be taken that were found before.
pub const SCAN_TIME_GRACE: Duration = Duration::from_millis(200);

/// A page that takes longer than this ends early, and says where to go on.
pub const HISTORY_TIME_MAX: Duration = Duration::from_secs(2);

/// Searches at a time unless the flag says otherwise: each keeps a core busy, or two, and the lines
/// of others have to go on.
pub const SEARCHES: usize = 2;

/// Searches at a time that the flag may ask for.
pub const SEARCHES_MAX: usize = 64;

/// Searches that wait for one of these to end; one more is answered with 429.
pub const SEARCHES_WAITING_MAX: usize = 8;

/// Between two reports of a search on how far it is.
pub const SCAN_PROGRESS_INTERVAL: Duration = Duration::from_millis(250);

/// Bytes of a file that are sent at once, as they are.
pub const RAW_CHUNK_BYTES: usize = 64 * 1024;

/// Bytes in which the ends of lines are looked for before it is looked whether the reader is there.
pub const RAW_SCAN_BYTES: u64 = 16 * 1024 * 1024;

/// Buckets of a timeline, unless its reader says otherwise.
pub const TIMELINE_BUCKETS: usize = 300;

/// The same, at most.
pub const TIMELINE_BUCKETS_MAX: usize = 2000;

/// Places at which lines are looked at before any is counted.
pub const TIMELINE_GLANCES: u64 = 128;

/// Bytes that are looked at there.
pub const TIMELINE_GLANCE_BYTES: u64 = 16 * 1024;

/// Timelines for which lines are counted at a time; the others are approximate meanwhile.
pub const TIMELINES_COUNTING_MAX: usize = 1;

/// Timelines at a time; one more is answered with 429.
pub const TIMELINES_MAX: usize = 8;

/// Time in which the lines of one timeline are counted.
pub const TIMELINE_TIME_MAX: Duration = Duration::from_secs(120);
