//! The works that everybody is given.

mod latency;
mod burst;
mod fanout;
mod filters;
mod idle;
mod start;
mod stuck;
mod filter;
mod search;
mod growth;

use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::path::PathBuf;
use std::time::Duration;

use tempfile::TempDir;

use crate::lines;
use crate::peer::Peer;
use crate::peer::Running;
use crate::table::Better;
use crate::table::Table;

/// How long readers may take for what is left when the last line was written.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// One of them.
pub struct Work {
    pub name: &'static str,
    full: &'static str,
    quick: &'static str,
    /// Of the figure that is compared.
    pub unit: (&'static str, Better),
    pub run: fn(&mut Course),
}

impl Work {
    pub const ALL: [Work; 11] = [
        Work {
            name: "latency",
            full: "one line every 10 ms for 8 s, one reader",
            quick: "one line every 10 ms for 2 s, one reader",
            unit: ("p50 ms", Better::Less),
            run: latency::run,
        },
        Work {
            name: "burst",
            full: "two million lines at once, one reader",
            quick: "200,000 lines at once, one reader",
            unit: ("M lines/s", Better::More),
            run: burst::run,
        },
        Work {
            name: "readers-100",
            full: "100 readers of 100 lines a second for 8 s",
            quick: "100 readers of 100 lines a second for 2 s",
            unit: ("CPU s/M delivered", Better::Less),
            run: |course| fanout::run(course, 100),
        },
        Work {
            name: "readers-1000",
            full: "1,000 readers of 100 lines a second for 8 s",
            quick: "1,000 readers of 100 lines a second for 2 s",
            unit: ("CPU s/M delivered", Better::Less),
            run: |course| fanout::run(course, 1_000),
        },
        Work {
            name: "filters-100",
            full: "1,000 readers with 100 filters, each of which lets a tenth of 1,000 lines a second through, for 8 s",
            quick: "1,000 readers with 100 filters, each of which lets a tenth of 1,000 lines a second through, for 2 s",
            unit: ("CPU s/M examined", Better::Less),
            run: filters::run,
        },
        Work {
            name: "idle",
            full: "10,000 readers of a silent log, for 10 s",
            quick: "1,000 readers of a silent log, for 5 s",
            unit: ("KiB a reader", Better::Less),
            run: idle::run,
        },
        Work {
            name: "start",
            full: "from nothing to the newest ten lines of 5 GB, best of 7",
            quick: "from nothing to the newest ten lines of 500 MB, best of 7",
            unit: ("ms", Better::Less),
            run: start::run,
        },
        Work {
            name: "stuck",
            full: "a stuck reader beside one that reads 50,000 lines a second for 4 s",
            quick: "a stuck reader beside one that reads 50,000 lines a second for 1 s",
            unit: ("p99 ms", Better::Less),
            run: stuck::run,
        },
        Work {
            name: "filter",
            full: "two million lines at once, of which one in a hundred is wanted",
            quick: "200,000 lines at once, of which one in a hundred is wanted",
            unit: ("M lines/s", Better::More),
            run: filter::run,
        },
        Work {
            name: "search",
            full: "5 GB looked through, best of 2",
            quick: "500 MB looked through, best of 2",
            unit: ("GB/s literal", Better::More),
            run: search::run,
        },
        Work {
            name: "growth",
            full: "logstream alone, with more of everything; 100 lines a second where not all come at once",
            quick: "logstream alone, with more of everything; 100 lines a second where not all come at once",
            unit: ("figure", Better::Less),
            run: growth::run,
        },
    ];

    pub fn what(&self, is_quick: bool) -> &'static str {
        if is_quick { self.quick } else { self.full }
    }
}

/// An empty log in a folder of its own.
pub struct Log {
    pub path: PathBuf,
    _folder: TempDir,
}

impl Log {
    pub fn new() -> Log {
        let folder = TempDir::new().expect("a folder");
        let path = folder.path().join("app.log");
        std::fs::write(&path, "").expect("a log");
        Log {
            path,
            _folder: folder,
        }
    }
}

/// One run of them.
pub struct Course {
    pub table: Table,
    pub is_quick: bool,
    /// Logstream and the yardstick, and nobody else.
    is_for_two: bool,
    large: Option<Log>,
}

impl Course {
    pub fn new(is_quick: bool, is_for_two: bool) -> Course {
        Course {
            table: Table::default(),
            is_quick,
            is_for_two,
            large: None,
        }
    }

    /// A large log, and its bytes. It is written once.
    fn large(&mut self) -> (PathBuf, u64) {
        let bytes = if self.is_quick {
            500_000_000
        } else {
            5_000_000_000
        };
        let log = self.large.get_or_insert_with(|| {
            let log = Log::new();
            lines::write_file(&log.path, bytes);
            log
        });
        (log.path.clone(), bytes)
    }

    /// How many lines are written at once.
    fn burst(&self) -> u64 {
        if self.is_quick { 200_000 } else { 2_000_000 }
    }

    /// Does the same with every peer that is there, each on a log of its own.
    fn with_each(&mut self, work: impl Fn(&mut Table, &Peer, &Log, Running)) {
        let peers = if self.is_for_two { 2 } else { Peer::ALL.len() };
        for peer in Peer::ALL.into_iter().take(peers) {
            let log = Log::new();
            match peer.start(&log.path) {
                Some(running) => {
                    // One that fails must not take the figures of the others with it.
                    let table = &mut self.table;
                    let work = AssertUnwindSafe(|| work(table, &peer, &log, running));
                    if catch_unwind(work).is_err() {
                        self.table.skip(peer.name, "it did not do the work");
                    }
                }
                None => self.table.skip(peer.name, "not installed"),
            }
        }
    }

    /// For how long lines are written.
    fn seconds(&self) -> u64 {
        if self.is_quick { 2 } else { 8 }
    }
}
