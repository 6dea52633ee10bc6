//! [`Cli`] checked and resolved, and every limit of the program by name.
//!
//! Whatever can be wrong with the command line is found here, before a thread or
//! a socket exists; behind this module nothing asks again. The limits are
//! constants rather than fields because nothing but a test would vary them, and
//! tests of what depends on one hand it in.

mod boundary;
pub mod looking;
pub mod whole_files;
pub mod connections;
pub mod serving;
pub mod tls;
pub mod access;
mod redaction;

use std::env;
use std::ffi::OsStr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::cli::Cli;
use crate::config::access::Access;
use crate::config::serving::Serving;
use crate::error::StartupError;
use crate::filter::Filter;
use crate::filter::FilterSpec;
use crate::redaction::Redaction;
use crate::source::discovery::Bounds;
use crate::source::discovery::Discovery;
use crate::source::pattern::Pattern;

/// Between two looks at every file, beside notifications: they may be missing altogether.
pub const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// A renamed file is read for this long after its last growth: its writer may not have noticed yet.
pub const ROTATE_GRACE: Duration = Duration::from_secs(5);

/// A line without an end is shown as it stands when nothing was added to it for this long.
pub const UNFINISHED_REST: Duration = Duration::from_secs(1);

/// Bytes read from one file before the others have their turn, so that a busy one cannot drown a
/// quiet one.
pub const READ_BYTES_PER_TURN: usize = 256 * 1024;

/// Bytes of the newest batches kept in memory, over all sources; everything older is read from disk.
pub const RECENT_BYTES: usize = 16 * 1024 * 1024;

/// Bytes of a line that are shown; a longer one is cut here, and says so.
pub const LINE_BYTES_MAX: usize = 64 * 1024;

/// With more memory than this, in bytes, what is free is given back to the system,
pub const FREE_MEMORY_MIN: u64 = 64 * 1024 * 1024;

/// so often: it takes some milliseconds.
pub const FREE_MEMORY_INTERVAL: Duration = Duration::from_secs(5);

/// Lines in one event: beyond this a browser gains nothing more.
pub const EVENT_LINES_MAX: usize = 128;

/// Bytes of text in one event, unless a single line is longer.
pub const EVENT_BYTES_MAX: usize = 16 * 1024;

/// A reader that allows it is moved to the end when it is further behind than this, in bytes.
pub const LAG_SKIP_BYTES: u64 = 4 * 1024 * 1024;

/// Bytes of a frame that is made for many readers; it ends with the event that reaches this.
pub const FRAME_BYTES: usize = 16 * 1024;

/// Frames that are made before the readers have their turn.
pub const FRAMES_PER_TURN: usize = 4;

/// Bytes of frames that are kept for readers of one view: one further behind is served alone.
pub const FEED_BYTES: usize = 256 * 1024;

/// The same for each reader, where they are many: each that goes on alone costs several times that.
pub const FEED_BYTES_PER_READER: usize = 4 * 1024;

/// The same for however many.
pub const FEED_BYTES_MAX: usize = 8 * 1024 * 1024;

/// What it takes to wake a reader and to send it something, twice over: so much of the time is left
/// for everything else when there are very many.
pub const WAKE_COST: Duration = Duration::from_micros(20);

/// For a shorter time lines do not wait for each other: clocks are not as fine.
pub const WAKE_PAUSE_MIN: Duration = Duration::from_millis(1);

/// Lines that are further apart than this come alone.
pub const LULL: Duration = Duration::from_millis(25);

/// Between two pings, which tell a silent log from a dead stream.
pub const PING_INTERVAL: Duration = Duration::from_secs(5);

/// What a browser waits before it connects again, in milliseconds.
pub const RETRY_MS: u64 = 1000;

/// Open streams of one address; one more is answered with 429.
pub const STREAMS_PER_ADDRESS_MAX: usize = 64;

/// Requests of one reader each second, in the long run; more are answered with 429.
pub const REQUESTS_PER_SECOND_MAX: u32 = 50;

/// Requests of one reader at once.
pub const REQUESTS_AT_ONCE_MAX: u32 = 100;

/// Searches of one reader that run or wait: one, and the one before it as long as it has not
/// noticed that its reader has left.
pub const SEARCHES_PER_READER_MAX: usize = 2;

/// Sources; what is found beyond them is not followed, with a warning.
pub const SOURCES_MAX: usize = 10_000;

/// Files that stay open although nothing is written to them; of more, those are closed that are
/// quiet for longest.
pub const QUIET_FILES_MAX: usize = 256;

/// These are quiet for at least this long, unless there are too few descriptors.
pub const QUIET_FILE_TIMEOUT: Duration = Duration::from_secs(60);

/// How far below a directory, or below `**`, files are looked for.
pub const DIRECTORY_DEPTH_MAX: usize = 16;

/// Bytes of standard input that can be read again; the help names the number.
pub const STDIN_SPOOL_BYTES: u64 = 1024 * 1024 * 1024;

/// The newest lines of a source that may be asked for to begin with.
pub const TAIL_LINES_MAX: u64 = 100_000;

/// Bytes read from disk at once for a reader that is not at the end.
pub const READ_BYTES: usize = 128 * 1024;

/// Bytes read from disk at once while a reader looks at those before them.
pub const BLOCK_AHEAD_BYTES: usize = 512 * 1024;

/// Such blocks that are kept at a time, for all readers together.
pub const BLOCKS_AHEAD_MAX: usize = 16;

/// Blocks of those that were read when they were needed, and are kept for whoever goes on there;
/// all readers together, too.
pub const BLOCKS_LATELY_MAX: usize = 32;

/// Bytes read by a reader whose block was not kept: there are many, or it was stuck.
pub const READ_BYTES_AGAIN: usize = 32 * 1024;

/// Bytes read first for a page; each further read is twice as long, up to [`READ_BYTES`].
pub const BLOCK_BYTES_MIN: u64 = 16 * 1024;

/// Lines of a page of history, unless the reader says otherwise.
pub const HISTORY_LINES: usize = 500;

/// Lines of a page of history; who asks for more gets these.
pub const HISTORY_LINES_MAX: usize = 10_000;

/// Bytes of text in a page of history, unless a single line is longer.
pub const HISTORY_TEXT_BYTES_MAX: usize = 1024 * 1024;

/// Bytes looked through for one page; who wants to look further asks again.
pub const HISTORY_SCAN_BYTES_MAX: u64 = 32 * 1024 * 1024;

/// Requests for history that are answered at the same time; one more is answered with 429.
pub const HISTORY_REQUESTS_MAX: usize = 8;

/// Segments whose first and last times are looked for at one request for the list of sources; those
/// of the others follow with the next ones.
pub const SPANS_PER_LIST_MAX: usize = 256;

/// Segments whose first and last times are remembered.
pub const SPANS_KNOWN_MAX: usize = 64 * 1024;

/// Lines around each match that may be asked for.
pub const CONTEXT_LINES_MAX: usize = 100;

/// Between two looks at every file when there are no notifications at all.
pub const POLL_ONLY_INTERVAL: Duration = Duration::from_millis(200);

/// Until the next look at a file that is being rotated.
pub const SOON: Duration = Duration::from_millis(250);

/// Looks of all followers together that the poll may cost: it slows down beyond.
pub const LOOKS_PER_SECOND_MAX: f64 = 1500.0;

/// A path may name nothing for this long before it is missing: a rotation takes two steps.
pub const MISSING_GRACE: Duration = Duration::from_millis(500);

/// A file that was deleted is held for this long, also after its last growth: its space is free
/// only then.
pub const DELETED_GRACE: Duration = Duration::from_secs(60);

/// A file changed less than this ago is read again at the next look, whatever
/// its times say: clocks of file systems may be this coarse.
pub const FRESH_CHANGE: Duration = Duration::from_millis(50);

/// Sources whose first lines are merged by time; more take turns.
pub const MERGED_SOURCES_MAX: usize = 64;

/// A new reader waits at most this long for a truncation to be noticed.
pub const SETTLE_TIMEOUT: Duration = Duration::from_secs(2);

/// Between two looks whether it was.
pub const SETTLE_PAUSE: Duration = Duration::from_millis(20);

/// Paths that are marked one by one between two looks; beyond, everything is.
pub const MARKS_MAX: usize = 16 * 1024;

/// How far back the beginning of an unfinished line is looked for when a file
/// is first opened.
pub const LINE_SEARCH_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// How far behind a hole at a file's start its first text is looked for.
pub const HOLE_SEARCH_BYTES_MAX: u64 = 64 * 1024;

/// Text of a compressed rotated file: a larger one is not read.
pub const UNPACKED_BYTES_MAX: u64 = 8 * 1024 * 1024 * 1024;

/// Text of such files that is kept in temporary files; the last one read always is.
pub const UNPACKED_BYTES_KEPT: u64 = 1024 * 1024 * 1024;

/// Bytes looked through for the newest lines that pass a filter.
pub const TAIL_SCAN_BYTES: u64 = 16 * 1024 * 1024;

/// How far back the beginning of a record is looked for that a reader begins inside of, in bytes.
pub const RECORD_SEARCH_BYTES_MAX: u64 = 256 * 1024;

/// Bytes that the newest lines may hold together.
pub const TAIL_BYTES_MAX: u64 = 1024 * 1024 * 1024;

/// A reader that is moved to the end is given this many of the newest bytes.
pub const SKIP_KEEP_BYTES: u64 = 64 * 1024;

/// Bytes of a gap in which the lines are counted.
pub const GAP_COUNT_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Threads that serve readers: more do not help, as disks and filters set the pace.
pub const WORKERS_MAX: usize = 8;

/// At the end, readers that take nothing are waited for so long.
pub const LEAVE_TIMEOUT: Duration = Duration::from_millis(700);

/// What was sent last gets this long to leave the machine.
pub const LEAVE_GRACE: Duration = Duration::from_millis(50);

/// Descriptors for everything that is neither a file nor a connection.
pub const DESCRIPTORS_SPARE: u64 = 64;

/// Where the page is found: LOGS on the keys of a telephone.
const PORT: u16 = 5647;

/// Several of these programs on one machine are ordinary.
const PORT_TRIES: u16 = 10;

/// What the program is to do.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Config {
    /// What to follow, in the order given.
    pub patterns: Vec<Pattern>,
    /// Follow standard input as well.
    pub stdin: bool,
    /// The boundary: what it drops leaves the server for nobody.
    pub filter_spec: FilterSpec,
    /// The same, compiled.
    pub filter: Arc<Filter>,
    /// What is kept out of the lines.
    pub redaction: Arc<Redaction>,
    /// Lines of each source to begin with.
    pub lines: u64,
    /// The port to listen on.
    pub port: PortChoice,
    /// How much is served at once, and below which path.
    pub serving: Serving,
    /// On which addresses, and for whom.
    pub access: Access,
    /// The page's name, if it was given one.
    pub title: Option<String>,
    /// Open the page in a browser.
    pub open: bool,
    /// Do without notifications.
    pub poll: bool,
    /// Report errors only.
    pub quiet: bool,
    /// Write logs to be followed.
    pub demo: bool,
}

/// Which port to listen on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PortChoice {
    /// On this port or not at all; 0 lets the system choose.
    Exactly(u16),
    /// On the first free port of several.
    FirstFreeFrom {
        /// The first to try.
        port: u16,
        /// How many to try.
        tries: u16,
    },
}

impl Config {
    /// Understands the command line.
    pub fn new(cli: Cli) -> Result<Self, StartupError> {
        let cwd = env::current_dir().map_err(StartupError::CurrentDirectory)?;
        Self::in_directory(cli, &cwd)
    }

    /// The sources to look for.
    pub fn discovery(&self) -> Discovery {
        let bounds = Bounds {
            sources_max: SOURCES_MAX,
            depth_max: DIRECTORY_DEPTH_MAX,
        };
        Discovery::new(self.patterns.clone(), bounds)
    }

    fn in_directory(cli: Cli, cwd: &Path) -> Result<Self, StartupError> {
        if cli.files.is_empty() && !cli.demo {
            return Err(StartupError::NoPath);
        }
        if cli.lines > TAIL_LINES_MAX {
            return Err(StartupError::Lines {
                lines: cli.lines,
                most: TAIL_LINES_MAX,
            });
        }
        let filter_spec = boundary::filter_spec(&cli)?;
        let filter = boundary::filter(&filter_spec, &cli)?;
        let serving = Serving::new(&cli.serving)?;
        let access = Access::new(cli.access, &serving.prefix)?;
        let redaction = redaction::redaction(&cli.redaction, access.others_can_read())?;
        let is_stdin = |file: &&OsStr| *file == "-";
        let files = || cli.files.iter().map(AsRef::as_ref);
        Ok(Self {
            patterns: files()
                .filter(|file| !is_stdin(file))
                .map(|file| parse_pattern(file, cwd))
                .collect::<Result<_, _>>()?,
            stdin: files().any(|file| is_stdin(&file)),
            filter_spec,
            filter: Arc::new(filter),
            redaction,
            lines: cli.lines,
            port: cli.port.map_or(
                PortChoice::FirstFreeFrom {
                    port: PORT,
                    tries: PORT_TRIES,
                },
                PortChoice::Exactly,
            ),
            serving,
            access,
            title: cli.title,
            open: cli.open,
            poll: cli.poll,
            quiet: cli.quiet,
            demo: cli.demo,
        })
    }
}

impl PortChoice {
    /// The ports to try, in order.
    pub fn ports(self) -> impl Iterator<Item = u16> {
        let (first, tries) = match self {
            Self::Exactly(port) => (port, 1),
            Self::FirstFreeFrom { port, tries } => (port, tries),
        };
        (0..tries).filter_map(move |step| first.checked_add(step))
    }
}

fn parse_pattern(file: &OsStr, cwd: &Path) -> Result<Pattern, StartupError> {
    Pattern::parse(file, cwd).map_err(|error| StartupError::Pattern {
        pattern: file.to_string_lossy().into_owned(),
        reason: error.to_string(),
    })
}

#[cfg(test)]
mod tests;
