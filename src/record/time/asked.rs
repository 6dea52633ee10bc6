//! Reads a time as a person or a program asks for it, in a parameter or a flag.
//!
//! Unlike a log, which is taken as it comes, a question is read strictly: what
//! is not wholly understood is refused, since another time would be answered.

use jiff::Span;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::civil::DateTime;
use jiff::civil::Time;
use jiff::tz::TimeZone;

/// Which forms there are, for a person who has got one wrong.
pub const FORMS: &str = "a time is one of 14:02, -3h, -1h30m, -2d, 2026-11-22, 2026-11-22 10:47, \
                         2026-11-22T10:47:02Z, or milliseconds since the epoch";

/// What was asked for is no time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{FORMS}")]
pub struct BadTime;

/// The moment that `text` means now, in milliseconds since the epoch.
///
/// - `2026-11-22T10:47:02.403+01:00`: RFC 3339;
/// - `2026-11-22 10:47:02`, `2026-11-22 10:47`, `2026-11-22`: in the server's zone;
/// - `14:02`, `14:02:30`: the latest such time in the server's zone that is not in the future;
/// - `-3h`, `-15m`, `-2d`, `-1h30m`, `-90s`, `-1w`: so long ago;
/// - `1795344422403`: milliseconds since the epoch.
pub fn moment(text: &str) -> Result<i64, BadTime> {
    moment_at(text, Timestamp::now(), &TimeZone::system())
}

fn moment_at(text: &str, now: Timestamp, zone: &TimeZone) -> Result<i64, BadTime> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let is_in_range = |number: &i64| Timestamp::from_millisecond(*number).is_ok();
        return text.parse().ok().filter(is_in_range).ok_or(BadTime);
    }
    let found = match text.strip_prefix('-') {
        Some(length) => ago(length, now),
        None => timestamp(text)
            .or_else(|| of_day(text, now, zone))
            .or_else(|| in_zone(date(text)?, zone)),
    };
    found.map(Timestamp::as_millisecond).ok_or(BadTime)
}

/// RFC 3339. A `+` that was not encoded in an address has become a blank.
fn timestamp(text: &str) -> Option<Timestamp> {
    let zoned = |text: &str| text.parse::<Timestamp>().ok();
    zoned(text).or_else(|| {
        let (time, offset) = text.rsplit_once(' ')?;
        let is_offset = offset.len() == 5 && offset.as_bytes()[2] == b':' && time.contains(':');
        is_offset.then(|| zoned(&format!("{time}+{offset}")))?
    })
}

/// `14:02`: today's, or yesterday's while today's is still to come.
fn of_day(text: &str, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    if !is_clock(text) {
        return None;
    }
    let time: Time = match text.find(':')? {
        1 => format!("0{text}").parse().ok()?,
        2 => text.parse().ok()?,
        _ => return None,
    };
    let today = zone.to_datetime(now).date();
    let on = |date: Date| in_zone(date.to_datetime(time), zone);
    on(today)
        .filter(|moment| *moment <= now)
        .or_else(|| on(today.yesterday().ok()?))
}

/// `2026-11-22 10:47`, or only the date.
fn date(text: &str) -> Option<DateTime> {
    const DATE_BYTES: usize = "2026-11-22".len();
    let clock = text.get(DATE_BYTES..)?;
    let is_alone = clock.is_empty() || clock.starts_with([' ', 'T', 't']) && is_clock(&clock[1..]);
    is_alone.then(|| text.parse().ok())?
}

/// Whether there is nothing but a time of day: the parser would pass over a date before it, and
/// over a zone behind it.
fn is_clock(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_digit() || b":.".contains(&byte))
}

fn in_zone(time: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_timestamp(time).ok()
}

/// `3h`, `1h30m`: whole numbers, each with its unit, the greater before the smaller.
fn ago(text: &str, now: Timestamp) -> Option<Timestamp> {
    const UNITS: [(char, i64); 5] = [
        ('w', 7 * 86_400),
        ('d', 86_400),
        ('h', 3600),
        ('m', 60),
        ('s', 1),
    ];
    let mut rest = text;
    let mut seconds: i64 = 0;
    for (unit, length) in UNITS {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let Some(after) = rest[digits..].strip_prefix(unit) else {
            continue;
        };
        let number: i64 = rest[..digits].parse().ok()?;
        seconds = seconds.checked_add(number.checked_mul(length)?)?;
        rest = after;
    }
    if !rest.is_empty() || text.is_empty() {
        return None;
    }
    let span = Span::new().try_seconds(seconds).ok()?;
    now.checked_sub(span).ok()
}

#[cfg(test)]
mod tests;
