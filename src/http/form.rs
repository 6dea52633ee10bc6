//! How a stream is written: as server-sent events, or as plain text.

use crate::filter::Filter;
use crate::http::wire;
use crate::http::wire::long::Long;
use crate::subscription::Subscription;
use crate::subscription::update::Update;

/// How a stream is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// Server-sent events.
    Events,
    /// Plain text.
    Plain,
}

impl Form {
    /// `update`, which `subscription` has just given; nothing where the form has no
    /// words for it. A long line is given back, with all that was in `out`.
    pub fn write(
        self,
        out: &mut Vec<u8>,
        update: &Update,
        filter: &Filter,
        subscription: &Subscription,
    ) -> Option<Long> {
        match (self, update) {
            (Form::Events, update) => {
                let cursor = || subscription.cursor();
                if let Update::Lines(lines) = update
                    && let Some(long) = Long::event(out, lines, filter, cursor)
                {
                    return Some(long);
                }
                wire::update(out, update, filter, &cursor());
            }
            (Form::Plain, Update::Lines(lines)) => {
                if let Some(long) = Long::plain(out, lines) {
                    return Some(long);
                }
                wire::plain(out, lines);
            }
            (Form::Plain, _) => {}
        }
        None
    }

    /// The stream is alive, and this is where its reader stands.
    pub fn ping(self, out: &mut Vec<u8>, reader: &Subscription) {
        if self == Form::Events {
            wire::ping(out, reader.head(), reader.behind(), &reader.cursor());
        }
    }

    /// The server is going away.
    pub fn end(self, out: &mut Vec<u8>) {
        if self == Form::Events {
            wire::end(out);
        }
    }
}
