//! dev
pub mod error;
pub mod shutdown;
pub mod cli;
pub mod diagnostics;
pub mod position;
pub mod record;
pub mod line;
pub mod filter;
pub mod source;
pub mod config;
pub mod store;
pub mod follow;
pub mod subscription;
