//! How a stream is written: as server-sent events, or as plain text.

use crate::filter::Filter;
use crate::http::wire;
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
    /// words for it.
    pub fn write(
        self,
        out: &mut Vec<u8>,
        update: &Update,
        filter: &Filter,
        subscription: &Subscription,
    ) {
        match (self, update) {
            (Form::Events, update) => wire::update(out, update, filter, &subscription.cursor()),
            (Form::Plain, Update::Lines(lines)) => wire::plain(out, lines),
            (Form::Plain, _) => {}
        }
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
