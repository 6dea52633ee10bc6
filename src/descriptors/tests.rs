use crate::config::SOURCES_MAX;
use crate::config::serving::CONNECTIONS_SPARE;
use crate::config::serving::STREAMS;
use crate::descriptors::Shares;

const CONNECTIONS: usize = STREAMS + CONNECTIONS_SPARE;

#[test]
fn with_enough_descriptors_everything_has_its_own() {
    let all = Shares {
        connections: CONNECTIONS,
        streams: STREAMS,
        files: SOURCES_MAX,
    };
    assert_eq!(Shares::of(1 << 20, CONNECTIONS), all);
}

#[test]
fn with_few_descriptors_connections_have_theirs() {
    for (descriptors, connections, streams, files) in [
        (4096, 1256, 1000, 1388),
        (1024, 512, 256, 224),
        (256, 128, 64, 32),
        (64, 32, 16, 1),
    ] {
        let shares = Shares {
            connections,
            streams,
            files,
        };
        assert_eq!(
            Shares::of(descriptors, CONNECTIONS),
            shares,
            "{descriptors}"
        );
    }
}

#[test]
fn files_leave_room_for_very_many_streams() {
    let streams =
        |descriptors, streams| Shares::of(descriptors, streams + CONNECTIONS_SPARE).streams;
    assert_eq!(streams(20_000, 10_000), 10_000);
    assert_eq!(streams(10_000 + 832, 10_000), 10_000);
    assert!(streams(10_000 + 831, 10_000) < 10_000);
    assert_eq!(streams(1 << 20, 20_000), 20_000);
}

#[test]
fn no_more_streams_are_allowed_than_were_asked_for() {
    for streams in [1, 100, 1000] {
        let shares = Shares::of(1 << 20, streams + CONNECTIONS_SPARE);
        assert_eq!(shares.streams, streams);
    }
}
