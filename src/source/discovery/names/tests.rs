use std::ffi::OsStr;

use super::*;

#[track_caller]
fn check(taken: &[&str], candidates: &[(&str, usize)], expected: &[&str]) {
    let known = taken
        .iter()
        .map(|name| (PathBuf::from("/taken").join(name), (*name).to_owned()));
    let known: HashMap<PathBuf, String> = known.collect();
    let candidates: Vec<Candidate> = candidates.iter().map(candidate).collect();
    assert_eq!(Naming::new(&known).name(&candidates), expected);
}

fn candidate(&(path, parts): &(&str, usize)) -> Candidate {
    Candidate {
        path: PathBuf::from(path),
        parts,
        explicit: false,
    }
}

#[test]
fn a_name_is_what_the_pattern_leaves_open() {
    check(&[], &[("/var/log/app.log", 1)], &["app.log"]);
    check(
        &[],
        &[("/var/log/nginx/error.log", 2)],
        &["nginx/error.log"],
    );
    check(&[], &[], &[]);
}

#[test]
fn names_that_clash_are_all_lengthened() {
    check(
        &[],
        &[("/srv/a/app.log", 1), ("/srv/b/app.log", 1)],
        &["a/app.log", "b/app.log"],
    );
    check(
        &[],
        &[
            ("/x/a/log/app.log", 1),
            ("/x/b/log/app.log", 1),
            ("/x/c/log/web.log", 1),
        ],
        &["a/log/app.log", "b/log/app.log", "web.log"],
    );
    check(
        &[],
        &[("/app.log", 1), ("/srv/app.log", 1)],
        &["/app.log", "srv/app.log"],
    );
}

#[test]
fn a_name_that_is_taken_stays_where_it_is() {
    check(&["app.log"], &[("/srv/b/app.log", 1)], &["b/app.log"]);
    check(
        &["app.log", "b/app.log"],
        &[("/srv/b/app.log", 1)],
        &["srv/b/app.log"],
    );
}

#[test]
fn names_that_are_not_utf_8_are_text_and_still_differ() {
    let path = |last: &[u8]| PathBuf::from("/var/log").join(OsStr::from_bytes(last));
    let name = |last: &[u8]| end_of(&path(last), 1);
    assert!(name(b"caf\xe9.log").starts_with("caf\u{fffd}.log~"));
    assert_ne!(name(b"caf\xe9.log"), name(b"caf\xe8.log"));
    assert_eq!(name("café\n.log".as_bytes()), "café\n.log");
}
