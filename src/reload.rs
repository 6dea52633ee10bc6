//! What `SIGHUP` reads again: the token in its file, and the certificate.
//!
//! Another token ends all sessions and what is under way for them. A file that cannot be used is
//! told, and what was in force stays.

use std::io;
use std::io::IsTerminal;

use tokio::signal::unix::SignalKind;
use tokio::signal::unix::signal;

use crate::config::access::Access;
use crate::config::access::read_token;
use crate::config::tls::Certificate;
use crate::error::StartupError;
use crate::http::tls::Tls;

/// Reads again at each signal, for as long as it is polled.
///
/// A program in a terminal with nothing to read again ends when its terminal is closed, as programs
/// do: nobody would know any more that it runs.
pub async fn on_hangup(access: Access, tls: Option<Tls>) -> Result<(), StartupError> {
    let has_files = access.token_file.is_some()
        || matches!(access.certificate, Some(Certificate::Files { .. }));
    if !has_files && io::stdout().is_terminal() {
        return Ok(());
    }
    let mut hangups = signal(SignalKind::hangup()).map_err(StartupError::Runtime)?;
    while hangups.recv().await.is_some() {
        if let Err(error) = reload_token(&access) {
            tracing::warn!("{error}; the one before stays in force");
        }
        if let Some(Err(error)) = tls.as_ref().map(Tls::reload) {
            tracing::warn!("{error}; the one before stays in force");
        }
    }
    Ok(())
}

fn reload_token(access: &Access) -> Result<(), StartupError> {
    let Some(path) = &access.token_file else {
        return Ok(());
    };
    if access.token.replace(read_token(path)?) {
        tracing::info!("another token is in force; sessions begun with the one before are over");
    }
    Ok(())
}
