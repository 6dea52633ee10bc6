//! The time of day, and how far its zone is from Greenwich.

use crate::record::time::cursor::Cursor;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct TimeOfDay {
    pub(super) hour: u8,
    pub(super) minute: u8,
    /// 60 in a leap second.
    pub(super) second: u8,
    pub(super) millisecond: u16,
}

impl Cursor<'_> {
    /// `10:47:02`, with a fraction of any length, or `10:47`; `9:47:02 PM`.
    pub(super) fn time_of_day(&mut self) -> Option<TimeOfDay> {
        let hour = if self.rest.get(1) == Some(&b':') {
            self.digit()?
        } else {
            self.two(0, 23)?
        };
        self.eat(b":")?;
        let minute = self.two(0, 59)?;
        let (mut second, mut millisecond) = (0, 0);
        if self.eat(b":").is_some() {
            second = self.two(0, 60)?;
            millisecond = self
                .fraction_after_colon()
                .unwrap_or_else(|| self.fraction());
        }
        self.end_of_number()?;
        Some(TimeOfDay {
            hour: self.hour_of_half_day(hour),
            minute,
            second,
            millisecond,
        })
    }

    /// `10.47.02.403210`.
    pub(super) fn dotted_time_of_day(&mut self) -> Option<TimeOfDay> {
        let hour = self.two(0, 23)?;
        self.eat(b".")?;
        let minute = self.two(0, 59)?;
        self.eat(b".")?;
        Some(TimeOfDay {
            hour,
            minute,
            second: self.two(0, 60)?,
            millisecond: self.fraction(),
        })
    }

    /// The hour of the day, of one before ` AM` or ` PM`; without these it is that already.
    fn hour_of_half_day(&mut self, hour: u8) -> u8 {
        let text = self.rest.strip_prefix(b" ").unwrap_or(self.rest);
        let [half @ (b'A' | b'P' | b'a' | b'p'), b'M' | b'm', rest @ ..] = text else {
            return hour;
        };
        if rest.first().is_some_and(u8::is_ascii_alphanumeric) {
            return hour;
        }
        self.rest = rest;
        match (half.to_ascii_uppercase(), hour) {
            (b'A', 12) => 0,
            (b'P', 1..=11) => hour + 12,
            (_, hour) => hour,
        }
    }

    /// `Z`, `+01:00`, `-0500`, `+01`, ` +0000`, ` UTC`, ` CET`; the text may go on with anything else.
    pub(super) fn offset(&mut self) -> Option<i32> {
        let blanks = usize::from(self.rest.first() == Some(&b' '));
        let text = &self.rest[blanks..];
        if blanks > 0 && text.first().is_some_and(u8::is_ascii_uppercase)
            || text.starts_with(b"UTC")
        {
            let (hours, rest) = zone_name(text)?;
            self.rest = rest;
            return Some(hours * 3600);
        }
        if blanks == 0 && matches!(text.first()?, b'Z' | b'z') {
            self.rest = &text[1..];
            return Some(0);
        }
        let mut cursor = Cursor { rest: text };
        let sign = if cursor.eat(b"+-")? == b'-' { -1 } else { 1 };
        let hours = cursor.two(0, 15)?;
        let has_colon = cursor.eat(b":").is_some();
        let minutes = cursor.two(0, 59);
        // "10:47:02 -1 left" has no offset, "10:47:02-05" has.
        if minutes.is_none() && (has_colon || blanks > 0) {
            return None;
        }
        cursor.end_of_number()?;
        self.rest = cursor.rest;
        Some(sign * (i32::from(hours) * 3600 + i32::from(minutes.unwrap_or(0)) * 60))
    }
}

/// The names of zones that mean one zone only, or nearly so, and their hours east of Greenwich.
/// Of `CST` and `IST` there are several.
const ZONES: [(&[u8], i32); 21] = [
    (b"UTC", 0),
    (b"GMT", 0),
    (b"WET", 0),
    (b"WEST", 1),
    (b"BST", 1),
    (b"CET", 1),
    (b"CEST", 2),
    (b"EET", 2),
    (b"EEST", 3),
    (b"MSK", 3),
    (b"EST", -5),
    (b"EDT", -4),
    (b"CDT", -5),
    (b"MST", -7),
    (b"MDT", -6),
    (b"PST", -8),
    (b"PDT", -7),
    (b"JST", 9),
    (b"KST", 9),
    (b"AEST", 10),
    (b"AEDT", 11),
];

/// The hours of the zone whose name a text begins with, and what follows.
fn zone_name(text: &[u8]) -> Option<(i32, &[u8])> {
    let letters = text
        .iter()
        .take(5)
        .take_while(|byte| byte.is_ascii_alphabetic());
    let (name, rest) = text.split_at(letters.count());
    let (_, hours) = ZONES.iter().find(|(zone, _)| *zone == name)?;
    Some((*hours, rest))
}
