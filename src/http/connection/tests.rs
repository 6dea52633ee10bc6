use std::io;
use std::rc::Rc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::io::DuplexStream;
use tokio::io::duplex;
use tokio::time::Instant;
use tokio::time::advance;

use crate::config::connections::INPUT_BYTES_MAX;
use crate::config::connections::KEEP_ALIVE;
use crate::config::connections::LINGER_TIMEOUT;
use crate::config::connections::NO_PROGRESS_TIMEOUT;
use crate::config::connections::REQUEST_TIMEOUT;
use crate::http::connection::Connection;
use crate::http::connection::Guarded;
use crate::http::connection::REFUSED;
use crate::http::error::ApiError;
use crate::http::waiting::Waiting;

const ONE: &[u8] = b"GET /1 HTTP/1.1\r\nHost: a\r\n\r\n";
const TWO: &[u8] = b"GET /2 HTTP/1.1\r\nHost: a\r\n\r\n";

/// What the system holds for a connection in each direction.
const HELD: usize = 256 * 1024;

fn connected() -> (DuplexStream, Guarded<DuplexStream>, Rc<Connection>) {
    connected_among(&Rc::new(Waiting::new(1)))
}

fn connected_among(waiting: &Rc<Waiting>) -> (DuplexStream, Guarded<DuplexStream>, Rc<Connection>) {
    let (client, server) = duplex(HELD);
    let guarded = Guarded::new(server, waiting);
    let connection = guarded.connection();
    (client, guarded, connection)
}

/// What is handed over next.
async fn next(guarded: &mut Guarded<DuplexStream>) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; 64 * 1024];
    let length = guarded.read(&mut bytes).await?;
    bytes.truncate(length);
    Ok(bytes)
}

/// Nothing is handed over.
fn waits(guarded: &mut Guarded<DuplexStream>) -> bool {
    let mut bytes = [0; 64];
    guarded.read(&mut bytes).now_or_never().is_none()
}

#[tokio::test(start_paused = true)]
async fn a_request_is_handed_over_when_the_one_before_is_answered() {
    let (mut client, mut guarded, connection) = connected();
    client.write_all(&[ONE, TWO].concat()).await.expect("held");
    assert_eq!(next(&mut guarded).await.expect("a request"), ONE);
    assert!(waits(&mut guarded));
    connection.answered();
    assert_eq!(next(&mut guarded).await.expect("a request"), TWO);
}

#[tokio::test(start_paused = true)]
async fn the_end_is_noticed_behind_an_open_answer() {
    let (mut client, mut guarded, _connection) = connected();
    client.write_all(ONE).await.expect("held");
    next(&mut guarded).await.expect("a request");
    assert!(waits(&mut guarded));
    drop(client);
    assert_eq!(next(&mut guarded).await.expect("the end"), b"");
}

#[tokio::test(start_paused = true)]
async fn who_goes_on_sending_behind_an_open_answer_is_cut() {
    let (mut client, mut guarded, _connection) = connected();
    client.write_all(ONE).await.expect("held");
    next(&mut guarded).await.expect("a request");
    client
        .write_all(&vec![b'x'; INPUT_BYTES_MAX + 1])
        .await
        .expect("held");
    let error = next(&mut guarded).await.expect_err("cut");
    assert_eq!(error.kind(), io::ErrorKind::ConnectionAborted);
}

#[tokio::test(start_paused = true)]
async fn a_head_that_does_not_come_is_refused_in_time() {
    for sent in [&b""[..], &ONE[..10]] {
        let (mut client, mut guarded, connection) = connected();
        client.write_all(sent).await.expect("held");
        let began = Instant::now();
        assert_eq!(next(&mut guarded).await.expect("a request"), REFUSED);
        assert_eq!(connection.refusal(), Some(ApiError::Timeout));
        assert!(began.elapsed() >= REQUEST_TIMEOUT, "{:?}", began.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_head_has_its_time_on_every_request() {
    let (mut client, mut guarded, connection) = connected();
    client.write_all(ONE).await.expect("held");
    next(&mut guarded).await.expect("a request");
    connection.answered();
    client.write_all(&TWO[..10]).await.expect("held");
    let began = Instant::now();
    assert_eq!(next(&mut guarded).await.expect("a request"), REFUSED);
    assert!(began.elapsed() < KEEP_ALIVE, "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_ends_quietly() {
    let (mut client, mut guarded, connection) = connected();
    client.write_all(ONE).await.expect("held");
    next(&mut guarded).await.expect("a request");
    connection.answered();
    let began = Instant::now();
    assert_eq!(next(&mut guarded).await.expect("the end"), b"");
    assert!(began.elapsed() >= KEEP_ALIVE, "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn what_is_not_taken_is_waited_for_and_not_for_ever() {
    let (mut client, mut guarded, connection) = connected();
    client.write_all(&[ONE, TWO].concat()).await.expect("held");
    next(&mut guarded).await.expect("a request");
    guarded.write_all(&vec![0; HELD]).await.expect("held");
    let bytes = [0; 1];
    assert!(guarded.write(&bytes).now_or_never().is_none());
    // Who takes no answer gets no other one.
    connection.answered();
    assert!(waits(&mut guarded));
    client.read_exact(&mut [0; 100]).await.expect("read");
    guarded.write_all(&[0; 100]).await.expect("held");
    assert_eq!(next(&mut guarded).await.expect("a request"), TWO);
    let began = Instant::now();
    let error = guarded.write(&bytes).await.expect_err("cut");
    assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    assert!(
        began.elapsed() >= NO_PROGRESS_TIMEOUT,
        "{:?}",
        began.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn who_is_refused_may_finish_speaking() {
    let (mut client, mut guarded, connection) = connected();
    client.write_all(b"nonsense\r\n").await.expect("held");
    assert_eq!(next(&mut guarded).await.expect("a request"), REFUSED);
    assert!(matches!(
        connection.refusal(),
        Some(ApiError::BadRequest(_))
    ));
    client.write_all(&vec![b'x'; HELD / 2]).await.expect("held");
    assert!(waits(&mut guarded));
    let began = Instant::now();
    guarded.shutdown().await.expect("closed");
    assert!(began.elapsed() >= LINGER_TIMEOUT, "{:?}", began.elapsed());
    // All of it was taken.
    client.write_all(&vec![b'x'; HELD]).await.expect("held");
    drop(client);
}

#[tokio::test(start_paused = true)]
async fn of_many_that_are_silent_the_first_one_goes() {
    let waiting = Rc::new(Waiting::new(2));
    let mut all = [(); 2].map(|()| connected_among(&waiting));
    for (_, guarded, _) in &mut all {
        assert!(waits(guarded));
    }
    advance(Duration::from_secs(1)).await;
    let (_client, mut third, _) = connected_among(&waiting);
    assert!(waits(&mut third));
    let began = Instant::now();
    assert_eq!(next(&mut all[0].1).await.expect("the end"), b"");
    assert_eq!(began.elapsed().as_secs(), 0);
    // Who asks has a place that is not counted.
    all[1].0.write_all(ONE).await.expect("held");
    assert_eq!(next(&mut all[1].1).await.expect("a request"), ONE);
    let (_client, mut fourth, _) = connected_among(&waiting);
    assert!(waits(&mut fourth) && waits(&mut third));
}

#[tokio::test(start_paused = true)]
async fn many_that_come_at_once_are_all_heard() {
    let waiting = Rc::new(Waiting::new(2));
    let mut all = [(); 50].map(|()| connected_among(&waiting));
    for (_, guarded, _) in &mut all {
        assert!(waits(guarded));
    }
    for (client, guarded, _) in &mut all[..49] {
        client.write_all(ONE).await.expect("held");
        assert_eq!(next(guarded).await.expect("a request"), ONE);
    }
    // Who says nothing then has less time than others.
    let began = Instant::now();
    assert_eq!(next(&mut all[49].1).await.expect("the end"), b"");
    assert!(began.elapsed() < REQUEST_TIMEOUT, "{:?}", began.elapsed());
}
