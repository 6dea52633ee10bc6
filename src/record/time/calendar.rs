//! Supplies what logs leave out of their times: the year and the zone.
//!
//! Asking the zone database costs more than reading the line. Zones change their
//! offset on the quarter hour, so the answer is kept until a line of another
//! quarter comes; the year likewise until another day comes.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::record::time::clock::TimeOfDay;
use crate::record::time::stamp::Civil;
use crate::record::time::stamp::Stamp;

/// Turns what is written into milliseconds since the epoch.
#[derive(Clone, Debug)]
pub(super) struct Calendar {
    zone: TimeZone,
    now: fn() -> Timestamp,
    /// A quarter hour, local, and its offset in seconds.
    offset: Option<(i64, i64)>,
    /// A month and day, and the year they are taken to be of.
    year: Option<(u8, u8, i16)>,
}

impl Default for Calendar {
    fn default() -> Self {
        Self::new(TimeZone::system(), Timestamp::now)
    }
}

impl Calendar {
    pub(super) fn new(zone: TimeZone, now: fn() -> Timestamp) -> Self {
        Self {
            zone,
            now,
            offset: None,
            year: None,
        }
    }

    /// Milliseconds since the epoch; `None` for a day that does not exist.
    pub(super) fn milliseconds(&mut self, stamp: &Stamp) -> Option<i64> {
        let civil = match stamp {
            Stamp::Epoch(milliseconds) => return Some(*milliseconds),
            Stamp::Civil(civil) => civil,
        };
        let year = civil.year.or_else(|| self.likely_year(civil))?;
        let local = local_seconds(civil, year)?;
        let offset = civil
            .offset
            .map(i64::from)
            .or_else(|| self.offset_at(local))?;
        Some((local - offset) * 1000 + i64::from(civil.time.millisecond))
    }

    fn offset_at(&mut self, local: i64) -> Option<i64> {
        const QUARTER_HOUR: i64 = 900;
        let quarter = local.div_euclid(QUARTER_HOUR);
        if let Some((known, offset)) = self.offset
            && known == quarter
        {
            return Some(offset);
        }
        let start = quarter * QUARTER_HOUR;
        let civil = TimeZone::UTC.to_datetime(Timestamp::from_second(start).ok()?);
        let instant = self.zone.to_timestamp(civil).ok()?;
        let offset = start - instant.as_second();
        self.offset = Some((quarter, offset));
        Some(offset)
    }

    /// The latest year in which the day is not more than a day ahead of now.
    fn likely_year(&mut self, civil: &Civil) -> Option<i16> {
        if let Some((month, day, year)) = self.year
            && (month, day) == (civil.month, civil.day)
        {
            return Some(year);
        }
        let now = (self.now)();
        let this_year = self.zone.to_datetime(now).year();
        let latest = now.as_second() + 86_400;
        // Leap days are at most eight years apart.
        let year = (this_year - 8..=this_year + 1).rev().find(|year| {
            local_seconds(civil, *year)
                .and_then(|local| Some(local - self.offset_at(local)?))
                .is_some_and(|instant| instant <= latest)
        })?;
        self.year = Some((civil.month, civil.day, year));
        Some(year)
    }
}

/// Seconds from the epoch to the time, as if it were of Greenwich; `None` for a day that
/// does not exist. A leap second is the one before it.
fn local_seconds(civil: &Civil, year: i16) -> Option<i64> {
    let TimeOfDay {
        hour,
        minute,
        second,
        ..
    } = civil.time;
    let (year, month, day) = (
        i64::from(year),
        i64::from(civil.month),
        i64::from(civil.day),
    );
    if day > days_in_month(year, month) {
        return None;
    }
    let time_of_day = (i64::from(hour) * 60 + i64::from(minute)) * 60 + i64::from(second.min(59));
    Some(days_since_epoch(year, month, day) * 86_400 + time_of_day)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days in the proleptic Gregorian calendar, counted as if years began in March: the leap day
/// is then the last of its year.
fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    const FROM_YEAR_ZERO: i64 = 719_468;
    let year = year - i64::from(month <= 2);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    365 * year + leap_days + day_of_year - FROM_YEAR_ZERO
}

#[cfg(test)]
mod tests;
