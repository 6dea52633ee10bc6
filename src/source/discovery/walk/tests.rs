use std::os::unix::fs::symlink;

use super::*;

/// A walk that trusts the times of directories at once, so that no test has to wait.
fn walk(base: &Path) -> Walk {
    Walk {
        times_settle: Duration::ZERO,
        ..Walk::of_directory(base.to_path_buf(), 16)
    }
}

fn look(walk: &mut Walk) -> Vec<String> {
    let mut unreadable = Vec::new();
    let files = walk.files(&mut unreadable);
    assert_eq!(unreadable, []);
    let name = |path: &PathBuf| {
        path.strip_prefix(walk.base())
            .unwrap()
            .display()
            .to_string()
    };
    files.iter().map(name).collect()
}

#[test]
fn a_directory_that_did_not_change_is_not_listed_again() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("below")).unwrap();
    fs::write(folder.path().join("below/app.log"), "").unwrap();
    let mut walk = walk(folder.path());
    assert_eq!(look(&mut walk), ["below/app.log"]);
    for _ in 2..LOOKS_BETWEEN_LISTINGS {
        assert!(look(&mut walk).is_empty());
    }
    assert_eq!(look(&mut walk), ["below/app.log"], "in case the times lied");
    walk.forget_listings();
    assert_eq!(look(&mut walk), ["below/app.log"]);
}

#[test]
fn a_directory_that_changed_a_moment_ago_is_listed_again() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("app.log"), "").unwrap();
    let mut walk = Walk::of_directory(folder.path().to_path_buf(), 16);
    assert_eq!(look(&mut walk), ["app.log"]);
    assert_eq!(look(&mut walk), ["app.log"]);
}

#[test]
fn a_link_that_leads_nowhere_is_looked_at_again() {
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let target = elsewhere.path().join("target");
    symlink(&target, folder.path().join("app.log")).unwrap();
    let mut walk = walk(folder.path());
    assert!(look(&mut walk).is_empty());
    fs::write(&target, "").unwrap();
    assert_eq!(look(&mut walk), ["app.log"]);
}

#[test]
fn times_are_trusted_after_a_while() {
    let folder = tempfile::tempdir().unwrap();
    let stamp = Stamp::of(&fs::metadata(folder.path()).unwrap());
    let changed =
        SystemTime::UNIX_EPOCH + Duration::new(stamp.changed.0 as u64, stamp.changed.1 as u32);
    for (now, is_settled) in [
        (changed, false),
        (changed + TIMES_SETTLE / 2, false),
        (changed + TIMES_SETTLE, true),
        (changed - TIMES_SETTLE, false),
    ] {
        assert_eq!(stamp.is_settled(now, TIMES_SETTLE), is_settled, "{now:?}");
    }
}

#[test]
fn what_is_no_text_by_its_name_is_left_out() {
    for (name, expected) in [
        ("app.log", true),
        ("syslog", true),
        ("catalina.out", true),
        ("app.json", true),
        ("app.log.1", true),
        ("wtmpx.log", true),
        ("app.log.gz", false),
        ("app.log.2.xz", false),
        ("logs.tar", false),
        ("logs.tar.zst", false),
        ("system.journal", false),
        ("wtmp", false),
        ("btmp.1", false),
        ("wtmp-20261101", false),
    ] {
        assert_eq!(is_text(OsStr::new(name)), expected, "{name:?}");
    }
}
