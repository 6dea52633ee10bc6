use std::fs;
use std::os::unix::fs::symlink;

use super::*;

/// Nothing exists here.
const CWD: &str = "/nowhere/home/me";

fn parse(argument: &str) -> Pattern {
    Pattern::parse(OsStr::new(argument), Path::new(CWD)).unwrap()
}

#[track_caller]
fn glob(argument: &str) -> Glob {
    match parse(argument) {
        Pattern::Glob(glob) => glob,
        other => panic!("{argument:?} should be a glob, not {other:?}"),
    }
}

#[track_caller]
fn check_file(argument: &str, expected: &str) {
    match parse(argument) {
        Pattern::File(path) => assert_eq!(path, Path::new(expected)),
        other => panic!("{argument:?} should be a file, not {other:?}"),
    }
}

#[track_caller]
fn check_glob(argument: &str, base: &str, matching: &[&str], others: &[&str]) {
    let glob = glob(argument);
    assert_eq!(glob.base(), Path::new(base), "base of {argument:?}");
    for path in matching {
        assert!(
            glob.matches(Path::new(path)),
            "{argument:?} matches {path:?}"
        );
        for parent in Path::new(path).ancestors().skip(1) {
            assert!(
                glob.leads_into(parent),
                "{argument:?} leads into {parent:?}"
            );
        }
    }
    for path in others {
        assert!(
            !glob.matches(Path::new(path)),
            "{argument:?} does not match {path:?}"
        );
    }
}

#[track_caller]
fn check_error(argument: &str, expected: &str) {
    let error = Pattern::parse(OsStr::new(argument), Path::new(CWD)).unwrap_err();
    assert_eq!(error.to_string(), expected, "{argument:?}");
}

#[test]
fn a_path_that_does_not_exist_is_a_file_to_wait_for() {
    check_file("app.log", "/nowhere/home/me/app.log");
    check_file("./logs/./app.log", "/nowhere/home/me/logs/app.log");
    check_file("/nowhere//var/app.log", "/nowhere/var/app.log");
    check_file("/nowhere/odd]name}\\x.log", "/nowhere/odd]name}\\x.log");
    check_file("-", "/nowhere/home/me/-");
}

#[test]
fn parents_are_left_only_where_there_is_no_link() {
    check_file("../app.log", "/nowhere/home/app.log");
    check_file("../../../../../app.log", "/app.log");
    check_file("logs/../app.log", "/nowhere/home/me/logs/../app.log");
    check_file("../logs/../../app.log", "/nowhere/home/logs/../../app.log");
    check_file("/nowhere/../app.log", "/app.log");
    check_file("/elsewhere/../app.log", "/elsewhere/../app.log");
}

#[test]
fn a_directory_is_one_that_exists_or_ends_with_a_slash() {
    let folder = tempfile::tempdir().unwrap();
    for argument in [folder.path().to_str().unwrap(), "logs/", "./logs//"] {
        assert!(
            matches!(parse(argument), Pattern::Directory(_)),
            "{argument:?}"
        );
    }
}

#[test]
fn a_path_that_exists_is_no_glob() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["app[1].log", "a*b", "what?", "{}"] {
        let path = folder.path().join(name);
        fs::write(&path, "").unwrap();
        assert!(
            matches!(parse(path.to_str().unwrap()), Pattern::File(_)),
            "{name:?}"
        );
    }
    let dangling = folder.path().join("[link]");
    symlink("nowhere", &dangling).unwrap();
    assert!(matches!(
        parse(dangling.to_str().unwrap()),
        Pattern::File(_)
    ));
    assert!(matches!(
        parse(folder.path().join("[0-9]").to_str().unwrap()),
        Pattern::Glob(_)
    ));
}

#[test]
fn stars_stay_within_a_part_of_the_path() {
    check_glob(
        "/nowhere/log/*.log",
        "/nowhere/log",
        &["app.log", "with blank.log", "line\nbreak.log", "ünï.log"],
        &["app.txt", "nginx/app.log", ".log", ".app.log"],
    );
    check_glob(
        "/nowhere/*/log/app?.log",
        "/nowhere",
        &["a/log/app1.log"],
        &[
            "a/b/log/app1.log",
            "log/app1.log",
            "a/log/app.log",
            ".a/log/app1.log",
        ],
    );
    check_glob("*.log", CWD, &["app.log"], &[]);
    check_glob("../*.log", "/nowhere/home", &["app.log"], &[]);
}

#[test]
fn two_stars_span_directories() {
    check_glob(
        "/nowhere/log/**/*.log",
        "/nowhere/log",
        &["app.log", "a/app.log", "a/b/c/app.log"],
        &["a/app.txt", ".git/app.log", "a/.git/app.log"],
    );
    check_glob(
        "/nowhere/log/**",
        "/nowhere/log",
        &["app", "a/b/app.log"],
        &["a/.b"],
    );
    check_glob(
        "/nowhere/*/log/**/x/*.log",
        "/nowhere",
        &["a/log/x/1.log", "a/log/b/c/x/1.log"],
        &["a/b/x/1.log", "a/log/x/y/1.log"],
    );
    check_glob(
        "/nowhere/app*/",
        "/nowhere",
        &["app1/a.log", "app/b/c"],
        &["app.log", "x/a.log"],
    );
}

#[test]
fn alternatives_and_classes_are_understood() {
    check_glob(
        "/nowhere/{a,b}.log",
        "/nowhere",
        &["a.log", "b.log"],
        &["c.log"],
    );
    check_glob(
        "/nowhere/app{,.err}.log",
        "/nowhere",
        &["app.log", "app.err.log"],
        &[],
    );
    check_glob(
        "/nowhere/{a,b/c}/*.log",
        "/nowhere",
        &["a/1.log", "b/c/1.log"],
        &["c/1.log", "b/1.log"],
    );
    check_glob(
        "/nowhere/app[0-9].log",
        "/nowhere",
        &["app1.log"],
        &["appx.log"],
    );
    check_glob(
        "/nowhere/app[!0-9].log",
        "/nowhere",
        &["appx.log"],
        &["app1.log"],
    );
    check_glob("/nowhere/\\[*\\].log", "/nowhere", &["[a].log"], &["a.log"]);
}

#[test]
fn dots_have_to_be_named() {
    check_glob("/nowhere/.*.log", "/nowhere", &[".app.log"], &["app.log"]);
    check_glob(
        "/nowhere/**/.cache/*.log",
        "/nowhere",
        &["a/.cache/x.log"],
        &["a/.cache/.x.log", ".a/.cache/x.log"],
    );
    check_glob("/nowhere/{.a,b}/x", "/nowhere", &[".a/x", "b/x"], &[]);
    check_glob(
        "/nowhere/.hidden/*.log",
        "/nowhere/.hidden",
        &["app.log"],
        &[".app.log"],
    );
}

#[test]
fn directories_that_cannot_match_are_not_looked_into() {
    for (argument, inside, outside) in [
        ("/nowhere/*.log", vec![""], vec!["a", "a.log"]),
        (
            "/nowhere/a*/*/x.log",
            vec!["a", "ab", "ab/c"],
            vec!["b", "ab/c/d", ".a"],
        ),
        (
            "/nowhere/a*/**",
            vec!["a", "a/b/c/d"],
            vec!["b", "b/a", "a/.b"],
        ),
        ("/nowhere/{a,b/c}/*.log", vec!["a", "b", "b/c"], vec![".a"]),
    ] {
        let glob = glob(argument);
        for path in inside {
            assert!(
                glob.leads_into(Path::new(path)),
                "{argument:?} leads into {path:?}"
            );
        }
        for path in outside {
            assert!(
                !glob.leads_into(Path::new(path)),
                "{argument:?} does not lead into {path:?}"
            );
        }
    }
}

#[test]
fn names_need_not_be_utf_8() {
    let parse = |bytes| Pattern::parse(OsStr::from_bytes(bytes), Path::new(CWD));
    assert!(matches!(parse(b"caf\xe9.log"), Ok(Pattern::File(_))));
    let Ok(Pattern::Glob(glob)) = parse(b"caf\xe9/*.log") else {
        panic!("the base need not be UTF-8");
    };
    assert!(glob.matches(Path::new(OsStr::from_bytes(b"\xff\xfe.log"))));
    assert_eq!(parse(b"caf\xe9*.log").unwrap_err(), PatternError::NotUtf8);
}

#[test]
fn a_bad_glob_says_what_is_wrong() {
    check_error("", "it is empty");
    check_error("app[1.log", "unclosed character class; missing ']'");
    check_error(
        "app{1,2.log",
        "unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?)",
    );
    check_error("*/../app.log", "\"..\" cannot follow a special character");
}
