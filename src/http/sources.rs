//! `GET /api/sources`: what can be read here.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use actix_web::HttpResponse;
use actix_web::ResponseError;
use actix_web::http::header;

use crate::config::SPANS_PER_LIST_MAX;
use crate::http::error::ApiError;
use crate::http::pages;
use crate::http::wire::SegmentEntry;
use crate::http::wire::SourceEntry;
use crate::http::wire::SourceState;
use crate::http::wire::Sources;
use crate::store::Store;
use crate::store::chain::Source;

/// The answer; looks at the directories of the sources.
pub async fn list(store: &Arc<Store>, title: Option<&str>, lines: usize) -> HttpResponse {
    let too_many_files = store.too_many_files.load(Ordering::Relaxed);
    let store = Arc::clone(store);
    let sources = tokio::task::spawn_blocking(move || {
        let mut looks = SPANS_PER_LIST_MAX;
        let sources = store.sources();
        let entry = |source| entry(&store, source, &mut looks);
        sources.iter().map(entry).collect()
    });
    let Ok(sources) = sources.await else {
        return ApiError::Internal.error_response();
    };
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type("application/json; charset=utf-8")
        .json(Sources {
            title,
            lines,
            too_many_files,
            sources,
        })
}

fn entry(store: &Store, source: &Arc<Source>, looks: &mut usize) -> SourceEntry {
    source.link_neighbours();
    let segments = source.segments();
    let segments = segments.iter().filter_map(|segment| {
        let id = segment.id()?;
        let span = store.spans.of(segment, looks);
        Some(SegmentEntry {
            segment: id.to_string(),
            name: segment.file_name(),
            size: segment.head(),
            compressed: segment.is_compressed(),
            torn: segment.torn.get().map(|&torn| pages::word(torn)),
            zone: span.zone.map(|zone| zone.to_string()),
            from: span.from,
            to: span.to,
        })
    });
    SourceEntry {
        state: SourceState::of(source),
        segments: segments.collect(),
    }
}
