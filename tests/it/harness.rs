//! What the tests stand on: the real binary, a folder of logs, and a reader that believes nothing.
//!
//! Nothing here knows the program's code. It is started, spoken to over TCP, and compared with what
//! was written.

pub mod check;
pub mod eventually;
pub mod http;
pub mod log_dir;
pub mod nginx;
pub mod probe;
pub mod pages;
pub mod reader;
pub mod search;
pub mod server;
pub mod skip;
pub mod written;
