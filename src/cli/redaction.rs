//! The flags on what is kept out of the lines that readers are given.

use clap::Args;

/// See the module's description.
#[derive(Clone, Debug, Default, Args)]
pub struct RedactionFlags {
    /// Replace what looks like a secret: off, default or strict
    ///
    /// Passwords, tokens and keys become `[redacted:kind]`, before lines are filtered or searched and
    /// in downloads; strict adds e-mail addresses, IP addresses and card numbers. It is on wherever
    /// others can read, and off where only you can. It is a seat-belt, no permission system.
    #[arg(long, value_name = "MODE", value_parser = ["off", "default", "strict"])]
    #[arg(env = "LOGSTREAM_REDACT", hide_env = true, hide_possible_values = true)]
    pub redact: Option<String>,

    /// Replace what matches as well: its first group, if it has one; repeatable
    #[arg(
        long,
        value_name = "PATTERN",
        value_delimiter = '\n',
        allow_hyphen_values = true
    )]
    #[arg(env = "LOGSTREAM_REDACT_ADD", hide_env = true)]
    pub redact_add: Vec<String>,
}
