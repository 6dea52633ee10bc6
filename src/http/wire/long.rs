//! A long line, written as it is sent.
//!
//! A reader that is stuck in the middle of one would keep the whole of it otherwise, and six
//! times that where it is made of control characters. So only what stands before the text and
//! behind it is kept; readers of one view share that, and each keeps how far it has come. The
//! text is made once for all who go on, and again when nobody has it any more.

use std::borrow::Cow;
use std::io;
use std::mem;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::Weak;

use bytes::Bytes;

use crate::config::EVENT_BYTES_MAX;
use crate::config::connections::PORTION_BYTES;
use crate::filter::Filter;
use crate::http::wire::log;
use crate::http::wire::text;
use crate::line::wire_bytes;
use crate::position::Cursor;
use crate::store::lately::Lately;
use crate::subscription::again::Again;
use crate::subscription::update::Lines;

/// See the module's description.
#[derive(Debug)]
pub struct Long {
    head: Bytes,
    text: Again,
    is_plain: bool,
    /// The text as it is sent, as long as somebody has it.
    made: Mutex<Weak<Bytes>>,
    tail: Bytes,
}

/// What is sent.
#[derive(Clone, Debug)]
pub enum Content {
    /// These bytes.
    Bytes(Bytes),
    /// This line, and what is before it.
    Long(Arc<Long>),
}

/// A long line that is being sent to one reader.
#[derive(Debug)]
pub struct Sending {
    long: Arc<Long>,
    stage: Stage,
}

/// What is sent next.
#[derive(Clone, Copy, Debug)]
enum Stage {
    Head,
    /// The text, of which so much was sent.
    Text(usize),
    Tail,
    Nothing,
}

impl Content {
    /// About how many bytes it has on the wire.
    pub fn length(&self) -> usize {
        match self {
            Content::Bytes(bytes) => bytes.len(),
            Content::Long(long) => long.length(),
        }
    }
}

impl Long {
    /// The event `log` of these lines, if that is one long line, behind what `before` holds.
    /// `cursor` gives the place after it.
    pub fn event(
        before: &mut Vec<u8>,
        lines: &Lines,
        filter: &Filter,
        cursor: impl FnOnce() -> Cursor,
    ) -> Option<Long> {
        let again = only_long(lines)?;
        let line = &lines.batch.lines()[lines.kept[0] as usize];
        let text = text::text_of(lines.batch.text(line), line.is_cut);
        let mut head = mem::take(before);
        log::head(&mut head, lines, &cursor());
        head.push(b'{');
        if !lines.context.is_empty() {
            head.extend_from_slice(log::CONTEXT);
        }
        log::before_text(&mut head, line);
        head.push(b'"');
        let mut tail = vec![b'"'];
        let is_lossy = matches!(text, Cow::Owned(_));
        log::behind_text(&mut tail, line, (&text, is_lossy), lines.records[0], filter);
        tail.extend_from_slice(log::END);
        Some(Long {
            head: head.into(),
            text: again,
            is_plain: false,
            made: Mutex::default(),
            tail: tail.into(),
        })
    }

    /// These lines as plain text, if that is one long line, behind what `before` holds.
    pub fn plain(before: &mut Vec<u8>, lines: &Lines) -> Option<Long> {
        Some(Long {
            text: only_long(lines)?,
            head: mem::take(before).into(),
            is_plain: true,
            made: Mutex::default(),
            tail: Bytes::from_static(b"\n"),
        })
    }

    /// About how many bytes it has on the wire.
    pub fn length(&self) -> usize {
        self.head.len() + self.text.length() + self.tail.len()
    }

    /// The text as it is sent.
    async fn text(&self, lately: &Lately<Bytes>) -> io::Result<Arc<Bytes>> {
        let made = self.made().clone();
        if let Some(made) = lately.find(&made) {
            return Ok(made);
        }
        let (batch, number) = self.text.find().await?;
        let line = &batch.lines()[number];
        let made = Arc::new(self.write(batch.text(line), line.is_cut));
        lately.note(&made);
        *self.made() = Arc::downgrade(&made);
        Ok(made)
    }

    fn write(&self, text: &[u8], is_cut: bool) -> Bytes {
        if self.is_plain {
            return Bytes::copy_from_slice(text);
        }
        let mut out = Vec::with_capacity(text.len());
        text::inside(&mut out, &text::text_of(text, is_cut));
        out.into()
    }

    fn made(&self) -> MutexGuard<'_, Weak<Bytes>> {
        self.made.lock().expect("no holder of the lock panics")
    }
}

impl Sending {
    /// Nothing of it was sent.
    pub fn new(long: Arc<Long>) -> Sending {
        // An empty part would end the body.
        let stage = if long.head.is_empty() {
            Stage::Text(0)
        } else {
            Stage::Head
        };
        Sending { long, stage }
    }

    /// What is sent next; `None` when all was. Nothing is lost when the future is dropped and
    /// made anew.
    ///
    /// # Errors
    ///
    /// The line is not there any more: what was begun cannot be ended.
    pub async fn next(&mut self, lately: &Lately<Bytes>) -> io::Result<Option<Bytes>> {
        let long = &self.long;
        let (bytes, next) = match self.stage {
            Stage::Head => (long.head.clone(), Stage::Text(0)),
            Stage::Text(sent) => {
                let text = long.text(lately).await?;
                let end = text.len().min(sent + PORTION_BYTES);
                if end <= sent {
                    // It was written over meanwhile.
                    return Err(io::ErrorKind::NotFound.into());
                }
                let next = match end {
                    _ if end == text.len() => Stage::Tail,
                    _ => Stage::Text(end),
                };
                (text.slice(sent..end), next)
            }
            Stage::Tail => (long.tail.clone(), Stage::Nothing),
            Stage::Nothing => return Ok(None),
        };
        self.stage = next;
        Ok(Some(bytes))
    }
}

/// The line that is all there is, and is long.
fn only_long(lines: &Lines) -> Option<Again> {
    let &[number] = &lines.kept[..] else {
        return None;
    };
    let text = lines.batch.text(&lines.batch.lines()[number as usize]);
    let is_long = wire_bytes(text) > EVENT_BYTES_MAX;
    is_long.then(|| Again::first_of(lines)).flatten()
}

#[cfg(test)]
mod tests;
