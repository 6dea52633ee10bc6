//! Logs to try the program with: an imagined shop writes them into a temporary folder.
//!
//! Four files in four formats, as they are found on real machines, with requests that
//! can be traced from one to the next. The folder and the thread that writes are gone
//! when [`Demo`] is.

mod random;
mod visit;
mod web;
mod api;
mod worker;
mod deploy;
mod shop;

use std::fs;
use std::fs::File;
use std::fs::OpenOptions;
use std::io;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::sync::mpsc;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::mpsc::Sender;
use std::thread;
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::ToSpan;
use jiff::Zoned;
use tempfile::TempDir;

use crate::demo::shop::Log;
use crate::demo::shop::Shop;

/// Between two moments of the shop's life.
const TICK: Duration = Duration::from_millis(250);

/// The past hour is told in coarser steps, so that it is a few thousand lines.
const HISTORY_SECONDS: i64 = 3600;
const HISTORY_STEP_SECONDS: usize = 4;

/// A log larger than this is rotated by renaming. One older file is kept, so that the demo takes
/// a bounded place on the disk however long it runs.
const LOG_BYTES_MAX: u64 = 2 * 1024 * 1024;

/// A folder of logs that are being written for as long as this lives.
#[derive(Debug)]
pub struct Demo {
    paths: Vec<PathBuf>,
    /// The writer stops when it is dropped.
    running: Option<Sender<()>>,
    writer: Option<JoinHandle<()>>,
    // The last to be dropped: the folder goes when nobody writes into it any more.
    _folder: TempDir,
}

impl Demo {
    /// Writes an hour of history, and goes on from there in a thread of its own.
    pub fn start() -> io::Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("logstream-demo-")
            .tempdir()?;
        let mut logs = Logs::create(folder.path(), LOG_BYTES_MAX)?;
        let mut shop = Shop::new();
        let now = Zoned::now();
        for seconds in (0..HISTORY_SECONDS).rev().step_by(HISTORY_STEP_SECONDS) {
            // An hour ago is a time that every calendar has.
            let at = now
                .checked_sub(seconds.seconds())
                .map_err(io::Error::other)?;
            logs.append(&shop.tick(&at))?;
        }
        let paths = logs.paths();
        let (running, ended) = mpsc::channel();
        let writer = thread::Builder::new()
            .name("demo".to_owned())
            .spawn(move || write_until(&ended, shop, logs))?;
        Ok(Self {
            paths,
            running: Some(running),
            writer: Some(writer),
            _folder: folder,
        })
    }

    /// The logs, in the order in which they are to be shown.
    pub fn paths(&self) -> &[PathBuf] {
        &self.paths
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        self.running = None;
        if let Some(writer) = self.writer.take() {
            // A writer that panicked has stopped as well.
            let _stopped = writer.join();
        }
    }
}

fn write_until(ended: &Receiver<()>, mut shop: Shop, mut logs: Logs) {
    while ended.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
        if let Err(error) = logs.append(&shop.tick(&Zoned::now())) {
            tracing::warn!("the demo cannot write its logs any more: {error}");
            return;
        }
    }
}

/// The files that the shop writes.
struct Logs {
    logs: Vec<(Log, LogFile)>,
}

struct LogFile {
    path: PathBuf,
    file: File,
    bytes: u64,
    bytes_max: u64,
}

impl Logs {
    fn create(folder: &Path, bytes_max: u64) -> io::Result<Self> {
        let create = |log: Log| {
            LogFile::create(folder.join(log.file_name()), bytes_max).map(|file| (log, file))
        };
        let logs = Log::ALL.into_iter().map(create).collect::<Result<_, _>>()?;
        Ok(Self { logs })
    }

    fn paths(&self) -> Vec<PathBuf> {
        self.logs
            .iter()
            .map(|(_, file)| file.path.clone())
            .collect()
    }

    /// Writes what happened, each file in one go.
    fn append(&mut self, entries: &[(Log, String)]) -> io::Result<()> {
        for (log, file) in &mut self.logs {
            let mut text = String::new();
            for (_, entry) in entries.iter().filter(|(of, _)| of == log) {
                text.push_str(entry);
                text.push('\n');
            }
            file.append(&text)?;
        }
        Ok(())
    }
}

impl LogFile {
    fn create(path: PathBuf, bytes_max: u64) -> io::Result<Self> {
        Ok(Self {
            file: open(&path)?,
            path,
            bytes: 0,
            bytes_max,
        })
    }

    fn append(&mut self, text: &str) -> io::Result<()> {
        if self.bytes > self.bytes_max {
            self.rotate()?;
        }
        self.file.write_all(text.as_bytes())?;
        self.bytes += text.len() as u64;
        Ok(())
    }

    /// As logrotate does it: the file keeps its lines under another name.
    fn rotate(&mut self) -> io::Result<()> {
        let mut older = self.path.clone().into_os_string();
        older.push(".1");
        fs::rename(&self.path, older)?;
        self.file = open(&self.path)?;
        self.bytes = 0;
        Ok(())
    }
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).open(path)
}

#[cfg(test)]
mod tests;
