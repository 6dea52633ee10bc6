//! The server: connections become requests, and requests go to the routes.
//!
//! It is put together from the parts of which `actix_web::HttpServer` is made,
//! because that one lets nobody stand between a connection and what reads it.

use std::future::ready;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use actix_http::HttpService;
use actix_http::KeepAlive;
use actix_http::error::DispatchError;
use actix_service::ServiceFactory;
use actix_service::ServiceFactoryExt;
use actix_service::apply_fn_factory;
use actix_service::fn_service;
use actix_service::map_config;
use actix_web::App;
use actix_web::Error;
use actix_web::body::BoxBody;
use actix_web::dev::AppConfig;
use actix_web::dev::Server;
use actix_web::dev::ServiceRequest;
use actix_web::dev::ServiceResponse;
use actix_web::middleware::from_fn;
use actix_web::rt::net::TcpStream;
use actix_web::rt::net::UnixStream;
use tokio_rustls::server::TlsStream;

use crate::config::WORKERS_MAX;
use crate::config::connections::WAITING_CONNECTIONS_MAX;
use crate::config::connections::WRITE_BUFFER_BYTES;
use crate::http;
use crate::http::Parts;
use crate::http::access;
use crate::http::access::peer::Transport;
use crate::http::answer::answer;
use crate::http::connection::Guarded;
use crate::http::limits;
use crate::http::listen::Listener;
use crate::http::tls::Tls;
use crate::http::waiting::Waiting;

/// Serves what `parts` are made from, at most so many connections at once.
pub fn start(
    listeners: Vec<Listener>,
    tls: Option<&Tls>,
    parts: &Parts,
    connections_max: usize,
) -> io::Result<Server> {
    let workers = thread::available_parallelism().map_or(1, |cores| cores.get().min(WORKERS_MAX));
    let waiting_max = WAITING_CONNECTIONS_MAX.div_ceil(workers * listeners.len());
    let mut server = Server::build()
        .workers(workers)
        .max_concurrent_connections(connections_max.div_ceil(workers))
        .disable_signals();
    for listener in listeners {
        let (parts, tls) = (parts.clone(), tls.cloned());
        server = match listener {
            Listener::Tcp(listener) => match tls {
                Some(tls) => server.listen("https", listener, move || {
                    let tls = tls.clone();
                    fn_service(move |io| encrypted(tls.clone(), io))
                        .and_then(connections(&parts, waiting_max))
                })?,
                None => server.listen("http", listener, move || {
                    fn_service(plain).and_then(connections(&parts, waiting_max))
                })?,
            },
            Listener::Unix(listener) => server.listen_uds("http", listener, move || {
                fn_service(|io: UnixStream| async move { Ok::<_, DispatchError>((io, None)) })
                    .and_then(connections(&parts, waiting_max))
            })?,
        };
    }
    Ok(server.run())
}

async fn plain(io: TcpStream) -> Result<(TcpStream, Option<SocketAddr>), DispatchError> {
    // A line is to arrive now, not together with the next one.
    let _only_slower = io.set_nodelay(true);
    let peer = io.peer_addr().ok();
    Ok((io, peer))
}

async fn encrypted(
    tls: Tls,
    io: TcpStream,
) -> Result<(TlsStream<TcpStream>, Option<SocketAddr>), DispatchError> {
    let (io, peer) = plain(io).await?;
    Ok((tls.accept(io).await.map_err(DispatchError::Io)?, peer))
}

/// What is done with a connection, over whatever it comes. On each thread so many may
/// have nothing to ask.
pub fn connections<T>(
    parts: &Parts,
    waiting_max: usize,
) -> impl ServiceFactory<
    (T, Option<SocketAddr>),
    Config = (),
    Response = (),
    Error = DispatchError,
    InitError = (),
> + use<T>
where
    T: Transport,
{
    let (prefix, answers) = (parts.prefix.clone(), Arc::clone(&parts.answers));
    let routes = map_config(routes(parts), |()| AppConfig::default());
    let http = HttpService::build()
        // `Guarded` keeps the time.
        .keep_alive(KeepAlive::Os)
        .client_request_timeout(Duration::ZERO)
        // A browser that goes away closes its side; without this nobody would notice.
        .h1_allow_half_closed(false)
        .h1_write_buffer_size(WRITE_BUFFER_BYTES)
        .on_connect_ext(|io: &Guarded<T>, data| {
            data.insert(io.connection());
            data.insert(io.get_ref().peer());
        })
        .h1(apply_fn_factory(routes, move |request, routes: &_| {
            let answers = Arc::clone(&answers);
            answer(request, &prefix, move |status| answers.note(status), routes)
        }));
    // One for each thread.
    let waiting = Rc::new(Waiting::new(waiting_max));
    fn_service(move |(io, peer)| ready(Ok((Guarded::new(io, &waiting), peer)))).and_then(http)
}

fn routes(
    parts: &Parts,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = Error,
        InitError = (),
    > + use<>,
> {
    let parts = parts.clone();
    App::new()
        // The last one is asked first.
        .wrap(from_fn(limits::guard))
        .wrap(from_fn(access::guard))
        .configure(move |config| http::routes(config, &parts))
}
