//! Asks the kernel for one connection, by `NETLINK_SOCK_DIAG` (`sock_diag(7)`).
//!
//! It takes some microseconds, however many connections there are.

use std::net::IpAddr;
use std::net::SocketAddr;

use rustix::net::AddressFamily;
use rustix::net::RecvFlags;
use rustix::net::SendFlags;
use rustix::net::SocketFlags;
use rustix::net::SocketType;
use rustix::net::netlink;
use rustix::net::recv;
use rustix::net::send;
use rustix::net::socket_with;

const SOCK_DIAG_BY_FAMILY: u16 = 20;
const NLM_F_REQUEST: u16 = 1;
const AF_INET: u8 = 2;
const AF_INET6: u8 = 10;
const IPPROTO_TCP: u8 = 6;
const TCP_ESTABLISHED: u8 = 1;

/// The length of a request: `nlmsghdr`, then `inet_diag_req_v2`.
const REQUEST_BYTES: usize = 16 + 56;

/// Where in an answer things stand: `nlmsghdr`, then `inet_diag_msg`.
const KIND: usize = 4;
const FAMILY: usize = 16;
const STATE: usize = 17;
const OWN_PORT: usize = 20;
const OTHER_PORT: usize = 22;
const OWN_ADDRESS: usize = 24;
const OTHER_ADDRESS: usize = 40;
const USER: usize = 80;
const INODE: usize = 84;
const ANSWER_BYTES: usize = 88;

/// The user of the socket at `own` that is connected with `other`. None when there is none, and
/// also when the kernel does not answer such questions here.
pub(super) fn user(own: SocketAddr, other: SocketAddr) -> Option<u32> {
    let kind = SocketType::DGRAM;
    let flags = SocketFlags::CLOEXEC;
    let socket = socket_with(
        AddressFamily::NETLINK,
        kind,
        flags,
        Some(netlink::SOCK_DIAG),
    )
    .ok()?;
    send(&socket, &request(own, other), SendFlags::empty()).ok()?;
    let mut answer = [0; 512];
    let (length, _) = recv(&socket, &mut answer[..], RecvFlags::DONTWAIT).ok()?;
    understood(&answer[..length], own, other)
}

fn request(own: SocketAddr, other: SocketAddr) -> Vec<u8> {
    let family = if own.is_ipv4() { AF_INET } else { AF_INET6 };
    let mut request = Vec::with_capacity(REQUEST_BYTES);
    request.extend((REQUEST_BYTES as u32).to_ne_bytes());
    request.extend(SOCK_DIAG_BY_FAMILY.to_ne_bytes());
    request.extend(NLM_F_REQUEST.to_ne_bytes());
    // Sequence number and sender: there is one request on this socket.
    request.extend([0; 8]);
    request.extend([family, IPPROTO_TCP, 0, 0]);
    // In every state.
    request.extend([0xff; 4]);
    request.extend(own.port().to_be_bytes());
    request.extend(other.port().to_be_bytes());
    for end in [own, other] {
        match end.ip() {
            IpAddr::V4(v4) => {
                request.extend(v4.octets());
                request.extend([0; 12]);
            }
            IpAddr::V6(v6) => request.extend(v6.octets()),
        }
    }
    // By any interface, and without the cookie of an earlier answer.
    request.extend([0; 4]);
    request.extend([0xff; 8]);
    request
}

/// Where there is no such connection, the kernel may answer with a socket that listens.
fn understood(answer: &[u8], own: SocketAddr, other: SocketAddr) -> Option<u32> {
    let answer: &[u8; ANSWER_BYTES] = answer.first_chunk()?;
    let number = |at: usize| u32::from_ne_bytes(part(answer, at));
    let is_answer = part(answer, KIND) == SOCK_DIAG_BY_FAMILY.to_ne_bytes();
    let is_asked = end(answer, OWN_PORT, OWN_ADDRESS) == own
        && end(answer, OTHER_PORT, OTHER_ADDRESS) == other;
    let has_process = answer[STATE] == TCP_ESTABLISHED && number(INODE) != 0;
    (is_answer && is_asked && has_process).then(|| number(USER))
}

/// A v6 socket may be connected with a v4 address.
fn end(answer: &[u8; ANSWER_BYTES], port: usize, address: usize) -> SocketAddr {
    let port = u16::from_be_bytes(part(answer, port));
    let address = match answer[FAMILY] {
        AF_INET => IpAddr::from(part::<4>(answer, address)),
        _ => IpAddr::from(part::<16>(answer, address)).to_canonical(),
    };
    SocketAddr::new(address, port)
}

fn part<const LENGTH: usize>(answer: &[u8; ANSWER_BYTES], at: usize) -> [u8; LENGTH] {
    answer[at..at + LENGTH].try_into().expect("it is as long")
}
