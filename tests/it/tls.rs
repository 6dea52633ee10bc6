//! Encryption: with a certificate of its own, with one from files, and when these change.

use std::fs;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::TcpStream;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustix::process::Signal;
use sha2::Digest;
use sha2::Sha256;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::ClientConnection;
use tokio_rustls::rustls::DigitallySignedStruct;
use tokio_rustls::rustls::Error;
use tokio_rustls::rustls::SignatureScheme;
use tokio_rustls::rustls::StreamOwned;
use tokio_rustls::rustls::client::danger::HandshakeSignatureValid;
use tokio_rustls::rustls::client::danger::ServerCertVerified;
use tokio_rustls::rustls::client::danger::ServerCertVerifier;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::pki_types::UnixTime;

use crate::harness::eventually::PATIENCE;
use crate::harness::eventually::eventually;
use crate::harness::log_dir::LogDir;
use crate::harness::server::Server;
use crate::harness::server::command;

type Stream = StreamOwned<ClientConnection, TcpStream>;

/// Takes every certificate: which one was shown is what a test looks at.
#[derive(Debug)]
struct Trusting;

impl ServerCertVerifier for Trusting {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        ring::default_provider()
            .signature_verification_algorithms
            .supported_schemes()
    }
}

fn connect(server: &Server) -> Stream {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config
        .with_safe_default_protocol_versions()
        .expect("versions");
    let mut config = config
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Trusting))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let name = ServerName::try_from("localhost").expect("a name");
    let connection = ClientConnection::new(Arc::new(config), name).expect("a connection");
    let stream = TcpStream::connect(("127.0.0.1", server.port())).expect("it listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a socket");
    StreamOwned::new(connection, stream)
}

/// Asks on a connection of its own; gives the answer, and the connection.
fn ask(server: &Server, head: &str) -> (String, Stream) {
    let mut stream = connect(server);
    let host = format!("Host: localhost:{}", server.port());
    let request = format!("{head}\r\n{host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("write");
    let mut answer = Vec::new();
    let _unclean = stream.read_to_end(&mut answer);
    (String::from_utf8_lossy(&answer).into_owned(), stream)
}

/// The certificate that is shown.
fn shown(server: &Server) -> Vec<u8> {
    let (answer, stream) = ask(server, "GET /healthz HTTP/1.1");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let shown = stream.conn.peer_certificates().expect("a certificate");
    shown[0].to_vec()
}

/// Writes a new pair of files; gives the certificate.
fn write_pair(dir: &LogDir, name: &str) -> Vec<u8> {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a pair");
    let pem = |kind: &str, bytes: &[u8]| {
        let text = STANDARD.encode(bytes);
        format!("-----BEGIN {kind}-----\n{text}\n-----END {kind}-----\n")
    };
    let certificate = made.cert.der().to_vec();
    let path = |end: &str| dir.path(&format!("{name}.{end}"));
    fs::write(path("cert"), pem("CERTIFICATE", &certificate)).expect("write");
    let key = made.signing_key.serialize_der();
    fs::write(path("key"), pem("PRIVATE KEY", &key)).expect("write");
    certificate
}

#[test]
fn a_certificate_made_at_start_is_the_one_of_the_fingerprint() {
    let dir = LogDir::new();
    dir.append("app.log", "one\n");
    let server = Server::start(&["--tls-self-signed", &dir.path("app.log")]);
    assert!(
        server.stdout().starts_with("https://localhost:"),
        "{}",
        server.stdout()
    );
    let fingerprint: Vec<String> = Sha256::digest(shown(&server))
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect();
    eventually(PATIENCE, || match server.stderr() {
        text if text.contains(&fingerprint.join(":")) => Ok(()),
        text => Err(text),
    });
    let (answer, stream) = ask(&server, "GET /tail?follow=0 HTTP/1.1");
    assert!(answer.contains("one\n"), "{answer}");
    assert_eq!(stream.conn.alpn_protocol(), Some(&b"http/1.1"[..]));
}

#[test]
fn a_session_over_tls_is_for_tls_alone() {
    let dir = LogDir::new();
    write_pair(&dir, "one");
    let (cert, key) = (dir.path("one.cert"), dir.path("one.key"));
    let flags = [
        "--token=correct-horse",
        "--tls-cert",
        &cert,
        "--tls-key",
        &key,
        "--hsts",
    ];
    let server = Server::start(&[&flags[..], &[&dir.path("app.log")]].concat());
    let bearer = "Authorization: Bearer correct-horse";
    let origin = format!("Origin: https://localhost:{}", server.port());
    let (answer, _) = ask(
        &server,
        &format!("POST /api/session HTTP/1.1\r\n{bearer}\r\n{origin}"),
    );
    assert!(answer.starts_with("HTTP/1.1 204 "), "{answer}");
    assert!(
        answer.contains(&format!("set-cookie: __Host-ls_{}=v1.", server.port())),
        "{answer}"
    );
    assert!(
        answer.contains("; Path=/; HttpOnly; SameSite=Strict; Secure\r\n"),
        "{answer}"
    );
    assert!(
        answer.contains("strict-transport-security: max-age=31536000\r\n"),
        "{answer}"
    );
    let plain = format!("Origin: http://localhost:{}", server.port());
    let (answer, _) = ask(
        &server,
        &format!("POST /api/session HTTP/1.1\r\n{bearer}\r\n{plain}"),
    );
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
}

#[test]
fn what_is_not_encrypted_is_not_answered() {
    let dir = LogDir::new();
    dir.append("app.log", "one\n");
    let server = Server::start(&["--tls-self-signed", &dir.path("app.log")]);
    let mut stream = TcpStream::connect(("127.0.0.1", server.port())).expect("it listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a socket");
    stream
        .write_all(b"GET /tail HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .expect("write");
    let mut answer = Vec::new();
    let _reset = stream.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP"), "{}", answer.escape_ascii());
    // Nor does who says nothing hold anybody up.
    let silent = TcpStream::connect(("127.0.0.1", server.port())).expect("it listens");
    shown(&server);
    silent.set_read_timeout(Some(PATIENCE)).expect("a socket");
    assert_eq!((&silent).read(&mut [0; 1]).expect("it is closed"), 0);
}

#[test]
fn a_hangup_reads_the_certificate_again() {
    let dir = LogDir::new();
    dir.append("app.log", "one\n");
    let first = write_pair(&dir, "one");
    let (cert, key) = (dir.path("one.cert"), dir.path("one.key"));
    let mut server = Server::start(&["--tls-cert", &cert, "--tls-key", &key, &dir.path("app.log")]);
    assert_eq!(shown(&server), first);
    let mut stream = connect(&server);
    stream
        .write_all(b"GET /tail HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .expect("write");
    let mut lines = BufReader::new(stream);
    let mut until = |text: &str| {
        let mut line = String::new();
        while !line.ends_with(&format!("{text}\n")) {
            line.clear();
            assert_ne!(lines.read_line(&mut line).expect("a line"), 0);
        }
    };
    until("one");

    let second = write_pair(&dir, "one");
    server.signal(Signal::HUP);
    eventually(PATIENCE, || match shown(&server) {
        shown if shown == second => Ok(()),
        _ => Err("still the first one".to_owned()),
    });
    dir.append("app.log", "two\n");
    until("two");

    fs::write(&cert, "nonsense").expect("write");
    server.signal(Signal::HUP);
    eventually(PATIENCE, || match server.stderr() {
        text if text.contains("there is no certificate in it; the one before stays") => Ok(()),
        text => Err(text),
    });
    assert_eq!(shown(&server), second);
    assert!(server.stop().success());
}

#[test]
fn a_pair_that_is_none_stops_the_start() {
    let dir = LogDir::new();
    write_pair(&dir, "one");
    write_pair(&dir, "other");
    dir.append("empty", "");
    let check = |cert: &str, key: &str, said: &str| {
        let (cert, key) = (dir.path(cert), dir.path(key));
        let args = ["--tls-cert", &cert, "--tls-key", &key, "app.log"];
        let output = command(&args).output().expect("the program starts");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(said), "{said:?} is not in {stderr}");
    };
    check("one.cert", "other.key", "it is not the key of \"");
    check("missing", "one.key", "missing\": no such file or directory");
    check("empty", "one.key", "empty\": there is no certificate in it");
    check(
        "one.cert",
        "one.cert",
        "one.cert\": there is no private key in it",
    );
    for args in [
        &["--tls-cert", "x"][..],
        &["--hsts"],
        &["--tls-cert", "x", "--tls-key", "y", "--tls-self-signed"],
    ] {
        let output = command(&[args, &["app.log"]].concat()).output();
        assert_eq!(
            output.expect("it starts").status.code(),
            Some(2),
            "{args:?}"
        );
    }
}
