//! Packs the page for browsers, as a part of `cargo build`.
//!
//! People read many small modules and style sheets with their comments; a browser
//! gets one script and one style sheet, with short names, each also compressed
//! already. So nobody needs anything but cargo, and nothing is compressed twice.
//!
//! What a browser loads by its own name is an entry; entries keep their names, so
//! that the page says the same of both. Everything else goes into an entry.

#[path = "build/members.rs"]
mod members;
#[path = "build/script.rs"]
mod script;
#[path = "build/sheet.rs"]
mod sheet;

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

use xxhash_rust::xxh3::Xxh3;

use crate::members::Members;

const PAGE: &str = "index.html";
const SCRIPTS: [&str; 2] = ["js/worker.js", "js/first.js"];
const MAIN: &str = "js/main.js";
/// Imported by the page when they are wanted: it is small without them.
const LATE: [&str; 6] = [
    "js/view/detail_panel.js",
    "js/view/goto_dialog.js",
    "js/view/help_dialog.js",
    "js/view/hit_list.js",
    "js/view/share_dialog.js",
    "js/view/sign_in.js",
];
/// What the server sends, and so how it is called.
const WIRE: &str = "js/wire/payloads.js";
const SHEET: &str = "css/main.css";
const ICONS: &str = "icons";
/// Modules of others, imported by the page when it needs them; they are served as they came.
const VENDORED: [&str; 1] = ["vendor/lean-qr/nano.mjs"];
/// The page stands for its parts' folder as this text.
const FOLDER: &str = "{{assets}}";

fn main() {
    println!("cargo::rerun-if-changed=static");
    let source = Path::new("static");
    let target = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it")).join("page");
    if target.exists() {
        fs::remove_dir_all(&target).expect("the last packing can be removed");
    }
    let parts = parts(source);
    let mut hash = Xxh3::new();
    for (name, content) in &parts {
        hash.update(name.as_bytes());
        hash.update(content);
    }
    let folder = format!("assets/{:016x}", hash.digest());
    for (name, content) in &parts {
        write(&target, &format!("{folder}/{name}"), content);
    }
    let page = sheet::trimmed(&read(&source.join(PAGE)));
    write(&target, PAGE, page.replace(FOLDER, &folder).as_bytes());
}

/// What a browser gets beside the page, by name.
fn parts(source: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut parts = BTreeMap::new();
    parts.insert(
        SHEET.to_owned(),
        sheet::joined(&source.join(SHEET)).into_bytes(),
    );
    let (main, late) =
        script::joined_with_late(&source.join(MAIN), &LATE.map(|name| source.join(name)));
    let mut scripts = vec![main];
    scripts.extend(late);
    scripts.extend(SCRIPTS.map(|name| script::joined(&source.join(name))));
    let names = [MAIN].into_iter().chain(LATE).chain(SCRIPTS);
    let members = Members::of(&scripts, &read(&source.join(WIRE)));
    for (name, script) in names.zip(&scripts) {
        let script = script::shortened(&members.shorten(script));
        let (_, file) = name.rsplit_once('/').expect("in a folder");
        parts.insert(format!("js/{file}"), script.into_bytes());
    }
    for name in VENDORED {
        parts.insert(name.to_owned(), read(&source.join(name)).into_bytes());
    }
    for icon in fs::read_dir(source.join(ICONS)).expect("icons") {
        let path = icon.expect("an icon").path();
        let name = path.file_name().and_then(OsStr::to_str).expect("UTF-8");
        parts.insert(
            format!("{ICONS}/{name}"),
            fs::read(&path).expect("readable"),
        );
    }
    parts
}

/// Text of a source, or the reason why there is no page.
fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A file for the binary, and beside it the same compressed in both ways that browsers know.
fn write(target: &Path, name: &str, content: &[u8]) {
    let path = target.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
    let beside = |ending: &str| target.join(format!("{name}.{ending}"));
    fs::write(&path, content).expect("can be written");
    fs::write(beside("gz"), gzipped(content)).expect("can be written");
    fs::write(beside("br"), brotli(content)).expect("can be written");
}

fn gzipped(content: &[u8]) -> Vec<u8> {
    let mut compressed = Vec::new();
    let options = zopfli::Options::default();
    zopfli::compress(options, zopfli::Format::Gzip, content, &mut compressed)
        .expect("memory takes it");
    compressed
}

fn brotli(content: &[u8]) -> Vec<u8> {
    let mut compressed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams::default();
    brotli::BrotliCompress(&mut &*content, &mut compressed, &parameters).expect("memory takes it");
    compressed
}
