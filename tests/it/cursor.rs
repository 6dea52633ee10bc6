//! Cursors that nobody was given: never a panic, never a byte that is no line of the sources.

use crate::harness::http;
use crate::harness::log_dir::LogDir;
use crate::harness::server::Server;

#[test]
fn a_cursor_that_means_nothing_is_a_gap_and_then_live() {
    let dir = LogDir::new();
    dir.append("app.log", "one\n");
    let server = Server::start(&[&dir.path("app.log")]);
    for id in [
        "garbage",
        "0.99999999999999999999",
        "../../x",
        "AAAA",
        "%00",
        "é",
    ] {
        let mut reader = server.reader(&dir, "");
        reader.last_id = Some(id.to_owned());
        reader.reconnect();
        let (texts, gap) = reader.until("gap");
        assert_eq!(texts.len(), 0, "{id}");
        assert_eq!(gap.str("reason"), "cursor", "{id}");
        let live = format!("after {id}");
        dir.append("app.log", format!("{live}\n"));
        reader.texts_until(&live);
    }
}

#[test]
fn a_cursor_in_the_address_that_means_nothing_is_refused() {
    let dir = LogDir::new();
    dir.append("app.log", "one\n");
    let server = Server::start(&[&dir.path("app.log")]);
    for cursor in [
        "garbage",
        "0.99999999999999999999",
        "../../x",
        "AAAA",
        "",
        "\0",
        "é",
    ] {
        let answer = server.get(&format!("/events?from={}", http::encoded(cursor)));
        assert_eq!(answer.status(), 400, "{cursor:?}");
        assert!(answer.message().len() > 10, "{}", answer.text());
    }
}

#[test]
fn a_changed_cursor_never_shows_what_no_line_is() {
    let dir = LogDir::new();
    dir.append("app.log", "one\ntwo\nthree\n");
    let server = Server::start(&[&dir.path("app.log")]);
    let mut reader = server.reader(&dir, "");
    reader.expect(&["one", "two", "three"]);
    let id = reader.last_id.clone().expect("an id");
    for index in 0..id.len() {
        for byte in [b'A', b'_', b'7'] {
            let mut forged = id.clone().into_bytes();
            forged[index] = byte;
            let forged = String::from_utf8(forged).expect("still ASCII");
            let mut other = server.reader(&dir, "tail=0");
            other.last_id = Some(forged);
            other.reconnect();
            other.until("ping");
        }
    }
    dir.append("app.log", "four\n");
    reader.expect(&["four"]);
}
