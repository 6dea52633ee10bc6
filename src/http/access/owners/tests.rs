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
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    for at in ["127.0.0.1:0", "[::1]:0"] {
        let Ok(listener) = TcpListener::bind(at) else {
            continue;
        };
        let ours = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (theirs, peer) = listener.accept().unwrap();
        let local = theirs.local_addr().unwrap();
        let owners = Owners::of_this_process();
        runtime.block_on(async {
            assert!(owners.are_at(peer, local).await);
            assert!(!owners.are_at(local, local).await);
        });
        let nobody = Owners {
            users: Vec::new(),
            latest: Mutex::default(),
        };
        assert!(!runtime.block_on(nobody.are_at(peer, local)));
        drop(ours);
        assert!(
            !runtime.block_on(owners.are_at(peer, local)),
            "it was closed"
        );
    }
}
