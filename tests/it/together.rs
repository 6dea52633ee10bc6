//! Several readers of one server: who wants the same is sent the same, whatever the others do.

use std::path::Path;

use crate::harness::log_dir::LogDir;
use crate::harness::reader::Event;
use crate::harness::reader::Reader;
use crate::harness::server::Server;

fn server() -> (LogDir, Server) {
    let dir = LogDir::new();
    dir.append("app.log", "");
    let server = Server::start(&[&dir.path("app.log")]);
    (dir, server)
}

/// A reader that has been given everything.
fn reader(server: &Server, dir: &LogDir, query: &str) -> Reader {
    let mut reader = server.reader(dir, query);
    reader.until("ping");
    reader
}

/// The next event of each, which they are sent together: by the time of a ping they have been given
/// everything for long.
fn together(dir: &LogDir, readers: &mut [Reader], number: usize) -> Vec<Event> {
    for reader in &mut *readers {
        assert!(reader.until("ping").0.is_empty());
    }
    dir.append_lines("app.log", number..number + 1);
    readers.iter_mut().map(next_lines).collect()
}

fn assert_same(events: &[Event]) {
    for event in &events[1..] {
        assert_eq!(event.id, events[0].id);
        assert_eq!(event.data, events[0].data);
    }
}

fn next_lines(reader: &mut Reader) -> Event {
    reader.until("log").1
}

#[test]
fn readers_of_one_view_are_sent_the_same_event_with_the_same_id() {
    let (dir, server) = server();
    let mut readers: Vec<Reader> = ["tail=0", "tail=0", "tail=7"]
        .iter()
        .map(|query| reader(&server, &dir, query))
        .collect();
    assert_same(&together(&dir, &mut readers, 0));
    for number in 1..50 {
        dir.append_lines("app.log", number..number + 1);
        assert_same(&readers.iter_mut().map(next_lines).collect::<Vec<_>>());
    }
}

#[test]
fn readers_of_other_views_are_sent_their_own_lines() {
    let (dir, server) = server();
    let queries: Vec<String> = (0..10)
        .flat_map(|digit| vec![format!("tail=0&q={digit}%24"); 2])
        .collect();
    let mut readers: Vec<Reader> = queries
        .iter()
        .map(|query| reader(&server, &dir, query).filtered())
        .collect();
    let texts = dir.append_lines("app.log", 0..500);
    for (index, reader) in readers.iter_mut().enumerate() {
        let wanted = texts
            .iter()
            .filter(|text| text.ends_with(&(index / 2).to_string()));
        reader.expect(&wanted.collect::<Vec<_>>());
    }
}

#[test]
fn many_readers_are_given_every_line_of_those_that_wait_for_each_other() {
    let (dir, server) = server();
    // Lines of fewer readers wait for none.
    let mut readers: Vec<Reader> = (0..80)
        .map(|index| {
            let query = format!("tail=0&q={}%24", ["", "7"][index % 2]);
            reader(&server, &dir, &query).filtered()
        })
        .collect();
    let mut texts = Vec::new();
    for number in 0..300 {
        texts.extend(dir.append_lines("app.log", number..number + 1));
    }
    for (index, reader) in readers.iter_mut().enumerate() {
        let wanted = texts
            .iter()
            .filter(|text| index % 2 == 0 || text.ends_with('7'));
        reader.expect(&wanted.collect::<Vec<_>>());
    }
}

#[test]
fn a_reader_that_comes_while_lines_do_loses_none_and_is_soon_sent_what_the_others_are() {
    let (dir, server) = server();
    let mut first = reader(&server, &dir, "tail=0");
    let mut texts = Vec::new();
    let mut readers: Vec<Reader> = Vec::new();
    for number in 0..200 {
        readers.push(reader(&server, &dir, "tail=0"));
        texts.extend(dir.append_lines("app.log", number..number + 1));
    }
    first.expect(&texts);
    for reader in &mut readers {
        // The server may not have seen the newest lines when it came.
        let first = reader.line().text;
        let from = texts.iter().position(|text| *text == first);
        reader.expect(&texts[from.expect("one of the lines") + 1..]);
    }
    readers.push(first);
    assert_same(&together(&dir, &mut readers, 200));
}

#[test]
fn a_reader_that_was_stuck_is_sent_what_the_others_are_when_it_has_caught_up() {
    let (dir, server) = server();
    let mut quick = reader(&server, &dir, "tail=0");
    let mut stuck = reader(&server, &dir, "tail=0");
    let mut texts = Vec::new();
    for start in (0..100_000).step_by(5_000) {
        let new = dir.append_lines("app.log", start..start + 5_000);
        quick.expect(&new);
        texts.extend(new);
    }
    stuck.expect(&texts);
    assert_same(&together(&dir, &mut [quick, stuck], 100_000));
}

#[test]
fn a_view_that_everybody_left_begins_anew() {
    let (dir, server) = server();
    for start in [0, 10, 20] {
        let mut only = reader(&server, &dir, "tail=0");
        let texts = dir.append_lines("app.log", start..start + 10);
        only.expect(&texts);
    }
}

#[test]
fn readers_of_one_view_go_through_a_rotation_together() {
    let (dir, server) = server();
    let mut readers: Vec<Reader> = (0..3).map(|_| reader(&server, &dir, "tail=0")).collect();
    for round in 0..5 {
        let texts = dir.append_lines("app.log", round * 10..round * 10 + 10);
        for reader in &mut readers {
            reader.expect(&texts);
        }
        dir.rotate("app.log");
        dir.append("app.log", format!("round {round}\n"));
        for reader in &mut readers {
            assert!(reader.until("rotated").0.is_empty());
            reader.expect(&[format!("round {round}")]);
        }
    }
}

#[test]
fn pings_of_a_silent_view_say_where_the_file_is_looked_through() {
    let (dir, server) = server();
    let mut rare = server.reader(&dir, "tail=0&q=never").filtered();
    rare.until("ping");
    dir.append_lines("app.log", 0..1_000);
    let size = Path::new(&dir.path("app.log"))
        .metadata()
        .expect("there")
        .len();
    let (_, ping) = rare.until("ping");
    assert_eq!(ping.data["head"], size);
    assert_eq!(ping.data["behind"], 0);
    rare.reconnect();
    dir.append_lines("app.log", 1_000..1_001);
    dir.append("app.log", "never\n");
    rare.expect(&["never"]);
}
