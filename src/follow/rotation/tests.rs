use crate::follow::rotation::Seen;
use crate::follow::rotation::Verdict;
use crate::follow::rotation::continues;
use crate::follow::rotation::verdict;
use crate::line::Trail;
use crate::source::identity::Identity;
use crate::source::trouble::Trouble;

fn identity(path: &str) -> Identity {
    Identity::of(&std::fs::metadata(path).unwrap())
}

#[test]
fn a_path_that_names_the_held_file_is_the_same() {
    let held = identity("/");
    assert_eq!(verdict(Some(held), &Seen::File(held)), Verdict::Same);
}

#[test]
fn a_path_that_names_a_file_that_is_not_held_was_rotated_or_appeared() {
    let (held, other) = (identity("/"), identity("/proc"));
    let another = Verdict::Another(other);
    assert_eq!(verdict(Some(held), &Seen::File(other)), another);
    assert_eq!(verdict(None, &Seen::File(other)), another);
}

#[test]
fn a_path_that_names_nothing_leaves_the_held_file_in_place() {
    assert_eq!(
        verdict(Some(identity("/")), &Seen::Missing),
        Verdict::Nothing
    );
    let unreadable = Seen::Unreadable(Trouble::not_a_file("is a directory"));
    assert_eq!(verdict(None, &unreadable), Verdict::Nothing);
}

#[track_caller]
fn check(read: &str, found: &str, expected: Option<&str>) {
    let mut trail = Trail::EMPTY;
    trail.push(read.as_bytes());
    let rest = continues(&trail, found.as_bytes()).map(|at| &found[at..]);
    assert_eq!(rest, expected);
}

#[test]
fn a_file_that_only_grew_continues() {
    check("one\ntwo\n", "one\ntwo\n", Some(""));
    check("one\ntwo\n", "one\ntwo\nthree\n", Some("three\n"));
    check("", "one\n", Some("one\n"));
}

#[test]
fn a_file_refilled_past_our_offset_was_truncated() {
    check("one\ntwo\n", "three\nfour\nfive\n", None);
}

#[test]
fn a_shorter_file_was_truncated() {
    check("one\ntwo\n", "one\n", None);
    check("one\n", "", None);
}

#[test]
fn a_file_refilled_to_the_same_size_was_truncated() {
    check("one\ntwo\n", "six\nten\n", None);
}

#[test]
fn a_hole_of_nuls_where_lines_were_is_a_truncation() {
    check("one\ntwo\n", "\0\0\0\0\0\0\0\0three\n", None);
}
