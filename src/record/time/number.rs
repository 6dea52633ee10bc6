//! Times that are written as one number: how much has passed since the epoch.

use crate::record::time::cursor::Cursor;

/// Where a number of milliseconds may lie to be a time: from 1985 to 2100. Outside of that it
/// is some other number.
const PLAUSIBLE: std::ops::Range<i64> = 500_000_000_000..4_102_444_800_000;

/// The bytes of a TAI64N label (`@400000006760…`) behind its `@`.
const LABEL_DIGITS: usize = 24;

/// What a TAI64 label says of the moment of the epoch: 2^62, and ten seconds since 1970.
const LABEL_OF_EPOCH: i64 = (1 << 62) + 10;

/// Milliseconds since the epoch, of a number of seconds, milliseconds, microseconds or
/// nanoseconds, with or without a fraction; its size tells the unit. `1.795344422e+09` is one,
/// and so are .NET's `/Date(1795344422403)/` and daemontools' TAI64N.
pub(super) fn since_epoch(text: &[u8]) -> Option<i64> {
    if let Some(label) = text.strip_prefix(b"@") {
        return label_seconds(label);
    }
    let text = text.strip_prefix(b"\\").unwrap_or(text);
    let mut cursor = Cursor {
        rest: text.strip_prefix(b"/Date(").unwrap_or(text),
    };
    let mut whole: i64 = 0;
    while let Some(digit) = cursor.digit() {
        whole = whole.checked_mul(10)?.checked_add(i64::from(digit))?;
    }
    if (1..=9).contains(&whole)
        && let Some(milliseconds) = scientific(whole, cursor.rest)
    {
        return Some(milliseconds);
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
    PLAUSIBLE.contains(&milliseconds).then_some(milliseconds)
}

/// `.795344422403e+09` after the first digit: seconds.
fn scientific(first: i64, rest: &[u8]) -> Option<i64> {
    const EXPONENT: usize = 9;
    let rest = rest.strip_prefix(b".")?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let exponent = rest[digits..].strip_prefix(b"e")?;
    let exponent = exponent.strip_prefix(b"+").unwrap_or(exponent);
    if !exponent.starts_with(b"09") && !exponent.starts_with(b"9") {
        return None;
    }
    // Nine digits are seconds, three more milliseconds.
    let given = rest[..digits].iter().copied();
    let padded = given.chain(std::iter::repeat(b'0')).take(EXPONENT + 3);
    let milliseconds = padded.fold(first, |sum, digit| sum * 10 + i64::from(digit - b'0'));
    PLAUSIBLE.contains(&milliseconds).then_some(milliseconds)
}

/// Seconds in sixteen hexadecimal digits, nanoseconds in eight.
fn label_seconds(label: &[u8]) -> Option<i64> {
    let digits = str::from_utf8(label.get(..LABEL_DIGITS)?).ok()?;
    let seconds = i64::from_str_radix(&digits[..16], 16).ok()?;
    let nanoseconds = i64::from_str_radix(&digits[16..], 16).ok()?;
    let milliseconds = (seconds.checked_sub(LABEL_OF_EPOCH)?).checked_mul(1000)?;
    let milliseconds = milliseconds.checked_add(nanoseconds / 1_000_000)?;
    PLAUSIBLE.contains(&milliseconds).then_some(milliseconds)
}
