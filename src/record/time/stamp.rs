//! The layouts in which programs write times, each read digit by digit.

use crate::record::time::cursor::Cursor;

/// A point in time as a line gives it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Stamp {
    /// Milliseconds since the epoch.
    Epoch(i64),
    /// A date and a time of day, of which some parts may be left out.
    Civil(Civil),
}

/// What is written, checked to be possible but for the length of February.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Civil {
    /// Left out by syslog, logcat and klog.
    pub(super) year: Option<i16>,
    /// From 1.
    pub(super) month: u8,
    /// From 1.
    pub(super) day: u8,
    pub(super) time: TimeOfDay,
    /// Seconds east of Greenwich; absent where the server's zone is meant.
    pub(super) offset: Option<i32>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct TimeOfDay {
    pub(super) hour: u8,
    pub(super) minute: u8,
    /// 60 in a leap second.
    pub(super) second: u8,
    pub(super) millisecond: u16,
}

impl Stamp {
    /// The time that a text begins with. The first bytes tell the layout.
    pub(super) fn at_start_of(text: &[u8]) -> Option<Self> {
        let mut cursor = Cursor { rest: text };
        let digits = text
            .iter()
            .take(20)
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let after = |at: usize| text.get(digits + at).copied().unwrap_or(b' ');
        let civil = match (digits, after(0)) {
            (0, _) => cursor.after_letter(),
            (4, b'-' | b'/' | b'.') => cursor.year_first(),
            (2, b'/') if after(1).is_ascii_digit() => cursor.short_year_first(),
            (2, b'-') if after(1).is_ascii_digit() => cursor.month_first(),
            (1 | 2, b'/' | b'-' | b' ') if after(1).is_ascii_alphabetic() => cursor.day_first(),
            (6, b' ') if after(1).is_ascii_digit() => cursor.packed_short(),
            (8, b'T' | b' ' | b'-') if after(1).is_ascii_digit() => cursor.packed(),
            _ => None,
        };
        civil.map(Self::Civil)
    }

    /// The time inside the bracket of an access log.
    pub(super) fn in_access_log(text: &[u8]) -> Option<Self> {
        if text.get(2) != Some(&b'/') {
            return None;
        }
        Cursor { rest: text }.day_first().map(Self::Civil)
    }

    /// The value of a field: any of the layouts, or a number whose size tells its unit.
    pub(super) fn of_value(value: &[u8]) -> Option<Self> {
        Self::at_start_of(value).or_else(|| Self::of_epoch(value))
    }

    /// A number of seconds, milliseconds, microseconds or nanoseconds since the epoch, with
    /// or without a fraction. Outside of 1985 to 2100 it is some other number.
    pub(super) fn of_epoch(text: &[u8]) -> Option<Self> {
        let mut cursor = Cursor { rest: text };
        let mut whole: i64 = 0;
        while let Some(digit) = cursor.digit() {
            whole = whole.checked_mul(10)?.checked_add(i64::from(digit))?;
        }
        let fraction = i64::from(cursor.fraction());
        if cursor
            .rest
            .first()
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
        {
            return None;
        }
        let milliseconds = match whole {
            0..=99_999_999_999 => whole * 1000 + fraction,
            100_000_000_000..=99_999_999_999_999 => whole,
            100_000_000_000_000..=99_999_999_999_999_999 => whole / 1000,
            _ => whole / 1_000_000,
        };
        (500_000_000_000..4_102_444_800_000)
            .contains(&milliseconds)
            .then_some(Self::Epoch(milliseconds))
    }
}

impl Cursor<'_> {
    /// ISO 8601 and its relatives: `2026-11-22T10:47:02.403Z`, `2026-11-22 10:47:02,403 +0100`,
    /// `2026/11/22 10:47:02`, `2026.11.22 10:47:02.403123`.
    fn year_first(&mut self) -> Option<Civil> {
        let year = self.year()?;
        let separator = self.eat(b"-/.")?;
        let month = self.two(1, 12)?;
        self.eat(&[separator])?;
        let day = self.two(1, 31)?;
        self.eat(b"T t")?;
        let time = self.time_of_day()?;
        Some(Civil {
            year: Some(year),
            month,
            day,
            time,
            offset: self.offset(),
        })
    }

    /// Spark: `17/06/09 20:10:40`.
    fn short_year_first(&mut self) -> Option<Civil> {
        let year = Some(2000 + i16::from(self.two(0, 99)?));
        self.eat(b"/")?;
        let month = self.two(1, 12)?;
        self.eat(b"/")?;
        let day = self.two(1, 31)?;
        self.eat(b" ")?;
        Some(Civil {
            year,
            month,
            day,
            time: self.time_of_day()?,
            offset: None,
        })
    }

    /// Android: `03-17 16:13:38.811`.
    fn month_first(&mut self) -> Option<Civil> {
        let month = self.two(1, 12)?;
        self.eat(b"-")?;
        let day = self.two(1, 31)?;
        self.eat(b" ")?;
        Some(Civil {
            year: None,
            month,
            day,
            time: self.time_of_day()?,
            offset: None,
        })
    }

    /// Access logs `22/Nov/2026:10:47:02 +0000`, PHP `22-Nov-2026 10:47:02 UTC`, Redis
    /// `22 Nov 2026 10:47:02.403`.
    fn day_first(&mut self) -> Option<Civil> {
        let day = self.day()?;
        let separator = self.eat(b"/- ")?;
        let month = self.month_name()?;
        self.eat(&[separator])?;
        let year = Some(self.year()?);
        self.eat(b": ")?;
        let time = self.time_of_day()?;
        Some(Civil {
            year,
            month,
            day,
            time,
            offset: self.offset(),
        })
    }

    /// HDFS: `081109 203615`.
    fn packed_short(&mut self) -> Option<Civil> {
        let year = Some(2000 + i16::from(self.two(0, 99)?));
        let (month, day) = (self.two(1, 12)?, self.two(1, 31)?);
        self.eat(b" ")?;
        let (hour, minute, second) = (self.two(0, 23)?, self.two(0, 59)?, self.two(0, 60)?);
        self.end_of_number()?;
        let time = TimeOfDay {
            hour,
            minute,
            second,
            millisecond: 0,
        };
        Some(Civil {
            year,
            month,
            day,
            time,
            offset: None,
        })
    }

    /// ISO 8601 without separators, `20261122T104702Z`, or in the date only.
    fn packed(&mut self) -> Option<Civil> {
        let year = Some(self.year()?);
        let (month, day) = (self.two(1, 12)?, self.two(1, 31)?);
        self.eat(b"T -")?;
        let time = if self.rest.get(2) == Some(&b':') {
            self.time_of_day()?
        } else {
            let (hour, minute, second) = (self.two(0, 23)?, self.two(0, 59)?, self.two(0, 60)?);
            let millisecond = self.fraction();
            self.end_of_number()?;
            TimeOfDay {
                hour,
                minute,
                second,
                millisecond,
            }
        };
        Some(Civil {
            year,
            month,
            day,
            time,
            offset: self.offset(),
        })
    }

    /// The layouts that begin with a name or with klog's letter.
    fn after_letter(&mut self) -> Option<Civil> {
        if self.rest.get(1)?.is_ascii_digit() {
            return self.klog();
        }
        if self.rest.get(3) == Some(&b' ') {
            let month = self.month_name();
            return match month {
                Some(month) => self.month_name_first(month),
                None => self.weekday_first(),
            };
        }
        None
    }

    /// `E1122 10:47:02.403210` (klog, glog), `E20261122 10:47:02.403210` (newer glog).
    fn klog(&mut self) -> Option<Civil> {
        self.eat(b"IWEFCDV")?;
        let has_year = self.rest.get(4).is_some_and(u8::is_ascii_digit);
        let year = if has_year { Some(self.year()?) } else { None };
        let (month, day) = (self.two(1, 12)?, self.two(1, 31)?);
        self.eat(b" ")?;
        Some(Civil {
            year,
            month,
            day,
            time: self.time_of_day()?,
            offset: None,
        })
    }

    /// RFC 3164: `Jun  4 15:16:01`; Cisco puts the year after the day.
    fn month_name_first(&mut self, month: u8) -> Option<Civil> {
        self.eat(b" ")?;
        let day = self.day()?;
        self.eat(b" ")?;
        let has_year = self.rest.get(4) == Some(&b' ');
        let year = if has_year { Some(self.year()?) } else { None };
        if has_year {
            self.eat(b" ")?;
        }
        let time = self.time_of_day()?;
        Some(Civil {
            year,
            month,
            day,
            time,
            offset: None,
        })
    }

    /// Apache's error log and C's `ctime`: `Sun Dec 04 04:47:44.123456 2005`.
    fn weekday_first(&mut self) -> Option<Civil> {
        const WEEKDAYS: [&[u8]; 7] = [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"];
        let name = self.rest.get(..3)?;
        if !WEEKDAYS.contains(&name) {
            return None;
        }
        self.rest = &self.rest[3..];
        self.eat(b" ")?;
        let month = self.month_name()?;
        self.eat(b" ")?;
        let day = self.day()?;
        self.eat(b" ")?;
        let time = self.time_of_day()?;
        let offset = self.offset();
        self.eat(b" ")?;
        Some(Civil {
            year: Some(self.year()?),
            month,
            day,
            time,
            offset,
        })
    }

    /// `10:47:02`, with a fraction of any length, or `10:47`.
    fn time_of_day(&mut self) -> Option<TimeOfDay> {
        let hour = self.two(0, 23)?;
        self.eat(b":")?;
        let minute = self.two(0, 59)?;
        let (mut second, mut millisecond) = (0, 0);
        if self.eat(b":").is_some() {
            second = self.two(0, 60)?;
            millisecond = self.fraction();
        }
        self.end_of_number()?;
        Some(TimeOfDay {
            hour,
            minute,
            second,
            millisecond,
        })
    }

    /// `Z`, `+01:00`, `-0500`, `+01`, ` +0000`, ` UTC`; the text may go on with anything else.
    fn offset(&mut self) -> Option<i32> {
        let blanks = usize::from(self.rest.first() == Some(&b' '));
        let text = &self.rest[blanks..];
        if text.starts_with(b"UTC") || text.starts_with(b"GMT") {
            self.rest = &text[3..];
            return Some(0);
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
