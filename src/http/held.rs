//! A body that keeps something until it is complete, or nobody waits for it any more.

use std::error::Error;
use std::pin::Pin;
use std::task::Context;
use std::task::Poll;

use actix_web::body::BodySize;
use actix_web::body::BoxBody;
use actix_web::body::MessageBody;
use bytes::Bytes;

/// The body, and what is dropped with it.
pub struct Held<T> {
    body: BoxBody,
    _kept: T,
}

impl<T: Unpin + 'static> Held<T> {
    /// Keeps `kept` as long as `body`.
    pub fn by(body: BoxBody, kept: T) -> BoxBody {
        BoxBody::new(Held { body, _kept: kept })
    }
}

impl<T: Unpin> MessageBody for Held<T> {
    type Error = Box<dyn Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(context)
    }
}
