//! A stretch, of time or of bytes, cut into equal parts that are round.

use crate::record::time::zone_offset;

/// The parts that a person reads easily, in seconds; longer ones are whole days.
const ROUND_SECONDS: [i64; 18] = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
];

const DAY_SECONDS: i64 = 86_400;

/// See the module's description. In milliseconds since the epoch, or in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    /// Where the first part begins.
    pub from: i64,
    /// Where the last part ends.
    pub to: i64,
    /// How long each is.
    pub step: i64,
}

impl Scale {
    /// Times from `first` to before `end`, in at most `parts` parts, which begin when clocks in
    /// the server's zone are round.
    pub fn of_times(first: i64, end: i64, parts: usize) -> Scale {
        let offset = zone_offset(first);
        let days = [1, 2, 5].into_iter().cycle();
        let days = days.zip((0..).map(|index| 10_i64.pow(index / 3)));
        let days = days.map(|(digit, power)| digit * power * DAY_SECONDS);
        let mut steps = ROUND_SECONDS.into_iter().chain(days.skip(1).take(18));
        let scale = |step: i64| {
            let from = (first + offset).div_euclid(step) * step - offset;
            let count = (end.max(first + 1) - from + step - 1).div_euclid(step);
            Scale {
                from,
                to: from + count * step,
                step,
            }
        };
        let fitting = steps.find_map(|seconds| {
            let scale = scale(seconds * 1000);
            (scale.len() <= parts.max(1)).then_some(scale)
        });
        fitting.unwrap_or_else(|| {
            let whole = end.saturating_sub(first).max(1);
            Scale {
                from: first,
                to: first.saturating_add(whole),
                step: whole,
            }
        })
    }

    /// So many bytes in at most `parts` parts.
    pub fn of_bytes(bytes: u64, parts: usize) -> Scale {
        let step = (bytes.div_ceil(parts.max(1) as u64)).max(1) as i64;
        let count = bytes.div_ceil(step as u64) as i64;
        Scale {
            from: 0,
            to: count * step,
            step,
        }
    }

    /// How many parts there are.
    pub fn len(&self) -> usize {
        ((self.to - self.from) / self.step) as usize
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.to == self.from
    }

    /// In which part a place is; `None` outside of all.
    pub fn part_of(&self, place: i64) -> Option<usize> {
        let is_inside = (self.from..self.to).contains(&place);
        is_inside.then(|| ((place - self.from) / self.step) as usize)
    }
}

#[cfg(test)]
mod tests;
