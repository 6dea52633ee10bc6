use actix_web::body;
use actix_web::body::BodySize;
use actix_web::body::BodyStream;
use actix_web::body::BoxBody;
use actix_web::body::MessageBody;
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream;

use crate::config::connections::PORTION_BYTES;
use crate::http::portions::Portions;

/// The lengths of what is handed over; the bytes are as they were.
async fn lengths(chunks: &[usize]) -> Vec<usize> {
    let chunk = |length: &usize| (0..*length).map(|at| (at % 251) as u8).collect::<Vec<_>>();
    let expected = chunks.iter().flat_map(chunk).collect::<Vec<_>>();
    let chunks = chunks.iter().map(|length| Bytes::from(chunk(length)));
    let chunks: Vec<_> = chunks.map(Ok::<_, actix_web::Error>).collect();
    let body = BoxBody::new(BodyStream::new(stream::iter(chunks)));
    let mut body = Portions::of(body);
    assert_eq!(body.size(), BodySize::Stream);
    let mut lengths = Vec::new();
    let mut bytes = Vec::new();
    let portions = stream::poll_fn(|context| body.as_pin_mut().poll_next(context));
    let portions: Vec<_> = portions.collect().await;
    for portion in portions {
        let portion = portion.expect("no error");
        lengths.push(portion.len());
        bytes.extend_from_slice(&portion);
    }
    assert_eq!(bytes, expected);
    lengths
}

#[actix_web::test]
async fn a_long_chunk_comes_in_portions_and_a_short_one_at_once() {
    assert_eq!(lengths(&[]).await, Vec::<usize>::new());
    assert_eq!(lengths(&[1, 2]).await, [1, 2]);
    assert_eq!(lengths(&[PORTION_BYTES]).await, [PORTION_BYTES]);
    assert_eq!(
        lengths(&[PORTION_BYTES * 2 + 1, 5]).await,
        [PORTION_BYTES, PORTION_BYTES, 1, 5]
    );
}

#[test]
fn how_long_a_body_is_does_not_change() {
    let body = BoxBody::new(Bytes::from(vec![0; 100_000]));
    assert_eq!(Portions::of(body).size(), BodySize::Sized(100_000));
    let body = BoxBody::new(body::None::new());
    assert_eq!(Portions::of(body).size(), BodySize::None);
}
