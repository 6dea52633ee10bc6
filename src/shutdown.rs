//! Ctrl-C and SIGTERM become one token.
//!
//! The first signal asks everybody to leave in good order; a second one ends
//! the process at once.

use std::io;
use std::process;

use tokio::signal::unix::SignalKind;
use tokio::signal::unix::signal;
use tokio::sync::watch;

/// Whether the program is to end; cheap to clone and to ask.
#[derive(Clone, Debug)]
pub struct Shutdown {
    is_over: watch::Receiver<bool>,
}

impl Shutdown {
    /// A token, and what sets it.
    pub fn new() -> (watch::Sender<bool>, Shutdown) {
        let (sender, is_over) = watch::channel(false);
        (sender, Shutdown { is_over })
    }

    /// A token that SIGINT and SIGTERM set. Inside a runtime.
    pub fn on_signals() -> io::Result<Shutdown> {
        let (sender, shutdown) = Shutdown::new();
        let mut interrupts = signal(SignalKind::interrupt())?;
        let mut terminations = signal(SignalKind::terminate())?;
        tokio::spawn(async move {
            for is_second in [false, true] {
                tokio::select! {
                    _ = interrupts.recv() => {}
                    _ = terminations.recv() => {}
                }
                if is_second {
                    process::exit(130);
                }
                sender.send_replace(true);
            }
        });
        Ok(shutdown)
    }

    /// Waits until the program is to end.
    pub async fn wait(&mut self) {
        if self.is_over.wait_for(|over| *over).await.is_err() {
            // Whoever could ask for the end is gone: there is none.
            std::future::pending::<()>().await;
        }
    }
}
