//! Finds lines that may match in a whole block of them at once.
//!
//! To ask a regex line by line costs more than most regexes themselves. Here one
//! is rewritten so that it can be run over many lines: nothing in it matches a
//! line feed any more, so that no match reaches into another line, and what
//! stands for the ends of the text stands for the ends of a line. Whatever line
//! the pattern matches, the rewritten one matches as well; it may match others,
//! as it does not know that a carriage return belongs to the line's end.
//!
//! Where marks are shown in the place of secrets, lines are found by their bytes all the
//! same if nothing that is looked for can reach into a mark: a match then lies between
//! marks, where the line is as it is shown. Only what a pattern says of words may be
//! otherwise there, since a secret may have gone on where a bracket stands now.

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

/// What a pattern may say of lines; all else is of words.
const OF_LINES: [Look; 6] = [
    Look::Start,
    Look::End,
    Look::StartLF,
    Look::EndLF,
    Look::StartCRLF,
    Look::EndCRLF,
];

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
    /// The whole without what it says of words, where it matches no bracket.
    loose: Option<Regex>,
}

/// A finder for lines of one kind: those that are shown as they are, or with marks.
#[derive(Clone, Copy, Debug)]
pub struct Finding<'a>(&'a Regex);

impl Finding<'_> {
    /// Where the first line that may match, of those that start at `from` or later, has a match:
    /// some byte of that line, or its line feed.
    pub fn find(self, block: &[u8], from: usize) -> Option<usize> {
        self.0.shortest_match_at(block, from)
    }
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
        let has_bracket = text
            .as_ref()
            .is_some_and(|text| may_have_bracket(&text.hir));
        let is_loose = length > 0 && !may_have_bracket(&whole);
        let loose = is_loose.then(|| compile(&without_words(&whole))).flatten();
        let text = text.filter(|text| text.length >= TEXT_BYTES_MIN && !is_text);
        Some(Self {
            text: text.and_then(|text| compile(&text.hir)),
            whole: compile(&whole)?,
            is_text,
            has_bracket,
            loose,
        })
    }

    /// For lines that are shown as they are.
    pub fn plain(&self) -> Finding<'_> {
        Finding(self.text.as_ref().unwrap_or(&self.whole))
    }

    /// Finds as [`Finding::find`] does, in lines that are shown as they are.
    pub fn find(&self, block: &[u8], from: usize) -> Option<usize> {
        self.plain().find(block, from)
    }

    /// For lines that are shown with some of `marks`, which stand between brackets, in the place
    /// of other texts, and are looked at before these were put there. `None` when what is looked
    /// for may be in a mark, or reach into one.
    pub fn beside(&self, marks: &[u8]) -> Option<Finding<'_>> {
        let text = self.text.iter().filter(|_| !self.has_bracket);
        let mut apart = text.chain(&self.loose);
        apart.find(|regex| !regex.is_match(marks)).map(Finding)
    }

    /// The same finder for where it is wrong so often that it only costs.
    pub fn without_text(&mut self) {
        self.text = None;
        if !self.is_text {
            self.loose = None;
        }
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

/// Whether what it matches may have a bracket in it.
fn may_have_bracket(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => false,
        HirKind::Literal(literal) => literal.0.iter().any(|byte| b"[]".contains(byte)),
        HirKind::Class(class) => ['[', ']'].iter().any(|bracket| has(class, *bracket)),
        HirKind::Repetition(repetition) => may_have_bracket(&repetition.sub),
        HirKind::Capture(capture) => may_have_bracket(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().any(may_have_bracket),
    }
}

fn has(class: &Class, letter: char) -> bool {
    match class {
        Class::Unicode(class) => class
            .iter()
            .any(|part| (part.start()..=part.end()).contains(&letter)),
        Class::Bytes(class) => class
            .iter()
            .any(|part| (part.start()..=part.end()).contains(&(letter as u8))),
    }
}

/// The pattern without what it says of words.
fn without_words(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Look(look) if !OF_LINES.contains(look) => Hir::empty(),
        HirKind::Repetition(repetition) => Hir::repetition(Repetition {
            sub: Box::new(without_words(&repetition.sub)),
            ..repetition.clone()
        }),
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(without_words).collect()),
        HirKind::Alternation(parts) => Hir::alternation(parts.iter().map(without_words).collect()),
        _ => hir.clone(),
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
