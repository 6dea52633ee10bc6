//! The limits of one connection: what it may send, what is kept for it, and for how long.

use std::time::Duration;

/// Bytes of a request's path and query; a longer one is answered with 414.
pub const REQUEST_TARGET_BYTES_MAX: usize = 8 * 1024;

/// Bytes of a request's head; a longer one is answered with 431.
pub const REQUEST_HEAD_BYTES_MAX: usize = 16 * 1024;

/// Headers of a request; more are answered with 431.
pub const REQUEST_HEADERS_MAX: usize = 64;

/// Connections on which nothing is asked; one more takes the place of the one that has waited
/// longest. Few enough that whoever asks is always heard, next to all streams.
pub const WAITING_CONNECTIONS_MAX: usize = 192;

/// Bytes the kernel keeps for a connection that does not read.
pub const SEND_BUFFER_BYTES: usize = 128 * 1024;

/// Bytes of these that were not sent before more are wanted from us.
pub const UNSENT_BYTES_MAX: u32 = 16 * 1024;

/// A connection that takes nothing for this long is closed; its reader goes on
/// by its id. A person may have paused a pager on `curl`.
pub const NO_PROGRESS_TIMEOUT: Duration = Duration::from_secs(300);

/// Bytes read from a connection before others have their turn.
pub const INPUT_BYTES_PER_TURN: usize = 2 * 1024;

/// Bytes that a connection may send while it is being answered; one that sends more is closed.
pub const INPUT_BYTES_MAX: usize = 64 * 1024;

/// A connection whose request is refused may go on sending for this long, so that it reads why.
pub const LINGER_TIMEOUT: Duration = Duration::from_secs(1);

/// To send a whole request head; then 408.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);

/// A connection without a request is kept open for this long.
pub const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Bytes of an answer that wait for a connection inside the server.
pub const WRITE_BUFFER_BYTES: usize = 8 * 1024;

/// Bytes of an answer that are added to these at once; with what frames a chunk, both have room in
/// the double of that buffer.
pub const PORTION_BYTES: usize = WRITE_BUFFER_BYTES - 16;
