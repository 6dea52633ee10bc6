//! Failed requests: what a program is told, and the sentence for a person.
//!
//! What a reader sent is never echoed, except a pattern's own error, which may
//! point into the pattern.

use actix_web::HttpResponse;
use actix_web::ResponseError;
use actix_web::http::StatusCode;
use actix_web::http::header;
use serde::Serialize;
use thiserror::Error;

use crate::filter::FilterError;
use crate::position::PositionError;

/// Why a request failed. Its body is `{"error":{"code","message"}}`.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ApiError {
    /// A parameter that is unknown, repeated or senseless.
    #[error("{0}")]
    BadQuery(String),
    /// A pattern or level that cannot be understood.
    #[error("{}", .error.message())]
    BadFilter {
        /// The parameter.
        parameter: &'static str,
        /// What is wrong with it.
        error: FilterError,
    },
    /// A cursor or position that is none.
    #[error("{0}")]
    BadPosition(#[from] PositionError),
    /// No source has this name; the names there are.
    #[error("there is no such source; there are: {}", list(.0))]
    UnknownSource(Vec<String>),
    /// A position in a segment that nobody knows.
    #[error("no file here has this segment; leave the position out to begin with the newest lines")]
    NoSegment,
    /// A position in a file that is there no more.
    #[error(
        "the file with this position is gone; leave the position out to begin with the newest lines"
    )]
    Gone,
    /// As many requests of a kind as are answered at the same time.
    #[error("too many such requests at the moment; ask again in a second")]
    TooManyRequests,
    /// More requests of one reader than it may make.
    #[error("too many requests in a short time; slow down")]
    TooFast,
    /// More streams than one address may have open.
    #[error("too many streams are open from your address; close some")]
    TooManyStreams,
    /// Nothing new is begun when memory is short.
    #[error("this server is short of memory; try again in a few seconds")]
    Scarce,
    /// A file that changes too quickly to be read.
    #[error("a file is just being truncated; ask again in a second")]
    Unsettled,
    /// No such path.
    #[error("there is nothing at this address; the page is at /")]
    NotFound,
    /// A method other than these.
    #[error("only {0} is answered here")]
    Method(&'static str),
    /// Neither a session nor the token.
    #[error(
        "sign in with the link that the server printed when it started, or send its token: Authorization: Bearer …"
    )]
    Auth,
    /// The same where the token was not printed.
    #[error(
        "only the user who started this server comes in like this; who started it lets others in with --token or --share"
    )]
    Owner,
    /// Too many wrong tokens.
    #[error("too many attempts with a wrong token; try again in a minute")]
    TooManyAttempts,
    /// A token where logs and histories keep it.
    #[error(
        "a token in the query of an address is seen by others, so it is refused; use the link as it was printed, with #t=, or send Authorization: Bearer …"
    )]
    TokenInQuery,
    /// A form instead of a token.
    #[error("a session is begun with Authorization: Bearer …, and nothing else")]
    Form,
    /// A request that HTTP does not allow, or that nobody needs.
    #[error("{0}")]
    BadRequest(&'static str),
    /// A path and query beyond the limit.
    #[error("the address is too long")]
    TargetTooLong,
    /// A request head beyond the limit.
    #[error("the request has too many headers, or too long ones")]
    HeadTooLarge,
    /// A request with a body.
    #[error("no request here has a body")]
    Body,
    /// A request whose head did not come in time.
    #[error("the request did not come in time")]
    Timeout,
    /// What comes before a body, which nobody sends here.
    #[error("a request here has no body, so there is nothing to expect")]
    Expectation,
    /// A fault of this program.
    #[error("this server has a fault and could not answer; it goes on serving")]
    Internal,
    /// A name for this server that could be anybody's.
    #[error(
        "this server answers to localhost and to IP addresses; for another name start it with --allow-host"
    )]
    Host,
    /// Another web site's page asks.
    #[error(
        "requests from other web sites are not answered; behind a proxy, start the server with --public-url"
    )]
    CrossSite,
    /// Bytes of files whose lines are not all for readers.
    #[error(
        "this server was started with a filter, and what that drops is in the file; use /tail?follow=0&tail=all"
    )]
    RawFiltered,
    /// A range outside of so many bytes.
    #[error("there are only {0} bytes")]
    BadRange(u64),
    /// As many searches as may run and wait.
    #[error("too many searches at the moment; try again in two seconds")]
    TooManySearches,
    /// As many filters of streams as are kept.
    #[error("too many different filters are in use at the moment; try again in a few seconds")]
    TooManyFilters,
    /// As many streams as are allowed.
    #[error("too many readers at the moment; try again in a few seconds")]
    Busy,
}

impl ApiError {
    /// The name of the error for programs.
    pub fn code(&self) -> &'static str {
        match self {
            ApiError::BadQuery(_) => "bad_query",
            ApiError::BadFilter { error, .. } => error.code(),
            ApiError::BadPosition(_) => "bad_position",
            ApiError::UnknownSource(_) => "unknown_source",
            ApiError::NoSegment => "no_segment",
            ApiError::Gone => "gone",
            ApiError::TooManyRequests
            | ApiError::TooManySearches
            | ApiError::TooFast
            | ApiError::TooManyStreams
            | ApiError::TooManyFilters => "too_many_requests",
            ApiError::Unsettled => "unsettled",
            ApiError::RawFiltered => "filtered",
            ApiError::BadRange(_) => "bad_range",
            ApiError::NotFound => "not_found",
            ApiError::Method(_) => "method",
            ApiError::Auth | ApiError::Owner => "auth",
            ApiError::TooManyAttempts => "too_many_attempts",
            ApiError::TokenInQuery => "token_in_query",
            ApiError::Form => "form",
            ApiError::BadRequest(_) => "bad_request",
            ApiError::TargetTooLong => "target_too_long",
            ApiError::HeadTooLarge => "head_too_large",
            ApiError::Body => "body",
            ApiError::Timeout => "timeout",
            ApiError::Expectation => "expectation",
            ApiError::Internal => "internal",
            ApiError::Host => "host_not_allowed",
            ApiError::CrossSite => "cross_site",
            ApiError::Busy | ApiError::Scarce => "busy",
        }
    }

    /// Whether the connection is closed behind the answer: whoever sent this is
    /// not understood, or not welcome.
    fn closes(&self) -> bool {
        !matches!(
            self,
            ApiError::BadFilter { .. }
                | ApiError::BadPosition(_)
                | ApiError::BadQuery(_)
                | ApiError::UnknownSource(_)
                | ApiError::NoSegment
                | ApiError::Gone
                | ApiError::TooManyRequests
                | ApiError::TooManyStreams
                | ApiError::TooManyFilters
                | ApiError::Unsettled
                | ApiError::RawFiltered
                | ApiError::BadRange(_)
                | ApiError::TooManySearches
                | ApiError::NotFound
        )
    }
}

#[derive(Serialize)]
struct Body<'a> {
    error: Described<'a>,
}

#[derive(Serialize)]
struct Described<'a> {
    code: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern_offset: Option<usize>,
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        match self {
            ApiError::BadQuery(_)
            | ApiError::BadFilter { .. }
            | ApiError::BadPosition(_)
            | ApiError::TokenInQuery
            | ApiError::BadRequest(_) => StatusCode::BAD_REQUEST,
            ApiError::Auth | ApiError::Owner => StatusCode::UNAUTHORIZED,
            ApiError::Form => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            ApiError::UnknownSource(_) | ApiError::NoSegment | ApiError::NotFound => {
                StatusCode::NOT_FOUND
            }
            ApiError::Gone => StatusCode::GONE,
            ApiError::TooManyRequests
            | ApiError::TooManySearches
            | ApiError::TooFast
            | ApiError::TooManyStreams
            | ApiError::TooManyFilters
            | ApiError::TooManyAttempts => StatusCode::TOO_MANY_REQUESTS,
            ApiError::Method(_) => StatusCode::METHOD_NOT_ALLOWED,
            ApiError::TargetTooLong => StatusCode::URI_TOO_LONG,
            ApiError::HeadTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            ApiError::Body => StatusCode::PAYLOAD_TOO_LARGE,
            ApiError::Timeout => StatusCode::REQUEST_TIMEOUT,
            ApiError::Expectation => StatusCode::EXPECTATION_FAILED,
            ApiError::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            ApiError::Host => StatusCode::MISDIRECTED_REQUEST,
            ApiError::CrossSite | ApiError::RawFiltered => StatusCode::FORBIDDEN,
            ApiError::BadRange(_) => StatusCode::RANGE_NOT_SATISFIABLE,
            ApiError::Busy | ApiError::Scarce | ApiError::Unsettled => {
                StatusCode::SERVICE_UNAVAILABLE
            }
        }
    }

    fn error_response(&self) -> HttpResponse {
        let (parameter, pattern_offset) = match self {
            ApiError::BadFilter { parameter, error } => (Some(*parameter), error.offset()),
            _ => (None, None),
        };
        let mut response = HttpResponse::build(self.status_code());
        if self.closes() {
            response.force_close();
        }
        match self {
            ApiError::Method(allowed) => {
                response.insert_header((header::ALLOW, *allowed));
            }
            ApiError::TooManyAttempts => {
                response.insert_header((header::RETRY_AFTER, "60"));
            }
            ApiError::BadRange(length) => {
                response.insert_header((header::CONTENT_RANGE, format!("bytes */{length}")));
            }
            ApiError::TooManySearches => {
                response.insert_header((header::RETRY_AFTER, "2"));
            }
            ApiError::Busy
            | ApiError::Scarce
            | ApiError::TooManyStreams
            | ApiError::TooManyFilters => {
                response.insert_header((header::RETRY_AFTER, "5"));
            }
            ApiError::TooManyRequests | ApiError::TooFast | ApiError::Unsettled => {
                response.insert_header((header::RETRY_AFTER, "1"));
            }
            _ => {}
        }
        response
            .content_type("application/json; charset=utf-8")
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .json(Body {
                error: Described {
                    code: self.code(),
                    message: &self.to_string(),
                    parameter,
                    pattern_offset,
                },
            })
    }
}

/// As many names as a person reads.
fn list(names: &[String]) -> String {
    const SHOWN: usize = 20;
    let mut text = names[..names.len().min(SHOWN)].join(", ");
    if names.len() > SHOWN {
        text = format!("{text} and {} more", names.len() - SHOWN);
    }
    text
}
