//! The secret that lets a reader in, and its one place in the program.
//!
//! It can be replaced while the program runs. It has no form that ends up in a message: what
//! prints the link asks for the text in so many words.

use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;
use thiserror::Error;
use tokio::sync::watch;

/// Random bytes of a generated token: 160 bits, 27 characters.
const GENERATED_BYTES: usize = 20;

/// A shorter one can be guessed, even at as few attempts as are allowed.
const CHARACTERS_MIN: usize = 8;

/// A header has to have room for it.
const CHARACTERS_MAX: usize = 512;

/// Why a text is no token. It says nothing of the text.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum TokenError {
    /// Fewer characters than cannot be guessed.
    #[error("it has fewer than {CHARACTERS_MIN} characters")]
    Short,
    /// More characters than a header has room for.
    #[error("it has more than {CHARACTERS_MAX} characters")]
    Long,
    /// A character that cannot stand in a header or a link.
    #[error("it may consist of letters, digits and -._~+/= only")]
    Character,
}

/// One token, as text. Its `Debug` does not say it.
#[derive(Clone)]
pub struct Secret(Arc<str>);

impl Secret {
    /// A new one that nobody knows.
    pub fn generate() -> Secret {
        let mut bytes = [0; GENERATED_BYTES];
        getrandom::fill(&mut bytes).expect("the system has random bytes");
        Secret(URL_SAFE_NO_PAD.encode(bytes).into())
    }

    /// One that was chosen, without the line end that a file has.
    pub fn chosen(text: &str) -> Result<Secret, TokenError> {
        let text = text.trim();
        // What RFC 6750 allows behind `Bearer`, and a fragment of an address holds as it is.
        let is_fit = |b: u8| b.is_ascii_alphanumeric() || b"-._~+/=".contains(&b);
        if !text.bytes().all(is_fit) {
            return Err(TokenError::Character);
        }
        match text.len() {
            0..CHARACTERS_MIN => Err(TokenError::Short),
            CHARACTERS_MIN..=CHARACTERS_MAX => Ok(Secret(text.into())),
            _ => Err(TokenError::Long),
        }
    }

    /// The text, to be printed in the link, and to be looked for where it must not be shown.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Takes as long for a wrong guess as for a better one.
    pub fn is(&self, guess: &[u8]) -> bool {
        self.0.as_bytes().ct_eq(guess).into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret")
    }
}

/// The token in force, the same for all who hold a clone.
#[derive(Clone, Debug)]
pub struct Token(Arc<watch::Sender<Secret>>);

impl Token {
    /// With this one to begin with.
    pub fn new(secret: Secret) -> Token {
        Token(Arc::new(watch::Sender::new(secret)))
    }

    /// The one in force now.
    pub fn current(&self) -> Secret {
        self.0.borrow().clone()
    }

    /// Another one from now on; says whether it is another one.
    pub fn replace(&self, secret: Secret) -> bool {
        self.0.send_if_modified(|current| {
            let is_other = !current.is(secret.reveal().as_bytes());
            *current = secret;
            is_other
        })
    }

    /// Tells when it was replaced.
    pub fn changes(&self) -> watch::Receiver<Secret> {
        self.0.subscribe()
    }
}

#[cfg(test)]
mod tests;
