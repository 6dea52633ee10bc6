//! What stands above a place in a segment.
//!
//! Whoever begins to read in the middle of a file may begin in the middle of a
//! record, whose time and level are in a line above. That line is looked for a
//! bounded way back; a record that is longer than that has neither.

use std::fs::File;
use std::io;

use crate::config::RECORD_SEARCH_BYTES_MAX;
use crate::line::Trail;
use crate::record::Recogniser;
use crate::store::encoding::Encoding;
use crate::store::reading::read_full_at;
use crate::store::splitter::Splitter;

/// How far back is looked first: nearly every record begins so near.
const FIRST_BYTES: u64 = 8 * 1024;

/// A recogniser that has read what stands above `offset`, where a line starts: at
/// least back to a line with a time, or as far as is looked. A fresh one where
/// the bytes cannot be read.
pub fn recogniser(file: &File, encoding: Encoding, offset: u64) -> Recogniser {
    let mut length = FIRST_BYTES;
    loop {
        let from = offset.saturating_sub(length);
        let Ok(recogniser) = read(file, encoding, from, offset) else {
            return Recogniser::new();
        };
        let is_last = from == 0 || length >= RECORD_SEARCH_BYTES_MAX;
        if is_last || recogniser.knows_time() {
            return recogniser;
        }
        length = (length * 8).min(RECORD_SEARCH_BYTES_MAX);
    }
}

/// Reads the lines that start between two offsets.
fn read(file: &File, encoding: Encoding, from: u64, to: u64) -> io::Result<Recogniser> {
    // The newline before tells whether a line starts right there.
    let begin = encoding
        .whole(from as usize)
        .saturating_sub(encoding.unit()) as u64;
    let mut block = vec![0; (to - begin) as usize];
    let filled = read_full_at(file, &mut block, begin)?;
    let block = &block[..filled];
    let first = if begin == 0 {
        Some(0)
    } else {
        encoding.line_ends(block).next()
    };
    let mut recogniser = Recogniser::new();
    if let Some(first) = first {
        let mut splitter = Splitter::new(encoding, begin + first as u64, Trail::EMPTY);
        if let Some(batch) = splitter.push(&block[first..]) {
            batch.records(&mut recogniser);
        }
    }
    Ok(recogniser)
}

#[cfg(test)]
mod tests;
