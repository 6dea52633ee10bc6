//! Who may come in.
//!
//! The server listens on loopback, so whoever connects is on this machine. What
//! has to be kept out are the web pages that such a person visits: they can
//! make the browser send requests here. They cannot forge `Host`, `Origin` and
//! `Sec-Fetch-Site`, so these decide.

use std::net::IpAddr;

use actix_web::Error;
use actix_web::HttpResponse;
use actix_web::ResponseError;
use actix_web::body::BoxBody;
use actix_web::body::MessageBody;
use actix_web::dev::ServiceRequest;
use actix_web::dev::ServiceResponse;
use actix_web::http::Method;
use actix_web::http::Version;
use actix_web::http::header;
use actix_web::http::header::HeaderMap;
use actix_web::middleware::Next;

use crate::http::error::ApiError;

/// Refuses what must not come in.
pub async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match check(&request) {
        Ok(()) => Ok(next.call(request).await?.map_into_boxed_body()),
        Err(error) => {
            let response: HttpResponse<BoxBody> = error.error_response();
            Ok(request.into_response(response))
        }
    }
}

fn check(request: &ServiceRequest) -> Result<(), ApiError> {
    let uri = request.uri();
    if request.version() == Version::HTTP_11 && uri.authority().is_some() || uri.scheme().is_some()
    {
        return Err(ApiError::BadRequest("the address of a request is a path"));
    }
    let headers = request.headers();
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(ApiError::Method);
    }
    let host = host(headers)?;
    if !is_ours(host) {
        return Err(ApiError::Host);
    }
    check_origin(request, host)
}

/// The one `Host`, well-formed.
fn host(headers: &HeaderMap) -> Result<&str, ApiError> {
    const MALFORMED: ApiError =
        ApiError::BadRequest("a request has one Host, a name or an address with or without a port");
    let mut hosts = headers.get_all(header::HOST);
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return Err(MALFORMED);
    };
    let host = host.to_str().map_err(|_| MALFORMED)?;
    let name = name_of(host).ok_or(MALFORMED)?;
    let is_name = |name: &str| {
        name.bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
    };
    if address_of(name).is_some() || (!name.is_empty() && is_name(name)) {
        Ok(host)
    } else {
        Err(MALFORMED)
    }
}

/// The host without its port; `None` when the port is none.
fn name_of(host: &str) -> Option<&str> {
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

fn address_of(name: &str) -> Option<IpAddr> {
    match name.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']')?.parse().ok().map(IpAddr::V6),
        None => name.parse().ok().map(IpAddr::V4),
    }
}

/// A name that no web site can have point here: an address, or localhost.
fn is_ours(host: &str) -> bool {
    let name = name_of(host).unwrap_or_default().to_ascii_lowercase();
    address_of(&name).is_some() || name == "localhost" || name.ends_with(".localhost")
}

/// What a browser says of the page that asks must be this very page, or none.
fn check_origin(request: &ServiceRequest, host: &str) -> Result<(), ApiError> {
    let headers = request.headers();
    if let Some(origin) = headers.get(header::ORIGIN) {
        let is_same = origin
            .to_str()
            .ok()
            .and_then(|origin| origin.strip_prefix("http://"));
        if !is_same.is_some_and(|origin| origin.eq_ignore_ascii_case(host)) {
            return Err(ApiError::CrossSite);
        }
    }
    let said = |name: &str| headers.get(name).map(|value| value.as_bytes().to_vec());
    // A link that somebody followed from another site opens the page, and nothing else.
    let is_visit = request.path() == "/"
        && said("sec-fetch-mode").as_deref() == Some(b"navigate")
        && said("sec-fetch-dest").as_deref() == Some(b"document");
    match said("sec-fetch-site").as_deref() {
        None | Some(b"same-origin" | b"none") => Ok(()),
        Some(_) if is_visit => Ok(()),
        Some(_) => Err(ApiError::CrossSite),
    }
}

#[cfg(test)]
mod tests;
