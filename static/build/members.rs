//! Short names for what our classes call their members, in all scripts alike, since
//! workers and pages send each other objects.
//!
//! A name is made short everywhere or nowhere. So it stays where it means something
//! outside the scripts: in what the server sends, in a string, or to a browser.

use std::collections::BTreeSet;
use std::collections::HashMap;
use std::collections::HashSet;
use std::path::Path;

use oxc_allocator::Allocator;
use oxc_ast::ast::AccessorProperty;
use oxc_ast::ast::AssignmentTargetPropertyIdentifier;
use oxc_ast::ast::AssignmentTargetPropertyProperty;
use oxc_ast::ast::BindingProperty;
use oxc_ast::ast::MethodDefinition;
use oxc_ast::ast::ObjectProperty;
use oxc_ast::ast::PropertyDefinition;
use oxc_ast::ast::PropertyKey;
use oxc_ast::ast::StaticMemberExpression;
use oxc_ast::ast::StringLiteral;
use oxc_ast_visit::Visit;
use oxc_ast_visit::walk;
use oxc_span::Span;

/// Names of ours that a browser uses too; a test of the page compares them with all that it has.
pub const PLATFORM: &str = include_str!("platform_names.txt");

/// Which member gets which name.
pub struct Members(HashMap<String, String>);

impl Members {
    /// Of all these scripts; `wire` is the text that says what the server sends.
    pub fn of(scripts: &[String], wire: &str) -> Members {
        let allocator = Allocator::default();
        let mut uses = Uses::default();
        for script in scripts {
            uses.visit_program(&crate::script::parsed(
                &allocator,
                script,
                Path::new("a script"),
            ));
        }
        let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
        let words = wire.split(|letter| !is_word(letter));
        let kept: HashSet<&str> = PLATFORM.lines().chain(words).collect();
        let mut often: HashMap<&str, usize> = HashMap::new();
        for (name, ..) in &uses.found {
            *often.entry(name).or_default() += 1;
        }
        let is_ours =
            |name: &&String| !kept.contains(name.as_str()) && !uses.strings.contains(*name);
        let mut ours: Vec<&String> = uses.members.iter().filter(is_ours).collect();
        ours.sort_by_key(|name| std::cmp::Reverse(often[name.as_str()] * name.len()));
        let free = short_names().filter(|name| !often.contains_key(name.as_str()));
        Members(ours.into_iter().cloned().zip(free).collect())
    }

    /// The script with the short names.
    pub fn shorten(&self, script: &str) -> String {
        let allocator = Allocator::default();
        let mut uses = Uses::default();
        uses.visit_program(&crate::script::parsed(
            &allocator,
            script,
            Path::new("a script"),
        ));
        uses.found.sort_by_key(|(_, span, _)| span.start);
        let mut text = script.to_owned();
        for (name, span, is_variable) in uses.found.into_iter().rev() {
            let Some(short) = self.0.get(&name) else {
                continue;
            };
            let written = if is_variable {
                format!("{short}: {name}")
            } else {
                short.clone()
            };
            text.replace_range(span.start as usize..span.end as usize, &written);
        }
        text
    }
}

/// a, b, … z, A, … Z, aa, …
fn short_names() -> impl Iterator<Item = String> {
    let letters: Vec<char> = ('a'..='z').chain('A'..='Z').collect();
    let pairs: Vec<String> = letters
        .iter()
        .flat_map(|first| letters.iter().map(move |second| format!("{first}{second}")))
        .collect();
    letters.into_iter().map(String::from).chain(pairs)
}

#[derive(Default)]
struct Uses {
    members: BTreeSet<String>,
    strings: HashSet<String>,
    /// Names of properties, and whether one is that of a variable as well: `{ name }`.
    found: Vec<(String, Span, bool)>,
}

impl Uses {
    fn key(&mut self, key: &PropertyKey, is_variable: bool) {
        if let PropertyKey::StaticIdentifier(name) = key {
            self.found
                .push((name.name.to_string(), name.span, is_variable));
        }
    }

    fn member(&mut self, key: &PropertyKey) {
        if let PropertyKey::StaticIdentifier(name) = key
            && name.name != "constructor"
        {
            self.members.insert(name.name.to_string());
        }
        self.key(key, false);
    }
}

impl<'a> Visit<'a> for Uses {
    fn visit_method_definition(&mut self, it: &MethodDefinition<'a>) {
        self.member(&it.key);
        walk::walk_method_definition(self, it);
    }

    fn visit_property_definition(&mut self, it: &PropertyDefinition<'a>) {
        self.member(&it.key);
        walk::walk_property_definition(self, it);
    }

    fn visit_accessor_property(&mut self, it: &AccessorProperty<'a>) {
        self.member(&it.key);
        walk::walk_accessor_property(self, it);
    }

    fn visit_static_member_expression(&mut self, it: &StaticMemberExpression<'a>) {
        let name = &it.property;
        self.found.push((name.name.to_string(), name.span, false));
        walk::walk_static_member_expression(self, it);
    }

    fn visit_object_property(&mut self, it: &ObjectProperty<'a>) {
        self.key(&it.key, it.shorthand);
        walk::walk_object_property(self, it);
    }

    fn visit_binding_property(&mut self, it: &BindingProperty<'a>) {
        self.key(&it.key, it.shorthand);
        walk::walk_binding_property(self, it);
    }

    fn visit_assignment_target_property_identifier(
        &mut self,
        it: &AssignmentTargetPropertyIdentifier<'a>,
    ) {
        self.found
            .push((it.binding.name.to_string(), it.binding.span, true));
        walk::walk_assignment_target_property_identifier(self, it);
    }

    fn visit_assignment_target_property_property(
        &mut self,
        it: &AssignmentTargetPropertyProperty<'a>,
    ) {
        self.key(&it.name, false);
        walk::walk_assignment_target_property_property(self, it);
    }

    fn visit_string_literal(&mut self, it: &StringLiteral<'a>) {
        self.strings.insert(it.value.to_string());
    }
}
