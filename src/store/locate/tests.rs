use std::fs;
use std::sync::Arc;

use crate::position::Position;
use crate::store::Store;
use crate::store::chain::Source;
use crate::store::locate::line;
use crate::store::locate::segment;

/// Two sources, the second with a rotated file.
fn sources(dir: &tempfile::TempDir) -> Vec<Arc<Source>> {
    let store = Store::default();
    fs::write(dir.path().join("b.log.1"), "one\ntwo\n").unwrap();
    store.add(&dir.path().join("a.log"));
    store.add(&dir.path().join("b.log")).begin_history(None);
    store.sources()
}

fn position(sources: &[Arc<Source>], offset: u64) -> Position {
    sources[1].link_neighbours();
    let segment = sources[1].oldest().unwrap().id().unwrap();
    Position { segment, offset }
}

#[test]
fn a_rotated_segment_is_found_among_all_sources() {
    let dir = tempfile::tempdir().unwrap();
    let sources = sources(&dir);
    let id = position(&sources, 0).segment;
    let (source, found) = segment(&sources, id).unwrap();
    assert_eq!(source.name, "b.log");
    assert_eq!(found.file_name(), "b.log.1");
}

#[test]
fn a_line_behind_the_end_is_nowhere() {
    let dir = tempfile::tempdir().unwrap();
    let sources = sources(&dir);
    let found = line(&sources, position(&sources, 8)).unwrap();
    assert!(!found.is_current);
    assert!(line(&sources, position(&sources, 9)).is_none());
}

#[test]
fn a_line_of_a_removed_file_is_nowhere() {
    let dir = tempfile::tempdir().unwrap();
    let sources = sources(&dir);
    let position = position(&sources, 4);
    fs::remove_file(dir.path().join("b.log.1")).unwrap();
    assert!(line(&sources, position).is_none());
}
