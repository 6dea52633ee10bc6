//! The flags that say where to listen and who may come in.

use std::path::PathBuf;

use clap::Args;
use clap::builder::BoolishValueParser;

/// As they were typed.
#[derive(Args, Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[command(next_help_heading = "Access")]
pub struct AccessFlags {
    /// Listen at this address instead of loopback; if repeated, at each
    ///
    /// ADDR is localhost, an IP address with or without a port (`[::1]:5647`), or `unix:PATH` for a
    /// socket that only this user can open. Whoever connects from elsewhere needs the token.
    #[arg(short = 'b', long, value_name = "ADDR", value_delimiter = ',')]
    #[arg(env = "LOGSTREAM_BIND", hide_env = true)]
    pub bind: Vec<String>,

    /// Share with teammates: listen at every address and print a link for each, with a token
    #[arg(long)]
    #[arg(env = "LOGSTREAM_SHARE", hide_env = true, value_parser = BoolishValueParser::new())]
    pub share: bool,

    /// Ask for a token on this machine too: a generated one, or this one
    ///
    /// For shared machines, tunnels and reverse proxies. Other users of the machine can see what
    /// is typed here in the list of processes: rather use --token-file or `LOGSTREAM_TOKEN`.
    #[arg(long, value_name = "TOKEN", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "")]
    #[arg(env = "LOGSTREAM_TOKEN", hide_env = true)]
    pub token: Option<String>,

    /// Ask for the token in this file; SIGHUP reads it again
    #[arg(long, value_name = "PATH")]
    #[arg(env = "LOGSTREAM_TOKEN_FILE", hide_env = true)]
    pub token_file: Option<PathBuf>,

    /// Let everybody in who can connect, without a token
    #[arg(long)]
    #[arg(env = "LOGSTREAM_NO_AUTH", hide_env = true, value_parser = BoolishValueParser::new())]
    pub no_auth: bool,

    /// Answer to this name too, where no token is asked for
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    #[arg(env = "LOGSTREAM_ALLOW_HOST", hide_env = true)]
    pub allow_host: Vec<String>,

    /// Believe the X-Forwarded headers of proxies in this network, such as 10.0.0.0/8
    #[arg(long, value_name = "CIDR", value_delimiter = ',')]
    #[arg(env = "LOGSTREAM_TRUSTED_PROXY", hide_env = true)]
    pub trusted_proxy: Vec<String>,

    /// Where readers find the page, when a proxy stands in front
    #[arg(long, value_name = "URL")]
    #[arg(env = "LOGSTREAM_PUBLIC_URL", hide_env = true)]
    pub public_url: Option<String>,

    /// Encrypt, with the certificate in this PEM file; SIGHUP reads it again
    #[arg(long, value_name = "PATH", requires = "tls_key")]
    #[arg(env = "LOGSTREAM_TLS_CERT", hide_env = true)]
    pub tls_cert: Option<PathBuf>,

    /// The private key of --tls-cert, in a PEM file
    #[arg(long, value_name = "PATH", requires = "tls_cert")]
    #[arg(env = "LOGSTREAM_TLS_KEY", hide_env = true)]
    pub tls_key: Option<PathBuf>,

    /// Encrypt, with a certificate made for the occasion; prints its fingerprint
    ///
    /// Browsers warn of it, since nobody vouches for it: compare the fingerprint.
    #[arg(long)]
    #[arg(env = "LOGSTREAM_TLS_SELF_SIGNED", hide_env = true, value_parser = BoolishValueParser::new())]
    pub tls_self_signed: bool,

    /// Tell browsers to come back over TLS only, for a year; with --tls-cert
    #[arg(long)]
    #[arg(env = "LOGSTREAM_HSTS", hide_env = true, value_parser = BoolishValueParser::new())]
    pub hsts: bool,
}
