use std::fs;
use std::sync::Arc;
use std::time::Duration;

use crate::record::time::Zone;
use crate::store::Store;
use crate::store::chain::Source;
use crate::store::span::Span;
use crate::store::span::Spans;

/// What stands in the log and, gzipped, in its rotated neighbour.
fn source(store: &Arc<Store>, dir: &tempfile::TempDir, text: &str, rotated: &str) -> Arc<Source> {
    use std::io::Write;
    let path = dir.path().join("app.log");
    fs::write(&path, text).unwrap();
    let file = fs::File::create(dir.path().join("app.log.1.gz")).unwrap();
    let mut packed = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    packed.write_all(rotated.as_bytes()).unwrap();
    packed.finish().unwrap();
    let source = store.add(&path);
    source.follower(store, true)(Duration::ZERO);
    source.link_neighbours();
    source
}

const FIRST: &str = "2026-11-22T10:00:00Z first\n";

#[test]
fn a_span_is_from_the_first_time_to_the_last() {
    let dir = tempfile::tempdir().unwrap();
    let store = Arc::new(Store::default());
    let text = format!(
        "no time\n{FIRST}{}2026-11-22T10:00:09Z last\n  more\n",
        "x\n".repeat(9000)
    );
    let source = source(&store, &dir, &text, FIRST);
    let spans = Spans::default();
    let of = |number: usize, looks: usize| spans.of(&source.segments()[number], &mut { looks });
    let from = Some(1_795_341_600_000);
    let whole = Span {
        zone: Some(Zone::Ahead(0)),
        from,
        to: from.map(|from| from + 9000),
    };
    assert_eq!(of(1, 0), Span::default(), "nothing may be read");
    assert_eq!(of(1, 1), whole);
    assert_eq!(of(1, 0), whole, "it is known now");
    let packed = Span { to: None, ..whole };
    assert_eq!(of(0, 1), packed, "not unpacked for this");
}

#[test]
fn a_span_grows_with_its_segment() {
    let dir = tempfile::tempdir().unwrap();
    let store = Arc::new(Store::default());
    let path = dir.path().join("app.log");
    fs::write(&path, FIRST).unwrap();
    let source = store.add(&path);
    let mut look = source.follower(&store, true);
    look(Duration::ZERO);
    let spans = Spans::default();
    let to = |looks: usize| spans.of(&source.segments()[0], &mut { looks }).to;
    let first = to(1);
    assert!(first.is_some());
    fs::write(&path, format!("{FIRST}2026-11-22T10:00:01Z second\n")).unwrap();
    look(Duration::ZERO);
    assert_eq!(to(1), first.map(|first| first + 1000));
}
