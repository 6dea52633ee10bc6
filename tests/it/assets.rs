//! The page's files: everything it asks for is served, with the right type, and nothing else may
//! run.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use regex::Regex;

use crate::harness::http;
use crate::harness::http::Response;
use crate::harness::http::send;
use crate::harness::log_dir::LogDir;
use crate::harness::server::Server;

const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
    connect-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

fn server() -> Server {
    let dir = LogDir::new();
    Server::start(&[&dir.path("app.log")])
}

/// Everything the page asks for, in the end: what the document names, and what its modules and
/// styles import.
fn assets(server: &Server) -> BTreeSet<String> {
    let in_page = Regex::new(r#"(?:src|href)="(assets/[^"]+)""#).expect("a regex");
    let in_module =
        Regex::new(r#"(?m)(?:from|import)\s*\(?\s*["'](\.[^"']+)["']|url\(["']?(\.[^"')]+)"#);
    let in_module = in_module.expect("a regex");
    let mut found = BTreeSet::new();
    let page = server.get("/").text();
    let mut waiting: Vec<String> = in_page
        .captures_iter(&page)
        .map(|found| found[1].to_owned())
        .collect();
    while let Some(path) = waiting.pop() {
        if !found.insert(path.clone()) {
            continue;
        }
        let answer = server.get(&format!("/{path}"));
        assert_eq!(answer.status(), 200, "{path}");
        for import in in_module.captures_iter(&answer.text()) {
            let relative = import.get(1).or(import.get(2)).expect("one of the two");
            waiting.push(resolved(&path, relative.as_str()));
        }
    }
    found
}

/// `../model/lines.js`, imported by `assets/1/js/view/line_row.js`, is
/// `assets/1/js/model/lines.js`.
fn resolved(importer: &str, relative: &str) -> String {
    let mut parts: Vec<&str> = importer.split('/').collect();
    parts.pop();
    for part in relative.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop().expect("not above the root");
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

fn expected_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("webmanifest") => "application/manifest+json",
        other => panic!("an asset of an unknown kind: {other:?}"),
    }
}

#[test]
fn everything_the_page_imports_is_served_with_its_type() {
    let server = server();
    let assets = assets(&server);
    assert!(
        assets.iter().any(|path| path.ends_with("/js/main.js")),
        "{assets:?}"
    );
    assert!(assets.len() > 5, "{assets:?}");
    for path in assets {
        let answer = server.get(&format!("/{path}"));
        assert_eq!(
            answer.header("content-type"),
            Some(expected_type(&path)),
            "{path}"
        );
        let forever = Some("public, max-age=31536000, immutable");
        assert_eq!(answer.header("cache-control"), forever, "{path}");
    }
}

#[test]
fn every_asset_is_reached_or_named_by_one_that_is() {
    let server = server();
    let reached = assets(&server);
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/static");
    // Types are imported in comments, which are not sent.
    let source_of = |path: &String| {
        let name = path.splitn(3, '/').last().expect("below a folder");
        fs::read_to_string(Path::new(root).join(name)).expect("text")
    };
    let texts: Vec<String> = reached.iter().map(source_of).collect();
    for entry in walkdir::WalkDir::new(root) {
        let entry = entry.expect("readable");
        let path = entry.path().strip_prefix(root).expect("below the root");
        if entry.file_type().is_dir() || path.ends_with("index.html") {
            continue;
        }
        let is_reached = reached
            .iter()
            .any(|reached| Path::new(reached).ends_with(path));
        // A script may make the address from the name.
        let name = path.file_stem().and_then(OsStr::to_str).expect("UTF-8");
        let (quoted, imported) = (format!("'{name}'"), format!("/{name}.js'"));
        let is_named = |text: &String| text.contains(&quoted) || text.contains(&imported);
        let is_named = texts.iter().any(is_named);
        assert!(
            is_reached || is_named,
            "{} is dead; reached: {reached:?}",
            path.display()
        );
    }
}

#[test]
fn the_page_may_run_nothing_but_its_own_files() {
    let page = server().get("/");
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert_eq!(page.header("content-security-policy"), Some(PAGE_POLICY));
    assert_eq!(page.header("cache-control"), Some("no-cache"));
    let text = page.text();
    assert!(!text.contains("{{"), "a placeholder is left");
    for forbidden in [
        " style=",
        "<style",
        "javascript:",
        " onclick",
        " onload",
        "http://",
        "https://",
    ] {
        assert!(!text.contains(forbidden), "{forbidden} in the page");
    }
    let inline = Regex::new(r"<script[^>]*>[^<]").expect("a regex");
    assert!(!inline.is_match(&text), "an inline script");
}

#[test]
fn a_page_that_did_not_change_is_not_sent_again() {
    let server = server();
    let tag = server.get("/").header("etag").expect("an ETag").to_owned();
    assert!(tag.starts_with('"'), "a strong one: {tag}");
    let again = |tag: &str| -> Response {
        let request = http::request("GET", "/", server.port(), &[("If-None-Match", tag)]);
        send(server.port(), request.as_bytes())
    };
    assert_eq!(again(&tag).status(), 304);
    assert_eq!(again("\"another\"").status(), 200);
}

#[test]
fn a_page_of_an_older_version_is_told_that_its_assets_are_gone() {
    let server = server();
    for path in assets(&server) {
        let other = path.replacen("assets/", "assets/0", 1);
        assert_eq!(server.get(&format!("/{other}")).status(), 404, "{other}");
    }
}

#[test]
fn the_assets_have_another_address_after_a_change_only() {
    assert_eq!(assets(&server()), assets(&server()));
}
