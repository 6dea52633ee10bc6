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

use crate::config::CONNECTIONS_MAX;
use crate::config::DESCRIPTORS_SPARE;
use crate::config::SOURCES_MAX;

/// What the open files of the process are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shares {
    /// Connections that may be open.
    pub connections: usize,
    /// Files that may be followed without being opened for each look. A rotation holds
    /// two of one source for a while, and readers open older ones.
    pub files: usize,
}

/// Raises the limit, and shares out what it allows.
pub fn share_out() -> Shares {
    let wanted = (CONNECTIONS_MAX + 2 * SOURCES_MAX) as u64 + DESCRIPTORS_SPARE;
    let limit = getrlimit(Resource::Nofile);
    let allowed = limit.maximum.map_or(wanted, |most| most.min(wanted));
    let current = limit.current.unwrap_or(wanted);
    if current >= allowed {
        return Shares::of(current.min(wanted));
    }
    let raised = Rlimit {
        current: Some(allowed),
        maximum: limit.maximum,
    };
    match setrlimit(Resource::Nofile, raised) {
        Ok(()) => Shares::of(allowed),
        Err(error) => {
            tracing::warn!("cannot raise the limit of open files: {error}");
            Shares::of(current)
        }
    }
}

impl Shares {
    fn of(descriptors: u64) -> Shares {
        let connections = CONNECTIONS_MAX.min(descriptors as usize / 2);
        let left = descriptors.saturating_sub(connections as u64 + DESCRIPTORS_SPARE);
        Shares {
            connections,
            files: SOURCES_MAX.min(left as usize / 2).max(1),
        }
    }
}

#[cfg(test)]
mod tests;
