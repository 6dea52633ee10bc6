//! Who may come in, and what every answer carries.
//!
//! Two kinds of people have to be kept out. Web pages that a reader visits can make the browser
//! send requests here; they cannot forge `Host`, `Origin` and `Sec-Fetch-Site`, so these decide.
//! And whoever can connect is not who may read: that is the user who started the server, or who
//! has the token.

pub mod host;
pub mod attempts;
pub mod session;
pub mod owners;
pub mod peer;
pub mod caller;
pub mod pass;

use std::net::IpAddr;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use actix_web::Error;
use actix_web::HttpMessage;
use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::ResponseError;
use actix_web::body::BoxBody;
use actix_web::body::MessageBody;
use actix_web::dev::ServiceRequest;
use actix_web::dev::ServiceResponse;
use actix_web::http::Version;
use actix_web::http::header;
use actix_web::http::header::HeaderValue;
use actix_web::middleware::Next;
use actix_web::web;
use percent_encoding::percent_decode_str;

use crate::config;
use crate::config::access::Mode;
use crate::http::access::attempts::Attempts;
use crate::http::access::caller::Caller;
use crate::http::access::owners::Owners;
use crate::http::access::pass::Pass;
use crate::http::access::peer::Peer;
use crate::http::access::session::Session;
use crate::http::access::session::cookies;
use crate::http::error::ApiError;

/// Where a token is given for a session.
pub const SESSION_PATH: &str = "/api/session";

/// Names under which others put a token into a query.
const TOKEN_PARAMETERS: [&str; 3] = ["t", "token", "access_token"];

/// Who may come in here.
#[derive(Debug)]
pub struct Access {
    /// As the flags say.
    pub rules: config::access::Access,
    owners: Owners,
    attempts: Attempts,
}

/// Who was let in; stands in the extensions of each such request.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Where the reader is; none for this machine.
    pub address: Option<IpAddr>,
    /// Tells one browser's session from another's.
    pub session: Option<Arc<str>>,
}

/// Refuses what must not come in.
pub async fn guard(
    access: web::Data<Access>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match access.admit(request.request()).await {
        Ok(pass) => {
            let mut response = pass.bound(next.call(request).await?.map_into_boxed_body());
            if access.rules.has_hsts {
                let header = HeaderValue::from_static("max-age=31536000");
                let headers = response.headers_mut();
                headers.insert(header::STRICT_TRANSPORT_SECURITY, header);
            }
            Ok(response)
        }
        Err(error) => {
            let response: HttpResponse<BoxBody> = error.error_response();
            Ok(request.into_response(response))
        }
    }
}

fn is_page(path: &str) -> bool {
    path == "/" || path.starts_with("/assets/")
}

/// What holds nothing of the log, so that who is not let in yet can be told so.
fn is_public(path: &str) -> bool {
    is_page(path) || path == "/healthz" || path == SESSION_PATH
}

impl Access {
    /// With the rules of the command line.
    pub fn new(rules: config::access::Access) -> Access {
        Access {
            rules,
            owners: Owners::of_this_process(),
            attempts: Attempts::default(),
        }
    }

    /// Lets a request in, or says why not.
    async fn admit(&self, request: &HttpRequest) -> Result<Pass, ApiError> {
        check_form(request)?;
        let caller = Caller::of(request, &self.rules.trusted_proxies)?;
        self.check_host(&caller)?;
        self.check_origin(request, &caller)?;
        check_query(request.query_string())?;
        if is_public(request.path()) {
            return Ok(Pass::Unlimited);
        }
        let (pass, session) = self.pass(request, &caller).await?;
        request.extensions_mut().insert(Visitor {
            address: caller.address.filter(|address| !address.is_loopback()),
            session,
        });
        Ok(pass)
    }

    /// Begins a session for who has the token; gives the cookie.
    pub fn sign_in(&self, request: &HttpRequest) -> Result<String, ApiError> {
        let caller = Caller::of(request, &self.rules.trusted_proxies)?;
        let has_form = request.headers().contains_key(header::CONTENT_TYPE);
        if has_form && bearer(request).is_none() {
            return Err(ApiError::Form);
        }
        if !self.knows_token(request, &caller)? {
            return Err(ApiError::Auth);
        }
        let is_encrypted = self.is_encrypted(&caller);
        Ok(format!(
            "{}={}; Max-Age={}; Path={}; HttpOnly; SameSite=Strict{}",
            self.cookie(request, is_encrypted),
            Session::begin(now()).sign(&self.rules.token.current()),
            config::access::SESSION_SPAN.as_secs(),
            self.rules.path,
            if is_encrypted { "; Secure" } else { "" },
        ))
    }

    async fn pass(
        &self,
        request: &HttpRequest,
        caller: &Caller<'_>,
    ) -> Result<(Pass, Option<Arc<str>>), ApiError> {
        // Subscribed before the token is looked at: none that comes meanwhile is missed.
        let changes = self.rules.token.changes();
        match self.rules.mode {
            Mode::Open => return Ok((Pass::Unlimited, None)),
            Mode::Owner => {
                if let Some(peer) = request.conn_data::<Peer>()
                    && peer.is_owner(&self.owners).await
                {
                    return Ok((Pass::Unlimited, None));
                }
            }
            Mode::Token => {}
        }
        if let Some(session) = self.session(request, caller) {
            let at_most = Some(Duration::from_secs(session.end.saturating_sub(now())));
            return Ok((Pass::Limited { changes, at_most }, Some(session.id)));
        }
        if self.knows_token(request, caller)? {
            let at_most = None;
            return Ok((Pass::Limited { changes, at_most }, None));
        }
        Err(match self.rules.mode {
            Mode::Owner => ApiError::Owner,
            Mode::Token | Mode::Open => ApiError::Auth,
        })
    }

    fn session(&self, request: &HttpRequest, caller: &Caller<'_>) -> Option<Session> {
        let name = self.cookie(request, self.is_encrypted(caller));
        let headers = request.headers().get_all(header::COOKIE);
        let headers = headers.filter_map(|value| value.to_str().ok());
        let secret = self.rules.token.current();
        cookies(headers, &name).find_map(|value| Session::verify(value, &secret, now()))
    }

    /// Whether the request carries the token. A wrong one is counted.
    fn knows_token(&self, request: &HttpRequest, caller: &Caller<'_>) -> Result<bool, ApiError> {
        let Some(guess) = bearer(request) else {
            return Ok(false);
        };
        let (from, now) = (
            caller.address.unwrap_or(Ipv4Addr::LOCALHOST.into()),
            Instant::now(),
        );
        if self.attempts.are_over(from, now) {
            return Err(ApiError::TooManyAttempts);
        }
        let is_right = self.rules.token.current().is(guess);
        if !is_right {
            self.attempts.failed(from, now);
        }
        Ok(is_right)
    }

    /// Several of these servers may run on one machine, and cookies know no ports.
    fn cookie(&self, request: &HttpRequest, is_encrypted: bool) -> String {
        let addresses = request.conn_data::<Peer>().and_then(|peer| peer.addresses);
        let port = addresses.map_or(0, |(_, local)| local.port());
        let is_whole_host = is_encrypted && self.rules.path == "/";
        format!("{}ls_{port}", if is_whole_host { "__Host-" } else { "" })
    }

    fn is_encrypted(&self, caller: &Caller<'_>) -> bool {
        let public = self.rules.public_url.as_ref();
        caller.is_encrypted || public.is_some_and(|url| url.scheme() == "https")
    }

    /// Without a token, the name decides whether a web site made the browser come here.
    fn check_host(&self, caller: &Caller<'_>) -> Result<(), ApiError> {
        let host = caller.host;
        let public = self.rules.public_url.as_ref().and_then(url::Url::host_str);
        let is_ours = self.rules.mode == Mode::Token
            || host.is_this_machine()
            || self
                .rules
                .allowed_hosts
                .iter()
                .any(|name| host.is_named(name))
            || public.is_some_and(|name| host.is_named(name));
        if is_ours { Ok(()) } else { Err(ApiError::Host) }
    }

    /// What a browser says of the page that asks must be this very page, or none.
    fn check_origin(&self, request: &HttpRequest, caller: &Caller<'_>) -> Result<(), ApiError> {
        let headers = request.headers();
        let public = self.rules.public_url.as_ref().map(url::Url::origin);
        let public = public.map(|origin| origin.ascii_serialization());
        let is_our_origin = |origin: &HeaderValue| {
            origin.to_str().is_ok_and(|origin| {
                caller.host.is_origin(caller.scheme(), origin) || public.as_deref() == Some(origin)
            })
        };
        if !headers.get_all(header::ORIGIN).all(is_our_origin) {
            return Err(ApiError::CrossSite);
        }
        let said = |name: &str| headers.get(name).map(HeaderValue::as_bytes);
        // A link that somebody followed from another site opens the page, and nothing else.
        let is_visit = request.path() == "/"
            && said("sec-fetch-mode") == Some(b"navigate")
            && said("sec-fetch-dest") == Some(b"document");
        let is_ours = |site: &HeaderValue| matches!(site.as_bytes(), b"same-origin" | b"none");
        if is_visit || headers.get_all("sec-fetch-site").all(is_ours) {
            Ok(())
        } else {
            Err(ApiError::CrossSite)
        }
    }
}

/// A path of this server, and a method that it has.
fn check_form(request: &HttpRequest) -> Result<(), ApiError> {
    let uri = request.uri();
    if request.version() == Version::HTTP_11 && uri.authority().is_some() || uri.scheme().is_some()
    {
        return Err(ApiError::BadRequest("the address of a request is a path"));
    }
    let (allowed, names): (&[&str], _) = if request.path() == SESSION_PATH {
        (&["POST"], "POST")
    } else {
        (&["GET", "HEAD"], "GET, HEAD")
    };
    if allowed.contains(&request.method().as_str()) {
        Ok(())
    } else {
        Err(ApiError::Method(names))
    }
}

/// Addresses are logged, shown and sent on; a token has no business there.
fn check_query(query: &str) -> Result<(), ApiError> {
    let names = query
        .split('&')
        .map(|pair| pair.split('=').next().unwrap_or_default());
    let is_for_token = |name: &str| {
        let name = percent_decode_str(name).decode_utf8_lossy();
        let is = |other: &&str| name.eq_ignore_ascii_case(other);
        TOKEN_PARAMETERS.iter().any(is)
    };
    if names.into_iter().any(is_for_token) {
        Err(ApiError::TokenInQuery)
    } else {
        Ok(())
    }
}

/// The token that a script sends. What proxies ask for themselves, such as `Basic`, is none.
fn bearer(request: &HttpRequest) -> Option<&[u8]> {
    let value = request.headers().get(header::AUTHORIZATION)?.as_bytes();
    let (scheme, token) = value.split_at_checked("bearer ".len())?;
    let is_bearer = scheme.eq_ignore_ascii_case(b"bearer ");
    is_bearer.then(|| token.trim_ascii())
}

/// Seconds since the epoch.
fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |span| span.as_secs())
}

#[cfg(test)]
mod tests;
