//! What is known of a connection, before anything was said on it.

use std::net::SocketAddr;

use actix_web::rt::net::TcpStream;
use actix_web::rt::net::UnixStream;
use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::sync::OnceCell;
use tokio_rustls::server::TlsStream;

use crate::http::access::owners::Owners;

/// The other end of a connection.
#[derive(Debug)]
pub struct Peer {
    /// Where it is, and our own address towards it; none on a socket in the file system.
    pub addresses: Option<(SocketAddr, SocketAddr)>,
    /// Its user, where the system tells it.
    user: Option<u32>,
    /// What is said between us is encrypted by this server.
    pub is_encrypted: bool,
    is_owner: OnceCell<bool>,
}

/// What requests can come over.
pub trait Transport: AsyncRead + AsyncWrite + Unpin + 'static {
    /// Who is at the other end.
    fn peer(&self) -> Peer;
}

impl Transport for TcpStream {
    fn peer(&self) -> Peer {
        Peer::new(self.peer_addr().ok().zip(self.local_addr().ok()), None)
    }
}

impl Transport for UnixStream {
    fn peer(&self) -> Peer {
        let user = self.peer_cred().ok().map(|credentials| credentials.uid());
        Peer::new(None, user)
    }
}

impl Transport for TlsStream<TcpStream> {
    fn peer(&self) -> Peer {
        Peer {
            is_encrypted: true,
            ..self.get_ref().0.peer()
        }
    }
}

impl Peer {
    /// Whether a process of `owners` on this machine is there. It is looked for once.
    pub async fn is_owner(&self, owners: &Owners) -> bool {
        let look = || async {
            match self.addresses {
                Some((peer, _)) if !peer.ip().to_canonical().is_loopback() => false,
                Some((peer, local)) => owners.are_at(peer, local).await,
                None => self.user.is_some_and(|user| owners.include(user)),
            }
        };
        *self.is_owner.get_or_init(look).await
    }

    pub(super) fn new(addresses: Option<(SocketAddr, SocketAddr)>, user: Option<u32>) -> Peer {
        Peer {
            addresses,
            user,
            is_encrypted: false,
            is_owner: OnceCell::new(),
        }
    }
}
