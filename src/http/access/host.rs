//! The name by which a reader calls this server, as `Host` and `Origin` have it.

use std::net::IpAddr;

/// A well-formed `Host`: a name or an address, with or without a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Host<'a> {
    whole: &'a str,
    name: &'a str,
    address: Option<IpAddr>,
}

impl<'a> Host<'a> {
    /// `None` when it is not well-formed.
    pub fn parse(whole: &'a str) -> Option<Host<'a>> {
        let name = without_port(whole)?;
        let address = match name.strip_prefix('[') {
            Some(rest) => Some(IpAddr::V6(rest.strip_suffix(']')?.parse().ok()?)),
            None => name.parse().ok().map(IpAddr::V4),
        };
        let is_letter = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
        let has_labels = !name.is_empty() && !name.starts_with('.') && !name.contains("..");
        let is_name = has_labels && name.bytes().all(is_letter);
        (address.is_some() || is_name).then_some(Host {
            whole,
            name,
            address,
        })
    }

    /// A name that no web site can have point here: an address, or localhost.
    pub fn is_this_machine(&self) -> bool {
        let name = self.name.to_ascii_lowercase();
        self.address.is_some() || name == "localhost" || name.ends_with(".localhost")
    }

    /// Whether it is this name, on whatever port.
    pub fn is_named(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Whether a page from `origin` is a page of this server, asked by this scheme.
    pub fn is_origin(&self, scheme: &str, origin: &str) -> bool {
        origin
            .strip_prefix(scheme)
            .and_then(|rest| rest.strip_prefix("://"))
            .is_some_and(|host| host.eq_ignore_ascii_case(self.whole))
    }
}

/// `None` when the port is none.
fn without_port(host: &str) -> Option<&str> {
    let port_at = match host.rfind(']') {
        Some(bracket) => host[bracket..].find(':').map(|colon| bracket + colon),
        None => host.find(':'),
    };
    let Some(at) = port_at else { return Some(host) };
    let port = &host[at + 1..];
    let is_port =
        port.len() <= 5 && port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok();
    is_port.then_some(&host[..at])
}
