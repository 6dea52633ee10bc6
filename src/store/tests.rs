use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::Weak;

use flate2::write::GzEncoder;
use ruzstd::encoding::CompressionLevel;
use ruzstd::encoding::compress_to_vec;

use crate::config::LINE_BYTES_MAX;
use crate::config::RECENT_BYTES;
use crate::line::Trail;
use crate::source::identity::Identity;
use crate::store::CHANGES_MAX;
use crate::store::Changed;
use crate::store::Store;
use crate::store::chain::Named;
use crate::store::chain::Source;
use crate::store::chain::State;
use crate::store::encoding::Encoding;
use crate::store::found::Found;
use crate::store::neighbours;
use crate::store::segment::Segment;
use crate::store::splitter::Splitter;

/// How a rotated file lies on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Plain,
    Gzip,
    Zstd,
}

impl Packing {
    /// What stands on disk for these bytes, and how its name ends.
    pub(super) fn packed(self, bytes: Vec<u8>) -> (Vec<u8>, &'static str) {
        match self {
            Packing::Plain => (bytes, ""),
            Packing::Zstd => (
                compress_to_vec(&bytes[..], CompressionLevel::Fastest),
                ".zst",
            ),
            Packing::Gzip => {
                let mut packed = GzEncoder::new(Vec::new(), flate2::Compression::fast());
                packed.write_all(&bytes).unwrap();
                (packed.finish().unwrap(), ".gz")
            }
        }
    }
}

/// How lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writing {
    Unix,
    Dos,
    Utf16Little,
    Utf16Big,
    Marked,
    /// Behind a hole, as a writer leaves one that does not append.
    Hole,
}

/// One file of a log; the last line may lack its end.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) lines: Vec<String>,
    pub(super) writing: Writing,
    pub(super) packing: Packing,
    pub(super) is_finished: bool,
}

impl Part {
    /// The bytes, and where each line starts.
    pub(super) fn bytes(&self) -> (Vec<u8>, Vec<u64>) {
        let end = if self.writing == Writing::Dos {
            "\r\n"
        } else {
            "\n"
        };
        let mut bytes = match self.writing {
            Writing::Marked => b"\xef\xbb\xbf".to_vec(),
            Writing::Utf16Little => b"\xff\xfe".to_vec(),
            Writing::Utf16Big => b"\xfe\xff".to_vec(),
            Writing::Hole => vec![0; 5_000],
            Writing::Unix | Writing::Dos => Vec::new(),
        };
        let mut starts = Vec::new();
        for (index, line) in self.lines.iter().enumerate() {
            // The mark belongs to the first line.
            let is_marked = index == 0 && self.writing != Writing::Hole;
            starts.push(if is_marked { 0 } else { bytes.len() as u64 });
            let is_whole = self.is_finished || index + 1 < self.lines.len();
            let line = format!("{line}{}", if is_whole { end } else { "" });
            match self.writing {
                Writing::Utf16Little => {
                    bytes.extend(line.encode_utf16().flat_map(u16::to_le_bytes));
                }
                Writing::Utf16Big => bytes.extend(line.encode_utf16().flat_map(u16::to_be_bytes)),
                _ => bytes.extend(line.as_bytes()),
            }
        }
        (bytes, starts)
    }

    /// A long line is cut.
    pub(super) fn shown(&self, line: &str) -> String {
        let is_wide = matches!(self.writing, Writing::Utf16Little | Writing::Utf16Big);
        let most = LINE_BYTES_MAX / if is_wide { 2 } else { 1 };
        line.get(..most).unwrap_or(line).to_owned()
    }
}

impl Store {
    /// A source that is called as its file and was named by the user.
    pub(crate) fn add(&self, path: &Path) -> Arc<Source> {
        self.add_source(Named {
            name: neighbours::display_name(path),
            path: path.to_owned(),
            is_named: true,
        })
    }

    /// The same, found by a pattern.
    pub(crate) fn add_found(&self, path: &Path) -> Arc<Source> {
        self.add_source(Named {
            name: neighbours::display_name(path),
            path: path.to_owned(),
            is_named: false,
        })
    }
}

fn segment(store: &Store, source: &Source) -> Arc<Segment> {
    let metadata = tempfile::tempfile().unwrap().metadata().unwrap();
    store.open_segment(
        source,
        Found {
            path: source.path.clone(),
            identity: Identity::of(&metadata),
            file: Weak::new(),
            hole: 0,
            first: 0,
            head: 0,
            trail: None,
            is_packed: false,
        },
    )
}

/// Appends so many KiB of lines behind what is there.
fn append(store: &Store, source: &Source, segment: &Arc<Segment>, kib: usize) {
    let text = format!("{}\n", "x".repeat(1023)).repeat(kib);
    let mut splitter = Splitter::new(Encoding::Bytes, segment.head(), Trail::EMPTY);
    store.append(source, segment, splitter.push(text.as_bytes()).unwrap());
}

#[test]
fn what_changed_is_told_in_order_and_once() {
    let store = Store::default();
    let mut version = 0;
    let (a, b) = (store.add(Path::new("/a")), store.add(Path::new("/b")));
    assert_eq!(
        store.changes_since(&mut version),
        Changed::Sources(vec![0, 1])
    );
    assert_eq!(
        store.changes_since(&mut version),
        Changed::Sources(Vec::new())
    );
    store.touch(&b);
    store.touch(&a);
    store.touch(&b);
    let mut later = version;
    assert_eq!(
        store.changes_since(&mut version),
        Changed::Sources(vec![1, 0, 1])
    );
    assert_eq!(
        store.changes_since(&mut later),
        Changed::Sources(vec![1, 0, 1]),
        "to each reader"
    );
}

#[test]
fn whoever_slept_for_too_long_looks_at_everything() {
    let store = Store::default();
    let source = store.add(Path::new("/a"));
    let mut version = 0;
    store.changes_since(&mut version);
    let mut late = version;
    (0..CHANGES_MAX).for_each(|_| store.touch(&source));
    assert!(
        matches!(store.changes_since(&mut version), Changed::Sources(changes) if changes.len() == CHANGES_MAX)
    );
    store.touch(&source);
    assert_eq!(store.changes_since(&mut late), Changed::Anything);
    assert_eq!(store.changes_since(&mut late), Changed::Sources(Vec::new()));
}

#[test]
fn readers_are_woken_when_there_is_something_and_not_otherwise() {
    let store = Store::default();
    let mut changed = store.changed();
    let source = store.add(Path::new("/a"));
    assert!(!changed.has_changed().unwrap(), "before it is published");
    store.publish();
    assert!(changed.has_changed().unwrap());
    changed.mark_unchanged();
    store.publish();
    assert!(!changed.has_changed().unwrap());
    store.set_state(&source, State::Waiting);
    store.publish();
    assert!(!changed.has_changed().unwrap(), "it was waiting before");
    store.set_state(&source, State::Live);
    store.publish();
    assert!(changed.has_changed().unwrap());
}

#[test]
fn the_newest_batches_are_kept_within_one_budget_over_all_segments() {
    let store = Store::default();
    let source = store.add(Path::new("/a"));
    let (old, new) = (segment(&store, &source), segment(&store, &source));
    let part = RECENT_BYTES / 8 / 1024;
    append(&store, &source, &old, part);
    append(&store, &source, &old, part);
    for _ in 0..6 {
        append(&store, &source, &new, part);
    }
    assert!(
        old.recent_at(0).is_none(),
        "the oldest is over the budget, as batches weigh a little more"
    );
    assert!(old.recent_at(part as u64 * 1024).is_some());
    assert!(new.recent_at(0).is_some());
    append(&store, &source, &new, part);
    assert!(old.recent_at(part as u64 * 1024).is_none());
    assert!(new.recent_at(0).is_some());
    assert_eq!(
        new.head(),
        7 * 1024 * part as u64,
        "the head is not forgotten"
    );
}

#[test]
fn a_batch_is_found_by_where_a_line_starts() {
    let store = Store::default();
    let source = store.add(Path::new("/a"));
    let segment = segment(&store, &source);
    let mut splitter = Splitter::new(Encoding::Bytes, 0, Trail::EMPTY);
    for text in ["one\ntwo\n", "three\n"] {
        store.append(&source, &segment, splitter.push(text.as_bytes()).unwrap());
    }
    let found = |offset: u64| {
        segment
            .recent_at(offset)
            .map(|(batch, line)| (batch.start(), line))
    };
    assert_eq!(found(0), Some((0, 0)));
    assert_eq!(found(4), Some((0, 1)));
    assert_eq!(found(8), Some((8, 0)));
    for offset in [1, 3, 5, 9, 14, 99] {
        assert_eq!(found(offset), None, "no line starts at {offset}");
    }
}

#[test]
fn segments_that_begin_alike_have_different_ids() {
    let store = Store::default();
    let (a, b) = (store.add(Path::new("/a")), store.add(Path::new("/b")));
    let segments = [
        segment(&store, &a),
        segment(&store, &a),
        segment(&store, &a),
        segment(&store, &b),
    ];
    for (segment, source) in segments.iter().zip([&a, &a, &a, &b]) {
        source.identify(segment, b"unfinished");
        assert_eq!(segment.id(), None);
        source.identify(segment, b"alike\nnot alike");
        let id = segment.id();
        assert!(id.is_some());
        source.identify(segment, b"alike\nnot alike");
        source.identify(segment, b"another\n");
        assert_eq!(segment.id(), id, "it never changes");
    }
    for (index, segment) in segments.iter().enumerate() {
        assert!(
            segments[..index]
                .iter()
                .all(|other| other.id() != segment.id())
        );
    }
}

#[test]
fn an_id_is_free_again_when_its_segment_is_gone() {
    let id = || {
        let store = Store::default();
        let source = store.add(Path::new("/a"));
        let segment = segment(&store, &source);
        source.identify(&segment, b"first\n");
        segment.id()
    };
    assert_eq!(id(), id(), "the same after a restart");
}
