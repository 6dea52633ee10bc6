//! Names are taken apart without a panic; no name is a part of itself, or of a
//! longer one; and among the parts of one log the older is the smaller.

#![no_main]

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;

use logstream::source::rotated::Compression;
use logstream::source::rotated::Order;
use logstream::source::rotated::compression_of;
use logstream::source::rotated::is_rotated_neighbour;
use logstream::source::rotated::rotation_of;

/// What a file system allows.
const NAME_BYTES_MAX: usize = 255;

#[derive(Arbitrary, Debug)]
struct Input {
    base: Vec<u8>,
    names: Vec<Name>,
    numbers: [u16; 2],
    days: [Day; 2],
    style: Style,
}

#[derive(Arbitrary, Debug)]
enum Name {
    Any(Vec<u8>),
    /// The base and something more.
    Longer(Vec<u8>),
    /// Something before the extension of the base.
    Within(Vec<u8>),
}

#[derive(Arbitrary, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Day {
    year: u8,
    month: u8,
    day: u8,
}

#[derive(Arbitrary, Debug)]
enum Style {
    Compact,
    Dashes,
    Underscores,
    AfterDot,
}

fuzz_target!(|input: Input| {
    let base = input.base.as_slice();
    check_itself(base);
    let orders: Vec<Order> = input
        .names
        .iter()
        .filter_map(|name| order_of(base, name))
        .collect();
    check_total(&orders);
    if !base.is_empty() {
        check_numbers(base, input.numbers);
        check_days(base, input.days, &input.style);
    }
});

/// Nothing is a rotated part of itself, whatever else exists.
fn check_itself(name: &[u8]) {
    let name = OsStr::from_bytes(name);
    assert_eq!(rotation_of(name, name), None);
    assert!(!is_rotated_neighbour(name, |present| present == name));
    assert!(!is_rotated_neighbour(name, |present| present.len() >= name.len()));
}

fn order_of(base: &[u8], name: &Name) -> Option<Order> {
    let name = match name {
        Name::Any(name) => name.clone(),
        Name::Longer(addition) => [base, addition].concat(),
        Name::Within(addition) => {
            let dot = base
                .iter()
                .rposition(|&byte| byte == b'.')
                .unwrap_or(base.len());
            [&base[..dot], addition, &base[dot..]].concat()
        }
    };
    let name = &name[..name.len().min(NAME_BYTES_MAX)];
    check_itself(name);
    let (base, name) = (OsStr::from_bytes(base), OsStr::from_bytes(name));
    let rotated = rotation_of(base, name);
    assert_eq!(
        is_rotated_neighbour(name, |present| present == base),
        rotated.is_some()
    );
    let rotated = rotated?;
    assert!(name.len() > base.len());
    assert_eq!(rotation_of(name, base), None);
    assert_eq!(compression_of(name), rotated.compression);
    if rotated.compression.is_none() {
        check_compressed(base, name, &rotated.order);
    }
    Some(rotated.order)
}

/// The same file, compressed, has the same age.
fn check_compressed(base: &OsStr, name: &OsStr, order: &Order) {
    let mut packed = name.to_owned();
    packed.push(".gz");
    let rotated = rotation_of(base, &packed).expect("still a part of it");
    assert_eq!(rotated.order, *order);
    assert_eq!(rotated.compression, Some(Compression::Gzip));
}

fn check_total(orders: &[Order]) {
    for one in orders {
        assert!(one.cmp(one).is_eq());
        for other in orders {
            assert_eq!(one.cmp(other), other.cmp(one).reverse());
            assert_eq!(one.cmp(other).is_eq(), one == other);
            for third in orders.iter().filter(|third| other <= third) {
                assert!(one > other || one <= third);
            }
        }
    }
}

/// `app.log.3` is older than `app.log.2`.
fn check_numbers(base: &[u8], numbers: [u16; 2]) {
    let numbers = numbers.map(|number| number % 1000);
    let [one, other] = numbers.map(|number| added(base, &format!(".{number}")));
    assert_eq!(one.cmp(&other), numbers[1].cmp(&numbers[0]));
}

/// `app.log-20261121` is older than `app.log-20261122`.
fn check_days(base: &[u8], days: [Day; 2], style: &Style) {
    let days = days.map(|day| Day {
        year: day.year % 130,
        month: 1 + day.month % 12,
        day: 1 + day.day % 31,
    });
    let [one, other] = days.map(|Day { year, month, day }| {
        let year = 1970 + u16::from(year);
        added(
            base,
            &match style {
                Style::Compact => format!("-{year}{month:02}{day:02}"),
                Style::Dashes => format!("-{year}-{month:02}-{day:02}"),
                Style::Underscores => format!("_{year}_{month:02}_{day:02}"),
                Style::AfterDot => format!(".{year}-{month:02}-{day:02}"),
            },
        )
    });
    assert_eq!(one.cmp(&other), days[0].cmp(&days[1]));
}

fn added(base: &[u8], addition: &str) -> Order {
    let name = [base, addition.as_bytes()].concat();
    let rotated = rotation_of(OsStr::from_bytes(base), OsStr::from_bytes(&name));
    rotated.expect("rotated").order
}
