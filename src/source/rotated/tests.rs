use proptest::prelude::any;
use proptest::proptest;

use super::*;

fn rotated(base: &str, candidate: &str) -> Option<Rotated> {
    rotation_of(OsStr::new(base), OsStr::new(candidate))
}

/// All of them are parts of the log, and in this order, the oldest first.
#[track_caller]
fn check_order(base: &str, oldest_first: &[&str]) {
    let order = |name: &str| match rotated(base, name) {
        Some(rotated) => rotated.order,
        None => panic!("{name:?} should be a part of {base:?}"),
    };
    let orders: Vec<Order> = oldest_first.iter().map(|name| order(name)).collect();
    assert!(
        orders.is_sorted_by(|older, newer| older < newer),
        "{base}: {orders:?}"
    );
}

#[track_caller]
fn check_unrelated(base: &str, candidates: &[&str]) {
    for name in candidates {
        assert_eq!(rotated(base, name), None, "{name:?} of {base:?}");
    }
}

#[test]
fn higher_numbers_are_older() {
    check_order(
        "app.log",
        &["app.log.12.gz", "app.log.2.gz", "app.log.1", "app.log.0"],
    );
    check_order("app.log", &["app.10.log", "app.2.log.gz", "app.1.log"]);
    check_order("syslog", &["syslog.7.gz", "syslog.2.gz", "syslog.1"]);
}

#[test]
fn earlier_dates_are_older() {
    check_order(
        "app.log",
        &[
            "app.log-20251231",
            "app.log-20261121.gz",
            "app.log-20261122",
        ],
    );
    check_order("app.log", &["app.log.2026-09-30", "app.log.2026-11-22"]);
    check_order(
        "app.log",
        &["app.log.20261122T104702", "app.log.20261122T104703"],
    );
    check_order("app.log", &["app-20261121.log.gz", "app-20261122.log"]);
    check_order("app.log", &["app.2026-11-21.log", "app.2026-11-22.log"]);
    check_order("app.log", &["app.2026-10.log", "app.2026-11.log"]);
    check_order("messages", &["messages-20261115", "messages-20261122"]);
    check_order("messages", &["messages-2026112209", "messages-2026112210"]);
}

#[test]
fn times_and_indices_order_the_files_of_one_day() {
    check_order(
        "app.log",
        &[
            "app.log-20261122-1700000000",
            "app.log-20261122-1700003600.gz",
        ],
    );
    check_order(
        "app.log",
        &["app.log.2026-11-22_09-59-59", "app.log.2026-11-22_10-47-02"],
    );
    check_order(
        "app.log",
        &[
            "app-2026-11-22T10-47-02.099.log.gz",
            "app-2026-11-22T10-47-02.403.log",
            "app-2026-11-22T10-47-03.000.log",
        ],
    );
    check_order(
        "app.log",
        &[
            "app.2026-11-22.log",
            "app.2026-11-22.0.log.gz",
            "app.2026-11-22.9.log.gz",
            "app.2026-11-22.10.log",
        ],
    );
    check_order(
        "app.log",
        &["app-2026-11-22-9.log", "app-2026-11-22-10.log"],
    );
    check_order(
        "app.log",
        &[
            "app-2026-11-22T10:47:02Z.log",
            "app-2026-11-22T10:47:03Z.log",
        ],
    );
    check_order(
        "app.log",
        &[
            "app.log.2026-11-22T10:47:02+01:00",
            "app.log.2026-11-22T10:47:03+01:00",
        ],
    );
    check_order(
        "app.log",
        &["app.log_20261121_235959", "app.log_20261122_000000"],
    );
}

#[test]
fn the_one_old_file_is_a_part() {
    check_order("app.log", &["app.log.old"]);
    check_order("app.log", &["app.log.old.gz"]);
    check_order("Xorg.0.log", &["Xorg.0.log.old"]);
}

#[test]
fn the_compression_is_told_by_the_name() {
    for (name, compression) in [
        ("app.log.1", None),
        ("app.log.2.gz", Some(Compression::Gzip)),
        ("app.log.1.zst", Some(Compression::Zstd)),
        ("app-20261122.log.zst", Some(Compression::Zstd)),
        ("app.log.3.bz2", Some(Compression::Unsupported)),
        ("app.log-20261122.xz", Some(Compression::Unsupported)),
    ] {
        let rotated = rotated("app.log", name).expect(name);
        assert_eq!(rotated.compression, compression, "{name}");
    }
}

#[test]
fn other_names_are_never_claimed() {
    check_unrelated(
        "app.log",
        &[
            "app.log",
            "app.logger",
            "app.log.d",
            "app.log.swp",
            "app.log.tmp",
            "app.log.bak",
            "app.log~",
            "app.log.gz",
            "app.log.",
            "app.log..1",
            "app.log.1.",
            "app.log.1x",
            "app.log.x1",
            "app.log-1",
            "app.log1",
            "app2.log",
            "app-1.log",
            "app_1.log",
            "app-worker.log",
            "app-worker.log.1",
            "app-2026-11-22-worker.log",
            "apps.log.1",
            "app.log.20261322",
            "app.log.20261100",
            "app.log-202611",
            "app.log.2026",
            "app.log.12345",
            "app.log.99999999999999999999",
            "app.log-20261122-99999999999999999999999",
            "1",
            ".1",
            "",
        ],
    );
    check_unrelated(
        "worker",
        &[
            "worker-1",
            "worker-a.1x",
            "worker.d",
            "workers.1",
            "worker.log",
        ],
    );
    check_unrelated("app", &["app.1.log", "app-20261122.log"]);
    check_unrelated("", &[".1", "-20261122"]);
}

#[test]
fn names_need_not_be_utf_8() {
    let base = OsStr::from_bytes(b"caf\xe9.log");
    assert!(rotation_of(base, OsStr::from_bytes(b"caf\xe9.log.1")).is_some());
    assert!(rotation_of(base, OsStr::from_bytes(b"caf\xe9-20261122.log.gz")).is_some());
    assert!(rotation_of(base, OsStr::from_bytes(b"caf\xe8.log.1")).is_none());
    assert!(rotation_of(base, OsStr::from_bytes(b"caf\xe9.log.\xff")).is_none());
}

#[test]
fn a_neighbour_is_one_whose_log_is_present() {
    let present = ["app.log", "syslog", "app-2026-11-21.log"];
    let is_neighbour = |name: &str| {
        is_rotated_neighbour(OsStr::new(name), |base| {
            present.iter().any(|log| base == *log)
        })
    };
    assert!(is_neighbour("app.log.1"));
    assert!(is_neighbour("app-2026-11-21.log"), "a part of app.log");
    assert!(is_neighbour("app-2026-11-21.log.1"), "a part of a part");
    assert!(is_neighbour("syslog.2.gz"));
    assert!(!is_neighbour("app.log"));
    assert!(!is_neighbour("kern.log.1"), "there is no kern.log");
    assert!(!is_neighbour("other-2026-11-21.log"));
}

#[test]
fn dates_and_numbers_can_be_compared() {
    let dated = rotated("app.log", "app.log-20261122").unwrap();
    let numbered = rotated("app.log", "app.log.1").unwrap();
    assert!(dated.order < numbered.order);
}

proptest! {
    #[test]
    fn any_name_can_be_taken_apart(name in "(app|\\PC{0,3})([-_.T:]|[0-9]{1,12}|20(25|26)|log|gz|zst|old){0,8}", junk in any::<Vec<u8>>()) {
        for name in [name.into_bytes(), junk] {
            for reading in readings(&name) {
                let base = reading.base();
                assert!(!base.is_empty() && base.len() < name.len());
                assert!(rotation_of(&base, OsStr::from_bytes(&name)).is_some());
            }
        }
    }
}

#[test]
fn a_number_after_a_name_names_the_log_even_if_that_is_missing() {
    let check = |name: &str, log: Option<&str>| {
        let found = crate::source::rotated::numbered_log(std::ffi::OsStr::new(name));
        assert_eq!(found.as_deref(), log.map(std::ffi::OsStr::new), "{name}");
    };
    check("app.log.1", Some("app.log"));
    check("app.log.12.gz", Some("app.log"));
    check("syslog.1", Some("syslog"));
    for other in [
        "app.log",
        "10.0.0.5",
        "app.log.2026",
        "app.log.x",
        "app.",
        ".1",
        "app.log-20261122",
    ] {
        check(other, None);
    }
}
