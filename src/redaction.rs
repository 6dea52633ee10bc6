//! Keeps secrets out of what readers are given.
//!
//! Logs hold passwords and keys, and who may read a page is often not who may know
//! them. What looks like a secret is replaced by `[redacted:<kind>]` where bytes
//! become text, before a line is cut, filtered, searched or counted: whatever is
//! asked of the text afterwards, the secret is not in it. Offsets stay those of the
//! file. It is a seat-belt, not a permission system: a password that nothing
//! announces looks like any other word.
//!
//! A pattern runs in time linear in the line. Nearly all lines are passed over by
//! one look at a whole block of them, see [`hints`].

mod patterns;
mod marks;
mod rule;
mod hints;
mod keys;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::sync::RwLock;

use regex::bytes::Regex;

use crate::filter::FilterError;
use crate::filter::Finder;
use crate::filter::Finding;
use crate::redaction::hints::Hints;
pub use crate::redaction::hints::Suspects;
pub use crate::redaction::keys::ABOVE_BYTES;
use crate::redaction::keys::KeyLooks;
pub use crate::redaction::keys::Keys;
use crate::redaction::marks::MARK;
pub use crate::redaction::marks::REST_MARK;
use crate::redaction::marks::Span;
use crate::redaction::marks::marks_end;
use crate::redaction::marks::replace;
pub use crate::redaction::patterns::AHEAD_BYTES;
use crate::redaction::patterns::LOOKS;
use crate::redaction::patterns::Look;
use crate::redaction::patterns::STRICT_LOOKS;
use crate::redaction::rule::Rule;
use crate::redaction::rule::compile;

/// What replaces the token that opens our own page.
const OWN_TOKEN: &str = "own-token";

/// What stands between two marks may look like a secret, a second time and no oftener but in
/// text that is made for it.
const ROUNDS_MAX: usize = 4;

/// What is replaced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Only the token of our own page.
    #[default]
    Off,
    /// Keys, tokens and passwords.
    Default,
    /// Also e-mail addresses, IP addresses and card numbers.
    Strict,
}

/// What is replaced in the lines of all sources; the token may change.
pub struct Redaction {
    looks: Option<Arc<Looks>>,
    current: RwLock<Arc<Rules>>,
}

/// What is replaced at the moment.
#[derive(Clone, Default)]
pub struct Rules {
    looks: Option<Arc<Looks>>,
    /// What opens our own page.
    own: Option<Rule>,
}

/// All that a secret may look like.
#[derive(Debug)]
struct Looks {
    rules: Vec<Rule>,
    /// Matches whatever one of the built-in ones matches.
    any: Regex,
    built_in: usize,
    hints: Hints,
    keys: Option<KeyLooks>,
}

impl Default for Redaction {
    /// Replaces nothing.
    fn default() -> Redaction {
        Redaction {
            looks: None,
            current: RwLock::default(),
        }
    }
}

impl fmt::Debug for Redaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redaction").finish_non_exhaustive()
    }
}

impl fmt::Debug for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rules").finish_non_exhaustive()
    }
}

impl Redaction {
    /// Replaces what `mode` says, and what the regexes `added` match: their first
    /// group, where they have one. These are looked for in every mode.
    pub fn new(mode: Mode, added: &[String]) -> Result<Redaction, FilterError> {
        if mode == Mode::Off && added.is_empty() {
            return Ok(Redaction::default());
        }
        let looks = Some(Arc::new(Looks::new(mode, added)?));
        let rules = Rules {
            looks: looks.clone(),
            own: None,
        };
        Ok(Redaction {
            looks,
            current: RwLock::new(Arc::new(rules)),
        })
    }

    /// From now on these are what opens our own page, and the sessions that were
    /// begun with them: they are replaced in every mode.
    pub fn hide(&self, tokens: &[&str]) {
        let tokens = tokens.iter().filter(|token| !token.is_empty());
        let texts: Vec<_> = tokens.map(|token| regex::escape(token)).collect();
        let session = r#"\bls_[0-9]{1,5}=([^\s;,"'\\]{8,})"#;
        let rules = Rules {
            looks: self.looks.clone(),
            own: (!texts.is_empty()).then(|| Rule {
                kind: OWN_TOKEN,
                regex: compile(&format!("{}|{session}", texts.join("|"))),
                is_secret: |_, _| true,
            }),
        };
        *self.current.write().expect("no holder of the lock panics") = Arc::new(rules);
    }

    /// What is replaced at the moment.
    pub fn rules(&self) -> Arc<Rules> {
        let current = self.current.read();
        Arc::clone(&current.expect("no holder of the lock panics"))
    }
}

impl Looks {
    fn new(mode: Mode, added: &[String]) -> Result<Looks, FilterError> {
        let built_in: &[&[Look]] = match mode {
            Mode::Off => &[],
            Mode::Default => &[&LOOKS],
            Mode::Strict => &[&LOOKS, &STRICT_LOOKS],
        };
        let built_in: Vec<Look> = built_in.concat();
        let patterns: Vec<_> = built_in.iter().map(|look| look.pattern).collect();
        let mut finders = Vec::new();
        if mode == Mode::Strict {
            finders.push(None);
        }
        let mut rules: Vec<Rule> = built_in.iter().map(Rule::of).collect();
        for pattern in added {
            let (rule, finder) = Rule::added(pattern)?;
            rules.push(rule);
            finders.push(finder);
        }
        Ok(Looks {
            any: compile(&format!("(?:{})", patterns.join(")|(?:"))),
            built_in: built_in.len(),
            rules,
            hints: Hints::new(finders),
            keys: (mode != Mode::Off).then(KeyLooks::new),
        })
    }
}

impl Rules {
    /// Whether every line stays as it is.
    pub fn are_empty(&self) -> bool {
        self.looks.is_none() && self.own.is_none()
    }

    /// The lines of `block` that may have a secret, but for those in the middle of a
    /// private key.
    pub fn suspects(&self, block: &[u8]) -> Suspects {
        let mut suspects = match &self.looks {
            Some(looks) => looks.hints.suspects(block),
            None => Suspects::At(Vec::new()),
        };
        if let (Some(own), Suspects::At(places)) = (&self.own, &mut suspects) {
            hints::add_lines(block, places, |from| {
                own.regex.find_at(block, from).map(|found| found.start())
            });
            places.sort_unstable();
        }
        suspects
    }

    /// Where the line behind these bytes stands to a private key; they end where a
    /// line does.
    pub fn keys_behind(&self, above: &[u8]) -> Keys {
        let looks = self.key_looks();
        looks.map_or(Keys::default(), |looks| looks.behind(above))
    }

    /// Whether keys that lie over several lines are looked for.
    pub fn know_keys(&self) -> bool {
        self.key_looks().is_some()
    }

    /// The part of the next line that belongs to a private key.
    pub fn key_part(&self, keys: &mut Keys, line: &[u8]) -> Option<Range<usize>> {
        self.key_looks()?.line(keys, line)
    }

    fn key_looks(&self) -> Option<&KeyLooks> {
        self.looks.as_ref()?.keys.as_ref()
    }

    /// The first `shown` bytes of a line without its secrets; `None` when they stay
    /// as they are. What follows them is only looked at; `key` is a part of the line
    /// that belongs to a private key.
    pub fn redact(&self, line: &[u8], shown: usize, key: Option<Range<usize>>) -> Option<Vec<u8>> {
        let mut found = Vec::new();
        found.extend(key.map(|range| Span {
            range,
            kind: LOOKS[0].kind,
        }));
        self.find(line, &mut found);
        let mut text = replace(line, shown, found)?;
        for _ in 1..ROUNDS_MAX {
            let mut found = Vec::new();
            self.find(&text, &mut found);
            match replace(&text, text.len(), found) {
                Some(next) => text = next,
                None => break,
            }
        }
        Some(text)
    }

    /// The same of a line that is still being written, and may end in the middle of
    /// a secret: what stands behind the last place that hints at one is kept back.
    pub fn redact_unfinished(
        &self,
        line: &[u8],
        shown: usize,
        key: Option<Range<usize>>,
    ) -> Option<Vec<u8>> {
        let redacted = self.redact(line, shown, key);
        let text = redacted.as_deref().unwrap_or(&line[..shown]);
        let behind_marks = marks_end(text);
        let place = match self.last_suspect(&text[behind_marks..]) {
            Some(place) => behind_marks + place,
            None => return redacted,
        };
        Some([&text[..place], MARK, b"unfinished]"].concat())
    }

    fn last_suspect(&self, text: &[u8]) -> Option<usize> {
        match self.suspects(text) {
            Suspects::All => Some(0),
            Suspects::At(places) => places.first().copied(),
        }
    }

    /// What finds lines before the marks are put there; `None` when it cannot find
    /// them all.
    pub fn finding<'a>(&self, finder: &'a Finder) -> Option<Finding<'a>> {
        if self.are_empty() {
            return Some(finder.plain());
        }
        finder.beside(&self.marks())
    }

    /// All marks that may stand for something.
    fn marks(&self) -> Vec<u8> {
        let kinds = self.looks.iter().flat_map(|looks| &looks.rules);
        let kinds = kinds.map(|rule| rule.kind).chain([OWN_TOKEN]);
        let marks = kinds.map(|kind| [MARK, kind.as_bytes(), b"]\n"].concat());
        marks.collect::<Vec<_>>().concat()
    }

    fn find(&self, line: &[u8], found: &mut Vec<Span>) {
        if let Some(own) = &self.own {
            own.find(line, found);
        }
        if let Some(looks) = &self.looks {
            let is_secret = looks.any.is_match(line);
            let skipped = if is_secret { 0 } else { looks.built_in };
            for rule in &looks.rules[skipped..] {
                rule.find(line, found);
            }
        }
    }
}

#[cfg(test)]
mod tests;
