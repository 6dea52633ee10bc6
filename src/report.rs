//! What `SIGUSR1` asks for: how it goes, on one line of standard error.

use std::io;

use tokio::signal::unix::SignalKind;
use tokio::signal::unix::signal;

use crate::http::events::Streams;
use crate::http::metrics::Figures;

/// Tells it at each signal, for as long as it is polled.
pub async fn on_user_signal(streams: Streams) -> io::Result<()> {
    let mut signals = signal(SignalKind::user_defined1())?;
    while signals.recv().await.is_some() {
        tracing::info!("{}", Figures::of(&streams).line());
    }
    Ok(())
}
