//! How many files may be open at once, and what for.
//!
//! The soft limit of the process is raised as far as the system lets it. Where
//! that is not enough for everything, files must not take what connections need:
//! a file can be opened again for each look, and a server that cannot be reached says
//! nothing.

use rustix::process::Resource;
use rustix::process::Rlimit;
use rustix::process::getrlimit;
use rustix::process::setrlimit;

use crate::config::DESCRIPTORS_SPARE;
use crate::config::QUIET_FILES_MAX;
use crate::config::SOURCES_MAX;
use crate::config::serving::CONNECTIONS_SPARE;
use crate::config::serving::Serving;
use crate::error::StartupError;

/// What the open files of the process are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shares {
    /// Connections that may be open.
    pub connections: usize,
    /// Streams among them that may be open.
    pub streams: usize,
    /// Files that may be followed without being opened for each look. A rotation holds
    /// two of one source for a while, and readers open older ones.
    pub files: usize,
}

/// Raises the limit, and shares out what it allows. As many streams as were asked
/// for in so many words have to be possible.
pub fn share_out(serving: &Serving) -> Result<Shares, StartupError> {
    let connections = serving.streams() + CONNECTIONS_SPARE;
    let wanted = (connections + 2 * SOURCES_MAX) as u64 + DESCRIPTORS_SPARE;
    let descriptors = raise(wanted);
    let shares = Shares::of(descriptors, connections);
    let streams = serving.streams_wanted.unwrap_or(0);
    if streams <= shares.streams {
        return Ok(shares);
    }
    let is_enough = |most: &u64| Shares::of(*most, connections).streams >= streams;
    Err(StartupError::Descriptors {
        streams,
        descriptors,
        needed: (descriptors..wanted).find(is_enough).unwrap_or(wanted),
    })
}

/// Raises the limit towards what is wanted; gives how many there may be now.
fn raise(wanted: u64) -> u64 {
    let limit = getrlimit(Resource::Nofile);
    let allowed = limit.maximum.map_or(wanted, |most| most.min(wanted));
    let current = limit.current.unwrap_or(wanted);
    if current >= allowed {
        return current.min(wanted);
    }
    let raised = Rlimit {
        current: Some(allowed),
        maximum: limit.maximum,
    };
    match setrlimit(Resource::Nofile, raised) {
        Ok(()) => allowed,
        Err(error) => {
            tracing::warn!("cannot raise the limit of open files: {error}");
            current
        }
    }
}

impl Shares {
    fn of(descriptors: u64, connections_wanted: usize) -> Shares {
        // Quiet files give theirs back, and followers make do with few. Where those are missing
        // too, half is for connections.
        let without_files = DESCRIPTORS_SPARE as usize + 2 * QUIET_FILES_MAX;
        let descriptors = descriptors as usize;
        let most = descriptors
            .saturating_sub(without_files)
            .max(descriptors / 2);
        let connections = connections_wanted.min(most);
        let left = descriptors.saturating_sub(connections + DESCRIPTORS_SPARE as usize);
        // Whoever has something else to ask must be heard beside them.
        let possible = connections - CONNECTIONS_SPARE.min(connections / 2);
        Shares {
            connections,
            streams: possible.min(connections_wanted - CONNECTIONS_SPARE),
            files: SOURCES_MAX.min(left / 2).max(1),
        }
    }
}

#[cfg(test)]
mod tests;
