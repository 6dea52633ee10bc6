//! How long somebody who was let in may stay.
//!
//! A session ends, and another token ends everybody's. Answers that are still under way then end
//! with it: a stream as if the server had nothing more to say, bytes whose number was announced by
//! breaking off.

use std::error::Error;
use std::pin::Pin;
use std::task::Context;
use std::task::Poll;
use std::time::Duration;

use actix_web::body::BodySize;
use actix_web::body::BoxBody;
use actix_web::body::MessageBody;
use actix_web::dev::ServiceResponse;
use bytes::Bytes;
use tokio::sync::watch;
use tokio::time::sleep;

use crate::token::Secret;

/// What somebody gets who may come in.
#[derive(Debug)]
pub enum Pass {
    /// Stays as long as the server runs.
    Unlimited,
    /// Stays until another token is in force, or for some time.
    Limited {
        /// Tells when the token changes.
        changes: watch::Receiver<Secret>,
        /// How long at most.
        at_most: Option<Duration>,
    },
}

impl Pass {
    /// The answer, which ends when this does.
    pub fn bound(self, response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
        let Pass::Limited {
            mut changes,
            at_most,
        } = self
        else {
            return response;
        };
        response.map_body(|_, body| {
            let is_over = async move {
                let span = async {
                    match at_most {
                        Some(span) => sleep(span).await,
                        None => std::future::pending().await,
                    }
                };
                tokio::select! {
                    () = span => {}
                    _ = changes.changed() => {}
                }
            };
            BoxBody::new(Bounded {
                body,
                is_over: Box::pin(is_over),
            })
        })
    }
}

struct Bounded {
    body: BoxBody,
    is_over: Pin<Box<dyn Future<Output = ()>>>,
}

#[derive(Debug, thiserror::Error)]
#[error("the session is over")]
struct Over;

impl MessageBody for Bounded {
    type Error = Box<dyn Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        if self.is_over.as_mut().poll(context).is_ready() {
            return Poll::Ready(match self.size() {
                BodySize::Stream => None,
                _ => Some(Err(Over.into())),
            });
        }
        Pin::new(&mut self.body).poll_next(context)
    }
}
