//! Under which addresses the page can be found, here and from elsewhere.

use std::net::IpAddr;
use std::net::SocketAddr;
use std::path::PathBuf;

use url::Url;

use crate::config::serving::Prefix;
use crate::http::listen::Listening;
use crate::http::listen::SocketFile;

/// Where the page can be found.
#[derive(Clone, Debug)]
pub struct Addresses {
    listened: Vec<SocketAddr>,
    files: Vec<PathBuf>,
    public_url: Option<Url>,
    scheme: &'static str,
    prefix: Prefix,
}

impl Addresses {
    /// Of a server that listens there, speaks `scheme`, and serves below `prefix`.
    pub fn new(
        listening: &Listening,
        public_url: Option<Url>,
        scheme: &'static str,
        prefix: &Prefix,
    ) -> Addresses {
        let files = listening.files.iter().map(SocketFile::path);
        Addresses {
            listened: listening.addresses.clone(),
            files: files.map(Into::into).collect(),
            public_url,
            scheme,
            prefix: prefix.clone(),
        }
    }

    /// For a browser on this machine; none when only sockets in the file system are listened at.
    pub fn here(&self) -> Option<String> {
        let is_localhost = |place: &&SocketAddr| {
            let address = place.ip();
            address.is_unspecified()
                || address.to_string() == "127.0.0.1"
                || address == IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1])
        };
        let localhost = self.listened.iter().find(is_localhost);
        let localhost = localhost.map(|place| self.url(format_args!("localhost:{}", place.port())));
        localhost.or_else(|| self.listened.first().map(|place| self.url(place)))
    }

    /// For other machines: the public one, and one for each address of this machine that is
    /// listened at. The machine may have others tomorrow.
    pub fn elsewhere(&self) -> Vec<String> {
        let public = self.public_url.iter().map(Url::to_string);
        let places = self.listened.iter().flat_map(|place| {
            let address = place.ip();
            let addresses = match address {
                _ if address.is_loopback() => Vec::new(),
                _ if address.is_unspecified() => {
                    let mut all = of_this_machine();
                    all.retain(|other| other.is_ipv4() == address.is_ipv4());
                    all
                }
                _ => vec![address],
            };
            let port = place.port();
            addresses
                .into_iter()
                .map(move |address| SocketAddr::new(address, port))
        });
        public.chain(places.map(|place| self.url(place))).collect()
    }

    /// Sockets in the file system, as `--bind` has them.
    pub fn files(&self) -> impl Iterator<Item = String> {
        self.files
            .iter()
            .map(|path| format!("unix:{}", path.display()))
    }

    /// Whether what is said on the way to other machines can be read on the way.
    pub fn are_readable_on_the_way(&self) -> bool {
        let is_public_encrypted = self
            .public_url
            .as_ref()
            .is_some_and(|url| url.scheme() == "https");
        let is_far = |place: &SocketAddr| !place.ip().is_loopback();
        self.scheme == "http" && !is_public_encrypted && self.listened.iter().any(is_far)
    }

    /// Whether only this machine can connect.
    pub fn are_local(&self) -> bool {
        self.listened.iter().all(|place| place.ip().is_loopback())
    }

    fn url(&self, authority: impl std::fmt::Display) -> String {
        format!("{}://{authority}{}/", self.scheme, self.prefix.as_str())
    }
}

/// The addresses by which other machines can reach this one.
pub fn of_this_machine() -> Vec<IpAddr> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    let mut addresses: Vec<IpAddr> = interfaces
        .iter()
        // A browser takes no address that holds for one link only.
        .filter(|interface| !interface.is_loopback() && !interface.is_link_local())
        .map(if_addrs::Interface::ip)
        .collect();
    addresses.dedup();
    addresses
}

#[cfg(test)]
mod tests;
