//! Whose process is at the other end of a connection on this machine.
//!
//! The kernel is asked for the one connection. Where it may not be asked, as in a sandbox, it lists
//! all connections with the user of each in `/proc/net/tcp` and `tcp6`. A look at the list costs as
//! much as the machine has room for connections, so one look answers all who asked before it began.

#[cfg(target_os = "linux")]
mod diagnosis;

use std::collections::HashMap;
use std::fs;
use std::io;
use std::net::IpAddr;
use std::net::Ipv6Addr;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::Mutex;

use crate::config::access::CONNECTION_LIST;

const LISTS: [&str; 2] = [CONNECTION_LIST, "/proc/net/tcp6"];

/// Of a connection that nobody closed; others have lost their user.
const ESTABLISHED: &str = "01";

/// One end of a connection as seen from itself: its own address, then the other.
type Ends = (SocketAddr, SocketAddr);

type Connections = Arc<HashMap<Ends, u32>>;

/// Who may come in without a word, and who is at the other end.
#[derive(Debug)]
pub struct Owners {
    users: Vec<u32>,
    latest: Mutex<Option<(Instant, Connections)>>,
}

impl Owners {
    /// This server's user, root, and who called `sudo`.
    pub fn of_this_process() -> Owners {
        let sudo_user = std::env::var("SUDO_UID");
        let sudo_user = sudo_user.ok().and_then(|user| user.parse().ok());
        let own = [rustix::process::geteuid().as_raw(), 0];
        Owners {
            users: own.into_iter().chain(sudo_user).collect(),
            latest: Mutex::default(),
        }
    }

    /// Whether this user may come in.
    pub fn include(&self, user: u32) -> bool {
        self.users.contains(&user)
    }

    /// Whether the process at `peer`, connected with our `local`, is one of ours. Where the system
    /// keeps no list, whoever is on this machine is.
    pub async fn are_at(&self, peer: SocketAddr, local: SocketAddr) -> bool {
        if !cfg!(target_os = "linux") {
            return peer.ip().is_loopback();
        }
        #[cfg(target_os = "linux")]
        if let Some(user) = diagnosis::user(peer, local) {
            return self.include(user);
        }
        let connections = self.connections().await;
        let user = connections.get(&(peer, local));
        user.is_some_and(|user| self.include(*user))
    }

    /// A list that was begun after this was called.
    async fn connections(&self) -> Connections {
        let asked = Instant::now();
        let mut latest = self.latest.lock().await;
        if let Some((begun, connections)) = &*latest
            && *begun > asked
        {
            return Arc::clone(connections);
        }
        let begun = Instant::now();
        let listed = tokio::task::spawn_blocking(list).await;
        let connections = Arc::new(listed.ok().and_then(Result::ok).unwrap_or_default());
        *latest = Some((begun, Arc::clone(&connections)));
        connections
    }
}

fn list() -> io::Result<HashMap<Ends, u32>> {
    let mut connections = HashMap::new();
    for (place, path) in LISTS.iter().enumerate() {
        match fs::read_to_string(path) {
            Ok(text) => connections.extend(text.lines().skip(1).filter_map(entry)),
            // A machine without v6.
            Err(error) if place > 0 && error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(connections)
}

/// `  0: 0100007F:C350 0100007F:160F 01 00000000:00000000 00:00000000 00000000  1000 0 12345 …`
fn entry(line: &str) -> Option<(Ends, u32)> {
    let mut words = line.split_ascii_whitespace().skip(1);
    let (own, other) = (end(words.next()?)?, end(words.next()?)?);
    let is_established = words.next()? == ESTABLISHED;
    let user = words.nth(3)?.parse().ok()?;
    // A socket that its process has closed has no inode, and says root.
    let has_process = words.nth(1)? != "0";
    (is_established && has_process).then_some(((own, other), user))
}

/// The address as words of 32 bits in the order of this machine, then the port.
fn end(text: &str) -> Option<SocketAddr> {
    let (address, port) = text.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let word = |at: usize| u32::from_str_radix(address.get(at..at + 8)?, 16).ok();
    let address = match address.len() {
        8 => IpAddr::from(word(0)?.to_ne_bytes()),
        32 => {
            let mut bytes = [0; 16];
            for (part, at) in bytes.chunks_exact_mut(4).zip([0, 8, 16, 24]) {
                part.copy_from_slice(&word(at)?.to_ne_bytes());
            }
            // A v6 socket may be connected with a v4 address.
            IpAddr::from(Ipv6Addr::from(bytes)).to_canonical()
        }
        _ => return None,
    };
    Some(SocketAddr::new(address, port))
}

#[cfg(test)]
mod tests;
