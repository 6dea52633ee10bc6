use std::fs;
use std::path::Path;

use crate::memory::Memory;
use crate::memory::anonymous_bytes;
use crate::memory::give_back;
use crate::memory::limit;
use crate::memory::taken;

/// The limit that is found where these files say so much.
#[track_caller]
fn check(expected: Option<u64>, groups: &str, files: &[(&str, &str)]) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    assert_eq!(limit(groups, folder.path()), expected, "{groups}");
}

#[test]
fn the_lowest_limit_counts() {
    let slice = ("system.slice/memory.max", "2000\n");
    let service = ("system.slice/logstream.service/memory.max", "1000\n");
    let unlimited = ("system.slice/logstream.service/memory.max", "max\n");
    let group = "0::/system.slice/logstream.service\n";
    check(Some(1000), group, &[slice, service]);
    check(Some(2000), group, &[slice, unlimited]);
    check(None, group, &[unlimited]);
    check(None, group, &[]);
    check(None, "", &[slice]);
}

#[test]
fn a_container_sees_its_own_group_as_the_root() {
    check(Some(3000), "0::/\n", &[("memory.max", "3000\n")]);
    check(
        Some(3000),
        "0::/outside/of/it\n",
        &[("memory.max", "3000\n")],
    );
}

#[test]
fn older_systems_have_a_tree_for_memory() {
    let groups = "5:memory:/app\n4:cpu:/other\n0::/\n";
    check(
        Some(500),
        groups,
        &[("memory/app/memory.limit_in_bytes", "500\n")],
    );
    check(
        None,
        groups,
        &[("cpu/other/memory.limit_in_bytes", "500\n")],
    );
}

#[test]
fn what_the_process_holds_is_read() {
    let status = "VmRSS:\t   3000 kB\nRssAnon:\t    1200 kB\nRssFile:\t 1800 kB\n";
    assert_eq!(anonymous_bytes(status), Some(1200 * 1024));
    assert_eq!(anonymous_bytes("nothing"), None);
}

#[test]
fn it_is_scarce_at_three_quarters() {
    if !Path::new("/proc/self/status").exists() {
        return;
    }
    let bytes = taken().unwrap();
    assert!(Memory::with_limit(Some(bytes)).is_scarce());
    let ample = Memory::with_limit(Some(bytes * 100));
    assert!(!ample.is_scarce() && !Memory::with_limit(None).is_scarce());
}

#[test]
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn what_is_free_between_what_is_in_use_goes_back_to_the_system() {
    const BLOCKS: usize = 4_000;
    // Too large to be taken from what the thread has at hand.
    let pieces = (0..BLOCKS).map(|_| (vec![1_u8; 2 * 1024], vec![1_u8; 32 * 1024]));
    let (in_use, free): (Vec<_>, Vec<_>) = pieces.unzip();
    drop(free);
    let before = taken().unwrap();
    give_back();
    let after = taken().unwrap();
    drop(in_use);
    let freed = before.saturating_sub(after);
    assert!(
        freed > 32 * 1024 * 1024,
        "{before} bytes before, {after} after"
    );
}
