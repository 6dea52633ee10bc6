//! `GET /api/sources`: what can be read here.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header;

use crate::http::wire::SegmentEntry;
use crate::http::wire::SourceEntry;
use crate::http::wire::SourceState;
use crate::http::wire::Sources;
use crate::store::Store;
use crate::store::chain::Source;

/// The answer; looks at the directories of the sources.
pub async fn list(store: &Arc<Store>, title: Option<&str>, lines: usize) -> HttpResponse {
    let store = Arc::clone(store);
    let sources = tokio::task::spawn_blocking(move || {
        let sources = store.sources();
        sources.iter().map(|source| entry(source)).collect()
    });
    let Ok(sources) = sources.await else {
        return HttpResponse::InternalServerError().finish();
    };
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type("application/json; charset=utf-8")
        .json(Sources {
            title,
            lines,
            sources,
        })
}

fn entry(source: &Source) -> SourceEntry {
    source.link_neighbours();
    let segments = source.segments();
    let segments = segments.iter().filter_map(|segment| {
        Some(SegmentEntry {
            segment: segment.id()?.to_string(),
            name: segment.file_name(),
            size: segment.head(),
        })
    });
    SourceEntry {
        state: SourceState::of(source),
        segments: segments.collect(),
    }
}
