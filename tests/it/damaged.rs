//! Compressed files that are cut short or have wrong bits: whoever reads them is given what can be
//! read, and told that there was more.

use std::fs;

use serde_json::json;

use crate::harness::log_dir::LogDir;
use crate::harness::pages::gzip;
use crate::harness::pages::page;
use crate::harness::pages::texts;
use crate::harness::reader::Reader;
use crate::harness::search::Search;
use crate::harness::server::Server;

const LINES: usize = 2000;

/// A log whose older file is compressed, and then damaged like this.
fn damaged(damage: impl FnOnce(&mut Vec<u8>)) -> (LogDir, Server) {
    let dir = LogDir::new();
    dir.append_lines("app.log", 0..LINES);
    dir.rotate("app.log");
    dir.append("app.log", "newest\n");
    gzip(&dir, "app.log.1");
    let path = dir.path("app.log.1.gz");
    let mut packed = fs::read(&path).expect("read");
    damage(&mut packed);
    fs::write(&path, packed).expect("write");
    let server = Server::start(&[&dir.path("app.log")]);
    (dir, server)
}

fn cut(packed: &mut Vec<u8>) {
    packed.truncate(packed.len() / 2);
}

/// In the checksum at the end.
fn flip(packed: &mut [u8]) {
    let at = packed.len() - 6;
    packed[at] ^= 1;
}

/// The texts that come until a gap, and how that is told.
fn until_gap(reader: &mut Reader) -> (Vec<String>, serde_json::Value) {
    let (texts, gap) = reader.until("gap");
    (texts, gap.data)
}

#[test]
fn a_reader_is_given_the_lines_before_the_damage_and_told_of_a_gap() {
    for (damage, is_whole) in [
        (cut as fn(&mut Vec<u8>), false),
        (|packed| flip(packed), true),
    ] {
        let (_dir, server) = damaged(damage);
        let mut reader = server.unchecked_reader("tail=3000");
        let (texts, gap) = until_gap(&mut reader);
        assert_eq!(texts[0], "line 0");
        assert_eq!(texts.len() == LINES, is_whole, "{} lines", texts.len());
        assert_eq!(gap["reason"], "damaged");
        assert_eq!(gap["loadable"], false);
        reader.expect(&["newest"]);
    }
}

#[test]
fn a_reader_that_comes_back_after_the_damage_was_done_is_told_of_it() {
    let dir = LogDir::new();
    dir.append("app.log", "line 0\n");
    let mut server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.unchecked_reader("tail=0");
    reader.until("ping");
    server.kill_9();
    dir.append_lines("app.log", 1..LINES);
    dir.rotate("app.log");
    dir.append("app.log", "newest\n");
    gzip(&dir, "app.log.1");
    let path = dir.path("app.log.1.gz");
    let mut packed = fs::read(&path).expect("read");
    cut(&mut packed);
    fs::write(&path, packed).expect("write");
    server.restart();
    reader.reconnect();
    let (texts, gap) = until_gap(&mut reader);
    assert_eq!(texts[0], "line 1");
    assert_eq!(gap["reason"], "damaged");
    reader.expect(&["newest"]);
}

#[test]
fn a_file_of_which_nothing_can_be_read_is_a_gap() {
    let (_dir, server) = damaged(|packed| packed.truncate(5));
    let mut reader = server.unchecked_reader("tail=3000");
    let (texts, gap) = until_gap(&mut reader);
    assert!(texts.is_empty());
    assert_eq!(gap["reason"], "damaged");
    reader.expect(&["newest"]);
}

#[test]
fn a_page_says_which_of_its_files_are_damaged() {
    let (_dir, server) = damaged(cut);
    let found = page(&server, "limit=10");
    let texts = texts(&found);
    assert_eq!(texts.len(), 10);
    let segment = &found["lines"][0]["segment"];
    let gaps = found["gaps"].as_array().expect("gaps");
    assert_eq!(gaps.len(), 1, "{found}");
    assert_eq!(gaps[0]["segment"], *segment);
    assert_eq!(gaps[0]["reason"], "damaged");
    assert!(gaps[0]["from"].as_u64() > Some(0));
    let sources = server.get("/api/sources").json();
    assert_eq!(sources["sources"][0]["segments"][0]["torn"], "damaged");
    let newest = page(&server, "limit=1");
    assert_eq!(newest["gaps"], json!(null), "{newest}");
}

#[test]
fn a_search_says_that_it_could_not_read_everything() {
    let (_dir, server) = damaged(cut);
    let found = Search::ask(server.port(), "q=line&limit=5000").all();
    assert!(found.lines.len() > 100);
    assert_eq!(found.done["reason"], "damaged");
    let newest = Search::ask(server.port(), "q=newest").all();
    assert_eq!(newest.texts(), ["newest"]);
}

#[test]
fn a_search_says_that_it_could_read_nothing_of_a_file() {
    let (_dir, server) = damaged(|packed| packed.truncate(5));
    for order in ["newest", "oldest"] {
        let query = format!("q=newest&order={order}");
        let found = Search::ask(server.port(), &query).all();
        assert_eq!(found.texts(), ["newest"]);
        assert_eq!(found.done["reason"], "damaged");
    }
}

#[test]
fn a_download_says_where_it_is_cut() {
    let (_dir, server) = damaged(cut);
    let found = page(&server, "limit=10");
    let segment = found["lines"][0]["segment"].as_str().expect("an id");
    let answer = server.get(&format!("/raw/app.log?segment={segment}"));
    let length = answer.body.len();
    let torn = answer.header("x-log-torn").expect("it says so");
    assert_eq!(torn, format!("damaged; at={length}"));
}
