//! Supplies what logs leave out of their times: the year and the zone.
//!
//! Asking the zone database costs more than reading the line. Zones change their
//! offset on the quarter hour, so the answer is kept until a line of another
//! quarter comes; the year likewise until another day comes.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::record::time::stamp::Civil;
use crate::record::time::stamp::Stamp;
use crate::record::time::stamp::TimeOfDay;

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
    let [month, day, hour, minute, second] =
        [civil.month, civil.day, hour, minute, second.min(59)].map(|part| part as i8);
    let time = DateTime::new(year, month, day, hour, minute, second, 0).ok()?;
    TimeZone::UTC
        .to_timestamp(time)
        .ok()
        .map(Timestamp::as_second)
}
