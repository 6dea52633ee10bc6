//! Pages of history, asked for one by one.

use std::fs;
use std::io::Write;

use serde_json::Value;

use crate::harness::log_dir::LogDir;
use crate::harness::server::Server;

/// A page that is there.
#[track_caller]
pub fn page(server: &Server, query: &str) -> Value {
    let answer = server.get(&format!("/api/history?{query}"));
    assert_eq!(answer.status(), 200, "{query}: {}", answer.text());
    answer.json()
}

pub fn texts(page: &Value) -> Vec<String> {
    let lines = page["lines"].as_array().expect("lines");
    let text = |line: &Value| line["text"].as_str().expect("a text").to_owned();
    lines.iter().map(text).collect()
}

/// The position of the line with this text.
#[track_caller]
pub fn position(page: &Value, text: &str) -> String {
    let lines = page["lines"].as_array().expect("lines");
    let line = lines.iter().find(|line| line["text"] == text);
    let line = line.unwrap_or_else(|| panic!("no line {text:?} in {page}"));
    format!(
        "{}.{}",
        line["segment"].as_str().expect("an id"),
        line["offset"]
    )
}

/// All lines from the end to the first, by pages.
#[track_caller]
pub fn backward(server: &Server, query: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut found = page(server, query);
    loop {
        all.splice(0..0, texts(&found));
        let Some(older) = found["older"].as_str() else {
            return all;
        };
        found = page(server, &format!("{query}&before={older}"));
    }
}

/// All lines from this place to the last.
#[track_caller]
pub fn forward(server: &Server, query: &str, from: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut from = from.to_owned();
    loop {
        let found = page(server, &format!("{query}&after={from}"));
        all.extend(texts(&found));
        let Some(newer) = found["newer"].as_str() else {
            return all;
        };
        newer.clone_into(&mut from);
    }
}

pub fn gzip(dir: &LogDir, name: &str) {
    let text = fs::read(dir.path(name)).expect("read");
    let file = fs::File::create(dir.path(&format!("{name}.gz"))).expect("create");
    let mut packed = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    packed.write_all(&text).expect("write");
    packed.finish().expect("finish");
    fs::remove_file(dir.path(name)).expect("remove");
}
