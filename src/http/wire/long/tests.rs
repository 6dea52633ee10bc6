use std::fs;
use std::io;
use std::iter;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use tempfile::TempDir;

use crate::config::BLOCKS_LATELY_MAX;
use crate::config::EVENT_BYTES_MAX;
use crate::config::LINE_BYTES_MAX;
use crate::config::connections::PORTION_BYTES;
use crate::filter::Filter;
use crate::filter::FilterSpec;
use crate::http::wire;
use crate::http::wire::long::Long;
use crate::http::wire::long::Sending;
use crate::http::wire::tests::cursor;
use crate::line::Trail;
use crate::store::encoding::Encoding;
use crate::store::lately::Lately;
use crate::store::splitter::Splitter;
use crate::subscription::tests::Server;
use crate::subscription::tests::wishes;
use crate::subscription::update::Lines;
use crate::subscription::update::Update;
use crate::subscription::wishes::From;

const BEFORE: &[u8] = b"before\n";

/// A log of which one line is long.
struct Log {
    _folder: TempDir,
    path: PathBuf,
    server: Server,
    lately: Lately<Bytes>,
}

impl Log {
    /// With the event of the long line.
    fn of(text: &[u8]) -> (Log, Lines) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("app.log");
        fs::write(&path, [BEFORE, text, b"\nbehind\n"].concat()).unwrap();
        let server = Server::start(&path);
        let mut reader = server.open(wishes(From::Tail(3)));
        let mut updates = iter::from_fn(|| server.next(&mut reader));
        let lines = updates.find_map(|update| match update {
            Update::Lines(lines) => {
                let first = &lines.batch.lines()[lines.kept[0] as usize];
                (first.offset == BEFORE.len() as u64).then_some(lines)
            }
            _ => None,
        });
        let log = Log {
            _folder: folder,
            path,
            server,
            lately: Lately::default(),
        };
        (log, lines.expect("the long line"))
    }

    /// Nobody has the line any more, nor what was made of it.
    fn forget(&self) {
        self.server.forget();
        for _ in 0..BLOCKS_LATELY_MAX {
            let other = Splitter::new(Encoding::Bytes, 0, Trail::EMPTY).push(b"other\n");
            let other = Arc::new(other.expect("a line"));
            self.server.source.home().lately.note(&other);
            self.lately.note(&Arc::default());
        }
    }

    /// What is sent, while `meanwhile` happens before each part of it.
    fn send(&self, long: Long, mut meanwhile: impl FnMut(&Log)) -> io::Result<Vec<u8>> {
        let mut sending = Sending::new(Arc::new(long));
        let mut sent = Vec::new();
        loop {
            meanwhile(self);
            let sending = sending.next(&self.lately);
            let Some(part) = self.server.runtime.block_on(sending)? else {
                return Ok(sent);
            };
            assert!((1..=PORTION_BYTES).contains(&part.len()), "{}", part.len());
            sent.extend_from_slice(&part);
        }
    }
}

fn filter() -> Filter {
    Filter::new(&FilterSpec {
        include: vec!["xy+".to_owned()],
        ..FilterSpec::default()
    })
    .unwrap()
}

/// It is sent as it would be in one piece, whether or not somebody keeps it.
fn check(text: &[u8]) {
    type Meanwhile = fn(&Log);
    for meanwhile in [(|_| {}) as Meanwhile, Log::forget] {
        let (log, lines) = Log::of(text);
        let mut before = b": before\n\n".to_vec();
        let mut event = before.clone();
        let sent = Long::event(&mut before, &lines, &filter(), cursor).expect("long");
        let mut plain = Vec::new();
        let sent_plain = Long::plain(&mut Vec::new(), &lines).expect("long");
        wire::plain(&mut plain, &lines);
        let update = Update::Lines(lines);
        wire::update(&mut event, &update, &filter(), &cursor());
        drop(update);
        assert!(before.is_empty());
        assert!(log.send(sent, meanwhile).unwrap() == event);
        assert!(log.send(sent_plain, meanwhile).unwrap() == plain);
    }
}

#[test]
fn a_long_line_is_sent_as_it_would_be_in_one_piece() {
    check("2026-11-22T10:47:02Z ERROR xyy ".repeat(1_000).as_bytes());
    check("\u{1}\u{1b}\"\\\t".repeat(8_000).as_bytes());
    check("é€😀xy".repeat(3_000).as_bytes());
    check(&[&b"\xff\xfe broken ".repeat(2_000)[..], "€".as_bytes()].concat());
    // Cut within a character, and within a part that is broken anyway.
    check(&[b"a", "€".repeat(LINE_BYTES_MAX).as_bytes()].concat());
    check(&b"\xe2\x82".repeat(LINE_BYTES_MAX));
}

#[test]
fn a_line_that_fits_into_an_event_is_no_long_one() {
    let (_log, lines) = Log::of(&[b'a'; EVENT_BYTES_MAX]);
    assert!(Long::event(&mut Vec::new(), &lines, &filter(), cursor).is_none());
    assert!(Long::plain(&mut Vec::new(), &lines).is_none());
}

#[test]
fn a_line_that_was_written_over_is_not_sent_on() {
    let (log, lines) = Log::of(&b"old ".repeat(8_000));
    let event = Long::event(&mut Vec::new(), &lines, &filter(), cursor).expect("long");
    drop(lines);
    let mut parts = 0;
    let sent = log.send(event, |log| {
        parts += 1;
        if parts == 3 {
            let other = [BEFORE, &b"new ".repeat(8_000), b"\nbehind\n"].concat();
            fs::write(&log.path, other).unwrap();
        }
        log.forget();
    });
    assert_eq!(sent.unwrap_err().kind(), io::ErrorKind::NotFound);
    assert_eq!(parts, 3);
}
