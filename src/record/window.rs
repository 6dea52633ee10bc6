//! The stretch of time that a reader wants lines of.

/// From a moment on, and up to another; in milliseconds since the epoch.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Window {
    /// Nothing older.
    pub since: Option<i64>,
    /// Only what is older.
    pub until: Option<i64>,
}

impl Window {
    /// All of time, and lines that have none.
    pub const ALL: Self = Self {
        since: None,
        until: None,
    };

    /// Whether a line of this time is wanted. One whose time is unknown may be of today, so
    /// only an end keeps it out: a log without times is not empty after a `since`.
    pub fn contains(self, time: Option<i64>) -> bool {
        match time {
            Some(time) => {
                self.since.is_none_or(|since| time >= since)
                    && self.until.is_none_or(|until| time < until)
            }
            None => self.until.is_none(),
        }
    }

    /// What is in both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            since: self.since.max(other.since),
            until: match (self.until, other.until) {
                (Some(one), Some(two)) => Some(one.min(two)),
                (one, two) => one.or(two),
            },
        }
    }
}

#[cfg(test)]
mod tests;
