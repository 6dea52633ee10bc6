//! One kind of secret, and where it is in a line.

use std::ops::Range;

use regex::bytes::Regex;
use regex::bytes::RegexBuilder;

use crate::filter::Case;
use crate::filter::Filter;
use crate::filter::FilterError;
use crate::filter::FilterSpec;
use crate::filter::Finder;
use crate::redaction::marks::Span;
use crate::redaction::marks::mark_at;
use crate::redaction::patterns::Look;

/// What replaces what the operator looks for.
pub(super) const CUSTOM: &str = "custom";

/// In so many bytes from its beginning on, a match shows where its secret begins.
const NEAR_BYTES: usize = 256;

/// Bytes of what announces a secret, at most.
const ANNOUNCED_BYTES_MAX: usize = 64;

/// What all patterns together may take.
const PROGRAM_BYTES_MAX: usize = 8 << 20;

/// How one kind of secret is found.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    /// What stands for it.
    pub(super) kind: &'static str,
    pub(super) regex: Regex,
    pub(super) is_secret: fn(&[u8], &[u8]) -> bool,
}

impl Rule {
    /// The rule for a look that is built in.
    pub(super) fn of(look: &Look) -> Rule {
        Rule {
            kind: look.kind,
            regex: compile(look.pattern),
            is_secret: look.is_secret,
        }
    }

    /// What the operator looks for is bounded as a filter is.
    pub(super) fn added(pattern: &str) -> Result<(Rule, Option<Finder>), FilterError> {
        let filter = Filter::new(&FilterSpec {
            include: vec![pattern.to_owned()],
            case: Case::Match,
            ..FilterSpec::default()
        })?;
        let rule = Rule {
            kind: CUSTOM,
            regex: RegexBuilder::new(pattern)
                .build()
                .expect("it was built before"),
            is_secret: |_, secret| !secret.is_empty(),
        };
        Ok((rule, filter.finder()))
    }

    /// Adds the secrets of a line. At the end of one may stand what announces the next,
    /// as quotes are where they are: so far it goes back, and no further, so that the
    /// time stays in proportion to the line.
    pub(super) fn find(&self, line: &[u8], found: &mut Vec<Span>) {
        let mut at = 0;
        while at <= line.len()
            && let Some(all) = self.regex.find_at(line, at)
        {
            let all = all.range();
            let secret = self.secret_in(line, &all);
            at = if secret == all {
                all.end.max(all.start + 1)
            } else {
                let near = secret.end.saturating_sub(ANNOUNCED_BYTES_MAX);
                near.max(secret.start).max(all.start + 1)
            };
            let is_mark = mark_at(line, secret.start) == Some(secret.end);
            let before = &line[all.start..secret.start];
            if !is_mark && (self.is_secret)(before, &line[secret.clone()]) {
                found.push(Span {
                    range: secret,
                    kind: self.kind,
                });
            }
        }
    }

    /// The secret in a match. Groups are found slowly, and of a long secret it is enough to
    /// know where it begins: all patterns are open to the right.
    fn secret_in(&self, line: &[u8], all: &Range<usize>) -> Range<usize> {
        let near = all.end.min(all.start + NEAR_BYTES);
        let secret = |end: usize| {
            let captures = self.regex.captures_at(&line[..end], all.start)?;
            let is_same = captures.get(0)?.start() == all.start;
            let secret = captures.iter().skip(1).flatten().next();
            is_same.then(|| secret.map_or(all.clone(), |secret| secret.range()))
        };
        match secret(near) {
            Some(secret) if near < all.end && secret.end == near => secret.start..all.end,
            Some(secret) if near == all.end || secret == *all => secret,
            _ => secret(line.len()).unwrap_or(all.clone()),
        }
    }
}

/// A pattern of our own.
pub(super) fn compile(pattern: &str) -> Regex {
    let built = RegexBuilder::new(pattern)
        .unicode(false)
        .dfa_size_limit(PROGRAM_BYTES_MAX)
        .size_limit(PROGRAM_BYTES_MAX)
        .build();
    built.expect("our own patterns are right")
}

#[cfg(test)]
mod tests;
