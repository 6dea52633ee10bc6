//! The listening sockets: addresses under one port, and sockets in the file system.
//!
//! What is set on a listener holds for its connections. The kernel would take
//! almost 4 MB for a reader that does not read; with these bounds it is 0.3 MB.

use std::fmt::Display;
use std::fs;

use std::fs::Permissions;
use std::io;
use std::net::SocketAddr;
use std::net::TcpListener;
use std::os::unix::fs::FileTypeExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::path::PathBuf;

use socket2::Domain;
use socket2::Protocol;
use socket2::SockAddr;
use socket2::Socket;
use socket2::Type;

use crate::config::PortChoice;
use crate::config::access::Bind;
use crate::config::connections::NO_PROGRESS_TIMEOUT;
use crate::config::connections::SEND_BUFFER_BYTES;
use crate::config::connections::UNSENT_BYTES_MAX;
use crate::error::StartupError;

/// Connections that wait to be accepted.
const BACKLOG: i32 = 1024;

/// Another program may have the v6 half of a port that the system chose.
const CHOSEN_PORT_TRIES: usize = 10;

/// Only the user who runs this may connect.
const OWNER_ONLY: u32 = 0o600;

/// A socket that listens.
#[derive(Debug)]
pub enum Listener {
    /// At an address.
    Tcp(TcpListener),
    /// In the file system.
    Unix(UnixListener),
}

/// All sockets, and where they are.
#[derive(Debug)]
pub struct Listening {
    /// To be served.
    pub listeners: Vec<Listener>,
    /// Addresses and ports that are listened at.
    pub addresses: Vec<SocketAddr>,
    /// Sockets in the file system.
    pub files: Vec<SocketFile>,
}

/// Removes the socket's file when dropped.
#[derive(Debug)]
pub struct SocketFile(PathBuf);

impl SocketFile {
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        // Somebody may have been quicker.
        let _gone = fs::remove_file(&self.0);
    }
}

/// Listens at all of these, on the first port of `choice` that is free at each that has none.
pub fn listen(binds: &[Bind], choice: PortChoice) -> Result<Listening, StartupError> {
    let mut last = None;
    let tries = if choice == PortChoice::Exactly(0) {
        CHOSEN_PORT_TRIES
    } else {
        1
    };
    let mut files = Vec::new();
    let mut listeners = Vec::new();
    for bind in binds {
        if let Bind::Unix(path) = bind {
            listeners.push(Listener::Unix(
                unix(path).map_err(|cause| failed(path.display(), cause))?,
            ));
            files.push(SocketFile(path.clone()));
        }
    }
    for port in choice
        .ports()
        .flat_map(|port| std::iter::repeat_n(port, tries))
    {
        match each(binds, port) {
            Ok(found) => {
                let addresses = found.iter().map(TcpListener::local_addr);
                let addresses = addresses.collect::<Result<_, _>>();
                listeners.extend(found.into_iter().map(Listener::Tcp));
                return Ok(Listening {
                    listeners,
                    addresses: addresses.map_err(StartupError::Runtime)?,
                    files,
                });
            }
            Err(error) => {
                last.get_or_insert(error);
            }
        }
    }
    Err(last.expect("at least one port is tried"))
}

/// All addresses; those without a port of their own at this one.
fn each(binds: &[Bind], mut port: u16) -> Result<Vec<TcpListener>, StartupError> {
    let mut listeners = Vec::new();
    for bind in binds {
        let &Bind::Tcp {
            address,
            port: own,
            is_optional,
        } = bind
        else {
            continue;
        };
        let place = SocketAddr::new(address, own.unwrap_or(port));
        match tcp(place) {
            Ok(listener) => {
                // What the system chose for the first, all others get as well.
                if own.is_none()
                    && let Ok(chosen) = listener.local_addr()
                {
                    port = chosen.port();
                }
                listeners.push(listener);
            }
            // A machine without v6.
            Err(error) if is_optional && error.kind() != io::ErrorKind::AddrInUse => {}
            Err(cause) => return Err(failed(place, cause)),
        }
    }
    Ok(listeners)
}

fn failed(address: impl Display, cause: io::Error) -> StartupError {
    StartupError::Listen {
        address: address.to_string(),
        cause,
    }
}

fn tcp(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::STREAM,
        Some(Protocol::TCP),
    )?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    socket.set_reuse_address(true)?;
    socket.set_send_buffer_size(SEND_BUFFER_BYTES)?;
    socket.set_nonblocking(true)?;
    #[cfg(target_os = "linux")]
    {
        socket.set_tcp_notsent_lowat(UNSENT_BYTES_MAX)?;
        socket.set_tcp_user_timeout(Some(NO_PROGRESS_TIMEOUT))?;
    }
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

/// Nobody can connect before it listens, and by then only its owner may.
fn unix(path: &Path) -> io::Result<UnixListener> {
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    socket.set_send_buffer_size(SEND_BUFFER_BYTES)?;
    socket.set_nonblocking(true)?;
    remove_abandoned(path)?;
    socket.bind(&SockAddr::unix(path)?)?;
    fs::set_permissions(path, Permissions::from_mode(OWNER_ONLY))?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

/// A server that crashed leaves its socket behind; one that answers is in use.
fn remove_abandoned(path: &Path) -> io::Result<()> {
    let is_socket = |kind: fs::FileType| kind.is_socket();
    let is_there = fs::symlink_metadata(path).is_ok_and(|found| is_socket(found.file_type()));
    let is_abandoned = is_there
        && UnixStream::connect(path)
            .is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused);
    if is_abandoned {
        fs::remove_file(path)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
