//! What is kept out of the lines that readers are given.

use std::sync::Arc;

use crate::cli::RedactionFlags;
use crate::error::StartupError;
use crate::redaction::Mode;
use crate::redaction::Redaction;

/// As the flags say; else it depends on whether others than the user can read.
pub(super) fn redaction(
    flags: &RedactionFlags,
    others_can_read: bool,
) -> Result<Arc<Redaction>, StartupError> {
    let mode = match flags.redact.as_deref() {
        Some("strict") => Mode::Strict,
        Some("default") => Mode::Default,
        None if others_can_read => Mode::Default,
        _ => Mode::Off,
    };
    let redaction = Redaction::new(mode, &flags.redact_add);
    let redaction = redaction.map_err(|error| StartupError::Redaction(error.to_string()))?;
    Ok(Arc::new(redaction))
}
