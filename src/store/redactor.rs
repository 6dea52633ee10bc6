//! Takes secrets out of the lines of a segment as they are read.
//!
//! The text of a line without its secrets stands behind all others in the buffer,
//! and the line points there: nothing is copied where there is none, which is nearly
//! everywhere, and the bytes of the file stay what they are for whoever compares
//! them.

use std::fs::File;
use std::ops::Range;
use std::sync::Arc;

use crate::line::Line;
use crate::redaction::ABOVE_BYTES;
use crate::redaction::Keys;
use crate::redaction::Redaction;
use crate::redaction::Rules;
use crate::redaction::Suspects;
use crate::store::encoding::Encoding;
use crate::store::reading::read_full_at;

/// What is replaced in the next lines; nothing by default.
#[derive(Clone, Debug, Default)]
pub struct Redactor {
    redaction: Option<Arc<Redaction>>,
    keys: Keys,
}

impl Redactor {
    /// For the lines of `file` from `offset` on, where one starts: looks whether a
    /// private key begins above it.
    pub fn below(
        redaction: &Arc<Redaction>,
        file: &File,
        encoding: Encoding,
        offset: u64,
    ) -> Redactor {
        Redactor {
            keys: keys_above(&redaction.rules(), file, encoding, offset),
            redaction: Some(Arc::clone(redaction)),
        }
    }

    /// Goes over `lines`, whose texts stand in `text`, each with a newline behind it
    /// or at the end. Of a line that is cut, so many more bytes follow, by its number.
    pub fn redact(&mut self, lines: &mut [Line], text: &mut Vec<u8>, ahead: &[(usize, u32)]) {
        let Some(rules) = self.rules() else { return };
        let keys_are_absent = !rules.know_keys() || self.keys.are_absent(text);
        let mut places = match rules.suspects(text) {
            Suspects::All => None,
            Suspects::At(places) if places.is_empty() && keys_are_absent => return,
            Suspects::At(places) => Some(places.into_iter().peekable()),
        };
        let mut ahead = ahead.iter().copied().peekable();
        for (number, line) in lines.iter_mut().enumerate() {
            let (start, end) = (line.text.0 as usize, line.text.1 as usize);
            let more = ahead.next_if(|(of, _)| *of == number);
            let seen = &text[start..end + more.map_or(0, |(_, bytes)| bytes as usize)];
            let key = if keys_are_absent {
                None
            } else {
                rules.key_part(&mut self.keys, seen)
            };
            let is_suspect = places.as_mut().is_none_or(|places| {
                while places.next_if(|place| *place < start).is_some() {}
                places
                    .peek()
                    .is_some_and(|place| *place < start + seen.len())
            });
            if is_suspect || key.is_some() {
                let redacted = rules.redact(seen, end - start, key);
                replace(line, text, redacted);
            }
        }
    }

    /// The same for one line that has no end yet; it comes again.
    pub fn redact_unfinished(&self, line: &mut Line, text: &mut Vec<u8>, ahead: u32) {
        let Some(rules) = self.rules() else { return };
        let (start, end) = (line.text.0 as usize, line.text.1 as usize);
        let seen = &text[start..end + ahead as usize];
        let key = rules.key_part(&mut self.keys.at_unfinished(), seen);
        let redacted = rules.redact_unfinished(seen, end - start, key);
        replace(line, text, redacted);
    }

    fn rules(&self) -> Option<Arc<Rules>> {
        let rules = self.redaction.as_ref()?.rules();
        (!rules.are_empty()).then_some(rules)
    }
}

/// Where the line at `offset` stands to a private key.
pub fn keys_above(rules: &Rules, file: &File, encoding: Encoding, offset: u64) -> Keys {
    if !rules.know_keys() || offset == 0 {
        return Keys::default();
    }
    let length = offset.min((ABOVE_BYTES * encoding.unit()) as u64);
    let mut above = vec![0; length as usize];
    let filled = read_full_at(file, &mut above, offset - length).unwrap_or(0);
    match encoding {
        Encoding::Bytes => rules.keys_behind(&above[..filled]),
        Encoding::Utf16Little | Encoding::Utf16Big => {
            let mut text = Vec::new();
            encoding.append_text(&above[..filled], &mut text);
            rules.keys_behind(&text)
        }
    }
}

fn replace(line: &mut Line, text: &mut Vec<u8>, redacted: Option<Vec<u8>>) {
    if let Some(redacted) = redacted {
        let Range { start, end } = text.len()..text.len() + redacted.len();
        text.extend_from_slice(&redacted);
        line.text = (start as u32, end as u32);
    }
}
