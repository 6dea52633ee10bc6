//! Where to listen and who may come in, checked.
//!
//! The principle: the server never shows a person more than that person could read already, unless
//! the operator said so in so many words. So without a word it listens on loopback, for the user
//! who started it; whatever goes beyond that asks for a token; and only `--no-auth` asks nobody.

use std::fs;
use std::io;
use std::net::IpAddr;
use std::net::Ipv4Addr;
use std::net::Ipv6Addr;
use std::net::SocketAddr;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use url::Url;

use crate::cli::AccessFlags;
use crate::config::serving::Prefix;
use crate::config::tls::Certificate;
use crate::config::tls::certificate;
use crate::error::StartupError;
use crate::token::Secret;
use crate::token::Token;

/// Where Linux lists the connections, with the user of each.
pub const CONNECTION_LIST: &str = "/proc/net/tcp";

/// A session in a browser holds for this long.
pub const SESSION_SPAN: Duration = Duration::from_secs(12 * 60 * 60);

/// Wrong tokens are counted for this long.
pub const LOGIN_FAILURES_SPAN: Duration = Duration::from_secs(60);

/// Wrong tokens of one address in that time; then it is answered with 429.
pub const LOGIN_FAILURES_PER_ADDRESS_MAX: usize = 10;

/// Wrong tokens of all addresses in that time; then everybody is.
pub const LOGIN_FAILURES_MAX: usize = 200;

const ADDRESSES: &str = "an address is one of localhost, 192.168.1.5, 0.0.0.0:5647, [::1]:5647 or unix:/run/logstream.sock";
const NETWORKS: &str = "a network is written as 10.0.0.0/8, a single address as 10.0.0.1";
const NAMES: &str = "a name is written without scheme and port, as logs.example.com";
const URLS: &str = "a public address is written as https://logs.example.com/ or with a path";

/// Who gets in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// The user who runs this server, root, and who called `sudo`; nobody else knows the token.
    Owner,
    /// Whoever has the token.
    Token,
    /// Everybody.
    Open,
}

/// Where to listen, and who may come in.
#[derive(Clone, Debug)]
pub struct Access {
    /// Where to listen.
    pub binds: Vec<Bind>,
    /// Who gets in.
    pub mode: Mode,
    /// The token, whether it is asked for or not; `SIGHUP` replaces it.
    pub token: Token,
    /// Where it came from, if it was a file.
    pub token_file: Option<PathBuf>,
    /// Links and their QR code are wanted.
    pub is_shared: bool,
    /// Names that are ours where no token is asked for, in lower case.
    pub allowed_hosts: Vec<String>,
    /// Whose word on the reader is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Where readers find the page.
    pub public_url: Option<Url>,
    /// Below which path a browser finds it.
    pub path: String,
    /// What is said at addresses is encrypted by this.
    pub certificate: Option<Certificate>,
    /// Browsers are told to come back over TLS only.
    pub has_hsts: bool,
}

/// One place to listen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Bind {
    /// An address, with a port of its own or with that of all.
    Tcp {
        /// The address.
        address: IpAddr,
        /// Its own port.
        port: Option<u16>,
        /// A machine may be without it.
        is_optional: bool,
    },
    /// A socket in the file system.
    Unix(PathBuf),
}

impl Access {
    /// Understands the flags.
    pub fn new(flags: AccessFlags, prefix: &Prefix) -> Result<Access, StartupError> {
        let mut binds = Vec::new();
        for text in &flags.bind {
            binds.extend(binds_of(text)?);
        }
        if binds.is_empty() {
            binds = if flags.share {
                pair(Ipv4Addr::UNSPECIFIED, Ipv6Addr::UNSPECIFIED)
            } else {
                pair(Ipv4Addr::LOCALHOST, Ipv6Addr::LOCALHOST)
            };
        }
        let public_url = flags.public_url.as_deref().map(public_url).transpose()?;
        let trusted_proxies = each(&flags.trusted_proxy, network)?;
        let secret = secret(&flags)?;
        let is_for_others = flags.share
            || secret.is_some()
            || flags.token.is_some()
            || public_url.is_some()
            || !trusted_proxies.is_empty()
            || !binds.iter().all(Bind::is_local);
        let mode = match (flags.no_auth, is_for_others) {
            (true, _) => Mode::Open,
            (false, true) => Mode::Token,
            (false, false) if !tells_who_connects() => {
                tracing::warn!(
                    "the system does not tell who connects, so everybody needs the token"
                );
                Mode::Token
            }
            (false, false) => Mode::Owner,
        };
        Ok(Access {
            binds,
            mode,
            token: Token::new(secret.unwrap_or_else(Secret::generate)),
            certificate: certificate(&flags)?,
            has_hsts: flags.hsts,
            token_file: flags.token_file,
            is_shared: flags.share,
            allowed_hosts: each(&flags.allow_host, host_name)?,
            trusted_proxies,
            path: public_url.as_ref().map_or_else(
                || format!("{}/", prefix.as_str()),
                |url| url.path().to_owned(),
            ),
            public_url,
        })
    }

    /// Whether people may read here who cannot read the files.
    pub fn others_can_read(&self) -> bool {
        self.mode != Mode::Owner
    }
}

impl Bind {
    /// Only this machine can connect.
    pub fn is_local(&self) -> bool {
        match self {
            Bind::Tcp { address, .. } => address.is_loopback(),
            Bind::Unix(_) => true,
        }
    }
}

/// The token in a file: its first line.
pub fn read_token(path: &Path) -> Result<Secret, StartupError> {
    let failed = |cause| StartupError::TokenFile {
        path: path.to_owned(),
        cause,
    };
    let text = fs::read_to_string(path).map_err(failed)?;
    Secret::chosen(&text)
        .map_err(|reason| failed(io::Error::new(io::ErrorKind::InvalidData, reason)))
}

fn secret(flags: &AccessFlags) -> Result<Option<Secret>, StartupError> {
    let typed = flags.token.as_deref().filter(|text| !text.is_empty());
    let is_given = flags.token.is_some() || flags.token_file.is_some();
    if flags.no_auth && is_given {
        return Err(StartupError::Contradiction("--no-auth", "a token"));
    }
    match (typed, &flags.token_file) {
        (Some(_), Some(_)) => Err(StartupError::Contradiction("--token-file", "another token")),
        (Some(text), None) => Secret::chosen(text).map(Some).map_err(StartupError::Token),
        (None, Some(path)) => read_token(path).map(Some),
        (None, None) => Ok(None),
    }
}

/// v4 and v6 of one kind; a machine may be without v6.
fn pair(v4: Ipv4Addr, v6: Ipv6Addr) -> Vec<Bind> {
    let bind = |address, is_optional| Bind::Tcp {
        address,
        port: None,
        is_optional,
    };
    vec![bind(v4.into(), false), bind(v6.into(), true)]
}

/// Whether it can be found out here who is at the other end of a connection.
fn tells_who_connects() -> bool {
    !cfg!(target_os = "linux") || fs::File::open(CONNECTION_LIST).is_ok()
}

fn binds_of(text: &str) -> Result<Vec<Bind>, StartupError> {
    if let Some(path) = text.strip_prefix("unix:").filter(|path| !path.is_empty()) {
        return Ok(vec![Bind::Unix(path.into())]);
    }
    if text == "localhost" {
        return Ok(pair(Ipv4Addr::LOCALHOST, Ipv6Addr::LOCALHOST));
    }
    let bare = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let (address, port) = match text.parse::<SocketAddr>() {
        Ok(socket) => (socket.ip(), Some(socket.port())),
        Err(_) => match bare.unwrap_or(text).parse() {
            Ok(address) => (address, None),
            Err(_) => return Err(bad_value("bind", text, ADDRESSES)),
        },
    };
    Ok(vec![Bind::Tcp {
        address,
        port,
        is_optional: false,
    }])
}

fn network(text: &str) -> Result<IpNet, StartupError> {
    let single = || text.parse::<IpAddr>().map(IpNet::from);
    text.parse()
        .or_else(|_| single())
        .map_err(|_| bad_value("trusted-proxy", text, NETWORKS))
}

fn host_name(text: &str) -> Result<String, StartupError> {
    let is_name = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
    if text.is_empty() || !text.bytes().all(is_name) {
        return Err(bad_value("allow-host", text, NAMES));
    }
    Ok(text.to_ascii_lowercase())
}

fn public_url(text: &str) -> Result<Url, StartupError> {
    let bad = || bad_value("public-url", text, URLS);
    let mut url = Url::parse(text).map_err(|_| bad())?;
    let is_plain = matches!(url.scheme(), "http" | "https")
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if !is_plain || url.host().is_none() {
        return Err(bad());
    }
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Ok(url)
}

fn each<T>(
    texts: &[String],
    parse: impl Fn(&str) -> Result<T, StartupError>,
) -> Result<Vec<T>, StartupError> {
    texts.iter().map(|text| parse(text)).collect()
}

fn bad_value(flag: &'static str, text: &str, forms: &'static str) -> StartupError {
    StartupError::Value {
        flag,
        text: text.to_owned(),
        forms,
    }
}

#[cfg(test)]
mod tests;
