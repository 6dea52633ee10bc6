use std::sync::Arc;
use std::sync::Mutex;
use std::sync::mpsc::Receiver;

use super::*;

/// Standard error that can be read.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(text);
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A pipe that nobody reads: it takes nothing until the other side is dropped.
struct Stuck(Receiver<()>);

impl Write for Stuck {
    fn write(&mut self, _text: &[u8]) -> io::Result<usize> {
        let _gone = self.0.recv();
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[track_caller]
fn check(is_quiet: bool, expected: &str) {
    let kept = Kept::default();
    let (diagnostics, queue) = Diagnostics::to(kept.clone());
    tracing::subscriber::with_default(subscriber(queue, is_quiet), || {
        tracing::debug!("too much to say");
        tracing::info!("following {} files", 3);
        tracing::warn!("cannot watch {:?}", "/var/log");
        tracing::error!(attempt = 2, "out of luck");
        tracing::error!(attempt = 2, "out of luck");
        tracing::warn!(target: "actix_server", "busy");
        // As often as it likes.
        tracing::error!(target: "actix_server", "cannot accept");
        tracing::error!(target: "actix_server", "cannot accept");
    });
    drop(diagnostics);
    let text = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
    assert_eq!(text, expected);
}

#[test]
fn messages_are_short_lines() {
    check(
        false,
        "logstream: following 3 files\n\
         logstream: warning: cannot watch \"/var/log\"\n\
         logstream: error: out of luck attempt=2\n\
         logstream: error: out of luck attempt=2\n\
         logstream: error: cannot accept\n",
    );
}

#[test]
fn quiet_leaves_the_errors() {
    check(
        true,
        "logstream: error: out of luck attempt=2\n\
         logstream: error: out of luck attempt=2\n\
         logstream: error: cannot accept\n",
    );
}

#[test]
fn a_library_repeats_itself_once_a_minute() {
    let mut said = Said::default();
    let start = Instant::now();
    let mut at =
        |seconds, text: &str| said.is_new(text.as_bytes(), start + Duration::from_secs(seconds));
    assert!(at(0, "no descriptors"));
    assert!(!at(1, "no descriptors"));
    assert!(at(1, "no memory"));
    assert!(!at(59, "no descriptors"));
    assert!(at(60, "no descriptors"));
    assert!(!at(60, "no memory"));
    for number in 0..10 * SAID_MAX {
        assert!(at(61, &number.to_string()));
    }
    assert!(said.0.len() <= SAID_MAX);
}

#[test]
fn output_that_nobody_reads_stops_nothing() {
    let (reader, output) = mpsc::channel();
    let (diagnostics, queue) = Diagnostics::to(Stuck(output));
    let is_ours = true;
    let mut voice = Voice { queue, is_ours };
    for _ in 0..10 * QUEUE_MESSAGES_MAX {
        voice.write_all(b"logstream: nobody reads this\n").unwrap();
    }
    drop(diagnostics);
    drop(reader);
}

#[test]
fn a_report_has_a_sentence_and_perhaps_a_tip() {
    let report = |error| {
        let mut output = Vec::new();
        write_report(&mut output, &error).unwrap();
        String::from_utf8(output).unwrap()
    };
    assert_eq!(
        report(StartupError::Listen {
            address: "127.0.0.1:5647".to_owned(),
            cause: io::Error::from_raw_os_error(98),
        }),
        "error: cannot listen on \"127.0.0.1:5647\": address already in use\n  \
         tip: use --port 0 to take any free port\n",
    );
    assert_eq!(
        report(StartupError::Runtime(io::Error::other("no threads left"))),
        "error: cannot start: no threads left\n",
    );
}

#[test]
fn a_name_cannot_command_the_terminal() {
    assert_eq!(
        harmless("plain: \u{e9}\u{4e2d}", false),
        "plain: \u{e9}\u{4e2d}"
    );
    assert_eq!(
        harmless("a\u{1b}]0;title\u{7}b\nc\r\u{9b}31m\u{202e}gpj", false),
        "a\\u{1b}]0;title\\u{7}b\\u{a}c\\u{d}\\u{9b}31m\\u{202e}gpj"
    );
    assert_eq!(harmless("a(\n ^", true), "a(\n ^");
    let kept = Kept::default();
    let (diagnostics, queue) = Diagnostics::to(kept.clone());
    tracing::subscriber::with_default(subscriber(queue, false), || {
        tracing::info!("following {}", "x\n\u{202e}gpj");
    });
    drop(diagnostics);
    let text = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
    assert_eq!(text, "logstream: following x\\u{a}\\u{202e}gpj\n");
}
