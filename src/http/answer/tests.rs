use actix_http::Request;
use actix_http::Response;
use actix_web::App;
use actix_web::HttpResponse;
use actix_web::ResponseError;
use actix_web::body::BodySize;
use actix_web::body::BoxBody;
use actix_web::body::MessageBody;
use actix_web::body::to_bytes;
use actix_web::dev::Service;
use actix_web::dev::ServiceResponse;
use actix_web::http::ConnectionType;
use actix_web::http::Method;
use actix_web::http::Version;
use actix_web::http::header;
use actix_web::test::TestRequest;
use actix_web::test::init_service;
use actix_web::web;
use bytes::Bytes;
use futures_util::stream;

use crate::config::serving::Prefix;
use crate::http::answer::EVERY_ANSWER;
use crate::http::answer::answer;
use crate::http::error::ApiError;

async fn routes()
-> impl Service<Request, Response = ServiceResponse<BoxBody>, Error = actix_web::Error> {
    let panics = || async { HttpResponse::Ok().body(String::from(faulty())) };
    let fails = || async { Err::<HttpResponse, _>(ApiError::Gone) };
    let streams = || async {
        let chunks = stream::repeat_with(|| Ok::<_, actix_web::Error>(Bytes::from("again")));
        HttpResponse::Ok().streaming(chunks)
    };
    init_service(
        App::new()
            .route("/panics", web::route().to(panics))
            .route("/fails", web::route().to(fails))
            .route("/streams", web::route().to(streams)),
    )
    .await
}

fn faulty() -> &'static str {
    panic!("a fault that this test is about")
}

async fn answered(request: TestRequest) -> Response<BoxBody> {
    let routes = routes().await;
    answer(request.to_request(), &Prefix::default(), |_| {}, &routes)
        .await
        .expect("every answer is one")
}

#[actix_web::test]
async fn a_panic_costs_one_request_and_every_answer_has_the_headers() {
    for (path, status) in [
        ("/panics", 500),
        ("/fails", 410),
        ("/streams", 200),
        ("/", 404),
    ] {
        let response = answered(TestRequest::with_uri(path)).await;
        assert_eq!(response.status().as_u16(), status, "{path}");
        for (name, value) in EVERY_ANSWER {
            assert_eq!(response.headers().get(name).expect(name), value, "{path}");
        }
    }
}

#[actix_web::test]
async fn the_fault_is_not_told() {
    let response = answered(TestRequest::with_uri("/panics")).await;
    let expected = ApiError::Internal.error_response();
    let told = to_bytes(response.into_body()).await.expect("a whole body");
    assert_eq!(told, to_bytes(expected.into_body()).await.expect("another"));
}

#[actix_web::test]
async fn an_old_client_gets_no_chunks() {
    let of = |version| TestRequest::with_uri("/streams").version(version);
    let old = answered(of(Version::HTTP_10)).await;
    assert!(!old.head().chunked() && !old.head().keep_alive());
    let new = answered(of(Version::HTTP_11)).await;
    assert!(new.head().chunked() && !new.headers().contains_key(header::CONNECTION));
}

#[actix_web::test]
async fn the_head_of_a_stream_is_no_stream() {
    let response = answered(TestRequest::with_uri("/streams").method(Method::HEAD)).await;
    assert_eq!(response.body().size(), BodySize::None);
}

#[actix_web::test]
async fn nothing_else_is_spoken_than_before() {
    let asked = TestRequest::with_uri("/fails")
        .insert_header((header::UPGRADE, "h2c"))
        .insert_header((header::CONNECTION, "upgrade"));
    let mut request = asked.to_request();
    request
        .head_mut()
        .set_connection_type(ConnectionType::Upgrade);
    let answer = answer(request, &Prefix::default(), |_| {}, &routes().await).await;
    assert!(!answer.expect("an answer").head().upgrade());
}
