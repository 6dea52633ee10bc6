//! What is said at start: where the page is, and what the operator should know of that.
//!
//! The links stand on standard output, each on a line of its own and nothing else, for people and
//! for programs. This is the only place that says the token.

use std::ffi::OsStr;
use std::io;
use std::io::IsTerminal;
use std::io::Write;

use qrcode::EcLevel;
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use tempfile::NamedTempFile;

use crate::config::access::Access;
use crate::config::access::Mode;
use crate::config::tls::Certificate;
use crate::diagnostics;
use crate::http::addresses::Addresses;
use crate::http::tls::Tls;

/// Links to this server, with the token; so it has no `Debug`.
pub struct Greeting {
    here: Option<String>,
    elsewhere: Vec<String>,
    files: Vec<String>,
}

impl Greeting {
    /// With the token where one is asked for.
    pub fn new(access: &Access, addresses: &Addresses) -> Greeting {
        let secret = (access.mode == Mode::Token).then(|| access.token.current());
        let link = |address: String| match &secret {
            Some(secret) => format!("{address}#t={}", secret.reveal()),
            None => address,
        };
        Greeting {
            here: addresses.here().map(link),
            elsewhere: addresses.elsewhere().into_iter().map(link).collect(),
            files: addresses.files().collect(),
        }
    }

    /// Prints the links: this machine's first, then those for others.
    pub fn print(&self) {
        let links = self.here.iter().chain(&self.elsewhere).chain(&self.files);
        let mut text = String::new();
        let mut last = None;
        for link in links.filter(|link| last.replace(*link) != Some(*link)) {
            text.push_str(link);
            text.push('\n');
        }
        // Nobody may be reading this, which is no reason not to serve.
        diagnostics::say(text);
    }

    /// Shows the link for others as a picture, for a telephone, where there is a terminal.
    pub fn show(&self) {
        let link = self.elsewhere.first().or(self.here.as_ref());
        let Some(picture) = link.and_then(|link| picture(link)) else {
            return;
        };
        let _unheard = if io::stderr().is_terminal() {
            io::stderr().write_all(picture.as_bytes())
        } else if io::stdout().is_terminal() {
            io::stdout().write_all(picture.as_bytes())
        } else {
            Ok(())
        };
    }

    /// Opens the page in a browser. Gives what has to stay until the page is open.
    ///
    /// All users of the machine see with which arguments a browser was started. So a link with a
    /// token is given to it in a file that only this user can read.
    pub fn open(&self) -> Option<NamedTempFile> {
        let link = self.here.as_ref().or(self.elsewhere.first())?;
        let file = link.contains('#').then(|| leading_to(link)).transpose();
        let opened = file.and_then(|file| {
            let path = file.as_ref().map(|file| file.path().as_os_str());
            open::that_detached(path.unwrap_or(OsStr::new(link)))?;
            Ok(file)
        });
        opened.unwrap_or_else(|_| {
            tracing::warn!("cannot open a browser; open the address above yourself");
            None
        })
    }
}

/// A page that leads to this link.
fn leading_to(link: &str) -> io::Result<NamedTempFile> {
    let mut file = tempfile::Builder::new()
        .prefix("logstream-")
        .suffix(".html")
        .tempfile()?;
    write!(
        file,
        "<!doctype html><meta http-equiv=\"refresh\" content=\"0; url={link}\">"
    )?;
    Ok(file)
}

/// Says what might not be meant.
pub fn warn(access: &Access, addresses: &Addresses, tls: Option<&Tls>) {
    if access.certificate == Some(Certificate::SelfSigned)
        && let Some(tls) = tls
    {
        tracing::info!(
            "SHA-256 fingerprint of the certificate: {}",
            tls.fingerprint()
        );
    }
    if access.mode == Mode::Open {
        let who = if addresses.are_local() {
            "every user of this machine"
        } else {
            "everybody who can reach this machine"
        };
        tracing::warn!("{who} can read these logs, because of --no-auth");
    }
    if addresses.are_readable_on_the_way() {
        tracing::warn!(
            "others in the network can read along: links begin with http, not https (see --tls-self-signed)"
        );
    }
    if rustix::process::geteuid().is_root() {
        tracing::warn!("running as root: a user that can read the logs and nothing else is safer");
    }
}

/// A QR code of half blocks, dark on light whatever the terminal's colours are.
fn picture(link: &str) -> Option<String> {
    const LIGHT_ON_DARK: &str = "\u{1b}[97;40m";
    const AS_BEFORE: &str = "\u{1b}[0m";
    // The least correction: it is seen on a screen, and smaller codes are seen from further away.
    let code = QrCode::with_error_correction_level(link, EcLevel::L).ok()?;
    let blocks = code
        .render::<Dense1x2>()
        .dark_color(Dense1x2::Light)
        .light_color(Dense1x2::Dark)
        .build();
    let mut picture = String::new();
    for line in blocks.lines() {
        picture.extend([LIGHT_ON_DARK, line, AS_BEFORE, "\n"]);
    }
    Some(picture)
}
