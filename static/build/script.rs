//! One script out of a module and all it imports.
//!
//! Each module becomes a function that is called once, in the order in which they
//! need each other, and returns what the module exports; so names of two modules
//! never meet. This takes modules written plainly: what is exported and imported
//! has a name, and no two modules import each other. Anything else stops the build.

use std::path::Path;
use std::path::PathBuf;

use oxc_allocator::Allocator;
use oxc_ast::ast::Declaration;
use oxc_ast::ast::ExportNamedDeclaration;
use oxc_ast::ast::Expression;
use oxc_ast::ast::ImportDeclaration;
use oxc_ast::ast::ImportDeclarationSpecifier;
use oxc_ast::ast::ImportExpression;
use oxc_ast::ast::Program;
use oxc_ast::ast::Statement;
use oxc_ast_visit::Visit;
use oxc_codegen::Codegen;
use oxc_codegen::CodegenOptions;
use oxc_mangler::MangleOptions;
use oxc_mangler::Mangler;
use oxc_parser::Parser;
use oxc_span::GetSpan;
use oxc_span::SourceType;
use oxc_span::Span;

/// The script that stands for `entry` and everything it imports.
pub fn packed(entry: &Path) -> String {
    let mut modules = Modules::default();
    modules.add(entry);
    shortened(&modules.text)
}

#[derive(Default)]
struct Modules {
    /// What was added, each module after those it imports.
    text: String,
    done: Vec<Module>,
    /// Those whose imports are being added.
    open: Vec<PathBuf>,
}

struct Module {
    path: PathBuf,
    /// In the text an export is called by its place here.
    exports: Vec<String>,
}

impl Modules {
    /// Adds a module, unless it is there already; says which one it is.
    fn add(&mut self, path: &Path) -> usize {
        if let Some(number) = self.done.iter().position(|module| module.path == path) {
            return number;
        }
        assert!(
            !self.open.contains(&path.to_owned()),
            "{} imports itself, by way of {:?}",
            path.display(),
            self.open
        );
        self.open.push(path.to_owned());
        let source = with_late_imports(&crate::read(path), path);
        let allocator = Allocator::default();
        let program = parsed(&allocator, &source, path);
        let mut exports = Vec::new();
        let mut body = String::new();
        for statement in &program.body {
            let text = &source[statement.span().start as usize..statement.span().end as usize];
            match statement {
                Statement::ImportDeclaration(import) => body += &self.import(import, path),
                Statement::ExportNamedDeclaration(export) => {
                    let (names, from) = exported(export, path);
                    exports.extend(names);
                    body += &text[from - statement.span().start as usize..];
                }
                Statement::ExportDefaultDeclaration(_) | Statement::ExportAllDeclaration(_) => {
                    panic!("{}: `{text}`: only names are exported", path.display())
                }
                _ => body += text,
            }
            body.push('\n');
        }
        let returned: Vec<_> = exports
            .iter()
            .enumerate()
            .map(|(place, name)| format!("e{place}: {name}"))
            .collect();
        let number = self.done.len();
        let returned = returned.join(", ");
        let function =
            format!("const m{number} = (() => {{\n{body}return {{ {returned} }};\n}})();\n");
        self.text.push_str(&function);
        self.open.pop();
        self.done.push(Module {
            path: path.to_owned(),
            exports,
        });
        number
    }

    /// What stands in the place of an import.
    fn import(&mut self, import: &ImportDeclaration, importer: &Path) -> String {
        let source = import.source.value.as_str();
        let number = self.add(&beside(importer, source));
        let names = import.specifiers.iter().flatten().map(|specifier| {
            let ImportDeclarationSpecifier::ImportSpecifier(specifier) = specifier else {
                panic!(
                    "{}: only names are imported from \"{source}\"",
                    importer.display()
                )
            };
            let name = specifier.imported.name();
            let place = self.done[number]
                .exports
                .iter()
                .position(|export| name == export);
            let place = place
                .unwrap_or_else(|| panic!("{}: \"{source}\" has no {name}", importer.display()));
            format!("e{place}: {}", specifier.local.name)
        });
        format!(
            "const {{ {} }} = m{number};",
            names.collect::<Vec<_>>().join(", ")
        )
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
        let name = format!("'../{}'", below_root.display());
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

/// The names a statement exports, and where in the source the part begins that stays.
fn exported(export: &ExportNamedDeclaration, path: &Path) -> (Vec<String>, usize) {
    let Some(declaration) = &export.declaration else {
        assert!(
            export.specifiers.is_empty(),
            "{}: a list of exports",
            path.display()
        );
        return (Vec::new(), export.span.end as usize);
    };
    let names = match declaration {
        Declaration::VariableDeclaration(variables) => variables
            .declarations
            .iter()
            .map(|variable| {
                variable
                    .id
                    .get_identifier_name()
                    .expect("a plain name is exported")
                    .to_string()
            })
            .collect(),
        other => vec![
            other
                .id()
                .expect("what is exported has a name")
                .name
                .to_string(),
        ],
    };
    (names, declaration.span().start as usize)
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

/// With short names for all that is not seen from outside, and without space and comments.
fn shortened(text: &str) -> String {
    let allocator = Allocator::default();
    let program = parsed(&allocator, text, Path::new("the packed script"));
    let options = MangleOptions {
        top_level: true,
        ..MangleOptions::default()
    };
    let names = Mangler::new().with_options(options).build(&program);
    Codegen::new()
        .with_options(CodegenOptions::minify())
        .with_scoping(Some(names.scoping))
        .with_private_member_mappings(Some(names.class_private_mappings))
        .build(&program)
        .code
}

fn parsed<'a>(allocator: &'a Allocator, text: &'a str, path: &Path) -> Program<'a> {
    let parsed = Parser::new(allocator, text, SourceType::mjs()).parse();
    assert!(
        parsed.errors.is_empty(),
        "{}: {:?}",
        path.display(),
        parsed.errors
    );
    parsed.program
}
