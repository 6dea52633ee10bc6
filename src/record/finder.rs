//! Finds the level that a line says it has.
//!
//! Lines name their level in the head, before the message: in brackets, in
//! capitals, as a field, as a letter, as a number. The message itself is not
//! looked at, since there words such as "error" mean nothing ("no error found").

use crate::record::head::Fields;
use crate::record::level::Level;
use crate::record::level::level_in_fields;
use crate::record::walk::Walk;

/// The level that the head of a line names. Never guessed from the message or a
/// status code.
pub(super) fn level_in(head: &[u8]) -> Option<Level> {
    if let Some(fields) = Fields::of(head) {
        return level_in_fields(fields);
    }
    syslog_priority(head)
        .or_else(|| klog_letter(head))
        .or_else(|| redis_mark(head))
        .or_else(|| Walk::over(head).level())
}

/// `<34>` before everything else: RFC 3164 and 5424, facility times eight plus severity.
fn syslog_priority(head: &[u8]) -> Option<Level> {
    let rest = head.strip_prefix(b"<")?;
    let digits = rest
        .iter()
        .take(4)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if !(1..=3).contains(&digits) || rest.get(digits) != Some(&b'>') {
        return None;
    }
    let priority = rest[..digits]
        .iter()
        .fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'));
    (priority < 192).then(|| Level::of_syslog_severity(priority % 8))
}

/// `E1122 10:47:02.403` (klog, glog) and `E20261122 10:47:02.403` (newer glog).
fn klog_letter(head: &[u8]) -> Option<Level> {
    let level = Level::of_letter(*head.first()?)?;
    let digits = head
        .get(1..)?
        .iter()
        .take(9)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let is_klog = matches!(digits, 4 | 8) && head.get(digits + 1) == Some(&b' ');
    let clock = head.get(digits + 2..digits + 5)?;
    let is_klog = is_klog && clock[0].is_ascii_digit() && clock[2] == b':';
    is_klog.then_some(level)
}

/// `1234:M 22 Nov 2026 10:47:02.403 # low memory`: what Redis puts between time and message.
fn redis_mark(head: &[u8]) -> Option<Level> {
    const TIME_BYTES: usize = "22 Nov 2026 10:47:02.403".len();
    let digits = head
        .iter()
        .take(8)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let [b':', b'M' | b'S' | b'C' | b'X', b' ', rest @ ..] = &head[digits..] else {
        return None;
    };
    match rest.get(TIME_BYTES..TIME_BYTES + 3)? {
        [b' ', b'#', b' '] => Some(Level::Warn),
        [b' ', b'*', b' '] => Some(Level::Info),
        [b' ', b'-', b' '] => Some(Level::Trace),
        [b' ', b'.', b' '] => Some(Level::Debug),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
