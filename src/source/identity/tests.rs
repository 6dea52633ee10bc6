use std::fs;
use std::os::unix::fs::symlink;

use super::*;

fn identity_of(path: &std::path::Path) -> Identity {
    Identity::of(&fs::metadata(path).unwrap())
}

#[test]
fn a_file_keeps_its_identity_under_another_name() {
    let folder = tempfile::tempdir().unwrap();
    let (before, after, link) = (
        folder.path().join("app.log"),
        folder.path().join("app.log.1"),
        folder.path().join("link"),
    );
    fs::write(&before, "one\n").unwrap();
    let identity = identity_of(&before);
    fs::rename(&before, &after).unwrap();
    symlink(&after, &link).unwrap();
    fs::write(&before, "two\n").unwrap();
    assert_eq!(identity_of(&after), identity);
    assert_eq!(identity_of(&link), identity);
    assert_ne!(identity_of(&before), identity);
}

#[test]
fn the_hint_is_the_same_for_ever() {
    let identity = |device, inode| Identity {
        device,
        inode,
        birth: 0,
    };
    assert_eq!(identity(1, 4711).hint(), 64060);
    assert_eq!(identity(1, 4711).hint(), identity(2, 4711).hint());
    assert_ne!(identity(1, 4711).hint(), identity(1, 4712).hint());
}
