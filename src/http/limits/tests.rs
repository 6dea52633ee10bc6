use std::net::IpAddr;
use std::sync::Arc;

use actix_web::HttpMessage;
use actix_web::test::TestRequest;

use crate::config::REQUESTS_AT_ONCE_MAX;
use crate::config::SEARCHES_PER_READER_MAX;
use crate::config::STREAMS_PER_ADDRESS_MAX;
use crate::http::access::Visitor;
use crate::http::error::ApiError;
use crate::http::limits::Limits;
use crate::http::places::Place;
use crate::memory::Memory;

fn limits() -> Limits {
    Limits::new(Memory::with_limit(None))
}

/// What becomes of a request for this path, by somebody there with this session.
fn ask(
    limits: &Limits,
    path: &str,
    address: Option<&str>,
    session: Option<&str>,
) -> Result<Vec<Place>, ApiError> {
    let request = TestRequest::with_uri(path).to_srv_request();
    let address = address.map(|text| text.parse::<IpAddr>().expect("an address"));
    let session = session.map(Arc::from);
    request
        .extensions_mut()
        .insert(Visitor { address, session });
    limits.admit(&request)
}

#[test]
fn an_address_has_so_many_streams() {
    let limits = limits();
    let paths = ["/events", "/tail", "/api/timeline", "/raw/app.log"];
    let open = |number: usize| {
        ask(
            &limits,
            paths[number % paths.len()],
            Some("192.0.2.1"),
            None,
        )
    };
    let streams: Vec<_> = (0..STREAMS_PER_ADDRESS_MAX)
        .map(|number| open(number).expect("a place"))
        .collect();
    assert_eq!(open(0).err(), Some(ApiError::TooManyStreams));
    // Others are not concerned, nor is what ends at once.
    assert!(ask(&limits, "/events", Some("192.0.2.2"), None).is_ok());
    assert!(ask(&limits, "/api/sources", Some("192.0.2.1"), None).is_ok());
    drop(streams);
    assert!(open(0).is_ok());
}

#[test]
fn this_machine_is_not_counted() {
    let limits = limits();
    let streams: Vec<_> = (0..1_000)
        .map(|_| ask(&limits, "/events", None, None).expect("a place"))
        .collect();
    assert!(streams.iter().all(Vec::is_empty));
}

#[test]
fn a_session_has_a_pace_wherever_it_is() {
    let limits = limits();
    let addresses = [Some("192.0.2.1"), Some("192.0.2.2"), None];
    let results = (0..REQUESTS_AT_ONCE_MAX as usize + 10)
        .map(|number| ask(&limits, "/api/history", addresses[number % 3], Some("one")).err());
    let refused = results.flatten().collect::<Vec<_>>();
    // A few more are allowed while this is being tested.
    assert!((1..=10).contains(&refused.len()), "{}", refused.len());
    assert!(refused.iter().all(|error| *error == ApiError::TooFast));
    assert!(ask(&limits, "/api/history", None, Some("two")).is_ok());
}

#[test]
fn a_reader_has_few_searches() {
    let limits = limits();
    let search = || ask(&limits, "/api/search", None, Some("one"));
    let searches: Vec<_> = (0..SEARCHES_PER_READER_MAX)
        .map(|_| search().expect("a place"))
        .collect();
    assert_eq!(search().err(), Some(ApiError::TooManySearches));
    assert!(ask(&limits, "/api/search", None, Some("two")).is_ok());
    drop(searches);
    assert!(search().is_ok());
}

#[test]
fn when_memory_is_scarce_nothing_is_begun_that_lasts() {
    let limits = Limits::new(Memory::with_limit(Some(1_000)));
    for path in [
        "/events",
        "/tail",
        "/api/search",
        "/api/timeline",
        "/raw/app.log",
    ] {
        assert_eq!(
            ask(&limits, path, None, None).err(),
            Some(ApiError::Scarce),
            "{path}"
        );
    }
    for path in ["/", "/healthz", "/api/sources", "/api/history"] {
        assert!(ask(&limits, path, None, None).is_ok(), "{path}");
    }
}
