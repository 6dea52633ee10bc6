//! Whether what is said is encrypted, and by which certificate.

use std::path::PathBuf;

use crate::cli::AccessFlags;
use crate::error::StartupError;

/// Where the certificate comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Certificate {
    /// From two PEM files, which `SIGHUP` reads again.
    Files {
        /// The certificate, and those between it and an authority.
        chain: PathBuf,
        /// Its private key.
        key: PathBuf,
    },
    /// Made at start, in memory.
    SelfSigned,
}

/// Understands the flags; none of them means no encryption.
pub fn certificate(flags: &AccessFlags) -> Result<Option<Certificate>, StartupError> {
    let files = flags.tls_cert.clone().zip(flags.tls_key.clone());
    if files.is_some() && flags.tls_self_signed {
        return Err(StartupError::Contradiction(
            "--tls-cert",
            "--tls-self-signed",
        ));
    }
    if flags.hsts && files.is_none() {
        // A browser that was told so could not come back once the certificate is another one.
        return Err(StartupError::Contradiction("--hsts", "no --tls-cert"));
    }
    let files = files.map(|(chain, key)| Certificate::Files { chain, key });
    Ok(files.or(flags.tls_self_signed.then_some(Certificate::SelfSigned)))
}
