use crate::config::CONNECTIONS_MAX;
use crate::config::SOURCES_MAX;
use crate::descriptors::Shares;

#[test]
fn with_enough_descriptors_everything_has_its_own() {
    let all = Shares {
        connections: CONNECTIONS_MAX,
        files: SOURCES_MAX,
    };
    assert_eq!(Shares::of(1 << 20), all);
}

#[test]
fn with_few_descriptors_connections_have_theirs() {
    for (descriptors, connections, files) in [
        (4096, 1256, 1388),
        (1024, 512, 224),
        (256, 128, 32),
        (64, 32, 1),
    ] {
        let shares = Shares { connections, files };
        assert_eq!(Shares::of(descriptors), shares, "{descriptors}");
    }
}
