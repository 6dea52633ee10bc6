//! `GET /metrics`: what was done and what there is, as Prometheus reads it; and the
//! same on one line for whoever runs the program.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Mutex;

use actix_web::http::StatusCode;

use crate::http::events::Streams;
use crate::memory;
use crate::store::chain::State;

/// How many answers there were of each status: also those that say that somebody
/// asked for too much.
#[derive(Debug, Default)]
pub struct Answers(Mutex<BTreeMap<u16, u64>>);

/// What there is at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    streams: usize,
    /// In each state.
    sources: BTreeMap<&'static str, usize>,
    lines: u64,
    bytes: u64,
    gaps: u64,
    memory: Option<u64>,
}

impl Answers {
    /// One more.
    pub fn note(&self, status: StatusCode) {
        let mut counts = self.0.lock().expect("no holder of the lock panics");
        *counts.entry(status.as_u16()).or_default() += 1;
    }
}

impl Figures {
    /// Of what streams are made from, now.
    pub fn of(streams: &Streams) -> Figures {
        let mut sources =
            BTreeMap::from(["live", "waiting", "unreadable", "gone"].map(|state| (state, 0)));
        for source in streams.store.sources() {
            let state = match source.state() {
                State::Live => "live",
                State::Waiting => "waiting",
                State::Unreadable(_) => "unreadable",
                State::Gone => "gone",
            };
            *sources.entry(state).or_default() += 1;
        }
        let tally = &streams.store.tally;
        Figures {
            streams: streams.open.taken(),
            sources,
            lines: tally.lines(),
            bytes: tally.bytes(),
            gaps: tally.gaps(),
            memory: memory::taken(),
        }
    }

    /// In the text format of Prometheus, 0.0.4.
    pub fn text(&self, answers: &Answers) -> String {
        let mut text = String::new();
        let mut tell = |name: &str, kind: &str, help: &str, samples: &[(String, u64)]| {
            let _ = writeln!(text, "# HELP logstream_{name} {help}");
            let _ = writeln!(text, "# TYPE logstream_{name} {kind}");
            for (labels, value) in samples {
                let _ = writeln!(text, "logstream_{name}{labels} {value}");
            }
        };
        let one = |value: u64| [(String::new(), value)];
        tell(
            "lines_total",
            "counter",
            "Lines read from files as they were written.",
            &one(self.lines),
        );
        tell(
            "bytes_total",
            "counter",
            "Bytes of these lines.",
            &one(self.bytes),
        );
        tell(
            "gaps_total",
            "counter",
            "Gaps that readers were told of.",
            &one(self.gaps),
        );
        tell(
            "streams",
            "gauge",
            "Open streams.",
            &one(self.streams as u64),
        );
        let states = self.sources.iter();
        let states: Vec<_> = states
            .map(|(state, count)| (format!("{{state=\"{state}\"}}"), *count as u64))
            .collect();
        tell("sources", "gauge", "Sources, by state.", &states);
        let counts = answers.0.lock().expect("no holder of the lock panics");
        let counts: Vec<_> = counts
            .iter()
            .map(|(status, count)| (format!("{{status=\"{status}\"}}"), *count))
            .collect();
        tell(
            "answers_total",
            "counter",
            "Answers, by status: 429 and 503 are limits.",
            &counts,
        );
        if let Some(bytes) = self.memory {
            tell(
                "memory_bytes",
                "gauge",
                "Memory that the process holds itself.",
                &one(bytes),
            );
        }
        text
    }

    /// On one line, for people.
    pub fn line(&self) -> String {
        let states = self.sources.iter().filter(|(_, count)| **count > 0);
        let states: Vec<_> = states
            .map(|(state, count)| format!("{count} {state}"))
            .collect();
        let memory = self
            .memory
            .map(|bytes| format!("; {} KiB of memory", bytes / 1024));
        format!(
            "{} streams; sources: {}; {} lines and {} bytes read; {} gaps{}",
            self.streams,
            if states.is_empty() {
                "none".to_owned()
            } else {
                states.join(", ")
            },
            self.lines,
            self.bytes,
            self.gaps,
            memory.unwrap_or_default(),
        )
    }
}

#[cfg(test)]
mod tests;
