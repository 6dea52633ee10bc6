//! The listening sockets: loopback only, v4 and v6 under one port.
//!
//! What is set on a listener holds for its connections. The kernel would take
//! almost 4 MB for a reader that does not read; with these bounds it is 0.3 MB.

use std::io;
use std::net::Ipv4Addr;
use std::net::Ipv6Addr;
use std::net::SocketAddr;
use std::net::TcpListener;

use socket2::Domain;
use socket2::Protocol;
use socket2::Socket;
use socket2::Type;

use crate::config::NO_PROGRESS_TIMEOUT;
use crate::config::PortChoice;
use crate::config::SEND_BUFFER_BYTES;
use crate::config::UNSENT_BYTES_MAX;
use crate::error::StartupError;

/// Connections that wait to be accepted.
const BACKLOG: i32 = 1024;

/// Another program may have the v6 half of a port that the system chose.
const CHOSEN_PORT_TRIES: usize = 10;

/// Listens where `choice` says; gives the sockets and their port.
pub fn loopback(choice: PortChoice) -> Result<(Vec<TcpListener>, u16), StartupError> {
    let mut last = None;
    let tries = if choice == PortChoice::Exactly(0) {
        CHOSEN_PORT_TRIES
    } else {
        1
    };
    for port in choice
        .ports()
        .flat_map(|port| std::iter::repeat_n(port, tries))
    {
        match both(port) {
            Ok(found) => return Ok(found),
            Err(cause) => {
                last.get_or_insert((port, cause));
            }
        }
    }
    let (port, cause) = last.expect("at least one port is tried");
    Err(StartupError::Listen {
        address: format!("localhost:{port}"),
        cause,
    })
}

fn both(port: u16) -> io::Result<(Vec<TcpListener>, u16)> {
    let v4 = listener((Ipv4Addr::LOCALHOST, port).into())?;
    let port = v4.local_addr()?.port();
    match listener((Ipv6Addr::LOCALHOST, port).into()) {
        Ok(v6) => Ok((vec![v4, v6], port)),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => Err(error),
        // A machine without v6.
        Err(_) => Ok((vec![v4], port)),
    }
}

fn listener(address: SocketAddr) -> io::Result<TcpListener> {
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
