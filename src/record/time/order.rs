//! Dates of numbers alone, in which only the order tells the day from the month:
//! `11/22/2026`, `22.11.2026`, `17/06/09`.
//!
//! Many such dates can be read in one order only, and the others of the same
//! source are read in that one too.

use crate::record::time::cursor::Cursor;

/// The order of such dates in a source; `None` as long as all could be read in several.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Order(Option<Parts>);

/// What stands where.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Parts {
    YearMonthDay,
    MonthDayYear,
    DayMonthYear,
}

impl Order {
    /// Year, month and day of such a date: `11/22/2026`, `22.11.2026`; in two digits also
    /// `26/11/22` and `11/22/26`.
    pub(super) fn date(&mut self, cursor: &mut Cursor<'_>) -> Option<(i16, u8, u8)> {
        let first = cursor.one_or_two()?;
        let separator = cursor.eat(b"/-.")?;
        let second = cursor.one_or_two()?;
        cursor.eat(&[separator])?;
        let is_long = cursor.rest.get(2).is_some_and(u8::is_ascii_digit);
        let last = if is_long {
            cursor.year()?
        } else {
            i16::from(cursor.two(0, 99)?)
        };
        let is_usual = is_long || separator == b'/';
        is_usual.then(|| self.read(first, second, last, separator))?
    }

    /// Year, month and day of such a date. What can be read in one order only tells that of the
    /// following dates.
    fn read(&mut self, first: u8, second: u8, last: i16, separator: u8) -> Option<(i16, u8, u8)> {
        let century = |year: i16| if year < 100 { 2000 + year } else { year };
        let read = |parts: Parts| {
            let (year, month, day) = match parts {
                Parts::YearMonthDay => (
                    i16::from(first),
                    second,
                    u8::try_from(last).ok().filter(|day| *day <= 31)?,
                ),
                Parts::MonthDayYear => (last, first, second),
                Parts::DayMonthYear => (last, second, first),
            };
            let is_date = (1..=12).contains(&month) && (1..=31).contains(&day);
            is_date.then_some((century(year), month, day))
        };
        let usual = if separator == b'.' {
            [
                Parts::DayMonthYear,
                Parts::MonthDayYear,
                Parts::YearMonthDay,
            ]
        } else {
            [
                Parts::YearMonthDay,
                Parts::MonthDayYear,
                Parts::DayMonthYear,
            ]
        };
        let known = self.0.and_then(read);
        let mut readable = usual.into_iter().filter(|parts| read(*parts).is_some());
        let likely = readable.next()?;
        if readable.next().is_none() {
            self.0 = Some(likely);
        }
        known.or_else(|| read(likely))
    }
}
