//! One script out of a module and all it imports.
//!
//! The modules follow one another in the order in which they need each other. So
//! that names of two of them never meet, what stands outermost in a module gets the
//! module's number behind its name, also where it is imported. This takes modules
//! written plainly: what is exported and imported has a name, and no two modules
//! import each other. Anything else stops the build.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::collections::HashMap;
use std::mem;
use std::path::Path;
use std::path::PathBuf;

use oxc_allocator::Allocator;
use oxc_allocator::Vec as ArenaVec;
use oxc_ast::ast::Declaration;
use oxc_ast::ast::Expression;
use oxc_ast::ast::ImportDeclaration;
use oxc_ast::ast::ImportDeclarationSpecifier;
use oxc_ast::ast::ImportExpression;
use oxc_ast::ast::Program;
use oxc_ast::ast::Statement;
use oxc_ast_visit::Visit;
use oxc_codegen::Codegen;
use oxc_codegen::CodegenOptions;
use oxc_minifier::CompressOptions;
use oxc_minifier::MangleOptions;
use oxc_minifier::Minifier;
use oxc_minifier::MinifierOptions;
use oxc_parser::Parser;
use oxc_semantic::Scoping;
use oxc_semantic::SemanticBuilder;
use oxc_span::SourceType;
use oxc_span::Span;

/// The script that stands for `entry` and everything it imports.
pub fn joined(entry: &Path) -> String {
    let mut modules = Modules::default();
    modules.add(entry);
    modules.text
}

/// The script of `entry`, and those of modules that it imports late. These take what they have in
/// common with it from there, so that nothing is sent twice.
pub fn joined_with_late(entry: &Path, late: &[PathBuf]) -> (String, Vec<String>) {
    let mut first = Modules::default();
    first.add(entry);
    let parts: Vec<Modules> = late
        .iter()
        .map(|path| {
            let mut part = Modules {
                shared: first.exports.clone(),
                ..Modules::default()
            };
            part.add(path);
            part
        })
        .collect();
    let taken: BTreeSet<&String> = parts.iter().flat_map(|part| &part.taken).collect();
    let given: BTreeMap<&String, String> = taken
        .into_iter()
        .enumerate()
        .map(|(at, unique)| (unique, format!("_{at}")))
        .collect();
    for (unique, name) in &given {
        first.text += &exported(unique, name);
    }
    let file = entry.file_name().expect("a name").display();
    let texts = parts.iter().zip(late).map(|(part, path)| {
        let import = |unique| {
            format!(
                "import {{ {} as {unique} }} from './{file}';\n",
                given[unique]
            )
        };
        let mut text: String = part.taken.iter().map(import).collect();
        text += &part.text;
        for (name, unique) in &part.exports[path] {
            text += &exported(unique, name);
        }
        text
    });
    let texts = texts.collect();
    (first.text, texts)
}

/// What gives something another name outside.
fn exported(unique: &str, name: &str) -> String {
    format!("export {{ {unique} as {name} }};\n")
}

#[derive(Default)]
struct Modules {
    /// What was added, each module after those it imports.
    text: String,
    /// What each of them exports, and what that is called in the text.
    exports: Exports,
    /// The same of modules that another script has already.
    shared: Exports,
    /// What was taken from those.
    taken: BTreeSet<String>,
    /// Those whose imports are being added.
    open: Vec<PathBuf>,
}

type Exports = HashMap<PathBuf, BTreeMap<String, String>>;

impl Modules {
    /// Adds a module, unless it is there already.
    fn add(&mut self, path: &Path) {
        if self.exports.contains_key(path) || self.shared.contains_key(path) {
            return;
        }
        let is_circle = self.open.iter().any(|open| open == path);
        assert!(
            !is_circle,
            "{} imports itself, by way of {:?}",
            path.display(),
            self.open
        );
        self.open.push(path.to_owned());
        let source = with_late_imports(&crate::read(path), path);
        let allocator = Allocator::default();
        let mut program = parsed(&allocator, &source, path);
        let mut names = SemanticBuilder::new()
            .build(&program)
            .semantic
            .into_scoping();
        for statement in &program.body {
            if let Statement::ImportDeclaration(import) = statement {
                self.add(&beside(path, import.source.value.as_str()));
            }
        }
        let number = self.shared.len() + self.exports.len();
        for symbol in names
            .iter_bindings_in(names.root_scope_id())
            .collect::<Vec<_>>()
        {
            let unique = format!("{}${number}", names.symbol_name(symbol));
            names.set_symbol_name(symbol, &unique);
        }
        let mut exports = BTreeMap::new();
        for statement in mem::replace(&mut program.body, ArenaVec::new_in(&allocator)) {
            match statement {
                Statement::ImportDeclaration(import) => self.name(&import, path, &mut names),
                Statement::ExportNamedDeclaration(mut export) => {
                    let Some(declaration) = export.declaration.take() else {
                        assert!(
                            export.specifiers.is_empty(),
                            "{}: a list of exports",
                            path.display()
                        );
                        continue;
                    };
                    for name in declared(&declaration) {
                        exports.insert(name.clone(), format!("{name}${number}"));
                    }
                    program.body.push(Statement::from(declaration));
                }
                Statement::ExportDefaultDeclaration(_) | Statement::ExportAllDeclaration(_) => {
                    panic!("{}: only names are exported", path.display())
                }
                other => program.body.push(other),
            }
        }
        self.text += &Codegen::new()
            .with_scoping(Some(names))
            .build(&program)
            .code;
        self.open.pop();
        self.exports.insert(path.to_owned(), exports);
    }

    /// What is imported is called as it is where it comes from.
    fn name(&mut self, import: &ImportDeclaration, importer: &Path, names: &mut Scoping) {
        let source = import.source.value.as_str();
        let path = beside(importer, source);
        let shared = self.shared.get(&path);
        let exports = shared.unwrap_or_else(|| &self.exports[&path]);
        for specifier in import.specifiers.iter().flatten() {
            let ImportDeclarationSpecifier::ImportSpecifier(specifier) = specifier else {
                panic!(
                    "{}: only names are imported from \"{source}\"",
                    importer.display()
                )
            };
            let name = specifier.imported.name();
            let unique = exports.get(name.as_str());
            let unique = unique
                .unwrap_or_else(|| panic!("{}: \"{source}\" has no {name}", importer.display()));
            names.set_symbol_name(specifier.local.symbol_id(), unique);
            if shared.is_some() {
                self.taken.insert(unique.clone());
            }
        }
    }
}

/// A module that is imported only when it is needed stays one of its own: what it is called from
/// there is not what it is called from the entry, which lies in a folder below the root.
fn with_late_imports(source: &str, path: &Path) -> String {
    let allocator = Allocator::default();
    let mut late = LateImports(Vec::new());
    late.visit_program(&parsed(&allocator, source, path));
    let mut text = source.to_owned();
    for (span, name) in late.0.into_iter().rev() {
        let imported = beside(path, &name);
        let below_root: PathBuf = imported.components().skip(1).collect();
        let name = match below_root.strip_prefix("js") {
            Ok(script) => format!("'./{}'", script.file_name().expect("a name").display()),
            Err(_) => format!("'../{}'", below_root.display()),
        };
        text.replace_range(span.start as usize..span.end as usize, &name);
    }
    text
}

struct LateImports(Vec<(Span, String)>);

impl<'a> Visit<'a> for LateImports {
    fn visit_import_expression(&mut self, import: &ImportExpression<'a>) {
        let Expression::StringLiteral(name) = &import.source else {
            panic!("what is imported has a plain name")
        };
        self.0.push((name.span, name.value.to_string()));
    }
}

/// The names of what is exported.
fn declared(declaration: &Declaration) -> Vec<String> {
    let Declaration::VariableDeclaration(variables) = declaration else {
        let name = declaration.id().expect("what is exported has a name");
        return vec![name.name.to_string()];
    };
    let variables = variables.declarations.iter();
    let name =
        |pattern: Option<oxc_span::Atom>| pattern.expect("a plain name is exported").to_string();
    variables
        .map(|variable| name(variable.id.get_identifier_name()))
        .collect()
}

/// `../model/lines.js` beside `static/js/view/line_row.js`.
fn beside(importer: &Path, source: &str) -> PathBuf {
    let mut path = importer.to_owned();
    path.pop();
    for part in source.split('/') {
        match part {
            "." => {}
            ".." => assert!(
                path.pop(),
                "{}: \"{source}\" leads nowhere",
                importer.display()
            ),
            name => path.push(name),
        }
    }
    path
}

/// Said more shortly, with short names for all that is not seen from outside, and without space
/// and comments.
pub fn shortened(text: &str) -> String {
    let allocator = Allocator::default();
    let mut program = parsed(&allocator, text, Path::new("the packed script"));
    let options = MinifierOptions {
        compress: Some(CompressOptions::smallest()),
        mangle: Some(MangleOptions {
            top_level: true,
            ..MangleOptions::default()
        }),
    };
    let names = Minifier::new(options).minify(&allocator, &mut program);
    Codegen::new()
        .with_options(CodegenOptions::minify())
        .with_scoping(names.scoping)
        .with_private_member_mappings(names.class_private_mappings)
        .build(&program)
        .code
}

/// The tree of a script without faults.
pub fn parsed<'a>(allocator: &'a Allocator, text: &'a str, path: &Path) -> Program<'a> {
    let parsed = Parser::new(allocator, text, SourceType::mjs()).parse();
    assert!(
        parsed.errors.is_empty(),
        "{}: {:?}",
        path.display(),
        parsed.errors
    );
    parsed.program
}
