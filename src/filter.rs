//! The only matcher: which lines a reader wants, and where in a line the patterns match.
//!
//! Patterns come from strangers. They are few and short, compile into a bounded
//! program and run in time linear in the line, which is why look-around and
//! back-references do not exist here. Empty patterns ask for nothing and are
//! left out.

mod error;
mod finder;
mod levels;

use std::convert::Infallible;
use std::hash::Hash;
use std::hash::Hasher;
use std::ops::Range;
use std::sync::Arc;

use regex::bytes::Regex;
use regex::bytes::RegexBuilder;
use regex_syntax::ast;
use regex_syntax::ast::Ast;
use regex_syntax::hir;

pub use crate::filter::error::FilterError;
use crate::filter::error::PATTERN_BYTES_MAX;
pub use crate::filter::error::PATTERNS_MAX;
pub use crate::filter::finder::Finder;
pub use crate::filter::finder::Finding;
pub use crate::filter::levels::Levels;
use crate::record::Record;
use crate::record::window::Window;

/// What one compiled pattern may take, and again its cache at run time, in bytes.
const PROGRAM_BYTES_MAX: usize = 1 << 20;

/// How deep groups may be nested in a pattern.
const NEST_MAX: u32 = 64;

/// How many match ranges are reported for a line.
pub const MATCH_RANGES_MAX: usize = 64;

/// How many matches of each pattern are looked for, to find that many ranges: matches that
/// touch each other are one range. A hostile pattern can read the line to its end for each.
const MATCHES_MAX: usize = 128;

/// Which letters count as the same.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Case {
    /// A pattern without a capital letter matches any case, one with a capital only as written.
    #[default]
    Smart,
    /// Any case matches.
    Ignore,
    /// Only the case as written matches.
    Match,
}

/// Which lines a reader wants, as asked for. Equal specifications make equal filters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct FilterSpec {
    /// Patterns that must all match.
    pub include: Vec<String>,
    /// Patterns none of which may match.
    pub exclude: Vec<String>,
    /// Which letters count as the same, in all patterns.
    pub case: Case,
    /// Patterns are plain text, not regexes.
    pub literal: bool,
    /// The levels wanted.
    pub levels: Levels,
}

/// Which lines a reader wants, ready to be asked. Cheap to clone. Equal filters want the same
/// lines.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Filter {
    include: Vec<Pattern>,
    exclude: Vec<Pattern>,
    levels: Levels,
    window: Window,
}

/// One compiled pattern.
#[derive(Clone, Debug)]
struct Pattern {
    /// What it remembers while it runs is shared, too.
    regex: Arc<Regex>,
    any_case: bool,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        (self.regex.as_str(), self.any_case) == (other.regex.as_str(), other.any_case)
    }
}

impl Eq for Pattern {}

impl Hash for Pattern {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.regex.as_str(), self.any_case).hash(state);
    }
}

impl Filter {
    /// Compiles the patterns, within the limits.
    pub fn new(spec: &FilterSpec) -> Result<Self, FilterError> {
        let patterns = spec.include.len() + spec.exclude.len();
        if patterns > PATTERNS_MAX {
            return Err(FilterError::TooMany { patterns });
        }
        let compile_all = |patterns: &[String]| -> Result<Vec<Pattern>, FilterError> {
            let given = patterns.iter().filter(|pattern| !pattern.is_empty());
            given.map(|pattern| compile(pattern, spec)).collect()
        };
        Ok(Self {
            include: compile_all(&spec.include)?,
            exclude: compile_all(&spec.exclude)?,
            levels: spec.levels,
            window: Window::ALL,
        })
    }

    /// The same, for the lines of a stretch of time.
    #[must_use]
    pub fn during(self, window: Window) -> Self {
        Self {
            window: self.window.and(window),
            ..self
        }
    }

    /// The same, for lines of any time.
    #[must_use]
    pub fn at_any_time(&self) -> Self {
        Self {
            window: Window::ALL,
            ..self.clone()
        }
    }

    /// The stretch of time of which lines are wanted.
    pub fn window(&self) -> Window {
        self.window
    }

    /// Whether the reader wants the line. A continuation line is judged by the level of its
    /// record, so that a stack trace stays with its error; likewise a line without a time.
    pub fn keeps(&self, line: &[u8], record: &Record) -> bool {
        self.keeps_record(record) && self.keeps_text(line)
    }

    /// The part of [`Filter::keeps`] that asks what the line says of itself.
    pub fn keeps_record(&self, record: &Record) -> bool {
        self.levels.contains(record.record_level) && self.window.contains(record.record_time)
    }

    /// The part of [`Filter::keeps`] that asks the patterns.
    pub fn keeps_text(&self, line: &[u8]) -> bool {
        let matches = |pattern: &Pattern| pattern.regex.is_match(line);
        self.include.iter().all(matches) && !self.exclude.iter().any(matches)
    }

    /// What finds the lines that may match in a block of lines; `None` when every line has to
    /// be asked.
    pub fn finder(&self) -> Option<Finder> {
        let patterns = self.include.iter();
        Finder::of(patterns.map(|pattern| (pattern.regex.as_str(), pattern.any_case)))
    }

    /// The lines that both filters want.
    #[must_use]
    pub fn within(&self, other: &Self) -> Self {
        Self {
            include: [&other.include[..], &self.include].concat(),
            exclude: [&other.exclude[..], &self.exclude].concat(),
            levels: other.levels.and(self.levels),
            window: other.window.and(self.window),
        }
    }

    /// Whether [`Filter::matches`] can find anything.
    pub fn has_include(&self) -> bool {
        !self.include.is_empty()
    }

    /// Whether it has any pattern.
    pub fn has_patterns(&self) -> bool {
        !self.include.is_empty() || !self.exclude.is_empty()
    }

    /// Whether every line is wanted.
    pub fn passes_all(&self) -> bool {
        !self.has_patterns() && !self.needs_record()
    }

    /// Whether it asks what a line says of itself.
    pub fn needs_record(&self) -> bool {
        self.levels != Levels::ALL || self.window != Window::ALL
    }

    /// Where the include patterns match in the text: `[start, end)` in UTF-16 code units, in
    /// order, apart from each other, none empty, at most [`MATCH_RANGES_MAX`].
    pub fn matches(&self, text: &str) -> Vec<[u32; 2]> {
        let mut found: Vec<(usize, usize)> = Vec::new();
        for pattern in &self.include {
            let matches = pattern.regex.find_iter(text.as_bytes()).take(MATCHES_MAX);
            let filled = matches.filter(|found| !found.is_empty());
            found.extend(filled.map(|found| whole_characters(text, found.range())));
        }
        if self.include.len() > 1 {
            found.sort_unstable();
        }
        found.dedup_by(|next, last| {
            let touches = next.0 <= last.1;
            if touches {
                last.1 = last.1.max(next.1);
            }
            touches
        });
        found.truncate(MATCH_RANGES_MAX);
        to_utf16(text, &found)
    }
}

fn compile(pattern: &str, spec: &FilterSpec) -> Result<Pattern, FilterError> {
    if pattern.len() > PATTERN_BYTES_MAX {
        return Err(FilterError::TooLong {
            bytes: pattern.len(),
        });
    }
    let source = if spec.literal {
        regex::escape(pattern)
    } else {
        pattern.to_owned()
    };
    // `regex::Error` keeps the place of a fault in its text only, so whatever can have one is
    // asked for it here.
    let syntax = ast::parse::ParserBuilder::new()
        .nest_limit(NEST_MAX)
        .build()
        .parse(&source)
        .map_err(|error| FilterError::bad_syntax(pattern, &error))?;
    let any_case = match spec.case {
        Case::Smart => !has_capital(&syntax),
        Case::Ignore => true,
        Case::Match => false,
    };
    let built = RegexBuilder::new(&source)
        .case_insensitive(any_case)
        .nest_limit(NEST_MAX)
        .size_limit(PROGRAM_BYTES_MAX)
        .dfa_size_limit(PROGRAM_BYTES_MAX)
        .build();
    let built = built.map(|regex| Pattern {
        regex: Arc::new(regex),
        any_case,
    });
    built.map_err(|error| {
        let too_big = FilterError::TooBig {
            pattern: pattern.to_owned(),
        };
        if matches!(error, regex::Error::CompiledTooBig(_)) {
            return too_big;
        }
        let mut translator = hir::translate::TranslatorBuilder::new().utf8(false).build();
        let fault = translator.translate(&source, &syntax).err();
        fault.map_or(too_big, |fault| {
            FilterError::bad_regex(pattern, &fault.kind().to_string(), fault.span())
        })
    })
}

/// Whether a capital letter stands in the pattern for itself: in `\W`, `\S` or `\pL` it does not.
fn has_capital(syntax: &Ast) -> bool {
    struct Capitals(bool);

    impl ast::Visitor for Capitals {
        type Output = bool;
        type Err = Infallible;

        fn finish(self) -> Result<bool, Infallible> {
            Ok(self.0)
        }

        fn visit_pre(&mut self, syntax: &Ast) -> Result<(), Infallible> {
            if let Ast::Literal(literal) = syntax {
                self.0 |= literal.c.is_uppercase();
            }
            Ok(())
        }

        fn visit_class_set_item_pre(&mut self, item: &ast::ClassSetItem) -> Result<(), Infallible> {
            match item {
                ast::ClassSetItem::Literal(literal) => self.0 |= literal.c.is_uppercase(),
                ast::ClassSetItem::Range(range) => {
                    self.0 |= range.start.c.is_uppercase() || range.end.c.is_uppercase();
                }
                _ => {}
            }
            Ok(())
        }
    }

    let Ok(has_capital) = ast::visit(syntax, Capitals(false));
    has_capital
}

/// The range with the whole of the characters it touches: `(?-u)` lets a pattern match a part.
fn whole_characters(text: &str, range: Range<usize>) -> (usize, usize) {
    let (mut start, mut end) = (range.start, range.end);
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    (start, end)
}

/// Turns byte ranges on character borders, in order and apart, into ranges of UTF-16 code units.
fn to_utf16(text: &str, ranges: &[(usize, usize)]) -> Vec<[u32; 2]> {
    if text.is_ascii() {
        return ranges
            .iter()
            .map(|(start, end)| [*start as u32, *end as u32])
            .collect();
    }
    let mut counted = (0, 0);
    let mut units_before = |byte: usize| {
        counted = (
            byte,
            counted.1 + utf16_units(&text.as_bytes()[counted.0..byte]),
        );
        counted.1
    };
    ranges
        .iter()
        .map(|(start, end)| [units_before(*start), units_before(*end)])
        .collect()
}

/// One unit for each character, two for those of four bytes.
fn utf16_units(bytes: &[u8]) -> u32 {
    let is_start = |byte: u8| byte & 0xc0 != 0x80;
    bytes
        .iter()
        .map(|byte| u32::from(is_start(*byte)) + u32::from(*byte >= 0xf0))
        .sum()
}

#[cfg(test)]
mod tests;
