//! What one reader was given: which lines, in which order, how late.

use memchr::memmem;

use crate::lines;
use crate::lines::MARK;
use crate::lines::NUMBER_DIGITS;
use crate::lines::TIME_DIGITS;

const ADDRESS_BYTES: usize = MARK.len() + NUMBER_DIGITS + 1 + TIME_DIGITS;

/// What one reader was given. Lines of number 0 only say that it is there.
#[derive(Debug, Default)]
pub struct Receipt {
    /// Lines of number 0.
    pub probes: u64,
    /// The others.
    pub lines: u64,
    /// The greatest number so far.
    pub last: u64,
    pub lost: u64,
    /// Duplicates, and lines that came too late.
    pub disorder: u64,
    /// Milliseconds from the write, if asked for.
    pub delays: Option<Vec<f32>>,
    /// Bytes in which a line may have begun.
    rest: Vec<u8>,
    /// Between the numbers of two lines.
    step: u64,
}

impl Receipt {
    /// Of a reader to whom every line, or one in `step`, is to be given.
    pub fn new(step: u64, keeps_delays: bool) -> Receipt {
        Receipt {
            step,
            delays: keeps_delays.then(Vec::new),
            ..Receipt::default()
        }
    }

    /// Takes what has arrived.
    pub fn take(&mut self, bytes: &[u8]) {
        if self.rest.is_empty() {
            let taken = self.scan(bytes);
            self.rest.extend_from_slice(&bytes[taken..]);
            return;
        }
        let mut joined = std::mem::take(&mut self.rest);
        joined.extend_from_slice(bytes);
        let taken = self.scan(&joined);
        joined.drain(..taken);
        self.rest = joined;
    }

    /// Finds whole lines; gives how many bytes are done with.
    fn scan(&mut self, bytes: &[u8]) -> usize {
        let mut done = bytes.len().saturating_sub(ADDRESS_BYTES - 1);
        for at in memmem::find_iter(bytes, MARK) {
            let Some(address) = bytes.get(at + MARK.len()..at + ADDRESS_BYTES) else {
                done = done.min(at);
                break;
            };
            done = done.max(at + ADDRESS_BYTES);
            let number = digits(&address[..NUMBER_DIGITS]);
            let time = digits(&address[NUMBER_DIGITS + 1..]);
            self.note(number, time);
        }
        done
    }

    fn note(&mut self, number: u64, time: u64) {
        if number == 0 {
            self.probes += 1;
            return;
        }
        self.lines += 1;
        if let Some(delays) = &mut self.delays {
            delays.push(lines::now().saturating_sub(time) as f32 / 1_000.0);
        }
        if number <= self.last {
            self.disorder += 1;
            return;
        }
        let expected = if self.last == 0 {
            self.step.max(1)
        } else {
            self.step
        };
        self.lost += (number - self.last).saturating_sub(expected) / self.step;
        self.last = number;
    }
}

/// How late all lines were, for all readers.
pub fn delays(receipts: &mut [Receipt]) -> Vec<f32> {
    let delays = receipts
        .iter_mut()
        .filter_map(|receipt| receipt.delays.take());
    delays.flatten().collect()
}

fn digits(text: &[u8]) -> u64 {
    let digit = |number: u64, byte: &u8| number * 10 + u64::from(byte.wrapping_sub(b'0'));
    text.iter().fold(0, digit)
}
