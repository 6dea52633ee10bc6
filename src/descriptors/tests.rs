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
