//! Reads the parts of a time byte by byte: months, days, digits, fractions.

/// Reads forward through a text; every step is `None` where the text is something else.
pub(super) struct Cursor<'a> {
    /// What was not read yet.
    pub(super) rest: &'a [u8],
}

impl Cursor<'_> {
    /// `.403`, `,403`, `.403210987`: in milliseconds; nothing reads as zero.
    pub(super) fn fraction(&mut self) -> u16 {
        let is_fraction = matches!(self.rest, [b'.' | b',', digit, ..] if digit.is_ascii_digit());
        if !is_fraction {
            return 0;
        }
        self.rest = &self.rest[1..];
        let mut milliseconds = 0;
        let mut unit = 100;
        while let Some(digit) = self.digit() {
            milliseconds += u16::from(digit) * unit;
            unit /= 10;
        }
        milliseconds
    }

    /// `:403`, as some write milliseconds.
    pub(super) fn fraction_after_colon(&mut self) -> Option<u16> {
        let [b':', digits @ ..] = self.rest else {
            return None;
        };
        let count = digits
            .iter()
            .take(4)
            .take_while(|byte| byte.is_ascii_digit());
        if count.count() != 3 || digits.get(3) == Some(&b':') {
            return None;
        }
        self.rest = &digits[3..];
        let digits = digits[..3].iter();
        Some(digits.fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0')))
    }

    pub(super) fn month_name(&mut self) -> Option<u8> {
        const MONTHS: [&[u8; 3]; 12] = [
            b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov",
            b"dec",
        ];
        let (name, rest) = self.rest.split_first_chunk::<3>()?;
        let name = name.to_ascii_lowercase();
        let month = MONTHS.iter().position(|month| **month == *name)?;
        self.rest = rest;
        Some(month as u8 + 1)
    }

    /// `04`, `4` or ` 4`.
    pub(super) fn day(&mut self) -> Option<u8> {
        if self.rest.get(1).is_some_and(u8::is_ascii_digit) && self.eat(b" ").is_none() {
            return self.two(1, 31);
        }
        self.digit().filter(|day| *day > 0)
    }

    pub(super) fn year(&mut self) -> Option<i16> {
        let century = self.two(0, 99)?;
        Some(i16::from(century) * 100 + i16::from(self.two(0, 99)?))
    }

    pub(super) fn two(&mut self, least: u8, most: u8) -> Option<u8> {
        let [tens @ b'0'..=b'9', ones @ b'0'..=b'9', rest @ ..] = self.rest else {
            return None;
        };
        let number = (tens - b'0') * 10 + (ones - b'0');
        self.rest = rest;
        (least..=most).contains(&number).then_some(number)
    }

    /// A number of at most two digits.
    pub(super) fn one_or_two(&mut self) -> Option<u8> {
        if self.rest.get(1).is_some_and(u8::is_ascii_digit) {
            self.two(0, 99)
        } else {
            self.digit()
        }
    }

    pub(super) fn digit(&mut self) -> Option<u8> {
        let [digit @ b'0'..=b'9', rest @ ..] = self.rest else {
            return None;
        };
        self.rest = rest;
        Some(digit - b'0')
    }

    /// Any one of the bytes.
    pub(super) fn eat(&mut self, wanted: &[u8]) -> Option<u8> {
        let (byte, rest) = self.rest.split_first()?;
        if !wanted.contains(byte) {
            return None;
        }
        self.rest = rest;
        Some(*byte)
    }

    pub(super) fn end_of_number(&self) -> Option<()> {
        (!self.rest.first().is_some_and(u8::is_ascii_digit)).then_some(())
    }
}
