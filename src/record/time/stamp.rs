//! The layouts in which programs write times, each read digit by digit.

use crate::record::time::clock::TimeOfDay;
use crate::record::time::cursor::Cursor;
use crate::record::time::number;
use crate::record::time::order::Order;

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

impl Stamp {
    /// The time that a text begins with. The first bytes tell the layout; `order` is that of
    /// the dates so far in which only the order tells the day from the month.
    pub(super) fn at_start_of(text: &[u8], order: &mut Order) -> Option<Self> {
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
            (2, b'-') if after(1).is_ascii_digit() && after(3) == b' ' => cursor.month_first(),
            (1 | 2, b'/' | b'-' | b'.') if after(1).is_ascii_digit() => cursor.numbers_only(order),
            (1 | 2, b'/' | b'-' | b' ') if after(1).is_ascii_alphabetic() => cursor.day_first(),
            (6, b' ') if after(1).is_ascii_digit() || after(1) == b' ' => cursor.packed_short(),
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
    pub(super) fn of_value(value: &[u8], order: &mut Order) -> Option<Self> {
        Self::at_start_of(value, order).or_else(|| Self::of_epoch(value))
    }

    /// A number that counts from the epoch.
    pub(super) fn of_epoch(text: &[u8]) -> Option<Self> {
        number::since_epoch(text).map(Self::Epoch)
    }
}

impl Cursor<'_> {
    /// ISO 8601 and its relatives: `2026-11-22T10:47:02.403Z`, `2026-11-22 10:47:02,403 +0100`,
    /// `2026/11/22 10:47:02`, `2026.11.22 10:47:02.403123`; `DB2` and its relatives
    /// `2026-11-22-10.47.02.403210`.
    fn year_first(&mut self) -> Option<Civil> {
        let year = self.year()?;
        let separator = self.eat(b"-/.")?;
        let month = self.two(1, 12)?;
        self.eat(&[separator])?;
        let day = self.two(1, 31)?;
        let time = match self.eat(b"T t_-")? {
            b'-' => self.dotted_time_of_day()?,
            _ => self.time_of_day()?,
        };
        Some(Civil {
            year: Some(year),
            month,
            day,
            time,
            offset: self.offset(),
        })
    }

    /// Windows `11/22/2026 10:47:02 AM`, Spark `17/06/09 20:10:40`, `WebSphere` `11/22/26
    /// 10:47:02:403 CET`.
    fn numbers_only(&mut self, order: &mut Order) -> Option<Civil> {
        let (year, month, day) = order.date(self)?;
        self.eat(b", ")?;
        self.eat(b" ");
        let time = self.time_of_day()?;
        Some(Civil {
            year: Some(year),
            month,
            day,
            time,
            offset: self.offset(),
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
    /// `22 Nov 2026 10:47:02.403`, Erlang `22-Nov-2026::10:47:02`.
    fn day_first(&mut self) -> Option<Civil> {
        let day = self.day()?;
        let separator = self.eat(b"/- ")?;
        let month = self.month_name()?;
        self.eat(&[separator])?;
        let year = Some(self.year()?);
        self.eat(b": ")?;
        self.eat(b":");
        let time = self.time_of_day()?;
        Some(Civil {
            year,
            month,
            day,
            time,
            offset: self.offset(),
        })
    }

    /// HDFS: `081109 203615`; old `MySQL` `261122 10:47:02`, `261122  9:47:02`.
    fn packed_short(&mut self) -> Option<Civil> {
        let year = Some(2000 + i16::from(self.two(0, 99)?));
        let (month, day) = (self.two(1, 12)?, self.two(1, 31)?);
        self.eat(b" ")?;
        self.eat(b" ");
        let has_colons = matches!(self.rest, [_, b':', ..] | [_, _, b':', ..]);
        let time = if has_colons {
            self.time_of_day()?
        } else {
            let (hour, minute, second) = (self.two(0, 23)?, self.two(0, 59)?, self.two(0, 60)?);
            self.end_of_number()?;
            TimeOfDay {
                hour,
                minute,
                second,
                millisecond: 0,
            }
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

    /// RFC 3164: `Jun  4 15:16:01`; Cisco puts the year after the day, Java in American
    /// spelling too: `Jun 4, 2026 3:16:01 PM`.
    fn month_name_first(&mut self, month: u8) -> Option<Civil> {
        self.eat(b" ")?;
        let day = self.day()?;
        self.eat(b",");
        self.eat(b" ")?;
        let has_year = matches!(self.rest.get(4), Some(b' ' | b','));
        let year = if has_year { Some(self.year()?) } else { None };
        if has_year {
            self.eat(b",");
            self.eat(b" ")?;
        }
        let time = self.time_of_day()?;
        // Without a year a name follows, which is the host's.
        let offset = if has_year { self.offset() } else { None };
        Some(Civil {
            year,
            month,
            day,
            time,
            offset,
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
}
