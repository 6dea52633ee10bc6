//! The page's files: everything it asks for is served, with the right type, and nothing else may
//! run.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;
use regex::Regex;

use crate::harness::http;
use crate::harness::http::Response;
use crate::harness::http::send;
use crate::harness::log_dir::LogDir;
use crate::harness::server::Server;

const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
    connect-src 'self'; manifest-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types logstream-worker";

fn server() -> Server {
    let dir = LogDir::new();
    Server::start(&[&dir.path("app.log")])
}

/// Everything the page asks for: what it names, and what its scripts name.
fn assets(server: &Server) -> BTreeSet<String> {
    let in_page = Regex::new(r#"(?:src|href)="(assets/[^"]+)""#).expect("a regex");
    let in_script = r#"(?:\bimport\(|new URL\()[`'"]([^`'"$]+\.m?js)[`'"]"#;
    let in_script = Regex::new(in_script).expect("a regex");
    let page = server.get("/").text();
    let named = in_page.captures_iter(&page);
    let mut assets: BTreeSet<_> = named.map(|found| found[1].to_owned()).collect();
    for path in assets.clone() {
        let script = server.get(&format!("/{path}")).text();
        let late = in_script.captures_iter(&script);
        assets.extend(late.map(|found| resolved(&path, &found[1])));
    }
    assets
}

fn get_as(server: &Server, path: &str, accepted: &str) -> Response {
    let headers = [("Accept-Encoding", accepted)];
    let request = http::request("GET", path, server.port(), &headers);
    send(server.port(), request.as_bytes())
}

/// The body as a browser reads it.
fn unpacked(answer: &Response) -> Vec<u8> {
    let mut plain = Vec::new();
    match answer.header("content-encoding") {
        None => plain.clone_from(&answer.body),
        Some("gzip") => {
            let mut decoder = GzDecoder::new(answer.body.as_slice());
            decoder.read_to_end(&mut plain).expect("gzip");
        }
        Some("br") => {
            let mut decoder = brotli::Decompressor::new(answer.body.as_slice(), 4096);
            decoder.read_to_end(&mut plain).expect("brotli");
        }
        other => panic!("{other:?}"),
    }
    plain
}

fn expected_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        other => panic!("an asset of an unknown kind: {other:?}"),
    }
}

#[test]
fn everything_the_page_asks_for_is_served_with_its_type() {
    let server = server();
    let assets = assets(&server);
    assert!(
        assets.iter().any(|path| path.ends_with("/js/main.js")),
        "{assets:?}"
    );
    assert!(assets.len() > 3, "{assets:?}");
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
fn a_browser_gets_the_form_it_likes_best() {
    let server = server();
    let assets = assets(&server);
    let paths = assets.iter().map(|path| format!("/{path}"));
    for path in paths.chain(["/".to_owned()]) {
        let plain = server.get(&path);
        assert_eq!(plain.header("content-encoding"), None, "{path}");
        for (accepted, encoding) in [
            ("gzip, deflate, br, zstd", Some("br")),
            ("gzip, deflate", Some("gzip")),
            ("br;q=0.5, gzip", Some("gzip")),
            ("br;q=0, gzip", Some("gzip")),
            ("GZIP", Some("gzip")),
            ("deflate", None),
            ("gzip;q=0", None),
            ("identity", None),
            ("", None),
            ("\"", None),
        ] {
            let answer = get_as(&server, &path, accepted);
            let what = format!("{path} as {accepted:?}");
            assert_eq!(answer.status(), 200, "{what}");
            assert_eq!(answer.header("content-encoding"), encoding, "{what}");
            assert_eq!(answer.header("vary"), Some("Accept-Encoding"), "{what}");
            assert_eq!(answer.header("content-type"), plain.header("content-type"));
            assert!(unpacked(&answer) == plain.body, "{what}");
        }
    }
}

/// What is fetched only when it is wanted.
const LATE: [&str; 6] = [
    "detail_panel",
    "goto_dialog",
    "help_dialog",
    "hit_list",
    "share_dialog",
    "sign_in",
];

#[test]
fn the_whole_page_is_small() {
    let server = server();
    let assets = assets(&server).into_iter().map(|path| format!("/{path}"));
    let sizes: Vec<_> = assets
        .filter(|path| !path.contains("/vendor/") && !LATE.iter().any(|late| path.contains(late)))
        .chain(["/".to_owned()])
        .map(|path| (get_as(&server, &path, "gzip").body.len(), path))
        .collect();
    let whole: usize = sizes.iter().map(|(size, _)| size).sum();
    assert!(whole <= 60 * 1024, "{whole} bytes: {sizes:?}");
}

#[test]
fn a_compressed_form_has_no_address_of_its_own() {
    let server = server();
    for path in assets(&server) {
        for ending in ["gz", "br"] {
            assert_eq!(server.get(&format!("/{path}.{ending}")).status(), 404);
        }
    }
}

/// `../model/lines.js`, imported by `js/view/line_row.js`, is `js/model/lines.js`.
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

/// Types are imported in comments; a worker and an icon are named by a script.
#[test]
fn every_file_of_the_page_is_used() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/static"));
    let import = r#"(?:from|import)\s*\(?\s*["'](\.[^"']+|\w+\.css)["']"#;
    let import = Regex::new(import).expect("a regex");
    let mut reached = BTreeSet::new();
    let mut texts = Vec::new();
    let page = fs::read_to_string(root.join("index.html")).expect("the page");
    let named = Regex::new(r#""\{\{assets\}\}/([^"]+)""#).expect("a regex");
    let mut waiting: Vec<String> = named
        .captures_iter(&page)
        .map(|found| found[1].to_owned())
        .collect();
    while let Some(path) = waiting.pop() {
        if !reached.insert(path.clone()) {
            continue;
        }
        let text = fs::read_to_string(root.join(&path));
        let text = text.unwrap_or_else(|error| panic!("{path}: {error}"));
        let imports = import.captures_iter(&text);
        waiting.extend(imports.map(|found| resolved(&path, &found[1])));
        texts.push(text);
    }
    for entry in walkdir::WalkDir::new(root) {
        let path = entry.expect("readable").into_path();
        let name = path.strip_prefix(root).expect("below the root");
        let ending = path.extension().and_then(OsStr::to_str);
        if !matches!(ending, Some("js" | "mjs" | "css" | "svg")) {
            continue;
        }
        let name = name.to_str().expect("UTF-8");
        let stem = path.file_stem().and_then(OsStr::to_str).expect("UTF-8");
        let (quoted_script, quoted) = (format!("'{stem}.js'"), format!("'{stem}'"));
        let is_named = |text: &String| text.contains(&quoted) || text.contains(&quoted_script);
        let is_named = texts.iter().any(is_named);
        assert!(reached.contains(name) || is_named, "{name} is dead");
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
    for form in ["br", "gzip", "identity"] {
        let tag = get_as(&server, "/", form);
        let tag = tag.header("etag").expect("an ETag").to_owned();
        assert!(tag.starts_with('"'), "a strong one: {tag}");
        let again = |known: &str| -> Response {
            let headers = [("If-None-Match", known), ("Accept-Encoding", form)];
            let request = http::request("GET", "/", server.port(), &headers);
            send(server.port(), request.as_bytes())
        };
        for known in [&tag, &format!("\"another\", W/{tag}"), "*"] {
            let answer = again(known);
            assert_eq!(answer.status(), 304, "{known}");
            assert_eq!(answer.header("etag"), Some(tag.as_str()));
            assert_eq!(answer.header("vary"), Some("Accept-Encoding"));
        }
        assert_eq!(again("\"another\"").status(), 200);
    }
    let tags = ["br", "gzip", "identity"].map(|form| {
        let tag = get_as(&server, "/", form);
        tag.header("etag").expect("an ETag").to_owned()
    });
    assert_eq!(BTreeSet::from(tags).len(), 3, "one for each form");
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
