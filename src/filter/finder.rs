//! Finds lines that may match in a whole block of them at once.
//!
//! To ask a regex line by line costs more than most regexes themselves. Here one
//! is rewritten so that it can be run over many lines: nothing in it matches a
//! line feed any more, so that no match reaches into another line, and what
//! stands for the ends of the text stands for the ends of a line. Whatever line
//! the pattern matches, the rewritten one matches as well; it may match others,
//! as it does not know that a carriage return belongs to the line's end.

use regex::bytes::Regex;
use regex::bytes::RegexBuilder;
use regex_syntax::ParserBuilder;
use regex_syntax::hir::Class;
use regex_syntax::hir::ClassBytes;
use regex_syntax::hir::ClassBytesRange;
use regex_syntax::hir::ClassUnicode;
use regex_syntax::hir::ClassUnicodeRange;
use regex_syntax::hir::Hir;
use regex_syntax::hir::HirKind;
use regex_syntax::hir::Look;
use regex_syntax::hir::Repetition;

/// What the rewritten pattern may take when it is compiled, and again at run time, in bytes: a
/// search runs a pattern over gigabytes, and there are few searches.
const PROGRAM_BYTES_MAX: usize = 4 << 20;

/// Finds lines that may match. See the module's description.
#[derive(Clone, Debug)]
pub struct Finder(Regex);

impl Finder {
    /// A finder for the lines that match all of the patterns, which are regexes and whether any
    /// case matches. `None` when it would find every line, or cannot be built.
    pub(super) fn of<'a>(patterns: impl Iterator<Item = (&'a str, bool)>) -> Option<Self> {
        // The one that says most is rare; the others are asked where it matches.
        let rewritten = patterns.filter_map(|(pattern, any_case)| {
            let mut parser = ParserBuilder::new();
            let parser = parser.case_insensitive(any_case).utf8(false);
            let hir = parser.build().parse(pattern).ok()?;
            Some((hir.properties().minimum_len().unwrap_or(usize::MAX), hir))
        });
        let (length, hir) = rewritten.max_by_key(|(length, _)| *length)?;
        if length == 0 && hir.properties().look_set_prefix().is_empty() {
            return None;
        }
        let regex = RegexBuilder::new(&within_a_line(&hir).to_string())
            .size_limit(PROGRAM_BYTES_MAX)
            .dfa_size_limit(PROGRAM_BYTES_MAX)
            .build();
        regex.ok().map(Self)
    }

    /// Where the first line that may match, of those that start at `from` or later, has a match:
    /// some byte of that line, or its line feed.
    pub fn find(&self, block: &[u8], from: usize) -> Option<usize> {
        self.0.shortest_match_at(block, from)
    }
}

/// The pattern for many lines at once.
fn within_a_line(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Empty => Hir::empty(),
        HirKind::Literal(literal) if literal.0.contains(&b'\n') => Hir::fail(),
        HirKind::Literal(literal) => Hir::literal(literal.0.clone()),
        HirKind::Class(Class::Unicode(class)) => {
            let mut class = class.clone();
            class.difference(&ClassUnicode::new([ClassUnicodeRange::new('\n', '\n')]));
            Hir::class(Class::Unicode(class))
        }
        HirKind::Class(Class::Bytes(class)) => {
            let mut class = class.clone();
            class.difference(&ClassBytes::new([ClassBytesRange::new(b'\n', b'\n')]));
            Hir::class(Class::Bytes(class))
        }
        HirKind::Look(look) => Hir::look(match look {
            Look::Start => Look::StartLF,
            // The text ends before a carriage return, if there is one.
            Look::End | Look::EndLF => Look::EndCRLF,
            other => *other,
        }),
        HirKind::Repetition(repetition) => Hir::repetition(Repetition {
            sub: Box::new(within_a_line(&repetition.sub)),
            ..repetition.clone()
        }),
        HirKind::Capture(capture) => within_a_line(&capture.sub),
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(within_a_line).collect()),
        HirKind::Alternation(parts) => Hir::alternation(parts.iter().map(within_a_line).collect()),
    }
}

#[cfg(test)]
mod tests;
