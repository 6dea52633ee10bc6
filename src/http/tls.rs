//! Encryption: which certificate is shown, and how a connection becomes an encrypted one.
//!
//! The certificate can be replaced while the server runs. Connections that are open keep the one
//! they began with.

use std::io;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::PoisonError;
use std::sync::RwLock;

use actix_web::rt::net::TcpStream;
use sha2::Digest;
use sha2::Sha256;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use tokio_rustls::rustls::pki_types::pem;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::server::ClientHello;
use tokio_rustls::rustls::server::ResolvesServerCert;
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::server::TlsStream;

use crate::config::connections::REQUEST_TIMEOUT;
use crate::config::tls::Certificate;
use crate::error::StartupError;
use crate::error::reason;

/// What makes connections encrypted.
#[derive(Clone)]
pub struct Tls {
    source: Certificate,
    shown: Arc<Shown>,
    acceptor: TlsAcceptor,
}

/// The certificate that is shown to who connects.
#[derive(Debug)]
struct Shown(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Shown {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let key = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(&key))
    }
}

impl Tls {
    /// Reads or makes the certificate; a new one is for these addresses and `localhost`.
    pub fn new(source: Certificate, addresses: &[IpAddr]) -> Result<Tls, StartupError> {
        let key = match &source {
            Certificate::Files { chain, key } => read(chain, key)?,
            Certificate::SelfSigned => make(addresses)?,
        };
        let shown = Arc::new(Shown(RwLock::new(Arc::new(key))));
        let provider = Arc::new(ring::default_provider());
        let config =
            ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let mut config = config
            .map_err(failed)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&shown) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Tls {
            source,
            shown,
            acceptor: Arc::new(config).into(),
        })
    }

    /// Reads the files again, if there are any. Where they cannot be used, what was shown stays.
    pub fn reload(&self) -> Result<(), StartupError> {
        if let Certificate::Files { chain, key } = &self.source {
            let key = Arc::new(read(chain, key)?);
            *self.shown.0.write().unwrap_or_else(PoisonError::into_inner) = key;
        }
        Ok(())
    }

    /// By which a person recognises a certificate that nobody vouches for: SHA-256.
    pub fn fingerprint(&self) -> String {
        let key = self.shown.0.read().unwrap_or_else(PoisonError::into_inner);
        let bytes = Sha256::digest(key.cert.first().map_or(&[][..], AsRef::as_ref));
        let bytes: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
        bytes.join(":")
    }

    /// The encrypted connection. Who does not say hello in time is let go.
    pub async fn accept(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        timeout(REQUEST_TIMEOUT, self.acceptor.accept(stream)).await?
    }
}

fn read(chain: &Path, key: &Path) -> Result<CertifiedKey, StartupError> {
    let bad = |path: &Path, reason: String| StartupError::Certificate {
        path: path.to_owned(),
        reason,
    };
    let certificates: Result<Vec<_>, _> =
        CertificateDer::pem_file_iter(chain).and_then(Iterator::collect);
    let certificates = certificates.map_err(|error| bad(chain, explained(error, "certificate")))?;
    if certificates.is_empty() {
        return Err(bad(chain, "there is no certificate in it".to_owned()));
    }
    let private = PrivateKeyDer::from_pem_file(key);
    let private = private.map_err(|error| bad(key, explained(error, "private key")))?;
    CertifiedKey::from_der(certificates, private, &ring::default_provider()).map_err(|error| {
        match error {
            rustls::Error::InconsistentKeys(_) => {
                bad(key, format!("it is not the key of \"{}\"", chain.display()))
            }
            other => bad(chain, other.to_string()),
        }
    })
}

fn explained(error: pem::Error, wanted: &str) -> String {
    match error {
        pem::Error::Io(error) => reason(&error),
        pem::Error::NoItemsFound => format!("there is no {wanted} in it"),
        _ => "it is not in PEM form".to_owned(),
    }
}

fn make(addresses: &[IpAddr]) -> Result<CertifiedKey, StartupError> {
    let names = addresses.iter().map(ToString::to_string);
    let names: Vec<String> = names.chain(["localhost".to_owned()]).collect();
    let made = rcgen::generate_simple_self_signed(names).map_err(failed)?;
    let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let chain = vec![made.cert.der().clone()];
    CertifiedKey::from_der(chain, key.into(), &ring::default_provider()).map_err(failed)
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> StartupError {
    StartupError::Runtime(io::Error::other(error))
}
