//! The page and its parts, embedded in the binary.
//!
//! All parts lie below a folder named by a hash of all of them, so that they can
//! be kept for ever by a browser and none of an older version meets one of a
//! newer. Only the page itself is asked for again.

mod comments;

use std::collections::HashMap;

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::header;
use bytes::Bytes;
use rust_embed::RustEmbed;
use xxhash_rust::xxh3::Xxh3;

use crate::http::error::ApiError;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Embedded;

/// The page stands for its parts' folder as this text.
const FOLDER: &str = "{{assets}}";
const PAGE: &str = "index.html";

/// What the binary holds for browsers.
#[derive(Debug)]
pub struct Assets {
    version: String,
    page: Bytes,
    page_tag: String,
    parts: HashMap<String, Bytes>,
}

impl Assets {
    /// Reads what is embedded.
    pub fn embedded() -> Assets {
        let mut names: Vec<_> = Embedded::iter().collect();
        names.sort();
        let mut hash = Xxh3::new();
        let mut parts = HashMap::new();
        for name in names {
            let data = Embedded::get(&name).expect("a listed file is there").data;
            hash.update(name.as_bytes());
            hash.update(&data);
            let sent = lean(&name, data.into_owned());
            parts.insert(name.into_owned(), Bytes::from(sent));
        }
        let version = format!("{:016x}", hash.digest());
        let page = parts.remove(PAGE).expect("the page is embedded");
        let page = String::from_utf8(page.into()).expect("the page is UTF-8");
        let page = page.replace(FOLDER, &format!("assets/{version}"));
        Assets {
            page_tag: format!("\"{version}\""),
            page: Bytes::from(page),
            version,
            parts,
        }
    }

    /// `GET /`
    pub fn page(&self, request: &HttpRequest) -> HttpResponse {
        let known = request.headers().get(header::IF_NONE_MATCH);
        let is_known = known.is_some_and(|tag| tag.as_bytes() == self.page_tag.as_bytes());
        let mut response = if is_known {
            HttpResponse::NotModified()
        } else {
            HttpResponse::Ok()
        };
        response
            .insert_header((header::CACHE_CONTROL, "no-cache"))
            .insert_header((header::ETAG, self.page_tag.as_str()));
        if is_known {
            return response.finish();
        }
        response
            .content_type("text/html; charset=utf-8")
            .body(self.page.clone())
    }

    /// `GET /assets/{version}/{name}`
    pub fn part(&self, version: &str, name: &str) -> Result<HttpResponse, ApiError> {
        let part = self.parts.get(name).filter(|_| version == self.version);
        let part = part.ok_or(ApiError::NotFound)?;
        Ok(HttpResponse::Ok()
            .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
            .content_type(content_type(name))
            .body(part.clone()))
    }
}

/// What of a part goes over the wire.
fn lean(name: &str, data: Vec<u8>) -> Vec<u8> {
    match (str::from_utf8(&data), name.rsplit('.').next()) {
        (Ok(script), Some("js")) => comments::without(script, true).into_bytes(),
        (Ok(sheet), Some("css")) => comments::without(sheet, false).into_bytes(),
        _ => data,
    }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("webmanifest") => "application/manifest+json",
        Some("png") => "image/png",
        _ => "text/plain; charset=utf-8",
    }
}
