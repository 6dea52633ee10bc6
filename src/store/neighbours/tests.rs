use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use tempfile::TempDir;

use crate::line::Trail;
use crate::source::identity::Identity;
use crate::store::Store;
use crate::store::beginning::Beginning;
use crate::store::chain::Source;
use crate::store::neighbours;
use crate::store::neighbours::LastSeen;

struct Folder {
    dir: TempDir,
    source: Arc<Source>,
}

impl Folder {
    fn new(files: &[(&str, &str)]) -> Folder {
        let dir = tempfile::tempdir().unwrap();
        for (name, content) in files {
            fs::write(dir.path().join(name), content).unwrap();
        }
        let source = Store::default().add(&dir.path().join("app.log"));
        Folder { dir, source }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn identity(&self, name: &str) -> Identity {
        Identity::of(&fs::metadata(self.path(name)).unwrap())
    }

    fn names(&self) -> Vec<String> {
        let found = neighbours::list(self.source.home());
        found
            .iter()
            .map(|n| neighbours::display_name(&n.path))
            .collect()
    }

    fn found(&self, path: &str, identity: Identity, head: &str) -> Option<String> {
        let beginning = Beginning::of(head.as_bytes());
        let home = self.source.home();
        let is_it = |head: &[u8]| beginning.is_of(head);
        let seen = LastSeen {
            path: self.path(path),
            rested_at: PathBuf::new(),
            identity,
        };
        let found = neighbours::find_again(home, &seen, is_it);
        found.map(|n| neighbours::display_name(&n.path))
    }

    fn copy(&self, of: &str, before: &str) -> Option<String> {
        let mut trail = Trail::EMPTY;
        trail.push(before.as_bytes());
        let offset = before.len() as u64;
        let there = neighbours::list(self.source.home());
        let found = neighbours::copy_of(&there, self.identity(of), &trail, offset).unwrap();
        found.map(|(copy, _)| neighbours::display_name(&copy.path))
    }
}

#[test]
fn rotated_files_are_listed_the_oldest_first() {
    let folder = Folder::new(&[
        ("app.log", "x\n"),
        ("app.log.1", "x\n"),
        ("app.log.10", "x\n"),
        ("app.log.2", "x\n"),
        ("app-worker.log", "x\n"),
        ("app.log.d", "x\n"),
        ("other.log.1", "x\n"),
        ("app.log.3.xz", "x\n"),
    ]);
    assert_eq!(folder.names(), ["app.log.10", "app.log.2", "app.log.1"]);
    fs::create_dir(folder.path("app.log.4")).unwrap();
    fs::remove_file(folder.path("app.log.2")).unwrap();
    assert_eq!(folder.names(), ["app.log.10", "app.log.1"]);
}

#[test]
fn a_folder_that_cannot_be_read_has_none() {
    let source = Store::default().add(Path::new("/nowhere/at/all/app.log"));
    assert!(neighbours::list(source.home()).is_empty());
}

#[test]
fn a_file_is_found_again_under_another_name() {
    let folder = Folder::new(&[("app.log", "one\n"), ("app.log.1", "zero\n")]);
    let identity = folder.identity("app.log");
    assert_eq!(
        folder.found("app.log", identity, "one\n").as_deref(),
        Some("app.log")
    );
    fs::rename(folder.path("app.log"), folder.path("app.log.2")).unwrap();
    assert_eq!(
        folder.found("app.log", identity, "one\n").as_deref(),
        Some("app.log.2")
    );
    assert_eq!(
        folder.found("app.log.1", identity, "one\n").as_deref(),
        Some("app.log.2")
    );
}

#[test]
fn a_file_that_was_copied_is_found_by_how_it_begins() {
    let folder = Folder::new(&[("app.log", "one\n"), ("app.log.1", "zero\n")]);
    let identity = folder.identity("app.log");
    fs::copy(folder.path("app.log"), folder.path("app.log.2")).unwrap();
    fs::remove_file(folder.path("app.log")).unwrap();
    assert_eq!(
        folder.found("app.log", identity, "one\n").as_deref(),
        Some("app.log.2")
    );
    assert_eq!(folder.found("app.log", identity, "never\n"), None);
    assert_eq!(
        folder.found("app.log", identity, ""),
        None,
        "nothing is known of it"
    );
}

#[test]
fn a_copy_has_the_bytes_that_were_read() {
    let folder = Folder::new(&[
        ("app.log", ""),
        ("app.log.1", "one\ntwo\nthree\n"),
        ("app.log.2", "zero\n"),
    ]);
    assert_eq!(
        folder.copy("app.log", "one\ntwo\n").as_deref(),
        Some("app.log.1")
    );
    assert_eq!(
        folder.copy("app.log", "zero\n").as_deref(),
        Some("app.log.2")
    );
    assert_eq!(
        folder.copy("app.log", "one\ntwo\nthree\n").as_deref(),
        Some("app.log.1")
    );
    assert_eq!(folder.copy("app.log", "one\ntwo\nthree\nfour\n"), None);
    assert_eq!(folder.copy("app.log", "ONE\n"), None);
    assert_eq!(
        folder.copy("app.log", ""),
        None,
        "nothing was read that could be compared"
    );
    assert_eq!(
        folder.copy("app.log.1", "one\n"),
        None,
        "a file is no copy of itself"
    );
}

#[test]
fn a_file_that_only_ends_alike_is_no_copy_in_the_making() {
    let same = "same line\n".repeat(20);
    let current = format!("current\n{same}");
    let folder = Folder::new(&[
        ("app.log", &current),
        ("app.log.1", &current),
        ("app.log.2", &format!("another\n{same}")),
    ]);
    let file = fs::File::open(folder.path("app.log")).unwrap();
    let identity = folder.identity("app.log");
    let found = neighbours::list(folder.source.home());
    let is_made: Vec<_> = found
        .iter()
        .map(|n| n.is_being_made_of(identity, &file).unwrap())
        .collect();
    assert_eq!(folder.names(), ["app.log.2", "app.log.1"]);
    assert_eq!(is_made, [false, true]);
}
