//! Recognises the older parts of a log by their names.
//!
//! Whoever rotates a log (logrotate, newsyslog, the logging library of a program)
//! leaves its older parts beside it, under the same name with a number or a date
//! added: at the end, as in `app.log.1` and `app.log-20261122.gz`, or before the
//! extension, as in `app-2026-11-22.log`. Here a name is taken apart into all the
//! logs that it may be a part of; whether one of those exists is for the caller
//! to say. So `app-2026-11-22.log` alone is a log of its own, and beside `app.log`
//! it is not. There is no I/O.
//!
//! A word is never a sign of rotation: `app-worker.log`, `app.log.d`, `app2.log` and
//! `app-1.log` are other logs.

use std::cmp::Reverse;
use std::ffi::OsStr;
use std::ffi::OsString;
use std::ops::RangeInclusive;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::ffi::OsStringExt;

const YEARS: RangeInclusive<u64> = 1970..=2099;
const MONTHS: RangeInclusive<u64> = 1..=12;
const DAYS: RangeInclusive<u64> = 1..=31;

/// What the name of a rotated file says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rotated {
    /// Its place among the rotated files of one log, the oldest first.
    pub order: Order,
    /// None when it is plain text.
    pub compression: Option<Compression>,
}

/// The age of a rotated file, as far as its name tells: the oldest is the smallest.
///
/// Only files of one log can be compared, and only while its way of rotating stays the same;
/// dated files count as older than numbered ones, which is a guess.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Order(Age);

/// How a file was compressed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Compression {
    /// `.gz`
    Gzip,
    /// `.zst`
    Zstd,
    /// `.bz2`, `.xz` and others, which are recognised but cannot be read.
    Unsupported,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Age {
    /// Year, month and, as far as they are there, day, time and index. Every scheme writes the
    /// same numbers in the same order, so they need not be told apart to be compared.
    Dated(Vec<u64>),
    /// Number 1 is the newest.
    Numbered(Reverse<u64>),
}

/// What `candidate` is to the log called `base`, if its name makes it an older part of it.
pub fn rotation_of(base: &OsStr, candidate: &OsStr) -> Option<Rotated> {
    readings(candidate.as_bytes())
        .find(|reading| reading.is_of(base.as_bytes()))
        .map(|reading| reading.rotated)
}

/// The log of which `name`, as in `app.log.1`, is an older part whether that log
/// is there or not. Other readings are too uncertain for that, and so is a number
/// after a number, as in an address.
pub fn numbered_log(name: &OsStr) -> Option<OsString> {
    let (plain, _) = split_compression(name.as_bytes());
    let dot = memchr::memrchr(b'.', plain)?;
    let (log, number) = (&plain[..dot], &plain[dot + 1..]);
    let is_number = (1..=3).contains(&number.len()) && number.iter().all(u8::is_ascii_digit);
    let is_name = log.last().is_some_and(u8::is_ascii_alphabetic);
    (is_number && is_name).then(|| OsStr::from_bytes(log).to_owned())
}

/// Whether `name` is an older part of any log of which `is_present` says that it exists.
pub fn is_rotated_neighbour(name: &OsStr, is_present: impl Fn(&OsStr) -> bool) -> bool {
    readings(name.as_bytes()).any(|reading| is_present(&reading.base()))
}

/// How a file is compressed, by the end of its name.
pub fn compression_of(name: &OsStr) -> Option<Compression> {
    split_compression(name.as_bytes()).1
}

/// One way to understand a name: the log's name is `head` and `tail`, and what stood between
/// them was added by the rotation.
struct Reading<'a> {
    head: &'a [u8],
    tail: &'a [u8],
    rotated: Rotated,
}

impl Reading<'_> {
    fn base(&self) -> OsString {
        OsString::from_vec([self.head, self.tail].concat())
    }

    fn is_of(&self, base: &[u8]) -> bool {
        base.strip_prefix(self.head) == Some(self.tail)
    }
}

fn readings(name: &[u8]) -> impl Iterator<Item = Reading<'_>> {
    let (plain, compression) = split_compression(name);
    let at_the_end = Some((plain, &b""[..]));
    let before_extension = split_extension(plain);
    at_the_end
        .into_iter()
        .chain(before_extension)
        .flat_map(move |(text, tail)| {
            (1..text.len()).filter_map(move |at| {
                let (head, addition) = text.split_at(at);
                let order = Order(age(addition)?);
                let rotated = Rotated { order, compression };
                Some(Reading {
                    head,
                    tail,
                    rotated,
                })
            })
        })
}

fn split_compression(name: &[u8]) -> (&[u8], Option<Compression>) {
    let Some(dot) = name.iter().rposition(|&byte| byte == b'.') else {
        return (name, None);
    };
    let compression = match &name[dot + 1..] {
        b"gz" => Compression::Gzip,
        b"zst" => Compression::Zstd,
        b"bz2" | b"xz" | b"lz4" | b"lzma" | b"lzo" | b"br" | b"zip" | b"Z" | b"7z" => {
            Compression::Unsupported
        }
        _ => return (name, None),
    };
    (&name[..dot], Some(compression))
}

/// `app-2026` and `.log`. What does not begin with a letter is no extension but part of a date or
/// a number.
fn split_extension(name: &[u8]) -> Option<(&[u8], &[u8])> {
    let dot = name.iter().rposition(|&byte| byte == b'.')?;
    let is_extension = name.get(dot + 1).is_some_and(u8::is_ascii_alphabetic);
    is_extension.then(|| name.split_at(dot))
}

/// What was added to a name, with the separator that it begins with.
fn age(addition: &[u8]) -> Option<Age> {
    let (&separator, text) = addition.split_first()?;
    match separator {
        b'.' if text == b"old" => Some(Age::Numbered(Reverse(1))),
        b'.' => number(text).or_else(|| date(text)),
        b'-' | b'_' => date(text),
        _ => None,
    }
}

/// At most four digits, and not what could be a year.
fn number(text: &[u8]) -> Option<Age> {
    let (number, rest) = digits(text)?;
    let is_number = rest.is_empty() && text.len() <= 4;
    let is_year = text.len() == 4 && YEARS.contains(&number);
    (is_number && !is_year).then_some(Age::Numbered(Reverse(number)))
}

/// `20261122`, `2026-11-22` or `2026-11`, and then any time, zone and index.
fn date(text: &[u8]) -> Option<Age> {
    let text = text.strip_suffix(b"Z").unwrap_or(text);
    let (year, text) = exactly(4, text, YEARS)?;
    let is_compact = text.first().is_some_and(u8::is_ascii_digit);
    let (month, mut rest) = exactly(2, without_separator(text), MONTHS)?;
    let mut numbers = vec![year, month];
    if is_compact {
        // Six digits without a day would as likely be a time or a serial number.
        let (day, after) = exactly(2, rest, DAYS)?;
        numbers.push(day);
        rest = after;
    }
    while !rest.is_empty() {
        let (number, after) = digits(without_separator(rest))?;
        numbers.push(number);
        rest = after;
    }
    Some(Age::Dated(numbers))
}

/// The first `count` digits, if they are a number in the range, and what follows them.
fn exactly(count: usize, text: &[u8], range: RangeInclusive<u64>) -> Option<(u64, &[u8])> {
    let (number, rest) = text.split_at_checked(count)?;
    let number = decimal(number).filter(|number| range.contains(number))?;
    Some((number, rest))
}

/// All the digits that the text begins with, and what follows them.
fn digits(text: &[u8]) -> Option<(u64, &[u8])> {
    let end = text.iter().position(|byte| !byte.is_ascii_digit());
    let (number, rest) = text.split_at(end.unwrap_or(text.len()));
    Some((decimal(number)?, rest))
}

/// None when there is nothing, something else than a digit, or more than fits.
fn decimal(text: &[u8]) -> Option<u64> {
    let is_number = text.iter().all(u8::is_ascii_digit);
    let text = str::from_utf8(text).ok().filter(|_| is_number)?;
    text.parse().ok()
}

fn without_separator(text: &[u8]) -> &[u8] {
    match text.split_first() {
        Some((b'-' | b'_' | b'.' | b',' | b':' | b'+' | b'T' | b' ', rest)) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests;
