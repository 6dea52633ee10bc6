//! What is followed: what the user names, which files that is at the moment, and
//! which of them are the older parts of others.

pub mod identity;
pub mod regular;
pub mod trouble;
pub mod rotated;
pub mod pattern;
pub mod discovery;
