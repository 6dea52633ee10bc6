//! How a request becomes an answer, and what every answer carries.
//!
//! It stands around all routes, so that also what was refused before it came to
//! one, and what failed on the way, is answered in the same form: nothing leaves
//! without the headers that protect, a panic costs one request, and a client of
//! HTTP/1.0 gets what it can read.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;

use actix_http::Request;
use actix_http::Response;
use actix_web::Error;
use actix_web::HttpResponse;
use actix_web::ResponseError;
use actix_web::body;
use actix_web::body::BodySize;
use actix_web::body::BoxBody;
use actix_web::body::MessageBody;
use actix_web::dev::Service;
use actix_web::dev::ServiceResponse;
use actix_web::http::ConnectionType;
use actix_web::http::Method;
use actix_web::http::StatusCode;
use actix_web::http::Version;
use actix_web::http::header;
use actix_web::http::header::HeaderName;
use actix_web::http::header::HeaderValue;
use actix_web::http::uri::PathAndQuery;
use futures_util::FutureExt;

use crate::config::serving::Prefix;
use crate::http::connection::Connection;
use crate::http::error::ApiError;
use crate::http::held::Held;
use crate::http::portions::Portions;

const EVERY_ANSWER: [(&str, &str); 7] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    ("x-robots-tag", "noindex, nofollow"),
    (
        "permissions-policy",
        "camera=(), microphone=(), geolocation=(), usb=(), payment=()",
    ),
];

const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
    connect-src 'self'; manifest-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
    trusted-types logstream-worker";

const DATA_POLICY: &str =
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox";

/// What the answer depends on beside the routes.
struct Asked {
    connection: Option<Rc<Connection>>,
    is_for_page: bool,
    wants_body: bool,
    version: Version,
    /// To speak something else from now on.
    wants_upgrade: bool,
}

/// Answers one request with what `routes` say, unless it was refused before. Every path
/// begins with `prefix`; `note` is told of every answer.
pub fn answer<R, N>(
    mut request: Request,
    prefix: &Prefix,
    note: N,
    routes: &R,
) -> impl Future<Output = Result<Response<BoxBody>, Error>> + use<R, N>
where
    R: Service<Request, Response = ServiceResponse<BoxBody>, Error = Error>,
    N: FnOnce(StatusCode),
{
    let outside = enter(&mut request, prefix);
    let asked = Asked::in_request(&request);
    let refusal = asked.connection.as_ref().and_then(|side| side.refusal());
    let answering = match (refusal, outside) {
        (Some(refusal), _) => Err(refusal.error_response()),
        (None, Some(other)) => Err(other),
        (None, None) => Ok(AssertUnwindSafe(routes.call(request)).catch_unwind()),
    };
    async move {
        let response = match answering {
            Err(other) => other.into(),
            Ok(answering) => match answering.await {
                Ok(Ok(response)) => response.into(),
                Ok(Err(error)) => error.into(),
                Err(_panic) => ApiError::Internal.error_response().into(),
            },
        };
        let response = asked.complete(response);
        note(response.status());
        Ok(response)
    }
}

/// Takes the prefix off the path; gives what is answered when it is not there.
fn enter(request: &mut Request, prefix: &Prefix) -> Option<HttpResponse> {
    let uri = &mut request.head_mut().uri;
    if prefix.as_str().is_empty() || uri.authority().is_some() {
        return None;
    }
    let target = uri.path_and_query().map_or("", PathAndQuery::as_str);
    match target.strip_prefix(prefix.as_str()) {
        Some(rest) if rest.starts_with('/') => {
            *uri = rest.parse().expect("the end of an address is one");
            None
        }
        // The addresses in the page are relative, so the slash matters.
        Some(rest) if rest.is_empty() || rest.starts_with('?') => {
            let location = format!("{}/{rest}", prefix.as_str());
            let mut response = HttpResponse::PermanentRedirect();
            response.insert_header((header::LOCATION, location));
            Some(response.finish())
        }
        _ => Some(ApiError::NotFound.error_response()),
    }
}

impl Asked {
    fn in_request(request: &Request) -> Asked {
        let path = request.path();
        Asked {
            connection: request.conn_data::<Rc<Connection>>().cloned(),
            is_for_page: path == "/" || path.starts_with("/assets/"),
            wants_body: request.method() != Method::HEAD,
            version: request.head().version,
            wants_upgrade: request.head().upgrade(),
        }
    }

    fn complete(self, mut response: Response<BoxBody>) -> Response<BoxBody> {
        let policy = if self.is_for_page {
            PAGE_POLICY
        } else {
            DATA_POLICY
        };
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(policy),
        );
        for (name, value) in EVERY_ANSWER {
            headers.insert(
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            );
        }
        let is_old = self.version < Version::HTTP_11;
        if is_old {
            // It knows no chunks: its answer ends with the connection.
            response.head_mut().no_chunking(true);
        }
        if is_old || self.wants_upgrade {
            // The library would say that it does.
            let head = response.head_mut();
            head.set_connection_type(ConnectionType::Close);
        }
        response.map_body(|_, body| {
            // A stream would be read for ever and nothing of it be sent.
            let is_endless = !self.wants_body && body.size() == BodySize::Stream;
            let body = if is_endless {
                BoxBody::new(body::None::new())
            } else {
                body
            };
            let body = Portions::of(body);
            match self.connection {
                Some(connection) => Held::by(body, Answer(connection)),
                None => body,
            }
        })
    }
}

/// Tells its connection when it is complete.
struct Answer(Rc<Connection>);

impl Drop for Answer {
    fn drop(&mut self) {
        self.0.answered();
    }
}

#[cfg(test)]
mod tests;
