//! How often files are looked at that are quiet, or in trouble.

use std::time::Duration;

/// A file that could not be read is tried again at the latest after this.
pub const READ_RETRY_MAX: Duration = Duration::from_secs(30);

/// Looks that all files together cost while they are quiet, where notifications tell of them.
pub const QUIET_LOOKS_PER_SECOND_MAX: f64 = 400.0;

/// Looks that are due within this time are taken together: to wake up costs more than a look.
pub const LOOKS_TOGETHER: Duration = Duration::from_millis(100);
