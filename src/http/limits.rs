//! What is refused although it is well-formed and its reader may read: too much at
//! once of one reader, and anything that lasts when memory is scarce.
//!
//! Whoever uses the program on the machine on which it runs is not counted: a
//! limit of one reader is there for the others.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::Weak;
use std::time::Instant;

use actix_web::Error;
use actix_web::HttpMessage;
use actix_web::ResponseError;
use actix_web::body::BoxBody;
use actix_web::body::MessageBody;
use actix_web::dev::ServiceRequest;
use actix_web::dev::ServiceResponse;
use actix_web::middleware::Next;
use actix_web::web;

use crate::config::SEARCHES_PER_READER_MAX;
use crate::config::STREAMS_PER_ADDRESS_MAX;
use crate::http::access::Visitor;
use crate::http::error::ApiError;
use crate::http::held::Held;
use crate::http::pace::Pace;
use crate::http::places::Place;
use crate::http::places::Places;
use crate::memory::Memory;

/// What is counted of each reader.
#[derive(Debug)]
pub struct Limits {
    memory: Memory,
    pace: Pace<Reader>,
    streams: Shares<IpAddr>,
    searches: Shares<Reader>,
}

/// Who asks, as far as that is known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Reader {
    /// A browser that has signed in.
    Session(Arc<str>),
    /// Anybody at this address.
    Address(IpAddr),
}

/// As many places for each of many.
#[derive(Debug)]
struct Shares<K> {
    most: usize,
    places: Mutex<HashMap<K, Weak<Places>>>,
}

/// Refuses what is too much.
pub async fn guard(
    limits: web::Data<Limits>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match limits.admit(&request) {
        Ok(places) => {
            let response = next.call(request).await?.map_into_boxed_body();
            Ok(response.map_body(|_, body| Held::by(body, places)))
        }
        Err(error) => {
            let response = error.error_response();
            Ok(request.into_response(response))
        }
    }
}

/// What is answered for as long as the reader stays.
fn lasts(path: &str) -> bool {
    matches!(path, "/events" | "/tail" | "/api/search" | "/api/timeline")
        || path.starts_with("/raw/")
}

impl Limits {
    /// Nothing counted yet.
    pub fn new(memory: Memory) -> Limits {
        Limits {
            memory,
            pace: Pace::default(),
            streams: Shares::of(STREAMS_PER_ADDRESS_MAX),
            searches: Shares::of(SEARCHES_PER_READER_MAX),
        }
    }

    fn admit(&self, request: &ServiceRequest) -> Result<Vec<Place>, ApiError> {
        let lasts = lasts(request.path());
        if lasts && self.memory.is_scarce() {
            return Err(ApiError::Scarce);
        }
        let Some(visitor) = request.extensions().get::<Visitor>().cloned() else {
            return Ok(Vec::new());
        };
        let reader = match (visitor.session, visitor.address) {
            (Some(session), _) => Reader::Session(session),
            (None, Some(address)) => Reader::Address(address),
            (None, None) => return Ok(Vec::new()),
        };
        if !self.pace.allows(reader.clone(), Instant::now()) {
            return Err(ApiError::TooFast);
        }
        let mut places = Vec::new();
        if lasts && let Some(address) = visitor.address {
            places.push(self.streams.take(address).ok_or(ApiError::TooManyStreams)?);
        }
        if request.path() == "/api/search" {
            places.push(
                self.searches
                    .take(reader)
                    .ok_or(ApiError::TooManySearches)?,
            );
        }
        Ok(places)
    }
}

impl<K: Eq + Hash> Shares<K> {
    fn of(most: usize) -> Shares<K> {
        Shares {
            most,
            places: Mutex::default(),
        }
    }

    fn take(&self, key: K) -> Option<Place> {
        let mut all = self.places.lock().expect("no holder of the lock panics");
        // Only of those that have one there is an entry.
        all.retain(|_, places| places.strong_count() > 0);
        let known = all.get(&key).and_then(Weak::upgrade);
        let places = known.unwrap_or_else(|| {
            let places = Places::new(self.most);
            all.insert(key, Arc::downgrade(&places));
            places
        });
        Place::take(&places)
    }
}

#[cfg(test)]
mod tests;
