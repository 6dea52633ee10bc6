//! The code's own shape. Each check reads the source as text, so that it holds for code that is not
//! compiled here too.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

use regex::Regex;
use walkdir::WalkDir;

const LINES_MAX: usize = 400;

/// Which outside crate is named where: path prefixes of `src/`.
const HOMES: [(&str, &[&str]); 24] = [
    ("notify", &["follow/watch.rs"]),
    ("actix_web", &["http", "server.rs", "lib.rs"]),
    ("actix_http", &["http/answer.rs", "server.rs"]),
    ("actix_service", &["server.rs"]),
    ("httparse", &["http/head.rs"]),
    ("clap", &["cli.rs", "cli/"]),
    (
        "regex",
        &[
            "filter.rs",
            "filter/",
            "record.rs",
            "record/",
            "redaction.rs",
            "redaction/",
        ],
    ),
    (
        "base64",
        &["position.rs", "position/", "token.rs", "http/access/"],
    ),
    ("jiff", &["record/", "demo"]),
    ("globset", &["source/"]),
    ("walkdir", &["source/"]),
    ("rust_embed", &["http/assets.rs"]),
    ("percent_encoding", &["http/"]),
    ("socket2", &["http", "lib.rs"]),
    ("serde_json", &["http", "record/"]),
    ("getrandom", &["token.rs", "http/access/"]),
    ("hmac", &["http/access/session.rs"]),
    ("if_addrs", &["http/addresses.rs"]),
    ("ipnet", &["config/access.rs", "http/access/"]),
    ("qrcode", &["greeting.rs"]),
    ("rcgen", &["http/tls.rs"]),
    (
        "tokio_rustls",
        &["http/tls.rs", "http/access/peer.rs", "server.rs"],
    ),
    ("subtle", &["token.rs"]),
    ("tracing_subscriber", &["diagnostics.rs"]),
];

/// Names that say of what kind a file is and not what is in it.
const NAMELESS: [&str; 7] = [
    "utils", "util", "helpers", "helper", "common", "misc", "prelude",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files below a folder that end so, with their text; paths are relative to the folder.
fn files(folder: &str, extension: &str) -> Vec<(String, String)> {
    let folder = root().join(folder);
    let is_ours = |entry: &walkdir::DirEntry| entry.file_name() != "node_modules";
    WalkDir::new(&folder)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(is_ours)
        .map(|entry| entry.expect("readable").into_path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .map(|path| {
            (
                relative(&path, &folder),
                fs::read_to_string(&path).expect("UTF-8"),
            )
        })
        .collect()
}

fn relative(path: &Path, folder: &Path) -> String {
    let path = path.strip_prefix(folder).expect("below the folder");
    path.to_str().expect("UTF-8").to_owned()
}

/// What is in strings and comments is no code.
fn code(text: &str) -> String {
    let prose = Regex::new(r#"(?m)//.*$|"(?:[^"\\]|\\.)*""#).expect("a regex");
    prose.replace_all(text, "").into_owned()
}

/// The modules of a file in the order of its `mod` lines.
fn modules(text: &str) -> Vec<String> {
    let line = Regex::new(r"(?m)^(?:pub(?:\([a-z]+\))? )?mod (\w+);").expect("a regex");
    line.captures_iter(text)
        .map(|found| found[1].to_owned())
        .filter(|name| name != "tests")
        .collect()
}

/// The reading order: the `mod` lines of `lib.rs`, each module's children before itself.
fn reading_order() -> Vec<String> {
    fn add(order: &mut Vec<String>, module: &str, path: &Path) {
        let file = path.with_extension("rs");
        let text =
            fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        for child in modules(&text) {
            add(order, &format!("{module}::{child}"), &path.join(&child));
        }
        order.push(module.to_owned());
    }
    let source = root().join("src");
    let mut order = Vec::new();
    for module in modules(&fs::read_to_string(source.join("lib.rs")).expect("lib.rs")) {
        add(&mut order, &module, &source.join(&module));
    }
    order
}

/// `follow/splitter/tests.rs` is part of `follow::splitter`.
fn module_of(path: &str) -> String {
    let path = path.strip_suffix("/tests.rs").or(path.strip_suffix(".rs"));
    path.expect("a Rust file").replace('/', "::")
}

#[test]
fn a_module_imports_only_what_stands_above_it() {
    let order = reading_order();
    let place: HashMap<&str, usize> = order
        .iter()
        .enumerate()
        .map(|(place, name)| (name.as_str(), place))
        .collect();
    let import =
        Regex::new(r"\bcrate::((?:[a-z_][a-z0-9_]*::)*[A-Za-z_][A-Za-z0-9_]*)").expect("a regex");
    let mut faults = Vec::new();
    for (path, text) in files("src", "rs") {
        let module = module_of(&path);
        let Some(own) = place.get(module.as_str()) else {
            continue;
        };
        if path.ends_with("tests.rs") {
            continue;
        }
        for found in import.captures_iter(&code(&text)) {
            // The longest prefix that is a module; the rest is an item of it.
            let mut target = &found[1];
            while !place.contains_key(target) && target.contains("::") {
                target = target.rsplit_once("::").expect("it has one").0;
            }
            let is_above = place.get(target).is_some_and(|other| other < own);
            if !is_above && target != module {
                faults.push(format!("{path} imports crate::{}", &found[1]));
            }
        }
    }
    assert_eq!(faults, [""; 0], "the order is {order:?}");
}

#[test]
fn every_file_belongs_to_a_module() {
    let order = reading_order();
    for (path, _) in files("src", "rs") {
        let module = module_of(&path);
        let is_known = ["lib", "main"].contains(&module.as_str()) || order.contains(&module);
        assert!(is_known || is_part_of_tests(&path), "{path} is dead");
    }
}

/// `subscription/tests/files.rs` is, when `subscription/tests.rs` says so.
fn is_part_of_tests(path: &str) -> bool {
    let Some((tests, file)) = path.rsplit_once('/') else {
        return false;
    };
    let tests = root().join("src").join(tests).with_extension("rs");
    let module = file.strip_suffix(".rs").expect("a Rust file").to_owned();
    let is_tests = tests.ends_with("tests.rs");
    is_tests && modules(&fs::read_to_string(tests).unwrap_or_default()).contains(&module)
}

#[test]
fn an_outside_crate_has_one_home() {
    let mut faults = Vec::new();
    for (path, text) in files("src", "rs") {
        let code = code(&text);
        for (name, homes) in HOMES {
            let is_home = homes.iter().any(|home| path.starts_with(home));
            let named = Regex::new(&format!(
                r"(?m)\b{name}::|\buse {name};|\bextern crate {name}\b"
            ));
            if !is_home && !path.ends_with("tests.rs") && named.expect("a regex").is_match(&code) {
                faults.push(format!("{path} names {name}, whose home is {homes:?}"));
            }
        }
    }
    assert_eq!(faults, [""; 0]);
}

#[test]
fn following_and_the_store_are_not_async() {
    let word = Regex::new(r"\basync\b|\.await\b").expect("a regex");
    for folder in ["src/follow", "src/store"] {
        for (path, text) in files(folder, "rs") {
            assert!(!word.is_match(&code(&text)), "{folder}/{path} is async");
        }
    }
}

#[test]
fn nothing_global_can_change() {
    let word = Regex::new(r"\bstatic mut\b|\bstatic \w+: [^=;]*(?:Mutex|RwLock|Atomic|Cell|Lazy)")
        .expect("a regex");
    for (path, text) in files("src", "rs") {
        assert!(!word.is_match(&code(&text)), "{path} has a mutable static");
    }
}

#[test]
fn files_are_short_and_open_with_a_purpose() {
    for folder in ["src", "static", "tests"] {
        for (path, text) in files(folder, "rs") {
            let lines = text.lines().count();
            assert!(lines <= LINES_MAX, "{folder}/{path} has {lines} lines");
            let has_purpose = text.starts_with("//!") || path.ends_with("tests.rs");
            assert!(has_purpose, "{folder}/{path} does not say what it is for");
        }
    }
    for folder in ["static", "tests/page"] {
        for (path, text) in files(folder, "js") {
            let lines = text.lines().count();
            assert!(lines <= LINES_MAX, "{folder}/{path} has {lines} lines");
        }
    }
}

#[test]
fn no_file_is_named_for_its_kind() {
    for folder in ["src", "static", "tests"] {
        for extension in ["rs", "js", "css"] {
            for (path, _) in files(folder, extension) {
                let stem = PathBuf::from(&path).file_stem().expect("a name").to_owned();
                let stem = stem.to_str().expect("UTF-8");
                assert!(!NAMELESS.contains(&stem), "{folder}/{path}");
            }
        }
    }
}

#[test]
fn imports_name_one_thing_each() {
    let glob = Regex::new(r"(?m)^\s*(?:pub )?use [^;]*(?:\*|super::super)[^;]*;").expect("a regex");
    let group = Regex::new(r"(?m)^\s*(?:pub )?use crate::[^;]*\{").expect("a regex");
    for (path, text) in files("src", "rs") {
        let is_test = path.ends_with("tests.rs");
        assert!(
            is_test || !glob.is_match(&text),
            "{path} imports by a glob or from above"
        );
        assert!(!group.is_match(&text), "{path} groups imports");
    }
}

#[test]
fn nothing_is_left_for_later() {
    let words = Regex::new(
        &[
            "TO", "DO|FIX", "ME|X", "XX|dbg", "!|todo", "!|unimpl", "emented!",
        ]
        .concat(),
    );
    let words = words.expect("a regex");
    for (folder, extension) in [
        ("src", "rs"),
        ("tests", "rs"),
        ("static", "js"),
        ("static", "css"),
        ("tests/page", "js"),
    ] {
        for (path, text) in files(folder, extension) {
            assert!(!words.is_match(&text), "{folder}/{path}");
        }
    }
}

#[test]
fn the_pages_model_does_not_know_the_page() {
    let page = Regex::new(r"\b(?:document|window|localStorage|HTMLElement|EventSource|fetch)\b")
        .expect("a regex");
    let blocks = Regex::new(r"(?s)/\*.*?\*/").expect("a regex");
    let import = Regex::new(r#"from\s+["']([^"']+)["']"#).expect("a regex");
    for (path, text) in files("static/js/model", "js") {
        let code = code(&blocks.replace_all(&text, ""));
        assert!(!page.is_match(&code), "model/{path} knows the page");
        for found in import.captures_iter(&text) {
            let is_above = found[1].starts_with("../view") || found[1].starts_with("../wire");
            assert!(!is_above, "model/{path} imports {}", &found[1]);
        }
    }
}

#[test]
fn markup_is_never_made_of_text() {
    let forbidden = Regex::new(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function\(",
    );
    let forbidden = forbidden.expect("a regex");
    for (path, text) in files("static/js", "js") {
        assert!(!forbidden.is_match(&code(&text)), "{path}");
    }
}

#[test]
fn the_readme_names_every_flag() {
    let readme = fs::read_to_string(root().join("README.md")).expect("README.md");
    let flags = Regex::new(r"(?m)^\s+(?:-\w, |    )(--[a-z-]+)").expect("a regex");
    let help = fs::read_to_string(root().join("tests/golden/help-short.txt")).expect("the help");
    let flags: Vec<&str> = flags
        .captures_iter(&help)
        .map(|found| found.get(1).expect("a flag").as_str())
        .collect();
    assert!(flags.len() > 10, "{flags:?}");
    for flag in flags {
        assert!(
            readme.contains(&format!("`{flag}`")) || readme.contains(&format!("{flag}`")),
            "{flag}"
        );
    }
}
