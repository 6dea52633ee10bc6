//! `GET /raw/{source}`: the bytes of a file as they are, all or some of them.
//!
//! They are read as they are sent, a little at a time, so that a download of any
//! length costs nothing. What becomes shorter meanwhile, or is written anew, ends
//! the answer before the length that it promised: that is how HTTP says so.
//!
//! Where secrets are kept out of lines, it is the lines without them: how long they
//! are is not known before, and there are no ranges of them. The token that opens the
//! page is a secret in every mode: a proxy's log has it, and whoever may read that for
//! a day would have it for ever.

mod redacted;

use std::ops::Range;
use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::HttpResponseBuilder;
use actix_web::body::SizedStream;
use actix_web::http::StatusCode;
use actix_web::http::header;
use bytes::Bytes;
use futures_util::stream;
use percent_encoding::percent_decode_str;

use crate::config::READ_BYTES;
use crate::config::whole_files::RAW_CHUNK_BYTES;
use crate::config::whole_files::RAW_SCAN_BYTES;
use crate::http::error::ApiError;
use crate::http::events::Streams;
use crate::http::pages;
use crate::http::places::Place;
use crate::http::query;
use crate::http::query::RawWishes;
use crate::http::raw::redacted::Redacted;
use crate::store::chain::Source;
use crate::store::content::Content;
use crate::store::segment::Segment;
use crate::subscription::wishes::is_called;

/// The path of a request is this and the name of the source.
const PATH: &str = "/raw/";

/// `GET /raw/{source}`
pub async fn raw(streams: &Streams, request: &HttpRequest) -> Result<HttpResponse, ApiError> {
    if !streams.boundary.passes_all() {
        return Err(ApiError::RawFiltered);
    }
    let wishes = query::raw(request.query_string())?;
    let source = source(streams, request.uri().path())?;
    let place = Place::take(&streams.open).ok_or(ApiError::Busy)?;
    let mut file = blocking(move || open(&source, &wishes)).await??;
    if let Some(lines) = file.lines_left {
        file = file.up_to(lines).await?;
    }
    let length = file.bytes.end - file.bytes.start;
    let mut response = HttpResponse::Ok();
    if let Some(&torn) = file.content.segment().torn.get() {
        response.insert_header(("x-log-torn", format!("{}; at={length}", pages::word(torn))));
    }
    if !file.content.segment().redaction().rules().are_empty() {
        return redacted(file, place, response).await;
    }
    let range = request.headers().get(header::RANGE);
    // Nothing here names a version of a file, so that none can be the reader's.
    let range = range.filter(|_| !request.headers().contains_key(header::IF_RANGE));
    let range = range.and_then(|range| asked_range(range.to_str().ok()?, length));
    if let Some(Range { start, end }) = range {
        if start >= end {
            return Err(ApiError::BadRange(length));
        }
        response.status(StatusCode::PARTIAL_CONTENT);
        response.insert_header((
            header::CONTENT_RANGE,
            format!("bytes {start}-{}/{length}", end - 1),
        ));
        file.bytes = file.bytes.start + start..file.bytes.start + end;
    }
    response
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header((header::CONTENT_DISPOSITION, attachment(&file.name)))
        .content_type("application/octet-stream");
    let length = file.bytes.end - file.bytes.start;
    let chunks = stream::unfold((file, place), |(file, place)| async move {
        let (file, chunk) = file.next_chunk().await?;
        Some((chunk, (file, place)))
    });
    Ok(response.body(SizedStream::new(length, Box::pin(chunks))))
}

/// The lines without their secrets.
async fn redacted(
    file: Outgoing,
    place: Place,
    mut response: HttpResponseBuilder,
) -> Result<HttpResponse, ApiError> {
    let name = redacted_name(&file.name);
    let lines = blocking(move || Redacted::new(file.content, file.bytes)).await?;
    let chunks = stream::unfold((lines, place), |(lines, place)| async move {
        let (lines, chunk) = blocking(move || lines.next()).await.ok()??;
        Some((chunk, (lines, place)))
    });
    Ok(response
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::ACCEPT_RANGES, "none"))
        .insert_header((header::CONTENT_DISPOSITION, attachment(&name)))
        .content_type("application/octet-stream")
        .streaming(chunks))
}

/// A file that is not what stands on the server says so.
fn redacted_name(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, end)) if !stem.is_empty() => format!("{stem}.redacted.{end}"),
        _ => format!("{name}.redacted"),
    }
}

/// The header that makes a browser save the answer under this name.
pub fn attachment(name: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-._".contains(letter);
    let plain: String = name
        .chars()
        .map(|letter| if is_plain(letter) { letter } else { '_' })
        .collect();
    let encoded = query::encoded(name);
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

/// The source that the path names, percent-encoded.
fn source(streams: &Streams, path: &str) -> Result<Arc<Source>, ApiError> {
    let name = path.strip_prefix(PATH).unwrap_or_default();
    let name = percent_decode_str(name).decode_utf8().unwrap_or_default();
    let sources = streams.store.sources();
    let found = sources.into_iter().find(|source| is_called(source, &name));
    found.ok_or_else(|| streams.unknown_source())
}

/// What a `Range` asks for of so many bytes; `None` when it is not understood or
/// asks for several, which may be answered with all; an empty one when there is
/// nothing there (RFC 9110, 14.1.2).
fn asked_range(header: &str, length: u64) -> Option<Range<u64>> {
    let (unit, range) = header.split_once('=')?;
    let (first, last) = range.trim().split_once('-')?;
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !unit.trim().eq_ignore_ascii_case("bytes") || !is_number(first) || !is_number(last) {
        return None;
    }
    // More digits than a number has are more bytes than a file has.
    let number = |text: &str| text.parse().unwrap_or(u64::MAX);
    match (first, last) {
        ("", "") => None,
        ("", last) => Some(length.saturating_sub(number(last))..length),
        (first, "") => Some(number(first)..length),
        (first, last) if number(first) > number(last) => None,
        (first, last) => Some(number(first)..number(last).saturating_add(1).min(length)),
    }
}

/// Bytes of a file on their way to a reader.
struct Outgoing {
    content: Content,
    /// Under which name they are saved.
    name: String,
    /// What is still to be sent.
    bytes: Range<u64>,
    /// So many lines of it, if not all.
    lines_left: Option<usize>,
}

/// Finds and opens what is asked for; unpacks what is compressed.
fn open(source: &Source, wishes: &RawWishes) -> Result<Outgoing, ApiError> {
    let segment = segment(source, wishes).ok_or(ApiError::NoSegment)?;
    let content = Content::open(&segment).map_err(|_| ApiError::Gone)?;
    if !segment.is_settled() {
        return Err(ApiError::Unsettled);
    }
    let length = content.file().metadata().map_err(|_| ApiError::Gone)?.len();
    let start = wishes.lines.map_or(0, |(position, _)| position.offset);
    if start > length {
        return Err(ApiError::Gone);
    }
    let name = segment.file_name();
    let packed = [".gz", ".zst"];
    let text_name = packed.iter().find_map(|end| name.strip_suffix(end));
    Ok(Outgoing {
        content,
        name: text_name.unwrap_or(&name).to_owned(),
        bytes: start..length,
        lines_left: wishes.lines.map(|(_, count)| count),
    })
}

fn segment(source: &Source, wishes: &RawWishes) -> Option<Arc<Segment>> {
    let lines = wishes.lines.map(|(position, _)| position.segment);
    let Some(id) = wishes.segment.or(lines) else {
        return source.newest().or_else(|| {
            source.link_neighbours();
            source.newest()
        });
    };
    let known = || {
        source
            .segments()
            .into_iter()
            .find(|segment| segment.id() == Some(id))
    };
    known().or_else(|| {
        source.link_neighbours();
        known()
    })
}

impl Outgoing {
    /// Only so many lines of it. Their end is looked for in steps, between which
    /// the reader may leave.
    async fn up_to(mut self, mut lines: usize) -> Result<Outgoing, ApiError> {
        let mut at = self.bytes.start;
        while lines > 0 && at < self.bytes.end {
            let step = move || {
                let until = self.bytes.end.min(at + RAW_SCAN_BYTES);
                let (end, left) = self.skip_lines(at..until, lines)?;
                Ok::<_, ApiError>((self, end, left))
            };
            (self, at, lines) = blocking(step).await??;
        }
        self.bytes.end = at;
        Ok(self)
    }

    /// Goes over so many lines, but not past the end; gives where it came, and how
    /// many are left.
    fn skip_lines(
        &mut self,
        bytes: Range<u64>,
        mut lines: usize,
    ) -> Result<(u64, usize), ApiError> {
        let encoding = self.content.segment().encoding();
        let mut block = vec![0; READ_BYTES];
        let mut at = bytes.start;
        while at < bytes.end {
            let length = (bytes.end - at).min(READ_BYTES as u64);
            let block = &mut block[..length as usize];
            self.content.read(block, at).map_err(|_| ApiError::Gone)?;
            for end in encoding.line_ends(block) {
                lines -= 1;
                if lines == 0 {
                    return Ok((at + end as u64, 0));
                }
            }
            at += length;
        }
        Ok((at, lines))
    }

    /// The next bytes, or why there are none; `None` at the end.
    async fn next_chunk(self) -> Option<(Outgoing, Result<Bytes, std::io::Error>)> {
        if self.bytes.is_empty() {
            return None;
        }
        let mut file = self;
        let reading = blocking(move || {
            let length = (file.bytes.end - file.bytes.start).min(RAW_CHUNK_BYTES as u64);
            let mut chunk = vec![0; length as usize];
            let read = file.content.read(&mut chunk, file.bytes.start);
            file.bytes.start += length;
            (file, read.map(|()| Bytes::from(chunk)))
        });
        reading.await.ok()
    }
}

/// Runs `work`, which reaches the disk, where it may block.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ApiError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| ApiError::Gone)
}

#[cfg(test)]
mod tests;
