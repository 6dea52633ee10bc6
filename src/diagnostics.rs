//! The program's own messages, on standard error.
//!
//! Everything speaks through `tracing`; here it becomes lines such as
//! `logstream: warning: …`. Standard error may be a pipe that nobody reads, and
//! serving must not stop for that: a message that cannot be written now waits in a
//! short queue, and is dropped when the queue is full. What is said once, at the
//! start and at the end, is waited for, but not for long. Nothing here fails.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::io::Write;
use std::panic;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::mpsc;
use std::sync::mpsc::SyncSender;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use tracing::Event;
use tracing::Level;
use tracing::Metadata;
use tracing::Subscriber;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::FmtContext;
use tracing_subscriber::fmt::FormatEvent;
use tracing_subscriber::fmt::FormatFields;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;

use crate::error::StartupError;

/// Whose messages are ours.
const US: &str = env!("CARGO_CRATE_NAME");

/// Messages that wait for standard error; more are dropped.
const QUEUE_MESSAGES_MAX: usize = 256;

/// How long the end of the program waits for the last messages to be written.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// The same for the only thing it has to say: on a busy machine it must not get lost.
const ONLY_WORDS: Duration = Duration::from_secs(5);

/// A library says the same only once in this time: what fails may be tried again twice a second.
const SAID_FOR: Duration = Duration::from_secs(60);

/// So many messages are remembered for that.
const SAID_MAX: usize = 16;

/// Keep it until the program ends: when it goes, the messages that still wait are written.
#[derive(Debug)]
#[must_use]
pub struct Diagnostics {
    messages: SyncSender<Message>,
}

#[derive(Debug)]
enum Message {
    Text(Vec<u8>),
    /// To be answered when everything before it is written.
    Flush(SyncSender<()>),
}

/// Sends the program's messages to standard error from now on; only errors when `is_quiet`.
///
/// The first call in a process counts: the receiver of `tracing`'s events is one for all.
pub fn start(is_quiet: bool) -> Diagnostics {
    let (diagnostics, writer) = Diagnostics::to(io::stderr());
    let subscriber = subscriber(writer, is_quiet);
    let _already_set = tracing::subscriber::set_global_default(subscriber);
    // Else a panic would be told past the queue, by a thread that serves.
    panic::set_hook(Box::new(|fault| {
        tracing::error!("{}", fault.to_string().replace('\n', " "));
    }));
    diagnostics
}

/// Writes this to standard output.
pub fn say(text: String) {
    within(LAST_WORDS, move || io::stdout().write_all(text.as_bytes()));
}

/// Says why the program cannot start: `error: …` and, if there is something to do, `  tip: …`.
pub fn report(error: &StartupError) {
    let mut text = Vec::new();
    let _in_memory = write_report(&mut text, error);
    // Where nobody can hear it, the exit code says the same.
    within(ONLY_WORDS, move || io::stderr().write_all(&text));
}

/// Waits until it is written, or nobody seems to take it.
fn within(time: Duration, write: impl FnOnce() -> io::Result<()> + Send + 'static) {
    let (done, is_done) = mpsc::sync_channel(1);
    let writing = move || {
        let _unheard = write();
        let _late = done.send(());
    };
    let thread = thread::Builder::new().name("diagnostics".to_owned());
    if thread.spawn(writing).is_ok() {
        let _late = is_done.recv_timeout(time);
    }
}

impl Diagnostics {
    fn to(mut output: impl Write + Send + 'static) -> (Self, Queue) {
        let (messages, received) = mpsc::sync_channel(QUEUE_MESSAGES_MAX);
        let write = move || {
            for message in received {
                match message {
                    Message::Text(text) => {
                        let _unheard = output.write_all(&text);
                    }
                    Message::Flush(written) => {
                        let _not_waiting = written.send(());
                    }
                }
            }
        };
        // Without a thread the queue fills up and messages are dropped.
        let _thread = thread::Builder::new()
            .name("diagnostics".to_owned())
            .spawn(write);
        let queue = Queue {
            messages: messages.clone(),
            said: Arc::default(),
        };
        (Self { messages }, queue)
    }
}

impl Drop for Diagnostics {
    fn drop(&mut self) {
        let (written, all_written) = mpsc::sync_channel(1);
        if self.messages.try_send(Message::Flush(written)).is_ok() {
            let _late = all_written.recv_timeout(LAST_WORDS);
        }
    }
}

/// The way into the queue.
#[derive(Clone, Debug)]
struct Queue {
    messages: SyncSender<Message>,
    said: Arc<Mutex<Said>>,
}

/// What libraries have said lately, oldest first.
#[derive(Debug, Default)]
struct Said(VecDeque<(Instant, Vec<u8>)>);

impl Said {
    /// Whether this was not said lately; from now on it was.
    fn is_new(&mut self, text: &[u8], now: Instant) -> bool {
        self.0.retain(|(when, _)| now - *when < SAID_FOR);
        let is_new = self.0.iter().all(|(_, said)| said != text);
        if is_new {
            if self.0.len() == SAID_MAX {
                self.0.pop_front();
            }
            self.0.push_back((now, text.to_vec()));
        }
        is_new
    }
}

/// Each write is one message.
struct Voice {
    queue: Queue,
    is_ours: bool,
}

impl Write for Voice {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        let is_new = || {
            let said = self.queue.said.lock();
            let mut said = said.unwrap_or_else(PoisonError::into_inner);
            said.is_new(text, Instant::now())
        };
        if self.is_ours || is_new() {
            let _dropped = self.queue.messages.try_send(Message::Text(text.to_vec()));
        }
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Queue {
    type Writer = Voice;

    fn make_writer(&'a self) -> Voice {
        Voice {
            queue: self.clone(),
            is_ours: false,
        }
    }

    fn make_writer_for(&'a self, event: &Metadata<'_>) -> Voice {
        Voice {
            is_ours: event.target().starts_with(US),
            ..self.make_writer()
        }
    }
}

/// `logstream: ` and the message; without a time, which whoever keeps the lines adds anyway.
struct Line;

impl<S, N> FormatEvent<S, N> for Line
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        writer.write_str(match *event.metadata().level() {
            Level::ERROR => "logstream: error: ",
            Level::WARN => "logstream: warning: ",
            _ => "logstream: ",
        })?;
        let mut text = String::new();
        context.format_fields(Writer::new(&mut text), event)?;
        writeln!(writer, "{}", harmless(&text, false))
    }
}

/// Of the libraries only errors: what they find worth mentioning is not about the user's logs.
fn subscriber(queue: Queue, is_quiet: bool) -> impl Subscriber + Send + Sync {
    let ours = if is_quiet { Level::ERROR } else { Level::INFO };
    let lines = tracing_subscriber::fmt::layer()
        .event_format(Line)
        .with_ansi(false)
        .with_writer(queue);
    let levels = Targets::new()
        .with_default(Level::ERROR)
        .with_target(US, ours);
    tracing_subscriber::registry().with(levels).with(lines)
}

/// Names of files may hold what a terminal obeys, and what turns text around: here it is shown as
/// `\u{1b}`, and in one message as one line.
pub(crate) fn harmless(text: &str, has_lines: bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        let is_obeyed = character.is_control()
            || matches!(character, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if is_obeyed && !(has_lines && character == '\n') {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    shown
}

fn write_report(output: &mut impl Write, error: &StartupError) -> io::Result<()> {
    // An error in a pattern is drawn on several lines.
    writeln!(output, "error: {}", harmless(&error.to_string(), true))?;
    match error.tip() {
        Some(tip) => writeln!(output, "  tip: {tip}"),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
