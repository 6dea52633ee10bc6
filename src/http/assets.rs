//! The page and its parts, embedded in the binary.
//!
//! The build script has packed them, and has compressed each already, so that a
//! request costs a look-up. All parts lie below a folder named by a hash of all of
//! them: they can be kept for ever by a browser, and none of an older version meets
//! one of a newer. Only the page itself is asked for again.

use std::borrow::Cow;

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::HttpResponseBuilder;
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::http::header::AcceptEncoding;
use actix_web::http::header::Encoding;
use actix_web::http::header::EntityTag;
use actix_web::http::header::Header;
use actix_web::http::header::IfNoneMatch;
use bytes::Bytes;
use rust_embed::EmbeddedFile;
use rust_embed::RustEmbed;
use xxhash_rust::xxh3::xxh3_64;

use crate::http::error::ApiError;

#[derive(RustEmbed)]
#[folder = "$OUT_DIR/page"]
struct Embedded;

const PAGE: &str = "index.html";

/// `GET /`
pub fn page(request: &HttpRequest) -> HttpResponse {
    let form = Form::of(PAGE, request).expect("the page is embedded");
    let tag = EntityTag::new_strong(format!("{:016x}", xxh3_64(&form.body)));
    let is_known = match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(known)) => known.iter().any(|known| known.weak_eq(&tag)),
        Err(_) => false,
    };
    let status = if is_known {
        StatusCode::NOT_MODIFIED
    } else {
        StatusCode::OK
    };
    let mut response = HttpResponse::build(status);
    response
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header((header::ETAG, tag.to_string()));
    if is_known {
        return response.insert_header(VARY).finish();
    }
    form.send(response)
}

/// `GET /assets/{version}/{name}`
pub fn part(request: &HttpRequest, version: &str, name: &str) -> Result<HttpResponse, ApiError> {
    let name = format!("assets/{version}/{name}");
    let form = Form::of(&name, request).ok_or(ApiError::NotFound)?;
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"));
    Ok(form.send(response))
}

const VARY: (header::HeaderName, &str) = (header::VARY, "Accept-Encoding");

/// A file in the one of its forms that a browser likes best.
struct Form {
    content_type: &'static str,
    encoding: Encoding,
    body: Bytes,
}

impl Form {
    fn of(name: &str, request: &HttpRequest) -> Option<Form> {
        let content_type = content_type(name)?;
        let forms = [Encoding::brotli(), Encoding::gzip()];
        let accepted = AcceptEncoding::parse(request).ok();
        let encoding = accepted.and_then(|accepted| accepted.negotiate(forms.iter()));
        let encoding = encoding.unwrap_or_else(Encoding::identity);
        let ending = match &encoding {
            known if *known == Encoding::brotli() => ".br",
            known if *known == Encoding::gzip() => ".gz",
            _ => "",
        };
        let EmbeddedFile { data, .. } = Embedded::get(&format!("{name}{ending}"))?;
        let body = match data {
            Cow::Borrowed(embedded) => Bytes::from_static(embedded),
            Cow::Owned(read) => Bytes::from(read),
        };
        Some(Form {
            content_type,
            encoding,
            body,
        })
    }

    fn send(self, mut response: HttpResponseBuilder) -> HttpResponse {
        if self.encoding != Encoding::identity() {
            response.insert_header((header::CONTENT_ENCODING, self.encoding.to_string()));
        }
        response
            .insert_header(VARY)
            .content_type(self.content_type)
            .body(self.body)
    }
}

/// None of what is not served under its own name.
fn content_type(name: &str) -> Option<&'static str> {
    match name.rsplit('.').next() {
        Some("html") => Some("text/html; charset=utf-8"),
        Some("js" | "mjs") => Some("text/javascript; charset=utf-8"),
        Some("css") => Some("text/css; charset=utf-8"),
        Some("svg") => Some("image/svg+xml"),
        _ => None,
    }
}
