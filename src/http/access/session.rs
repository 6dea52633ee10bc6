//! The cookie that stands for the token.
//!
//! It says until when it holds, and is signed by a key that only the token gives. So the server
//! keeps no table of sessions, they survive its restart where the token does, and another token
//! ends them all.

use std::fmt::Write;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::Hmac;
use hmac::KeyInit;
use hmac::Mac;
use sha2::Sha256;

use crate::config::access::SESSION_SPAN;
use crate::token::Secret;

/// What is signed with the token itself, to give the key. Another version is another key.
const PURPOSE: &[u8] = b"logstream session v1";
const VERSION: &str = "v1";
const NONCE_BYTES: usize = 12;

/// A session that was signed here and is not over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Tells it from others.
    pub id: Arc<str>,
    /// When it is over, in seconds since the epoch.
    pub end: u64,
}

impl Session {
    /// Another one for the next hours; `now` in seconds since the epoch.
    pub fn begin(now: u64) -> Session {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).expect("the system has random bytes");
        Session {
            id: URL_SAFE_NO_PAD.encode(nonce).into(),
            end: now + SESSION_SPAN.as_secs(),
        }
    }

    /// The value of the cookie: `v1.<end>.<id>.<signature>`.
    pub fn sign(&self, secret: &Secret) -> String {
        let mut text = format!("{VERSION}.{}.{}", self.end, self.id);
        let signature = keyed(secret).chain_update(&text).finalize().into_bytes();
        let signature = URL_SAFE_NO_PAD.encode(signature);
        write!(text, ".{signature}").expect("memory");
        text
    }

    /// What the value of a cookie says, if it was signed here and is not over.
    pub fn verify(value: &str, secret: &Secret, now: u64) -> Option<Session> {
        let (signed, signature) = value.rsplit_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let mac = keyed(secret).chain_update(signed);
        mac.verify_slice(&signature).ok()?;
        // Signed here, so it has our form; an end beyond the span is one all the same.
        let (end, id) = signed
            .strip_prefix(VERSION)?
            .strip_prefix('.')?
            .split_once('.')?;
        let end: u64 = end.parse().ok()?;
        (now < end && end <= now + SESSION_SPAN.as_secs()).then(|| Session { id: id.into(), end })
    }
}

/// The values of all cookies of this name in the values of `Cookie` headers.
pub fn cookies<'a>(
    headers: impl Iterator<Item = &'a str>,
    name: &str,
) -> impl Iterator<Item = &'a str> {
    headers
        .flat_map(|header| header.split(';'))
        .filter_map(move |pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

fn keyed(secret: &Secret) -> Hmac<Sha256> {
    let sign = |key: &[u8]| Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    let key = sign(secret.reveal().as_bytes()).chain_update(PURPOSE);
    sign(&key.finalize().into_bytes())
}

#[cfg(test)]
mod tests;
