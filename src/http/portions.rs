//! A body that is handed over a little at a time.
//!
//! The library copies a chunk as a whole into the buffer of its connection, and the
//! buffer never gets smaller: one long line would cost each of its readers as much
//! again for as long as they stay. In portions the buffer stays small, and what
//! waits is the chunk itself, which many readers share.

use std::error::Error;
use std::pin::Pin;
use std::task::Context;
use std::task::Poll;
use std::task::ready;

use actix_web::body::BodySize;
use actix_web::body::BoxBody;
use actix_web::body::MessageBody;
use bytes::Bytes;

use crate::config::connections::PORTION_BYTES;

/// See the module's description.
pub struct Portions {
    body: BoxBody,
    /// Of the chunk that came last, what was not handed over.
    rest: Bytes,
}

impl Portions {
    /// The same bytes, at most [`PORTION_BYTES`] at once.
    pub fn of(body: BoxBody) -> BoxBody {
        BoxBody::new(Portions {
            body,
            rest: Bytes::new(),
        })
    }
}

impl MessageBody for Portions {
    type Error = Box<dyn Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        if self.rest.is_empty() {
            match ready!(Pin::new(&mut self.body).poll_next(context)) {
                Some(Ok(chunk)) => self.rest = chunk,
                other => return Poll::Ready(other),
            }
        }
        let length = self.rest.len().min(PORTION_BYTES);
        Poll::Ready(Some(Ok(self.rest.split_to(length))))
    }
}

#[cfg(test)]
mod tests;
