//! When a line says it was written.
//!
//! Every line is asked, so the answer must cost little. The layout of a time is
//! told by its first few bytes, and digits are read by hand. What differs
//! between sources is where in the line the time stands: that place is
//! remembered, and the line only searched when nothing is found there.
//!
//! A time in the message is not the time of the line, so only a few words may
//! stand before it, and none in an indented line.

mod cursor;
mod number;
mod clock;
mod order;
mod stamp;
mod calendar;
pub mod asked;

use std::fmt;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::record::head::Fields;
use crate::record::head::head;
use crate::record::time::calendar::Calendar;
use crate::record::time::order::Order;
use crate::record::time::stamp::Stamp;

/// Reads the times of one source, line by line.
#[derive(Clone, Debug, Default)]
pub struct TimeReader {
    calendar: Calendar,
    /// Where the time of the last line began.
    place: usize,
    /// How its dates are written that consist of numbers alone.
    order: Order,
}

/// In which zone a time is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Zone {
    /// It does not say; the server's is meant.
    Server,
    /// So many seconds ahead of Greenwich, which is also the zone of plain numbers.
    Ahead(i32),
}

impl fmt::Display for Zone {
    /// `server`, `+00:00`, `-05:30`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server => f.write_str("server"),
            Self::Ahead(seconds) => {
                let sign = if *seconds < 0 { '-' } else { '+' };
                let minutes = seconds.unsigned_abs() / 60;
                write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
        }
    }
}

impl TimeReader {
    /// A reader that has seen no line yet. A time without a zone is the server's.
    pub fn new() -> Self {
        Self::default()
    }

    /// The line's own time, in milliseconds since the epoch.
    ///
    /// A date without a year is the latest such day that is not more than a day ahead.
    pub fn read(&mut self, line: &[u8]) -> Option<i64> {
        self.read_head(&head(line))
    }

    /// The line's own time, and the zone in which it is written.
    pub fn read_zoned(&mut self, line: &[u8]) -> Option<(i64, Zone)> {
        let stamp = self.stamp(&head(line))?;
        let zone = match &stamp {
            Stamp::Epoch(_) => Zone::Ahead(0),
            Stamp::Civil(civil) => civil.offset.map_or(Zone::Server, Zone::Ahead),
        };
        Some((self.calendar.milliseconds(&stamp)?, zone))
    }

    /// The same as [`TimeReader::read`], for the head of a line.
    pub(super) fn read_head(&mut self, head: &[u8]) -> Option<i64> {
        let stamp = self.stamp(head)?;
        self.calendar.milliseconds(&stamp)
    }

    fn stamp(&mut self, head: &[u8]) -> Option<Stamp> {
        match head.first()? {
            b' ' | b'\t' => Stamp::at_start_of(head.trim_ascii_start(), &mut self.order),
            b'{' => self.stamp_in_fields(head),
            _ => self.stamp_at_place(head).or_else(|| self.find(head)),
        }
    }

    fn stamp_at_place(&mut self, head: &[u8]) -> Option<Stamp> {
        if self.place > 0 && !is_before_time(*head.get(self.place - 1)?) {
            return None;
        }
        self.stamp_at(head, self.place)
    }

    fn find(&mut self, head: &[u8]) -> Option<Stamp> {
        let text = &head[..head.len().min(SEARCH_BYTES_MAX)];
        let mut at = 0;
        for _ in 0..=TOKENS_BEFORE_MAX {
            at += text[at..].iter().position(|byte| !is_before_time(*byte))?;
            if let Some(stamp) = self.stamp_at(head, at) {
                self.place = at;
                return Some(stamp);
            }
            if let Some(stamp) = self.stamp_in_fields(&head[at..]) {
                return Some(stamp);
            }
            at += text[at..].iter().position(|byte| is_before_time(*byte))?;
        }
        memchr::memchr_iter(b'[', text)
            .find_map(|bracket| Stamp::in_access_log(&head[bracket + 1..]))
    }

    /// The time at a place in the head; a bare number only at its start, perhaps in a bracket
    /// or behind a dash.
    fn stamp_at(&mut self, head: &[u8], at: usize) -> Option<Stamp> {
        let text = head.get(at..)?;
        let is_first = at <= 1 || at == 2 && head.starts_with(b"- ");
        let number = || is_first.then(|| Stamp::of_epoch(text))?;
        Stamp::at_start_of(text, &mut self.order).or_else(number)
    }

    fn stamp_in_fields(&mut self, text: &[u8]) -> Option<Stamp> {
        Fields::of(text)?.find_map(|(key, value)| {
            if names_a_time(key) {
                Stamp::of_value(value, &mut self.order)
            } else {
                audit_stamp(key, value)
            }
        })
    }
}

/// How far clocks of the server's zone are ahead of Greenwich at a moment, in milliseconds.
pub fn zone_offset(time: i64) -> i64 {
    let offset = |moment| i64::from(TimeZone::system().to_offset(moment).seconds()) * 1000;
    Timestamp::from_millisecond(time).map_or(0, offset)
}

/// Whether a text begins with a time, perhaps in a bracket.
pub(super) fn begins_with_time(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"[").unwrap_or(text);
    Stamp::at_start_of(text, &mut Order::default()).is_some()
}

/// How far into a line its time may begin.
const SEARCH_BYTES_MAX: usize = 200;

/// How many words may stand before the time: a file name, a level and a thread, a container.
const TOKENS_BEFORE_MAX: usize = 3;

/// What can stand right before a time.
fn is_before_time(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'\t' | b',' | b'[' | b']' | b'(' | b'|' | b'<' | b'>' | b'"' | b'\''
    )
}

/// The keys under which loggers put the time. `@t` is Serilog's, `$date` that of `MongoDB`,
/// `msec` nginx's, `epochSecond` log4j's, `seconds` that of protocol buffers, `timeUnixNano`
/// OpenTelemetry's, the longest that of Kubernetes' audits.
fn names_a_time(key: &[u8]) -> bool {
    let is = |name: &str| key.eq_ignore_ascii_case(name.as_bytes());
    match key.len() {
        1 => is("t"),
        2 => is("ts") || is("@t"),
        4 => is("time") || is("date") || is("msec"),
        5 => is("$date"),
        7 => is("asctime") || is("seconds"),
        8 => is("datetime"),
        9 => is("timestamp") || is("eventTime"),
        10 => is("@timestamp") || is("timeMillis") || is("time_local"),
        11 => is("timeCreated") || is("epochSecond"),
        12 => is("time_iso8601") || is("timeUnixNano"),
        16 => is("timestampSeconds"),
        20 => is("__REALTIME_TIMESTAMP"),
        24 => is("requestReceivedTimestamp"),
        _ => false,
    }
}

/// The Linux audit log's `msg=audit(1364481363.243:24287):`.
fn audit_stamp(key: &[u8], value: &[u8]) -> Option<Stamp> {
    let inside = value.strip_prefix(b"audit(")?;
    (key == b"msg").then(|| Stamp::of_epoch(inside))?
}

#[cfg(test)]
mod tests;
