//! Which levels a reader wants.

use std::str::FromStr;

use crate::filter::error::FilterError;
use crate::record::level::Level;

/// A set of levels, all by default.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Levels(u8);

/// How lines that do not say a level are named in a list of levels.
const UNKNOWN: &str = "unknown";

impl Levels {
    /// Lines that do not say a level.
    const NONE_SAID: u8 = 1 << Level::ALL.len();

    /// Every level, and lines without one.
    pub const ALL: Self = Self(Self::NONE_SAID | (Self::NONE_SAID - 1));

    /// The level and the worse ones; of the mildest, every line.
    pub fn from_minimum(level: Level) -> Self {
        match level {
            Level::Trace => Self::ALL,
            level => Self(Self::NONE_SAID - (1 << level as u8)),
        }
    }

    /// Whether the set takes a line of this level.
    pub fn contains(self, level: Option<Level>) -> bool {
        self.0 & level.map_or(Self::NONE_SAID, |level| 1 << level as u8) != 0
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl Default for Levels {
    fn default() -> Self {
        Self::ALL
    }
}

impl FromStr for Levels {
    type Err = FilterError;

    /// `warn` is that level and the worse ones; `info,error` is exactly these, as is `info,`.
    /// `unknown` is lines that do not say a level.
    fn from_str(text: &str) -> Result<Self, FilterError> {
        let level = |name: &str| {
            name.parse::<Level>().map_err(|_| FilterError::BadLevel {
                name: name.to_owned(),
            })
        };
        if !text.contains(',') && text.trim() != UNKNOWN {
            return level(text.trim()).map(Self::from_minimum);
        }
        let mut set = 0;
        for name in text.split(',').map(str::trim) {
            set |= match name {
                "" => 0,
                UNKNOWN => Self::NONE_SAID,
                name => 1 << level(name)? as u8,
            };
        }
        if set == 0 {
            Err(FilterError::BadLevel {
                name: text.to_owned(),
            })
        } else {
            Ok(Self(set))
        }
    }
}
