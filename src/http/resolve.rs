//! `GET /api/resolve`: where the line of a link is now.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header;
use serde::Serialize;

use crate::http::error::ApiError;
use crate::http::query;
use crate::position::Position;
use crate::store::Store;
use crate::store::locate;

#[derive(Serialize)]
struct Resolved {
    found: &'static str,
    #[serde(flatten)]
    place: Option<Place>,
}

#[derive(Serialize)]
struct Place {
    source: String,
    segment: String,
    offset: u64,
    /// Of the file that holds it now.
    name: String,
}

/// The answer; looks at the directories of the sources.
pub async fn resolve(store: Arc<Store>, query: &str) -> Result<HttpResponse, ApiError> {
    let at = query::at(query)?;
    let Ok(resolved) = tokio::task::spawn_blocking(move || find(&store, at)).await else {
        return Err(ApiError::Internal);
    };
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type("application/json; charset=utf-8")
        .json(resolved))
}

fn find(store: &Store, at: Position) -> Resolved {
    let Some(located) = locate::line(&store.sources(), at) else {
        return Resolved {
            found: "gone",
            place: None,
        };
    };
    Resolved {
        found: if located.is_current { "here" } else { "moved" },
        place: Some(Place {
            source: located.source.name.clone(),
            segment: at.segment.to_string(),
            offset: at.offset,
            name: located.segment.file_name(),
        }),
    }
}
