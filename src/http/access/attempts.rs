//! How often a wrong token was tried, and who has to wait.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::net::Ipv6Addr;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Instant;

use crate::config::access::LOGIN_FAILURES_MAX;
use crate::config::access::LOGIN_FAILURES_PER_ADDRESS_MAX;
use crate::config::access::LOGIN_FAILURES_SPAN;

/// The failures of the last minute, oldest first. There are never more than are allowed in all, so
/// that they can simply be counted.
#[derive(Debug, Default)]
pub struct Attempts(Mutex<VecDeque<(Instant, IpAddr)>>);

impl Attempts {
    /// Whether nothing may be tried from there now, not even what would be right.
    pub fn are_over(&self, address: IpAddr, now: Instant) -> bool {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while failures
            .front()
            .is_some_and(|(at, _)| now.duration_since(*at) >= LOGIN_FAILURES_SPAN)
        {
            failures.pop_front();
        }
        let place = place(address);
        let from_there = failures.iter().filter(|(_, from)| *from == place).count();
        failures.len() >= LOGIN_FAILURES_MAX || from_there >= LOGIN_FAILURES_PER_ADDRESS_MAX
    }

    /// Remembers one.
    pub fn failed(&self, address: IpAddr, now: Instant) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() < LOGIN_FAILURES_MAX {
            failures.push_back((now, place(address)));
        }
    }
}

/// Whoever has one address of v6 has its whole network of 64 bits.
fn place(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => {
            let network = u128::from(v6) & !u128::from(u64::MAX);
            Ipv6Addr::from(network).into()
        }
        IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests;
