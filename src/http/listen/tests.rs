use std::net::SocketAddr;
use std::net::TcpStream;

use socket2::SockRef;

use crate::config::connections::NO_PROGRESS_TIMEOUT;
use crate::config::connections::SEND_BUFFER_BYTES;
use crate::config::connections::UNSENT_BYTES_MAX;
use crate::http::listen::tcp;

/// Who vanishes without a word takes nothing any more (F22): the system gives up what is set
/// here, and only for connections that have it.
#[cfg(target_os = "linux")]
#[test]
fn what_is_set_on_a_listener_holds_for_its_connections() {
    let listener = tcp(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a free port");
    listener.set_nonblocking(false).expect("a socket");
    let address = listener.local_addr().expect("it is bound");
    let _client = TcpStream::connect(address).expect("it listens");
    let (connection, _) = listener.accept().expect("a client");
    let socket = SockRef::from(&connection);
    let timeout = socket.tcp_user_timeout().expect("an option");
    assert_eq!(timeout, Some(NO_PROGRESS_TIMEOUT));
    assert_eq!(
        socket.tcp_notsent_lowat().expect("an option"),
        UNSENT_BYTES_MAX
    );
    // The system doubles what is asked for.
    let buffer = socket.send_buffer_size().expect("an option");
    assert_eq!(buffer, 2 * SEND_BUFFER_BYTES);
}
