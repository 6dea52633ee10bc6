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

/// A text shorter than this is in too many lines to tell anything.
const TEXT_BYTES_MIN: usize = 3;

/// So many texts at most, one of which each line that matches must have.
const TEXTS_MAX: usize = 16;

/// Finds lines that may match. See the module's description.
#[derive(Clone, Debug)]
pub struct Finder {
    /// Some text that every line that matches has, where there is one: it is
    /// found faster than what the pattern says of the rest of the line.
    text: Option<Regex>,
    whole: Regex,
    /// The whole pattern is such a text.
    is_text: bool,
    /// Some text has a bracket.
    has_bracket: bool,
}

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
        let whole = within_a_line(&hir);
        let text = text_in(&whole);
        let is_text = text.as_ref().is_some_and(|text| text.hir == whole);
        let has_bracket = text.as_ref().is_some_and(|text| has_bracket(&text.hir));
        let text = text.filter(|text| text.length >= TEXT_BYTES_MIN && !is_text);
        Some(Self {
            text: text.and_then(|text| compile(&text.hir)),
            whole: compile(&whole)?,
            is_text,
            has_bracket,
        })
    }

    /// Where the first line that may match, of those that start at `from` or later, has a match:
    /// some byte of that line, or its line feed.
    pub fn find(&self, block: &[u8], from: usize) -> Option<usize> {
        let regex = self.text.as_ref().unwrap_or(&self.whole);
        regex.shortest_match_at(block, from)
    }

    /// Whether it finds its lines by a text that is in none of `marks`, and overlaps none: these
    /// stand between brackets. Then a line with such marks in the place of other texts is found
    /// before they were put there.
    pub fn is_apart_from(&self, marks: &[u8]) -> bool {
        let whole = Some(&self.whole).filter(|_| self.is_text);
        let text = self.text.as_ref().or(whole);
        text.is_some_and(|text| !self.has_bracket && !text.is_match(marks))
    }

    /// The same finder for where the text is in so many lines that it only costs.
    pub fn without_text(&mut self) {
        self.text = None;
    }
}

fn compile(hir: &Hir) -> Option<Regex> {
    let regex = RegexBuilder::new(&hir.to_string())
        .size_limit(PROGRAM_BYTES_MAX)
        .dfa_size_limit(PROGRAM_BYTES_MAX)
        .build();
    regex.ok()
}

/// A text, or one of several, that is in whatever a pattern matches.
struct Text {
    hir: Hir,
    /// Bytes of the shortest one.
    length: usize,
    /// The pattern matches nothing else.
    is_all: bool,
}

/// The longest text that is in whatever the pattern matches.
fn text_in(hir: &Hir) -> Option<Text> {
    match hir.kind() {
        HirKind::Literal(literal) => Some(Text {
            hir: hir.clone(),
            length: literal.0.len(),
            is_all: true,
        }),
        // A letter in either case.
        HirKind::Class(Class::Unicode(class)) if letters(class) <= 4 => Some(Text {
            hir: hir.clone(),
            length: 1,
            is_all: true,
        }),
        HirKind::Repetition(repetition) if repetition.min > 0 => Some(Text {
            is_all: false,
            ..text_in(&repetition.sub)?
        }),
        HirKind::Concat(parts) => text_in_parts(parts),
        HirKind::Alternation(branches) if branches.len() <= TEXTS_MAX => {
            let texts: Vec<_> = branches.iter().map(text_in).collect::<Option<_>>()?;
            Some(Text {
                length: texts.iter().map(|text| text.length).min()?,
                is_all: texts.iter().all(|text| text.is_all),
                hir: Hir::alternation(texts.into_iter().map(|text| text.hir).collect()),
            })
        }
        _ => None,
    }
}

/// The longest text in one part, or over several that stand together.
fn text_in_parts(parts: &[Hir]) -> Option<Text> {
    let mut best: Option<Text> = None;
    let mut run = Vec::new();
    let mut run_length = 0;
    let mut is_all = true;
    for part in parts.iter().map(Some).chain([None]) {
        let text = part.and_then(text_in);
        let goes_on = text.as_ref().is_some_and(|text| text.is_all);
        is_all &= goes_on || part.is_none();
        let candidate = match text {
            Some(text) if goes_on => {
                run_length += text.length;
                run.push(text.hir);
                continue;
            }
            other => other,
        };
        let joined = Text {
            hir: Hir::concat(std::mem::take(&mut run)),
            length: std::mem::take(&mut run_length),
            is_all,
        };
        for text in [Some(joined), candidate].into_iter().flatten() {
            if text.length > best.as_ref().map_or(0, |best| best.length) {
                best = Some(text);
            }
        }
    }
    best
}

fn has_bracket(text: &Hir) -> bool {
    match text.kind() {
        HirKind::Literal(literal) => literal.0.iter().any(|byte| b"[]".contains(byte)),
        HirKind::Class(Class::Unicode(class)) => {
            let has = |letter| {
                class
                    .iter()
                    .any(|part| (part.start()..=part.end()).contains(&letter))
            };
            has('[') || has(']')
        }
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().any(has_bracket),
        _ => false,
    }
}

fn letters(class: &ClassUnicode) -> usize {
    class.iter().map(ClassUnicodeRange::len).sum()
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
