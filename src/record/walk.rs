//! The walk through a plain line that looks for a word, or a letter, which is a level.
//!
//! It is done for every line, so it counts the words it has passed and gives up
//! where the message must have begun: for most lines after a few dozen bytes.

use crate::record::head::Fields;
use crate::record::level::Level;
use crate::record::level::level_in_fields;

/// How far into a plain line its level may stand.
const WALK_BYTES_MAX: usize = 200;

/// A walk through the head of a plain line, up to the first word that is a level or to
/// where the message must have begun.
pub(super) struct Walk<'a> {
    text: &'a [u8],
    at: usize,
    /// Words passed, not counting those in brackets.
    words: usize,
    /// How many words may be passed before the level.
    words_max: usize,
    /// Whether a date, a time or another number was passed.
    has_number: bool,
    /// Whole numbers passed in a row: process and thread before logcat's letter.
    integers: usize,
    /// Whether a colon after a program's name said that the message comes next.
    is_at_message: bool,
    in_brackets: bool,
}

impl<'a> Walk<'a> {
    pub(super) fn over(head: &'a [u8]) -> Self {
        Self {
            text: head,
            at: 0,
            words: 0,
            words_max: 1,
            has_number: false,
            integers: 0,
            is_at_message: false,
            in_brackets: false,
        }
    }

    pub(super) fn level(mut self) -> Option<Level> {
        while self.at < WALK_BYTES_MAX
            && let Some(byte) = self.byte(self.at)
        {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' => {
                    let end = self.end_of(u8::is_ascii_alphabetic);
                    if let Some(level) = self.level_of_word(end) {
                        return Some(level);
                    }
                    if self.starts_token() && !self.pass_word(end) {
                        return self.level_in_pairs();
                    }
                    self.at = end;
                }
                b'0'..=b'9' => self.pass_number(),
                b'{' if self.byte(self.at + 1) == Some(b'"') => {
                    return level_in_fields(Fields::of(&self.text[self.at..])?);
                }
                // What is quoted is the message, or a part of it.
                b'"' if self.at > 0 && self.starts_token() => return None,
                b'[' | b']' => {
                    self.in_brackets = byte == b'[';
                    self.at += 1;
                }
                b':' => self.pass_colon(),
                _ => self.at += 1,
            }
        }
        None
    }

    /// Counts the word; false when the message has begun.
    fn pass_word(&mut self, end: usize) -> bool {
        self.integers = 0;
        // "PHP Warning:  ...", "10:47:02 AM", SQL Server's "spid7s".
        let is_passed = matches!(&self.text[self.at..end], b"PHP" | b"AM" | b"PM" | b"spid");
        if !self.in_brackets && !is_passed {
            self.words += 1;
        }
        self.words <= self.words_max && !self.is_key(end)
    }

    fn pass_number(&mut self) {
        let starts_token = self.starts_token();
        let end = self.end_of(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(byte));
        if starts_token {
            let is_integer = self.text[self.at..end].iter().all(u8::is_ascii_digit);
            self.integers = if is_integer && self.is_blank(end) {
                self.integers + 1
            } else {
                0
            };
            // After a date there are a host, a program or a logger to pass.
            if !self.is_at_message {
                self.words_max = 3;
            }
            self.has_number = true;
        }
        self.at = end;
    }

    /// `app[123]: message`: after this only one more word can be the level.
    fn pass_colon(&mut self) {
        let after_name = self.at > 0
            && matches!(self.text[self.at - 1], b'a'..=b'z' | b'A'..=b'Z' | b']' | b')');
        if after_name && !self.in_brackets && self.words > 0 && self.is_blank(self.at + 1) {
            self.is_at_message = true;
            self.words_max = self.words;
        }
        self.at += 1;
    }

    fn level_of_word(&self, end: usize) -> Option<Level> {
        let word = &self.text[self.at..end];
        if let [letter] = word {
            let is_marked = self.is_letter_for_level(end) || self.is_letter_before_component(end);
            return is_marked.then(|| Level::of_letter(*letter))?;
        }
        let before = &self.text[..self.at];
        if word == b"ALERT" && (before.ends_with(b" SERVICE ") || before.ends_with(b" HOST ")) {
            // Nagios calls a change of state so, also one to the better.
            return None;
        }
        if word == b"Note" && self.is_enclosed(end) {
            // MySQL's; elsewhere the word is no level.
            return Some(Level::Info);
        }
        // The neighbours first: they rule out nearly every word.
        let is_marked = if word.len() < 3 {
            false
        } else if word.iter().all(u8::is_ascii_uppercase) {
            self.stands_alone(end)
        } else {
            self.is_enclosed(end)
                || self.leads(end)
                || self.is_column(end)
                || self.is_before_process(end)
        };
        if is_marked {
            Level::of_name(word)
        } else {
            None
        }
    }

    /// `ERROR`, `ERROR:root:`, `[2026-11-22 INFO]`, `app.ERROR:`, `[thread/INFO]`, `INFO[0001]`;
    /// not `ERROR_CODE`, `com.example.ERROR`, `INFO/x`.
    fn stands_alone(&self, end: usize) -> bool {
        let after = self.byte(end).unwrap_or(b' ');
        let is_free_before = match self.byte_before() {
            b'/' => after == b']',
            b'.' => after == b':',
            before => is_blank(before) || b"[(<|:,;\"'=".contains(&before),
        };
        let is_free_after = is_blank(after) || b"])>|:,;\"'![".contains(&after);
        // Celery: `[2026-11-22 10:47:02,403: INFO/MainProcess]`.
        is_free_before && (is_free_after || after == b'/' && self.in_brackets)
    }

    /// `[error]`, `[core:error]`, `[info     ]`, `<warn>`, `(info)`.
    fn is_enclosed(&self, end: usize) -> bool {
        let before = self.byte_before();
        let padding = match (before, self.byte(end)) {
            (b'[', Some(b' ')) => self.end_of_padding(end),
            _ => end,
        };
        matches!(
            (before, self.byte(padding)),
            (b'[' | b':' | b'/', Some(b']')) | (b'<', Some(b'>')) | (b'(', Some(b')'))
        )
    }

    /// `10:47:02 | info | ...`, `10:47:02 - info - ...`, and the first column of a table:
    /// `Error,11/22/2026 ...`, `"Error","11/22/2026 ...`.
    fn is_column(&self, end: usize) -> bool {
        if self.words > 0 {
            return false;
        }
        let rest = &self.text[end..];
        if self.at <= 1 {
            let is_quoted = self.at == 1 && self.text[0] == b'"';
            let rest = match rest {
                [b'"', b',', b'"', rest @ ..] if is_quoted => rest,
                [b',' | b'\t', rest @ ..] if self.at == 0 => rest,
                _ => return false,
            };
            return rest.first().is_some_and(u8::is_ascii_digit);
        }
        let before = &self.text[..self.at];
        let after = &self.text[self.end_of_padding(end)..];
        let is_between_bars = before.ends_with(b"| ") && after.starts_with(b"|");
        let is_between_dashes = before.ends_with(b"- ") && after.starts_with(b"- ");
        self.has_number && self.byte(end) == Some(b' ') && (is_between_bars || is_between_dashes)
    }

    /// `VMware`: `2026-11-22T10:47:02Z info hostd[1234] ...`.
    fn is_before_process(&self, end: usize) -> bool {
        if self.words > 0 || !self.has_number || self.byte(end) != Some(b' ') {
            return false;
        }
        let rest = &self.text[end + 1..];
        let name = rest
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric())
            .count();
        name > 0
            && rest.get(name) == Some(&b'[')
            && rest.get(name + 1).is_some_and(u8::is_ascii_digit)
    }

    fn end_of_padding(&self, end: usize) -> usize {
        let blanks = self.text[end..].iter().take_while(|byte| **byte == b' ');
        end + blanks.count()
    }

    /// `error: ...` where the message begins, or a column of its own after the time.
    fn leads(&self, end: usize) -> bool {
        let is_first = self.words == 0 || self.is_at_message && self.words == self.words_max;
        if !is_first || self.in_brackets || !self.starts_token() {
            return false;
        }
        match self.byte(end) {
            Some(b':') => self.is_blank(end + 1),
            Some(b'\t') => self.has_number,
            Some(b' ') => {
                self.has_number && self.byte(end + 1) == Some(b' ')
                    || self.text[end..].starts_with(b" error:")
                    || self.text[..self.at].ends_with(b": *** ")
            }
            _ => false,
        }
    }

    /// logcat's `1702  2395 D Tag`, `D/Tag( 1702):`; tornado's `[I 261122 10:47:02`, `[E]`.
    fn is_letter_for_level(&self, end: usize) -> bool {
        if self.byte_before() == b'[' {
            return match self.byte(end) {
                Some(b']') => true,
                Some(b' ') => self.byte(end + 1).is_some_and(|byte| byte.is_ascii_digit()),
                _ => false,
            };
        }
        if self.starts_token() && self.byte(end) == Some(b'/') {
            return self.words == 0 && has_process(&self.text[end..]);
        }
        self.integers >= 2 && self.starts_token() && self.is_blank(end)
    }

    /// `MongoDB` before 4.4: `2026-11-22T10:47:02.403+0000 I NETWORK  [conn1] ...`.
    fn is_letter_before_component(&self, end: usize) -> bool {
        let before = &self.text[..self.at];
        let is_after_time = matches!(before, [.., b'0'..=b'9' | b'Z', b' ']);
        let component = self.text[end..].iter().skip(1);
        let capitals = component
            .take_while(|byte| byte.is_ascii_uppercase())
            .count();
        is_after_time
            && self.words == 0
            && self.byte(end) == Some(b' ')
            && (capitals >= 3 || self.byte(end + 1) == Some(b'-'))
    }

    /// The text from here on as logfmt, when it is that: `host app[1]: level=warn`.
    fn level_in_pairs(&self) -> Option<Level> {
        level_in_fields(Fields::of(&self.text[self.at..])?)
    }

    fn is_key(&self, end: usize) -> bool {
        self.byte(end)
            .is_some_and(|byte| matches!(byte, b'=' | b'_' | b'.' | b'-'))
            && Fields::of(&self.text[self.at..]).is_some()
    }

    fn end_of(&self, is_inside: impl Fn(&u8) -> bool) -> usize {
        self.text[self.at..]
            .iter()
            .position(|byte| !is_inside(byte))
            .map_or(self.text.len(), |length| self.at + length)
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.get(at).copied()
    }

    /// The byte before the place of the walk; a blank at the start.
    fn byte_before(&self) -> u8 {
        self.at
            .checked_sub(1)
            .map_or(b' ', |before| self.text[before])
    }

    fn starts_token(&self) -> bool {
        is_blank(self.byte_before())
    }

    /// Whether a blank or the end of the line is there.
    fn is_blank(&self, at: usize) -> bool {
        self.byte(at).is_none_or(is_blank)
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// `/Tag( 1702): ` after logcat's letter, which `I/O error` has not.
fn has_process(text: &[u8]) -> bool {
    let Some(open) = memchr::memchr(b'(', text) else {
        return false;
    };
    let inside = text[open + 1..].trim_ascii_start();
    let digits = inside
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    digits > 0 && inside[digits..].starts_with(b"):")
}
