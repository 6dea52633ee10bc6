use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::fs::symlink;

use tempfile::TempDir;

use super::*;

const BOUNDS: Bounds = Bounds {
    sources_max: 100,
    depth_max: 4,
};

/// A folder to look in, with what was looked for.
struct Place {
    folder: TempDir,
    discovery: Discovery,
}

impl Place {
    #[track_caller]
    fn new(patterns: &[&str]) -> Self {
        Self::with_bounds(patterns, BOUNDS)
    }

    #[track_caller]
    fn with_bounds(patterns: &[&str], bounds: Bounds) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let cwd = folder.path().canonicalize().unwrap();
        let parse = |pattern: &&str| Pattern::parse(OsStr::new(pattern), &cwd).unwrap();
        let patterns = patterns.iter().map(parse).collect();
        let discovery = Discovery::new(patterns, bounds);
        Self { folder, discovery }
    }

    fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(name)
    }

    fn with(self, names: &[&str]) -> Self {
        for name in names {
            self.write(name);
        }
        self
    }

    fn write(&self, name: impl AsRef<Path>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
    }

    fn names(&mut self) -> Vec<String> {
        let found = self.discovery.scan();
        assert!(!found.limit_reached);
        assert_eq!(found.unreadable, []);
        found.new.into_iter().map(|source| source.name).collect()
    }

    #[track_caller]
    fn finds(&mut self, expected: &[&str]) {
        assert_eq!(self.names(), expected);
        assert!(self.names().is_empty(), "nothing is found twice");
    }
}

#[test]
fn a_file_is_a_source_before_it_exists() {
    let mut place = Place::new(&["app.log", "no/such/web.log", "app.log"]);
    let found = place.discovery.scan().new;
    let source = |path: &str, name: &str| NewSource {
        path: place.path(path),
        name: name.to_owned(),
        explicit: true,
    };
    assert_eq!(
        found,
        [
            source("app.log", "app.log"),
            source("no/such/web.log", "web.log")
        ]
    );
    assert!(place.names().is_empty());
}

#[test]
fn a_glob_finds_what_is_there_and_what_comes() {
    let mut place =
        Place::new(&["*.log"]).with(&["b.log", "a.log", "a.txt", "below/c.log", ".d.log"]);
    place.finds(&["a.log", "b.log"]);
    place.write("new.log");
    place.finds(&["new.log"]);
    fs::remove_file(place.path("a.log")).unwrap();
    place.write("a.log");
    place.finds(&[]);
}

#[test]
fn a_directory_stands_for_everything_below_it() {
    let mut place = Place::new(&["log/"]);
    place.finds(&[]);
    place.write("log/app.log");
    place.write("log/nginx/access.log");
    place.write("log/a/b/c/d/deep");
    place.write("log/a/b/c/d/e/too-deep");
    place.write("log/.git/config");
    place.write("log/nginx/access.log.gz");
    place.write("log/wtmp");
    place.finds(&["a/b/c/d/deep", "app.log", "nginx/access.log"]);
    place.write("log/new/folder/app.log");
    place.finds(&["new/folder/app.log"]);
}

#[test]
fn odd_names_are_names() {
    let mut place = Place::new(&["*.log"]);
    place.write("with blank.log");
    place.write("line\nbreak.log");
    place.write("ünï – 日本.log");
    place.write(OsString::from_vec(b"\xff\xfe.log".to_vec()));
    let names = place.names();
    assert_eq!(
        names[..3],
        ["line\nbreak.log", "with blank.log", "ünï – 日本.log"]
    );
    assert!(
        names[3].starts_with("\u{fffd}\u{fffd}.log~"),
        "{:?}",
        names[3]
    );
}

#[test]
fn older_parts_are_no_sources_beside_their_log() {
    let mut place = Place::new(&["app*"]).with(&[
        "app.log",
        "app.log.1",
        "app.log.2.gz",
        "app-2026-11-22.log",
        "app-worker.log",
    ]);
    place.finds(&["app-worker.log", "app.log"]);
}

#[test]
fn the_log_of_a_numbered_part_is_the_source_even_while_it_is_missing() {
    let mut place = Place::new(&["app*"]).with(&["app.log.1", "app.log.2"]);
    place.finds(&["app.log"]);
    let mut asked_for = Place::new(&["*.1"]).with(&["app.log.1"]);
    asked_for.finds(&["app.log.1"]);
}

#[test]
fn older_parts_stay_parts_while_their_log_is_being_replaced() {
    let mut place = Place::new(&["app.log*"]).with(&["app.log"]);
    place.finds(&["app.log"]);
    fs::rename(place.path("app.log"), place.path("app.log.1")).unwrap();
    place.finds(&[]);
    place.write("app.log");
    place.finds(&[]);
}

#[test]
fn an_older_part_is_a_source_for_those_who_name_it() {
    let files = ["app.log", "app.log.1", "app.log.2.gz"];
    Place::new(&["app.log.1"])
        .with(&files)
        .finds(&["app.log.1"]);
    Place::new(&["*.log.1"]).with(&files).finds(&["app.log.1"]);
    Place::new(&["*.log", "app.log.1"])
        .with(&files)
        .finds(&["app.log", "app.log.1"]);
}

#[test]
fn a_glob_that_the_shell_has_expanded_is_understood() {
    let files = ["app.log", "app.log.1", "app.log.2.gz", "web.log"];
    Place::new(&files)
        .with(&files)
        .finds(&["app.log", "web.log"]);
}

#[test]
fn a_path_is_one_source_however_often_it_is_found() {
    let mut place = Place::new(&["*.log", "./", "app.log", "a*"]).with(&["app.log", "web.log"]);
    let found = place.discovery.scan().new;
    let found: Vec<_> = found
        .iter()
        .map(|source| (source.name.as_str(), source.explicit))
        .collect();
    assert_eq!(found, [("web.log", false), ("app.log", true)]);
}

#[test]
fn names_are_lengthened_until_they_differ() {
    let mut place = Place::new(&["a/app.log", "b/app.log", "c/"]).with(&["c/web.log"]);
    place.finds(&["a/app.log", "b/app.log", "web.log"]);
    place.write("c/app.log");
    place.finds(&["app.log"]);
}

#[test]
fn a_newcomer_does_not_take_a_name() {
    let mut place = Place::new(&["a/", "b/"]).with(&["a/app.log"]);
    place.finds(&["app.log"]);
    place.write("b/app.log");
    place.finds(&["b/app.log"]);
}

#[test]
fn links_to_files_are_followed_and_links_to_directories_are_not() {
    let mut place = Place::new(&["log/**"]).with(&["log/real/app.log", "elsewhere/target"]);
    symlink("../elsewhere/target", place.path("log/link.log")).unwrap();
    symlink("../elsewhere", place.path("log/folder")).unwrap();
    symlink(".", place.path("log/loop")).unwrap();
    symlink("nowhere", place.path("log/dangling")).unwrap();
    place.finds(&["link.log", "real/app.log"]);
    place.write("log/nowhere");
    place.finds(&["dangling", "nowhere"]);
}

#[test]
fn a_directory_named_through_a_link_follows_the_link() {
    let mut place = Place::new(&["current/*.log"]).with(&["one/a.log", "two/b.log"]);
    symlink("one", place.path("current")).unwrap();
    place.finds(&["a.log"]);
    fs::remove_file(place.path("current")).unwrap();
    symlink("two", place.path("current")).unwrap();
    place.finds(&["b.log"]);
}

#[test]
fn what_is_no_file_is_not_found() {
    let mut place = Place::new(&["*"]).with(&["app.log"]);
    let _socket = std::os::unix::net::UnixListener::bind(place.path("socket")).unwrap();
    fs::create_dir(place.path("folder.log")).unwrap();
    place.finds(&["app.log"]);
}

#[test]
fn a_directory_that_may_not_be_read_is_said_and_tried_again() {
    let mut place = Place::new(&["log/"]).with(&["log/open.log", "log/closed/app.log"]);
    let closed = place.path("log/closed");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read_dir(&closed).is_ok() {
        // Root may read everything.
        return;
    }
    for expected in [vec!["open.log"], vec![]] {
        let found = place.discovery.scan();
        let names: Vec<_> = found.new.into_iter().map(|source| source.name).collect();
        assert_eq!(names, expected);
        assert_eq!(
            found.unreadable,
            [(closed.clone(), "permission denied".to_owned())]
        );
    }
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
    place.finds(&["closed/app.log"]);
}

#[test]
fn a_file_where_a_directory_should_be_is_said() {
    let mut place = Place::new(&["log/"]).with(&["log"]);
    let found = place.discovery.scan();
    assert_eq!(
        found.unreadable,
        [(place.path("log"), "not a directory".to_owned())]
    );
}

#[test]
fn there_is_an_end_to_what_is_followed() {
    let bounds = Bounds {
        sources_max: 2,
        ..BOUNDS
    };
    let mut place = Place::with_bounds(&["*.log"], bounds).with(&["a.log", "b.log", "c.log"]);
    let found = place.discovery.scan();
    assert!(found.limit_reached);
    assert_eq!(found.new.len(), 2);
}

#[test]
fn directories_are_those_where_something_may_appear() {
    let mut place =
        Place::new(&["app.log", "logs/*/x.log", "missing/deep/y.log", "below/"]).with(&[
            "logs/a/x.log",
            "logs/b/z",
            "below/one/two/file",
            "below/.git/file",
        ]);
    place.names();
    let expected = [
        "",
        "below",
        "below/one",
        "below/one/two",
        "logs",
        "logs/a",
        "logs/b",
    ];
    let expected: Vec<PathBuf> = expected.iter().map(|name| walked(&place, name)).collect();
    assert_eq!(place.discovery.directories(), expected);
}

#[test]
fn above_a_missing_directory_its_parent_is_watched() {
    let mut place = Place::new(&["a/b/c/*.log"]);
    place.names();
    assert_eq!(place.discovery.directories(), [walked(&place, "")]);
    fs::create_dir_all(place.path("a/b")).unwrap();
    place.names();
    assert_eq!(place.discovery.directories(), [place.path("a/b")]);
}

fn walked(place: &Place, name: &str) -> PathBuf {
    if name.is_empty() {
        place.folder.path().canonicalize().unwrap()
    } else {
        place.path(name)
    }
}
