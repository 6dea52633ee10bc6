//! Whether what a connection has sent is the head of a request that may be answered.
//!
//! It looks at the form alone: how long the parts are, how many there are, and
//! whether two programs could read it in two ways. No request here has a body, so
//! the next head begins where this one ends, and a head that announces a body is
//! refused before anybody waits for it. Who may ask, and for what, is decided later.

use actix_web::http::Uri;
use httparse::EMPTY_HEADER;
use httparse::Error;
use httparse::Header;
use httparse::Request;
use httparse::Status;

use crate::config::connections::REQUEST_HEAD_BYTES_MAX;
use crate::config::connections::REQUEST_HEADERS_MAX;
use crate::config::connections::REQUEST_TARGET_BYTES_MAX;
use crate::http::error::ApiError;

/// What there is at the beginning of some input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Head {
    /// The beginning of a head.
    Partial,
    /// A head of so many bytes.
    Whole(usize),
    /// Nothing that may be answered otherwise.
    Refused(ApiError),
}

const SYNTAX: ApiError = ApiError::BadRequest("this is not a request that HTTP allows");
const FRAMING: ApiError =
    ApiError::BadRequest("a request says at most once, in digits, how long its body is");
const HOST: ApiError = ApiError::BadRequest("a request has one Host");

impl Head {
    /// Looks at the beginning of `input`.
    pub fn of(input: &[u8]) -> Head {
        let mut headers = [EMPTY_HEADER; REQUEST_HEADERS_MAX];
        let mut request = Request::new(&mut headers);
        match request.parse(input) {
            Ok(Status::Complete(length)) => match check(&request, length) {
                Ok(()) => Head::Whole(length),
                Err(error) => Head::Refused(error),
            },
            Ok(Status::Partial) => partial(&request, input.len()),
            Err(Error::TooManyHeaders) => Head::Refused(ApiError::HeadTooLarge),
            Err(_) => Head::Refused(SYNTAX),
        }
    }
}

/// A head without its end, which may already be too long.
fn partial(request: &Request, length: usize) -> Head {
    let target = match (request.method, request.path) {
        (_, Some(target)) => target.len(),
        (Some(method), None) => length - method.len(),
        (None, None) => 0,
    };
    if target > REQUEST_TARGET_BYTES_MAX {
        Head::Refused(ApiError::TargetTooLong)
    } else if length > REQUEST_HEAD_BYTES_MAX {
        Head::Refused(ApiError::HeadTooLarge)
    } else {
        Head::Partial
    }
}

fn check(request: &Request, length: usize) -> Result<(), ApiError> {
    let target = request.path.unwrap_or_default();
    if target.len() > REQUEST_TARGET_BYTES_MAX {
        return Err(ApiError::TargetTooLong);
    }
    if length > REQUEST_HEAD_BYTES_MAX {
        return Err(ApiError::HeadTooLarge);
    }
    // The library refuses these as well, but says nothing about it.
    let is_text = |byte: u8| byte.is_ascii_graphic() && byte != b'#';
    if !target.bytes().all(is_text) || target.parse::<Uri>().is_err() {
        return Err(SYNTAX);
    }
    if values(request.headers, "host").count() != 1 {
        return Err(HOST);
    }
    check_body(request)?;
    // The library would first say "100 Continue", without our headers.
    match values(request.headers, "expect").next() {
        Some(_) => Err(ApiError::Expectation),
        None => Ok(()),
    }
}

/// There must be none, and no doubt about it.
fn check_body(request: &Request) -> Result<(), ApiError> {
    let mut lengths = values(request.headers, "content-length");
    let mut encodings = values(request.headers, "transfer-encoding");
    match (
        (lengths.next(), lengths.next()),
        (encodings.next(), encodings.next()),
    ) {
        ((None, _), (None, _)) => Ok(()),
        ((Some(length), None), (None, _)) => {
            let is_number = !length.is_empty() && length.iter().all(u8::is_ascii_digit);
            match length.iter().all(|digit| *digit == b'0') {
                _ if !is_number => Err(FRAMING),
                true => Ok(()),
                false => Err(ApiError::Body),
            }
        }
        ((None, _), (Some(encoding), None))
            if encoding.eq_ignore_ascii_case(b"chunked") && request.version == Some(1) =>
        {
            Err(ApiError::Body)
        }
        _ => Err(FRAMING),
    }
}

fn values<'a>(headers: &'a [Header], name: &'a str) -> impl Iterator<Item = &'a [u8]> {
    headers
        .iter()
        .filter(move |header| header.name.eq_ignore_ascii_case(name))
        .map(|header| header.value.trim_ascii())
}

#[cfg(test)]
mod tests;
