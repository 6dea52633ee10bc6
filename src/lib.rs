//! logstream follows log files and shows them live in a browser.
//!
//! # One idea
//!
//! **The file is the log.** Nothing is ingested, indexed or stored. Every line
//! has an address already: the file it is in and the byte at which it starts. So
//! the id of an event is a place in the files ([`position::Cursor`]), a reader
//! that was cut off goes on with exactly the next line, a slow reader costs one
//! cursor, and a link to a line survives rotation.
//!
//! # The flow
//!
//! ```text
//!  argv ─▶ cli ─▶ config
//!                   │
//!       source::discovery: patterns ─▶ paths
//!                   │
//!  files ─▶ follow ─┴─▶ store ─▶ subscription ─▶ http::events ──▶ page
//!  stdin    watch       segments   cursor+filter   http::history
//!           rotation    recent     next() → Update http::search, timeline
//!           splitter    history                    http::raw, tail
//!                       search
//! ```
//!
//! Data goes right. Only wake-ups (a version number) and shutdown go left.
//!
//! # The rules
//!
//! 1. A notification only says "look". What happened is found by looking at the
//!    file: polling alone is correct, notifications make it fast ([`follow`]).
//! 2. The store is the only meeting point. Followers append, subscriptions
//!    read; neither knows of the other ([`store`]).
//! 3. A subscription is a cursor, a choice of sources and a filter. Live, resume
//!    and catch-up are one code path ([`subscription`]).
//! 4. Nothing is lost silently: what a reader cannot be given is a gap
//!    ([`subscription::update::Gap`]).
//! 5. Sync inside, async at the edge: following and the store are threads and
//!    locks, the subscription and HTTP are async.
//! 6. One matcher, one parser: [`filter`] and [`record`] decide, the page draws.
//!
//! # What is absent
//!
//! The modules below are listed so that each imports only what stands above it.
//! Only `follow/watch.rs` names `notify`; only `http/`, `server.rs` and this file name
//! `actix_web`; only `cli.rs` names `clap`; only `filter.rs` compiles a regex;
//! there is no `async` in `follow/` and `store/`, and no mutable `static`.

pub mod token;
pub mod error;
pub mod shutdown;
pub mod diagnostics;
pub mod cli;
pub mod position;
pub mod record;
pub mod line;
pub mod filter;
pub mod redaction;
pub mod source;
pub mod config;
pub mod descriptors;
pub mod memory;
pub mod demo;
pub mod store;
pub mod follow;
pub mod subscription;
pub mod http;
pub mod server;
pub mod reload;
pub mod report;
pub mod greeting;

use std::sync::Arc;

use actix_web::dev::ServerHandle;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio::time::sleep;

use crate::config::Config;
use crate::config::LEAVE_GRACE;
use crate::config::LEAVE_TIMEOUT;
use crate::config::access::Mode;
use crate::demo::Demo;
use crate::error::StartupError;
use crate::follow::Following;
use crate::follow::Looking;
use crate::follow::stdin;
use crate::greeting::Greeting;
use crate::http::About;
use crate::http::Parts;
use crate::http::access::Access;
use crate::http::addresses;
use crate::http::addresses::Addresses;
use crate::http::events::Streams;
use crate::http::filters::Filters;
use crate::http::listen;
use crate::http::listen::Listening;
use crate::http::places::Places;
use crate::http::query;
use crate::http::tls::Tls;
use crate::redaction::Redaction;
use crate::shutdown::Shutdown;
use crate::source::pattern::Pattern;
use crate::store::Store;
use crate::token::Secret;
use crate::token::Token;

/// Runs the program until a signal ends it.
pub fn start(config: Config) -> Result<(), StartupError> {
    actix_web::rt::System::new().block_on(async {
        let certificate = config.access.certificate.clone();
        let tls = certificate.map(|source| Tls::new(source, &addresses::of_this_machine()));
        let tls = tls.transpose()?;
        let listening = listen::listen(&config.access.binds, config.port)?;
        let shutdown = Shutdown::on_signals().map_err(StartupError::Runtime)?;
        let opens = config.open;
        let mut opened = None;
        run(
            config,
            listening,
            tls.clone(),
            shutdown,
            |access, addresses| {
                let greeting = Greeting::new(access, addresses);
                greeting.print();
                if access.is_shared {
                    greeting.show();
                }
                greeting::warn(access, addresses, tls.as_ref());
                if opens {
                    opened = greeting.open();
                }
            },
        )
        .await
    })
}

/// Follows what `config` names and serves it where `listening` until `shutdown`.
/// `on_ready` is called when every file has been looked at once.
pub async fn run(
    mut config: Config,
    listening: Listening,
    tls: Option<Tls>,
    shutdown: Shutdown,
    on_ready: impl FnOnce(&config::access::Access, &Addresses),
) -> Result<(), StartupError> {
    let demo = config
        .demo
        .then(Demo::start)
        .transpose()
        .map_err(StartupError::Demo)?;
    if let Some(demo) = &demo {
        config
            .patterns
            .extend(demo.paths().iter().cloned().map(Pattern::File));
    }
    let hiding = (config.access.mode == Mode::Token)
        .then(|| hide_token(Arc::clone(&config.redaction), &config.access.token));
    let hiding = hiding.map(actix_web::rt::spawn);
    let store = Arc::new(Store::new(Arc::clone(&config.redaction)));
    let shares = descriptors::share_out(&config.serving)?;
    let looking = Looking {
        polls: config.poll,
        files_max: shares.files,
    };
    let following = Following::start(Arc::clone(&store), config.discovery(), looking);
    let following = following.map_err(StartupError::Runtime)?;
    if config.stdin {
        stdin::start(&store).map_err(StartupError::Spool)?;
    }
    let streams = Streams {
        store,
        boundary: Arc::clone(&config.filter),
        tail: config.lines as usize,
        shutdown: shutdown.clone(),
        open: Places::new(shares.streams),
        filters: Filters::new(config.serving.filters),
        feeds: Arc::default(),
    };
    let about = About {
        title: config.title,
        lines: config.lines as usize,
    };
    let scheme = if tls.is_some() { "https" } else { "http" };
    let addresses = Addresses::new(
        &listening,
        config.access.public_url.clone(),
        scheme,
        &config.serving.prefix,
    );
    let rereading = reload::on_hangup(config.access.clone(), tls.clone());
    let parts = Parts::new(
        streams.clone(),
        about,
        Access::new(config.access),
        addresses,
        config.serving,
    );
    let server = server::start(
        listening.listeners,
        tls.as_ref(),
        &parts,
        shares.connections,
    );
    let server = server.map_err(StartupError::Runtime)?;
    let reporting = actix_web::rt::spawn(report::on_user_signal(streams.clone()));
    let freeing = actix_web::rt::spawn(memory::keep_low());
    let leaving = leave(shutdown, streams, server.handle());
    on_ready(&parts.access.rules, &parts.addresses);
    let leaving = actix_web::rt::spawn(leaving);
    let rereading = actix_web::rt::spawn(rereading);
    server.await.map_err(StartupError::Runtime)?;
    leaving.abort();
    rereading.abort();
    reporting.abort();
    freeing.abort();
    hiding.inspect(JoinHandle::abort);
    drop(following);
    Ok(())
}

/// Keeps the token that opens the page out of what the page shows: at once, and
/// whenever there is another one.
fn hide_token(redaction: Arc<Redaction>, token: &Token) -> impl Future<Output = ()> + use<> {
    let hide = move |token: &Secret| {
        let token = token.reveal();
        redaction.hide(&[token, &query::encoded(token)]);
    };
    let mut changes = token.changes();
    hide(&token.current());
    async move {
        while changes.changed().await.is_ok() {
            hide(&changes.borrow_and_update());
        }
    }
}

/// Ends the server: readers get the time to take their `end`, which they do at
/// once unless they are stuck.
async fn leave(mut shutdown: Shutdown, streams: Streams, server: ServerHandle) {
    shutdown.wait().await;
    let deadline = Instant::now() + LEAVE_TIMEOUT;
    while streams.open.taken() > 0 && Instant::now() < deadline {
        sleep(LEAVE_GRACE / 10).await;
    }
    sleep(LEAVE_GRACE).await;
    server.stop(false).await;
}
