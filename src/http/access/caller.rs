//! Who sends a request, and under which address of ours, as far as it can be believed.
//!
//! A proxy may say it of the reader behind it, but anybody can send such headers: only the word of
//! a proxy that was named at start counts.

use std::net::IpAddr;
use std::net::SocketAddr;

use actix_web::HttpRequest;
use actix_web::http::header;
use ipnet::IpNet;

use crate::http::access::host::Host;
use crate::http::access::peer::Peer;
use crate::http::error::ApiError;

const FORWARDED_FOR: &str = "x-forwarded-for";
const FORWARDED_HOST: &str = "x-forwarded-host";
const FORWARDED_PROTO: &str = "x-forwarded-proto";

const NO_HOST: ApiError =
    ApiError::BadRequest("a request has one Host, a name or an address with or without a port");

/// Whoever sends a request.
#[derive(Debug)]
pub struct Caller<'a> {
    /// Where the reader is; none on a socket in the file system, or when a proxy does not say it.
    pub address: Option<IpAddr>,
    /// The way to the reader is encrypted.
    pub is_encrypted: bool,
    /// How the reader calls this server.
    pub host: Host<'a>,
}

impl<'a> Caller<'a> {
    /// Who sends this request.
    pub fn of(request: &'a HttpRequest, proxies: &[IpNet]) -> Result<Caller<'a>, ApiError> {
        let peer = request.conn_data::<Peer>();
        let address = peer.and_then(|peer| peer.addresses);
        let address = address.map(|(peer, _)| peer.ip().to_canonical());
        let mut hosts = request.headers().get_all(header::HOST);
        let (Some(host), None) = (hosts.next(), hosts.next()) else {
            return Err(NO_HOST);
        };
        let host = Host::parse(host.to_str().map_err(|_| NO_HOST)?).ok_or(NO_HOST)?;
        let direct = Caller {
            address,
            is_encrypted: peer.is_some_and(|peer| peer.is_encrypted),
            host,
        };
        let is_proxy = |address: &IpAddr| proxies.iter().any(|network| network.contains(address));
        if address.is_some_and(|address| is_proxy(&address)) {
            direct.forwarded(request, is_proxy)
        } else {
            Ok(direct)
        }
    }

    /// `http` or `https`.
    pub fn scheme(&self) -> &'static str {
        if self.is_encrypted { "https" } else { "http" }
    }

    /// As a proxy that is believed says it.
    fn forwarded(
        self,
        request: &'a HttpRequest,
        is_proxy: impl Fn(&IpAddr) -> bool,
    ) -> Result<Caller<'a>, ApiError> {
        // Each proxy adds to the right. What stands left of the first that is no proxy of ours, the
        // reader may have made up.
        let words_for: Vec<&str> = words(request, FORWARDED_FOR).collect();
        let reader = words_for
            .into_iter()
            .rev()
            .map(address_in)
            .find(|address| !address.is_some_and(|address| is_proxy(&address)));
        // Where a word is no address, all whom this proxy speaks for so are one.
        let reader = reader.and_then(|reader| reader.or(self.address));
        let host = match words(request, FORWARDED_HOST).last() {
            Some(host) => Host::parse(host).ok_or(NO_HOST)?,
            None => self.host,
        };
        let scheme = words(request, FORWARDED_PROTO).last();
        Ok(Caller {
            address: reader,
            is_encrypted: scheme.map_or(self.is_encrypted, |scheme| scheme == "https"),
            host,
        })
    }
}

/// The address in one part of `X-Forwarded-For`; some proxies add the port.
fn address_in(word: &str) -> Option<IpAddr> {
    let bare = word
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let address = bare.unwrap_or(word).parse();
    let address = address.or_else(|_| word.parse().map(|both: SocketAddr| both.ip()));
    address.ok().map(|address| address.to_canonical())
}

/// The parts of a list in headers of this name.
fn words<'a>(request: &'a HttpRequest, name: &'static str) -> impl Iterator<Item = &'a str> {
    request
        .headers()
        .get_all(name)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
}
