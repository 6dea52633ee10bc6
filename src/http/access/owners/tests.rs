use std::net::TcpListener;
use std::net::TcpStream;

use super::*;

fn address(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

#[track_caller]
fn check(line: &str, expected: Option<(&str, &str, u32)>) {
    let expected = expected.map(|(own, other, user)| ((address(own), address(other)), user));
    assert_eq!(entry(line), expected, "{line}");
}

#[cfg(target_endian = "little")]
#[test]
fn a_line_of_the_list_is_read() {
    check(
        "   3: 0100007F:C350 0100007F:160F 01 00000000:00000000 00:00000000 00000000  1000        0 12345 1 0000 20 4 30 10 -1",
        Some(("127.0.0.1:50000", "127.0.0.1:5647", 1000)),
    );
    check(
        "   3: 00000000000000000000000001000000:C350 00000000000000000000000001000000:160F 01 00000000:00000000 00:00000000 00000000     0        0 9 1",
        Some(("[::1]:50000", "[::1]:5647", 0)),
    );
    check(
        "   3: 0000000000000000FFFF00000100007F:C350 0000000000000000FFFF00000100007F:160F 01 00000000:00000000 00:00000000 00000000     7        0 9 1",
        Some(("127.0.0.1:50000", "127.0.0.1:5647", 7)),
    );
}

#[test]
fn a_closed_connection_is_nobodys() {
    for end in [
        "06 00000000:00000000 03:00000000 00000000     0        0 0 3",
        "05 00000000:00000000 00:00000000 00000000     0        0 0 1",
        "01 00000000:00000000 00:00000000 00000000     0        0 0 1",
        "01 00000000:00000000 00:00000000 00000000     x        0 9 1",
        "01",
    ] {
        check(&format!("   3: 0100007F:C350 0100007F:160F {end}"), None);
    }
    for garbage in [
        "",
        "x",
        "0: 1 2 3",
        "0: 0100007F:C350",
        "0: é100007F:C350 0:0 01",
    ] {
        check(garbage, None);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn this_process_is_found_at_the_other_end() {
    for (at, to) in [
        ("127.0.0.1:0", "127.0.0.1"),
        ("[::1]:0", "::1"),
        // A v6 socket that is connected with a v4 address.
        ("127.0.0.1:0", "::ffff:127.0.0.1"),
    ] {
        let Ok(listener) = TcpListener::bind(at) else {
            continue;
        };
        let port = listener.local_addr().unwrap().port();
        let ours = TcpStream::connect((to, port)).unwrap();
        let (theirs, peer) = listener.accept().unwrap();
        check_found(peer, theirs.local_addr().unwrap(), ours);
    }
}

/// The connection from `peer` is this process's, by both ways to find out, until it is closed.
#[cfg(target_os = "linux")]
fn check_found(peer: SocketAddr, local: SocketAddr, ours: TcpStream) {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.build().unwrap();
    let user = rustix::process::geteuid().as_raw();
    let owners = Owners::of_this_process();
    let listed = |ends| runtime.block_on(owners.connections()).get(&ends).copied();
    let found = |peer| runtime.block_on(owners.are_at(peer, local));

    assert!(found(peer));
    assert_eq!(listed((peer, local)), Some(user));
    assert_eq!(diagnosis::user(peer, local), Some(user));

    assert!(!found(local), "it only listens");
    assert_eq!(listed((local, local)), None);
    assert_eq!(diagnosis::user(local, local), None);

    let nobody = Owners {
        users: Vec::new(),
        latest: Mutex::default(),
    };
    assert!(!runtime.block_on(nobody.are_at(peer, local)));

    drop(ours);
    assert!(!found(peer), "it was closed");
    assert_eq!(listed((peer, local)), None);
    assert_eq!(diagnosis::user(peer, local), None);
}
