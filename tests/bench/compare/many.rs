//! Readers of a peer, one or a thousand, and what becomes of them.

use std::io::Read;
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use crate::connect::Door;
use crate::connect::pause;
use crate::lines;
use crate::peer::Output;
use crate::receipt::Receipt;

/// How long readers may take to come.
const COMING: Duration = Duration::from_secs(30);

/// What is read at once.
const BUFFER_BYTES: usize = 1 << 18;

/// Readers that read.
pub struct Readers {
    count: usize,
    /// How many have been given a line.
    ready: Arc<AtomicUsize>,
    receipts: mpsc::Receiver<Receipt>,
}

impl Readers {
    /// So many readers, each until it was given line number `last`.
    pub fn come(output: Output, count: usize, last: u64, new: impl Fn() -> Receipt) -> Readers {
        match output {
            Output::Pipe(pipe) => Readers::one(pipe, last, new()),
            Output::Door(door) if count == 1 => {
                Readers::one(door.open().expect("a stream"), last, new())
            }
            Output::Door(door) => Readers::come_to(&vec![door; count], last, new),
        }
    }

    /// One.
    pub fn one(input: impl Read + Send + 'static, last: u64, receipt: Receipt) -> Readers {
        let ready = Arc::new(AtomicUsize::new(0));
        let (sender, receipts) = mpsc::channel();
        let heard = Arc::clone(&ready);
        thread::spawn(move || sender.send(read(input, receipt, last, &heard)));
        Readers {
            count: 1,
            ready,
            receipts,
        }
    }

    /// One at each door.
    pub fn come_to(doors: &[Door], last: u64, new: impl Fn() -> Receipt) -> Readers {
        let ready = Arc::new(AtomicUsize::new(0));
        let (sender, receipts) = mpsc::channel();
        let heard = Arc::clone(&ready);
        let open = |door: &Door| (door.open().expect("a stream"), new());
        let streams: Vec<(TcpStream, Receipt)> = doors.iter().map(open).collect();
        let count = streams.len();
        thread::spawn(move || read_many(streams, last, &heard, &sender));
        Readers {
            count,
            ready,
            receipts,
        }
    }

    /// Appends lines of number 0 until everybody has seen one.
    pub fn wait(&self, log: &Path) {
        let deadline = Instant::now() + COMING;
        while self.ready.load(Ordering::Acquire) < self.count {
            assert!(
                Instant::now() < deadline,
                "{} of {} readers came",
                self.ready.load(Ordering::Acquire),
                self.count
            );
            lines::append(log, &lines::text(0..1));
            pause(Duration::from_millis(50));
        }
        // What was written last is to be over.
        pause(Duration::from_millis(300));
    }

    /// What they were given, as soon as all are done or the time is over.
    pub fn leave(self, time: Duration) -> Vec<Receipt> {
        let deadline = Instant::now() + time;
        let next = || {
            let left = deadline.saturating_duration_since(Instant::now());
            self.receipts.recv_timeout(left).ok()
        };
        std::iter::from_fn(next).take(self.count).collect()
    }
}

fn note(receipt: &mut Receipt, bytes: &[u8], ready: &AtomicUsize) {
    let was_ready = receipt.probes > 0;
    receipt.take(bytes);
    if !was_ready && receipt.probes > 0 {
        ready.fetch_add(1, Ordering::AcqRel);
    }
}

fn read(mut input: impl Read, mut receipt: Receipt, last: u64, ready: &AtomicUsize) -> Receipt {
    let mut buffer = vec![0; BUFFER_BYTES];
    while receipt.last < last
        && let Ok(count @ 1..) = input.read(&mut buffer)
    {
        note(&mut receipt, &buffer[..count], ready);
    }
    receipt
}

/// All in one thread, so that the readers cost the machine as little as they can.
fn read_many(
    streams: Vec<(TcpStream, Receipt)>,
    last: u64,
    ready: &Arc<AtomicUsize>,
    receipts: &mpsc::Sender<Receipt>,
) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build();
    let tasks = tokio::task::LocalSet::new();
    for (stream, mut receipt) in streams {
        let (ready, receipts) = (Arc::clone(ready), receipts.clone());
        tasks.spawn_local(async move {
            stream.set_nonblocking(true).expect("a socket");
            let stream = tokio::net::TcpStream::from_std(stream).expect("a socket");
            let mut buffer = [0; 16 * 1024];
            while receipt.last < last && stream.readable().await.is_ok() {
                match stream.try_read(&mut buffer) {
                    Ok(0) => break,
                    Ok(count) => note(&mut receipt, &buffer[..count], &ready),
                    Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                    Err(_) => break,
                }
            }
            // Nobody may wait any more.
            let _ = receipts.send(receipt);
        });
    }
    runtime.expect("a runtime").block_on(tasks);
}
