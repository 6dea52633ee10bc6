//! How bad a line says it is, and by which names.

use std::str::FromStr;

use crate::record::head::Fields;

/// How bad a line says it is, mildest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Level {
    /// Every step a program takes; also what is called verbose or finest.
    Trace,
    /// What helps to find a fault.
    Debug,
    /// The normal course of things; also what is called notice.
    Info,
    /// Something odd that was coped with.
    Warn,
    /// Something failed.
    Error,
    /// The program, or the system, cannot go on; also critical, alert, emergency, panic.
    Fatal,
}

impl Level {
    /// All levels, mildest first.
    pub const ALL: [Self; 6] = [
        Self::Trace,
        Self::Debug,
        Self::Info,
        Self::Warn,
        Self::Error,
        Self::Fatal,
    ];

    /// The name used in flags, on the wire and on the page.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Trace => "trace",
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
            Self::Fatal => "fatal",
        }
    }

    /// RFC 5424, 6.2.1: 0 is an emergency, 7 is debug.
    pub(super) fn of_syslog_severity(severity: u32) -> Self {
        match severity {
            0..=2 => Self::Fatal,
            3 => Self::Error,
            4 => Self::Warn,
            5 | 6 => Self::Info,
            _ => Self::Debug,
        }
    }

    /// The levels of Windows' event log: `1` is critical, `5` verbose.
    fn of_windows_event(digit: u8) -> Self {
        match digit {
            b'1' => Self::Fatal,
            b'2' => Self::Error,
            b'3' => Self::Warn,
            b'4' => Self::Info,
            _ => Self::Trace,
        }
    }

    /// The letters of logcat, klog and glog.
    pub(super) fn of_letter(letter: u8) -> Option<Self> {
        Some(match letter {
            b'V' | b'T' => Self::Trace,
            b'D' => Self::Debug,
            b'I' => Self::Info,
            b'W' => Self::Warn,
            b'E' => Self::Error,
            b'F' | b'C' => Self::Fatal,
            _ => return None,
        })
    }

    /// Any usual name, in any case.
    pub(super) fn of_name(name: &[u8]) -> Option<Self> {
        let mut lower = [0; NAME_BYTES_MAX];
        let lower = lower.get_mut(..name.len())?;
        lower.copy_from_slice(name);
        lower.make_ascii_lowercase();
        Some(match &*lower {
            b"trace" | b"trc" | b"verbose" | b"vrb" | b"finer" | b"finest" | b"silly" => {
                Self::Trace
            }
            b"debug" | b"dbg" | b"dbug" | b"fine" => Self::Debug,
            b"info" | b"inf" | b"information" | b"notice" | b"log" | b"success" => Self::Info,
            b"warn" | b"warning" | b"wrn" => Self::Warn,
            b"error" | b"err" | b"eror" | b"severe" | b"fail" => Self::Error,
            b"fatal" | b"ftl" | b"critical" | b"crit" | b"alert" | b"emerg" | b"emergency"
            | b"panic" | b"dpanic" => Self::Fatal,
            _ => return None,
        })
    }
}

/// The length of "information", the longest name.
const NAME_BYTES_MAX: usize = 11;

/// No level has this name.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("there is no such level")]
pub struct UnknownLevel;

impl FromStr for Level {
    type Err = UnknownLevel;

    /// Takes any usual name: `warn`, `WARNING`, `err`, `notice`, `critical`.
    fn from_str(name: &str) -> Result<Self, UnknownLevel> {
        Self::of_name(name.as_bytes()).ok_or(UnknownLevel)
    }
}

/// The level among the fields of a line.
pub(super) fn level_in_fields(mut fields: Fields<'_>) -> Option<Level> {
    fields.find_map(|(key, value)| {
        if key == b"Level" && matches!(value, [b'1'..=b'5']) {
            Some(Level::of_windows_event(value[0]))
        } else if names_a_level(key) {
            level_of_value(value)
        } else {
            None
        }
    })
}

/// The keys under which loggers put the level. `s` is that of `MongoDB`, `L` zap's, `@l`
/// Serilog's, `PRIORITY` journald's (in lower case it is anybody's).
fn names_a_level(key: &[u8]) -> bool {
    let is = |name: &str| key.eq_ignore_ascii_case(name.as_bytes());
    match key.len() {
        1 => key == b"s" || key == b"L",
        2 => is("@l"),
        3 => is("lvl") || is("sev"),
        5 => is("level"),
        8 => is("severity") || is("loglevel") || key == b"PRIORITY",
        9 => is("levelname") || is("log_level") || is("log.level"),
        12 => is("severityText"),
        13 => is("severity_text"),
        16 => is("levelDisplayName"),
        _ => false,
    }
}

fn level_of_value(value: &[u8]) -> Option<Level> {
    match value {
        [letter] if letter.is_ascii_alphabetic() => Level::of_letter(letter.to_ascii_uppercase()),
        [digit @ b'0'..=b'7'] => Some(Level::of_syslog_severity(u32::from(digit - b'0'))),
        // pino and bunyan: 10 is trace, 60 is fatal, and anything between is allowed.
        [tens @ b'1'..=b'6', b'0'..=b'9'] => Some(Level::ALL[usize::from(tens - b'1')]),
        _ => Level::of_name(without_step(value)),
    }
}

/// Go's slog writes levels between the named ones as `ERROR+1`, `DEBUG-4`.
fn without_step(value: &[u8]) -> &[u8] {
    let digits = value.iter().rev().take_while(|byte| byte.is_ascii_digit());
    let name = &value[..value.len() - digits.count()];
    match name {
        [name @ .., b'+' | b'-'] if name.len() + 1 < value.len() => name,
        _ => value,
    }
}
