//! Bytes to lines: unfinished, endless, foreign.

use crate::harness::log_dir::LogDir;
use crate::harness::reader::Reader;
use crate::harness::server::Server;

/// Bytes of a line that are sent; what is longer is cut there.
const LINE_BYTES_MAX: usize = 64 * 1024;

fn following() -> (LogDir, Server, Reader) {
    let dir = LogDir::new();
    dir.append("app.log", "");
    let server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.reader(&dir, "tail=0");
    reader.until("ping");
    (dir, server, reader)
}

/// These bytes, written at once, are these lines; so they are when they stood in the file before
/// the reader came, and when every byte is written by itself.
#[track_caller]
fn check(bytes: &[u8], expected: &[&str]) {
    let (dir, server, mut reader) = following();
    dir.append("app.log", bytes);
    reader.expect(expected);
    server.reader(&dir, "").expect(expected);
    for byte in bytes {
        dir.append("app.log", [*byte]);
    }
    reader.expect(expected);
}

#[test]
fn an_unfinished_line_arrives_once_and_whole() {
    let (dir, _server, mut reader) = following();
    dir.append("app.log", "first\nhal");
    reader.expect(&["first"]);
    dir.append("app.log", "f a li");
    dir.append("app.log", "ne\nnext\n");
    reader.expect(&["half a line", "next"]);
}

#[test]
fn an_unfinished_line_is_shown_as_it_stands_and_arrives_whole_when_it_is_finished() {
    let dir = LogDir::new();
    dir.append("app.log", "first\nno end");
    let server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.reader(&dir, "tail=1");
    reader.expect(&["first"]);
    let (_, partial) = reader.until("partial");
    assert_eq!(partial.data["text"], "no end");
    assert_eq!(partial.data["offset"], 6);
    assert_eq!(partial.id, None, "whoever comes back is before it");
    reader.reconnect();
    assert_eq!(reader.until("partial").1.data["text"], "no end");
    dir.append("app.log", " yet\n");
    reader.expect(&["no end yet"]);
    let mut other = server.reader(&dir, "tail=0&q=else");
    other.until("ping");
    dir.append("app.log", "this not");
    assert_eq!(reader.until("partial").1.data["text"], "this not");
    dir.append("app.log", ", but something else");
    assert_eq!(
        other.until("partial").1.data["text"],
        "this not, but something else"
    );
}

#[test]
fn a_reader_that_comes_during_an_unfinished_line_gets_it_whole() {
    let (dir, server, mut witness) = following();
    dir.append("app.log", "first\nhal");
    witness.expect(&["first"]);
    let mut reader = server.reader(&dir, "tail=0");
    reader.until("ping");
    dir.append("app.log", "f\n");
    reader.expect(&["half"]);
}

#[test]
fn a_server_started_during_an_unfinished_line_gives_it_whole() {
    let dir = LogDir::new();
    dir.append("app.log", "first\nhal");
    let server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.reader(&dir, "tail=0");
    reader.until("ping");
    dir.append("app.log", "f\n");
    reader.expect(&["half"]);
}

#[test]
fn a_carriage_return_before_the_line_feed_goes() {
    check(b"one\r\ntwo\r\n\r\nthree\n", &["one", "two", "", "three"]);
}

#[test]
fn a_lone_carriage_return_ends_no_line() {
    check(b"10%\r20%\r30%\n\r\rx\r\r\n", &["10%\r20%\r30%", "\r\rx\r"]);
}

#[test]
fn empty_and_blank_lines_are_lines() {
    check(b"\n\n  \n\t\nend\n", &["", "", "  ", "\t", "end"]);
}

#[test]
fn nul_and_other_controls_stay() {
    check(
        b"a\0b\n\x1b[31mred\x1b[0m\n\x07\x08\x0b\x0c\x7f\n",
        &[
            "a\0b",
            "\u{1b}[31mred\u{1b}[0m",
            "\u{7}\u{8}\u{b}\u{c}\u{7f}",
        ],
    );
}

#[test]
fn line_separators_of_unicode_end_no_line() {
    check(
        "a\u{2028}b\u{2029}c\u{85}d\n".as_bytes(),
        &["a\u{2028}b\u{2029}c\u{85}d"],
    );
}

#[test]
fn what_is_not_utf8_is_replaced_and_hurts_no_neighbour() {
    check(
        b"fine\n\xff\xfe\nL\xe4tin\n\xf0\x9f\x98\n\xed\xa0\x80\nfine\n",
        &[
            "fine",
            "\u{fffd}\u{fffd}",
            "L\u{fffd}tin",
            "\u{fffd}",
            "\u{fffd}\u{fffd}\u{fffd}",
            "fine",
        ],
    );
}

#[test]
fn a_line_that_was_not_utf8_says_so() {
    let (dir, _server, mut reader) = following();
    dir.append("app.log", b"L\xe4tin\nfine \xc3\xa4\n");
    assert_eq!(reader.line().json["lossy"], true);
    assert_eq!(reader.line().json.get("lossy"), None);
}

#[test]
fn a_character_may_be_written_in_two_parts() {
    let (dir, _server, mut reader) = following();
    dir.append("app.log", b"gr\xc3");
    dir.append("app.log", b"\xbc\xc3\x9fe \xf0\x9f");
    dir.append("app.log", b"\x98\x80\n");
    reader.expect(&["grüße 😀"]);
}

#[test]
fn text_that_looks_like_an_event_is_text() {
    check(
        b"data: x\nid: 999\nevent: end\n: comment\nretry: 1\nx\rid: 999\rdata: injected\r\rdata: second\n",
        &[
            "data: x",
            "id: 999",
            "event: end",
            ": comment",
            "retry: 1",
            "x\rid: 999\rdata: injected\r\rdata: second",
        ],
    );
}

#[test]
fn markup_is_text() {
    let lines = [
        "<script>alert(1)</script>",
        "</textarea><svg/onload=alert(1)>",
        "\"'&<>\\",
    ];
    check((lines.join("\n") + "\n").as_bytes(), &lines);
}

#[test]
fn a_line_as_long_as_the_limit_is_whole() {
    let (dir, _server, mut reader) = following();
    let long = "x".repeat(LINE_BYTES_MAX);
    dir.append("app.log", format!("before\n{long}\nafter\n"));
    reader.expect(&["before"]);
    let line = reader.line();
    assert_eq!(line.text.len(), LINE_BYTES_MAX);
    assert_eq!(line.json.get("cut"), None);
    reader.expect(&["after"]);
}

/// A line of this many bytes is cut, says how long it was, costs little memory, and harms no other.
#[track_caller]
fn cut(length: usize, pieces: usize) {
    let (dir, server, mut reader) = following();
    dir.append("app.log", "before\n");
    reader.expect(&["before"]);
    let memory = server.memory();
    let piece = "0123456789".repeat(length / pieces / 10);
    for _ in 0..pieces {
        dir.append("app.log", &piece);
    }
    dir.append("app.log", "\nafter\n");
    let line = reader.line();
    assert_eq!(line.json["cut"], (piece.len() * pieces) as u64);
    assert!(
        line.text.len() <= LINE_BYTES_MAX,
        "{} bytes",
        line.text.len()
    );
    reader.expect(&["after"]);
    let grown = server.memory().saturating_sub(memory);
    assert!(grown < 8 << 20, "memory grew by {grown} bytes");

    // The same from the file, for a reader that comes later.
    let mut reader = server.reader(&dir, "tail=3");
    reader.expect(&["before"]);
    assert_eq!(reader.line().json["cut"], (piece.len() * pieces) as u64);
    reader.expect(&["after"]);
}

#[test]
fn a_line_a_little_too_long_is_cut() {
    cut(LINE_BYTES_MAX + 10, 1);
}

#[test]
fn a_line_of_ten_megabytes_is_cut() {
    cut(10_000_000, 1);
}

#[test]
fn a_line_of_a_hundred_megabytes_is_cut() {
    cut(100_000_000, 100);
}

#[test]
fn a_line_is_cut_between_two_characters() {
    let (dir, _server, mut reader) = following();
    dir.append("app.log", format!("x{}\n", "ü".repeat(40_000)));
    let line = reader.line();
    assert_eq!(line.json["cut"], 80_001);
    assert!(line.text.starts_with("xü") && line.text.ends_with('ü'));
    assert_eq!(line.json.get("lossy"), None);
}

#[test]
fn an_endless_line_does_not_fill_the_memory() {
    let (dir, server, mut reader) = following();
    dir.append("app.log", "before\n");
    reader.expect(&["before"]);
    let memory = server.memory();
    let piece = "x".repeat(1_000_000);
    for _ in 0..64 {
        dir.append("app.log", &piece);
    }
    dir.append("app.log", "\nafter\n");
    reader.line();
    reader.expect(&["after"]);
    let grown = server.memory().saturating_sub(memory);
    assert!(grown < 8 << 20, "memory grew by {grown} bytes");
}

#[test]
fn a_hole_in_the_file_does_not_fill_the_memory() {
    let dir = LogDir::new();
    let file = std::fs::File::create(dir.path("app.log")).expect("create");
    file.set_len(512 << 20).expect("a hole");
    let server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.unchecked_reader("tail=0");
    reader.until("ping");
    dir.append("app.log", "\nbehind the hole\n");
    reader.texts_until("behind the hole");
    assert!(server.memory() < 64 << 20, "{} bytes", server.memory());
}

#[test]
fn utf16_files_hurt_no_other() {
    let dir = LogDir::new();
    let wide: Vec<u8> = "\u{feff}one\ntwo\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    std::fs::write(dir.path("wide.log"), wide).expect("write");
    dir.append("app.log", "fine\n");
    let server = Server::start(&[&dir.path("wide.log"), &dir.path("app.log")]);
    let mut reader = server.unchecked_reader("");
    reader.texts_until("fine");
}
