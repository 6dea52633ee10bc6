//! One connection: how much it may send, and when.
//!
//! The library reads what there is to read, and keeps every request that it finds
//! there: 128 KiB of small ones behind an open stream cost it 27 MiB. So it is given
//! a wrapped connection. That one reads a little at a time, hands a head over when
//! it is whole and sound and the answer before it is complete, and breaks off when
//! somebody goes on sending meanwhile. It also keeps the time: until a head is
//! whole, until the next one begins, and until something that was written is taken.
//!
//! What is refused here is handed over as another request, which is harmless, with
//! the reason beside it: so every answer is written in one place, `http::answer`.

use std::cell::Cell;
use std::cell::RefCell;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::Context;
use std::task::Poll;
use std::task::Waker;
use std::task::ready;
use std::time::Duration;

use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::io::ReadBuf;
use tokio::time::Sleep;
use tokio::time::sleep;

use crate::config::connections::INPUT_BYTES_MAX;
use crate::config::connections::INPUT_BYTES_PER_TURN;
use crate::config::connections::KEEP_ALIVE;
use crate::config::connections::LINGER_TIMEOUT;
use crate::config::connections::NO_PROGRESS_TIMEOUT;
use crate::config::connections::REQUEST_TIMEOUT;
use crate::http::error::ApiError;
use crate::http::head::Head;
use crate::http::waiting::Wait;
use crate::http::waiting::Waiting;

/// Handed over in place of a request that is refused.
const REFUSED: &[u8] = b"GET /refused HTTP/1.1\r\nhost: localhost\r\n\r\n";

/// What the two sides of a connection know of each other: the one that reads
/// requests, and the one that answers them.
#[derive(Debug, Default)]
pub struct Connection {
    is_answering: Cell<bool>,
    refusal: RefCell<Option<ApiError>>,
    /// Wakes the side that reads.
    waker: RefCell<Option<Waker>>,
}

impl Connection {
    /// Why the request that is being answered was refused, if it was.
    pub fn refusal(&self) -> Option<ApiError> {
        self.refusal.borrow_mut().take()
    }

    /// The answer is complete; the next request may come.
    pub fn answered(&self) {
        self.is_answering.set(false);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

/// How far a connection has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Nothing was asked so far.
    Silent,
    /// It asks and is answered.
    Asking,
    /// It was refused, and may go on sending for a while.
    Refused,
    /// It was refused for sending nothing.
    Late,
}

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Awaited {
    /// The whole of a head: the first one, or one that has begun.
    Head,
    /// The beginning of another.
    Request,
}

/// What becomes of a connection that is late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Late {
    /// It began to ask, or should have.
    IsTold,
    /// It is closed without a word.
    Goes,
}

/// Until when it is waited for, and among which others.
#[derive(Debug)]
struct Awaiting {
    awaited: Awaited,
    deadline: Pin<Box<Sleep>>,
    wait: Wait,
}

/// A connection that the library may be given.
#[derive(Debug)]
pub struct Guarded<T> {
    io: T,
    connection: Rc<Connection>,
    /// Read, and not handed over.
    input: Vec<u8>,
    /// So many bytes of it may be handed over.
    granted: usize,
    stage: Stage,
    is_shut: bool,
    waiting: Rc<Waiting>,
    awaiting: Option<Awaiting>,
    /// Since when nothing is taken that is written.
    stuck: Option<Pin<Box<Sleep>>>,
}

impl<T: AsyncRead + AsyncWrite + Unpin> Guarded<T> {
    /// Nothing was read from `io` so far; it waits among these.
    pub fn new(io: T, waiting: &Rc<Waiting>) -> Guarded<T> {
        Guarded {
            io,
            connection: Rc::default(),
            input: Vec::new(),
            granted: 0,
            stage: Stage::Silent,
            is_shut: false,
            waiting: Rc::clone(waiting),
            awaiting: None,
            stuck: None,
        }
    }

    /// What it comes over.
    pub fn get_ref(&self) -> &T {
        &self.io
    }

    /// For the side that answers.
    pub fn connection(&self) -> Rc<Connection> {
        Rc::clone(&self.connection)
    }

    /// Whether another request may be handed over. A client that takes no answers
    /// gets none: each would be kept for it.
    fn may_ask(&self) -> bool {
        !self.connection.is_answering.get() && self.stuck.is_none()
    }

    /// Grants the next request, if it is there.
    fn grant(&mut self) {
        match Head::of(&self.input) {
            Head::Partial => return,
            Head::Whole(length) => {
                self.stage = Stage::Asking;
                self.granted = length;
            }
            Head::Refused(error) => return self.refuse(error),
        }
        self.begin_answer();
    }

    fn refuse(&mut self, error: ApiError) {
        self.stage = match error {
            ApiError::Timeout => Stage::Late,
            _ => Stage::Refused,
        };
        self.connection.refusal.replace(Some(error));
        self.input = REFUSED.to_vec();
        self.granted = REFUSED.len();
        self.begin_answer();
    }

    fn begin_answer(&mut self) {
        self.connection.is_answering.set(true);
        self.awaiting = None;
    }

    fn hand_over(&mut self, buffer: &mut ReadBuf<'_>) {
        let length = self.granted.min(buffer.remaining());
        buffer.put_slice(&self.input[..length]);
        self.input.drain(..length);
        self.granted -= length;
        if self.input.is_empty() {
            // Most connections wait for long.
            self.input = Vec::new();
        }
    }

    /// Reads a little, and gives how much; 0 at the end.
    fn fill(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let mut bytes = [0; INPUT_BYTES_PER_TURN];
        let mut buffer = ReadBuf::new(&mut bytes);
        ready!(Pin::new(&mut self.io).poll_read(context, &mut buffer))?;
        self.input.extend_from_slice(buffer.filled());
        Poll::Ready(Ok(buffer.filled().len()))
    }

    /// Ready when what is waited for did not come in time, or another needs the place.
    fn poll_late(&mut self, context: &mut Context<'_>) -> Poll<Late> {
        if !self.may_ask() {
            self.connection.waker.replace(Some(context.waker().clone()));
            return Poll::Pending;
        }
        let (awaited, time) = if self.stage == Stage::Silent || !self.input.is_empty() {
            (Awaited::Head, REQUEST_TIMEOUT)
        } else {
            (Awaited::Request, KEEP_ALIVE)
        };
        if self
            .awaiting
            .as_ref()
            .is_none_or(|now| now.awaited != awaited)
        {
            let wait = self.waiting.enter();
            self.awaiting = Some(Awaiting {
                awaited,
                deadline: Box::pin(sleep(wait.hurry.unwrap_or(time))),
                wait,
            });
        }
        let awaiting = self.awaiting.as_mut().expect("was just set");
        if awaiting.wait.poll_over(context).is_ready() {
            return Poll::Ready(Late::Goes);
        }
        ready!(awaiting.deadline.as_mut().poll(context));
        Poll::Ready(match awaited {
            Awaited::Head if awaiting.wait.hurry.is_none() => Late::IsTold,
            _ => Late::Goes,
        })
    }

    /// Takes what is still being sent: were it left unread, the system would take
    /// back the answer that says why.
    fn linger(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let deadline = timer(&mut self.stuck, LINGER_TIMEOUT);
        if deadline.as_mut().poll(context).is_ready() {
            return Poll::Ready(());
        }
        self.input = Vec::new();
        match ready!(self.fill(context)) {
            Ok(1..) => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            _ => Poll::Ready(()),
        }
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> AsyncRead for Guarded<T> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            if this.granted == 0 && this.may_ask() && !this.input.is_empty() {
                this.grant();
            }
            if this.granted > 0 {
                this.hand_over(buffer);
                return Poll::Ready(Ok(()));
            }
            if matches!(this.stage, Stage::Refused | Stage::Late) {
                return Poll::Pending;
            }
            match this.fill(context)? {
                Poll::Ready(0) => return Poll::Ready(Ok(())),
                Poll::Ready(_) if this.may_ask() => {}
                Poll::Ready(_) if this.input.len() > INPUT_BYTES_MAX => {
                    return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
                }
                Poll::Ready(_) => {
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Poll::Pending => match ready!(this.poll_late(context)) {
                    Late::IsTold => this.refuse(ApiError::Timeout),
                    Late::Goes => return Poll::Ready(Ok(())),
                },
            }
        }
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Guarded<T> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.io).poll_write(context, bytes);
        if written.is_pending() {
            let deadline = timer(&mut this.stuck, NO_PROGRESS_TIMEOUT);
            ready!(deadline.as_mut().poll(context));
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        if this.stuck.take().is_some() {
            // A request may wait for this.
            context.waker().wake_by_ref();
        }
        written
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !this.is_shut {
            ready!(Pin::new(&mut this.io).poll_shutdown(context))?;
            this.is_shut = true;
        }
        if this.stage == Stage::Refused {
            ready!(this.linger(context));
        }
        Poll::Ready(Ok(()))
    }
}

/// The timer that is there, or a new one.
fn timer(slot: &mut Option<Pin<Box<Sleep>>>, time: Duration) -> &mut Pin<Box<Sleep>> {
    slot.get_or_insert_with(|| Box::pin(sleep(time)))
}

#[cfg(test)]
mod tests;
