//! The integration tests: the real binary, real files, real connections.
//!
//! One binary, because each one more is linked again. With `LOGSTREAM_POLL=1` the same tests run
//! against a server that looks at its files by polling alone.

mod harness;

/// Live lines, their places, what a reader may ask for, and how the stream looks.
mod stream;
/// Which lines a filter lets through, and what a bad one is told.
mod filter;
/// Times: which lines a stretch of time lets through, and where a reader of one begins.
mod time;
/// How many lines there are when.
mod timeline;
/// Going on exactly where a connection was cut, whatever happened meanwhile.
mod resume;
/// The same after the file was emptied or written anew.
mod resume_rewritten;
/// Lines around those that match.
mod context;
/// Pages of the lines there are.
mod history;
/// The same while files come and go.
mod history_files;
/// Compressed files that are cut short or have wrong bits.
mod damaged;
/// Cursors that nobody was given.
mod cursor;
/// The path names another file, or several.
mod rotation;
/// The file became shorter or was written anew.
mod truncation;
/// What stands at a path: nothing, a link, a folder, a FIFO, a file nobody may read.
mod files;
/// Unusual ways to write a log.
mod writers;
/// What is said of what cannot be followed.
mod states;
/// What the system does to whoever follows a file.
mod system;
/// More files than may be open.
mod descriptors;
/// Bytes to lines: unfinished, endless, foreign.
mod lines;
/// Hits in whole files, and where a search goes on.
mod search;
/// What searches must not do to others.
mod search_limits;
/// Lines as plain text that ends by itself.
mod tail;
/// The bytes of files as they are.
mod raw;
/// Secrets leave the server by no address.
mod redaction;
/// Links to a line, after whatever happened to its file.
mod links;
/// Readers that do not read.
mod slow_reader;
/// Many readers, who are sent the same where they want the same.
mod together;
/// Flags, exit codes, what is printed where.
mod cli;
/// Who may ask.
mod access;
/// Which users of this machine may.
mod access_users;
/// Tokens, and the sessions they begin.
mod session;
/// Encryption.
mod tls;
/// What a proxy says of a reader.
mod forwarded;
/// Where the program listens, and what it says of that.
mod bind;
/// What may be asked for, and how the answers look.
mod http;
/// What every answer carries.
mod headers;
/// As many as there may be, and what is said to one more.
mod late_writers;
mod limits;
/// Requests and connections that mean harm.
mod hostile;
/// Behind a proxy.
mod proxies;
/// The page's files.
mod assets;
/// What is said, and what becomes of it when nobody listens.
mod voice;
/// The end.
mod shutdown;
/// Random histories of a file against a list of lines.
mod model;
/// The code's own shape.
mod tidy;
