//! Finds the lines of a block that are worth a look.
//!
//! Nearly no line has a secret, so that all depends on how fast this says so. Both
//! sets are plain texts, few enough for the `regex` crate to look for all of them at
//! once with vector instructions; case is dealt with by a copy in small letters,
//! since every letter in both cases would be too many texts.

use memchr::memchr;
use regex::bytes::Regex;

use crate::filter::Finder;
use crate::redaction::patterns::TOKENS;
use crate::redaction::patterns::WORDS;
use crate::redaction::rule::compile;

/// Bytes that are copied in small letters at once: they stay in the processor's cache.
const COPY_BYTES: usize = 16 * 1024;

/// As long as the longest word.
const WORD_BYTES_MAX: usize = 16;

/// Where lines are worth a look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Suspects {
    /// Every line is.
    All,
    /// The lines are that have these bytes, in order.
    At(Vec<usize>),
}

/// See the module's description.
#[derive(Clone, Debug)]
pub(super) struct Hints {
    words: Regex,
    tokens: Regex,
    /// What else is looked for.
    added: Vec<Finder>,
    /// Something is looked for that every line may have.
    suspects_all: bool,
}

impl Hints {
    /// Hints for the patterns that are built in, and for others: a finder for each,
    /// where it has one.
    pub(super) fn new(added: Vec<Option<Finder>>) -> Hints {
        let words = WORDS.map(regex::escape).join("|");
        Hints {
            words: compile(&words),
            tokens: compile(TOKENS),
            suspects_all: added.iter().any(Option::is_none),
            added: added.into_iter().flatten().collect(),
        }
    }

    /// The lines of `block` that may have a secret.
    pub(super) fn suspects(&self, block: &[u8]) -> Suspects {
        if self.suspects_all {
            return Suspects::All;
        }
        let mut places = Vec::new();
        self.add_words(block, &mut places);
        add_lines(block, &mut places, |from| {
            self.tokens.find_at(block, from).map(|found| found.start())
        });
        for finder in &self.added {
            add_lines(block, &mut places, |from| finder.find(block, from));
        }
        places.sort_unstable();
        Suspects::At(places)
    }

    fn add_words(&self, block: &[u8], places: &mut Vec<usize>) {
        let mut copy = Vec::new();
        let mut from = 0;
        while from < block.len() {
            let end = block.len().min(from + COPY_BYTES);
            let copied = &block[from..block.len().min(end + WORD_BYTES_MAX)];
            copy.clear();
            copy.extend_from_slice(copied);
            copy.make_ascii_lowercase();
            let mut next = end;
            let mut at = 0;
            while let Some(found) = self.words.find_at(&copy, at) {
                let place = from + found.start();
                if place >= end {
                    break;
                }
                places.push(place);
                let line = next_line(block, place);
                if line >= end {
                    next = line;
                    break;
                }
                at = line - from;
            }
            from = next;
        }
    }
}

/// Adds one place of each line in which something is found.
pub(super) fn add_lines(
    block: &[u8],
    places: &mut Vec<usize>,
    find: impl Fn(usize) -> Option<usize>,
) {
    let mut from = 0;
    while from < block.len()
        && let Some(place) = find(from)
    {
        places.push(place);
        from = next_line(block, place);
    }
}

fn next_line(block: &[u8], place: usize) -> usize {
    memchr(b'\n', &block[place..]).map_or(block.len(), |at| place + at + 1)
}
