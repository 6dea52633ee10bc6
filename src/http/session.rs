//! `POST /api/session`: the token becomes a cookie that scripts of the page cannot read.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::header;

use crate::http::access::Access;
use crate::http::error::ApiError;

/// The answer to who has the token: 204 and the cookie.
pub fn begin(access: &Access, request: &HttpRequest) -> Result<HttpResponse, ApiError> {
    let cookie = access.sign_in(request)?;
    Ok(HttpResponse::NoContent()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::SET_COOKIE, cookie))
        .finish())
}
