//! `GET /api/share`: who else can come here, by which address, and to which program.

use actix_web::HttpResponse;
use actix_web::http::header;
use serde::Serialize;

use crate::config::access::Mode;
use crate::http::access::Access;
use crate::http::addresses::Addresses;

#[derive(Serialize)]
struct Share {
    links: Vec<String>,
    access: &'static str,
    loopback: bool,
    version: &'static str,
}

/// The answer. It never has the token: who wants to share that has the link.
pub fn describe(access: &Access, addresses: &Addresses) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type("application/json; charset=utf-8")
        .json(Share {
            links: addresses.elsewhere(),
            access: match access.rules.mode {
                Mode::Owner => "owner",
                Mode::Token => "token",
                Mode::Open => "open",
            },
            loopback: addresses.are_local(),
            version: env!("CARGO_PKG_VERSION"),
        })
}
