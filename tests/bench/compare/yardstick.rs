//! The yardstick: what a good programmer writes in an afternoon. It follows one file, sends what is
//! new in batches of server-sent events, each encoded once, and has no features: no ids, no resume, no
//! filter, no rotation. A reader that is too slow for the ring of 1,024 batches loses lines.

use std::fs::File;
use std::io::Read;
use std::io::Seek;
use std::io::SeekFrom;
use std::sync::mpsc;
use std::thread;

use bytes::Bytes;
use notify::RecursiveMode;
use notify::Watcher;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

const RING: usize = 1_024;
const BATCH_LINES: usize = 128;
const READ_BYTES: usize = 256 * 1024;

const HEAD: &[u8] =
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\n\r\n";

/// Serves the lines that are appended to `path` from now on, on a free port, which it prints.
pub fn serve(path: &str) {
    let (batches, _) = broadcast::channel(RING);
    let file = File::open(path).expect("the log");
    let (follower, path) = (batches.clone(), path.to_owned());
    thread::spawn(move || follow(file, &path, &follower));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_io()
        .build();
    runtime.expect("a runtime").block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        println!("{}", listener.local_addr().expect("bound").port());
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream, batches.subscribe()));
        }
    });
}

/// Sends what is new as long as somebody takes it.
async fn answer(mut stream: TcpStream, mut batches: broadcast::Receiver<Bytes>) {
    let mut request = [0; 4096];
    let _ = stream.set_nodelay(true);
    if stream.read(&mut request).await.is_err() || stream.write_all(HEAD).await.is_err() {
        return;
    }
    loop {
        match batches.recv().await {
            Ok(batch) if stream.write_all(&batch).await.is_err() => return,
            Ok(_) | Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
    }
}

fn follow(mut file: File, path: &str, batches: &broadcast::Sender<Bytes>) {
    let (events, changed) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |_| {
        // The follower lives as long as this process.
        let _ = events.send(());
    })
    .expect("a watcher");
    watcher
        .watch(path.as_ref(), RecursiveMode::NonRecursive)
        .expect("a watch");
    file.seek(SeekFrom::End(0)).expect("a file");
    let mut buffer = vec![0; READ_BYTES];
    let mut rest = Vec::new();
    while changed.recv().is_ok() {
        while changed.try_recv().is_ok() {}
        while let Ok(count @ 1..) = file.read(&mut buffer) {
            rest.extend_from_slice(&buffer[..count]);
            let whole = memchr::memrchr(b'\n', &rest).map_or(0, |last| last + 1);
            send(&rest[..whole], batches);
            rest.drain(..whole);
        }
    }
}

/// Encodes the lines, a batch at a time.
fn send(whole: &[u8], batches: &broadcast::Sender<Bytes>) {
    let mut lines = whole.split_inclusive(|&byte| byte == b'\n').peekable();
    while lines.peek().is_some() {
        let mut event = Vec::with_capacity(BATCH_LINES * 200);
        event.extend_from_slice(b"data: [");
        for (index, line) in lines.by_ref().take(BATCH_LINES).enumerate() {
            if index > 0 {
                event.push(b',');
            }
            let text = String::from_utf8_lossy(&line[..line.len() - 1]);
            serde_json::to_writer(&mut event, &text).expect("memory");
        }
        event.extend_from_slice(b"]\n\n");
        // Nobody may be there.
        let _ = batches.send(Bytes::from(event));
    }
}
