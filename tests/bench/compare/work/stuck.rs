//! A reader that does not read, beside one that does.

use std::time::Duration;

use crate::lines;
use crate::many::Readers;
use crate::peer::Output;
use crate::peer::Peer;
use crate::receipt;
use crate::receipt::Receipt;
use crate::table::Row;
use crate::table::percentile;
use crate::work::Course;
use crate::work::Log;
use crate::work::PATIENCE;

const LINES_AT_ONCE: u64 = 500;

/// For what is left, when it begins to read.
const CATCHING_UP: Duration = Duration::from_secs(20);

pub fn run(course: &mut Course) {
    let count = course.seconds() / 2 * 100 * LINES_AT_ONCE;
    course.with_each(|table, peer, log, running| {
        let Output::Door(door) = running.output else {
            return;
        };
        let stuck = door.open().expect("a stream");
        let beside = Readers::come(Output::Door(door), 1, count, || Receipt::new(1, true));
        beside.wait(&log.path);
        let before = running.group.memory();
        lines::append_steadily(&log.path, count, LINES_AT_ONCE);
        let mut receipts = beside.leave(PATIENCE);
        let grown = running.group.memory() - before;
        let mut delays = receipt::delays(&mut receipts);
        let alone = alone(peer, count);
        let late = Readers::one(stuck, count, Receipt::new(1, false)).leave(CATCHING_UP);
        let given = late
            .first()
            .map_or(0, |receipt| receipt.lines - receipt.disorder);
        table.add(
            Row::new(peer.name, percentile(&mut delays, 0.99))
                .number("p99 ms alone", alone.p99, 3)
                .number("MiB grown", grown, 1)
                .number("MiB grown alone", alone.grown, 1)
                .receipts(&receipts, 1, count)
                .with("lost by the stuck one", count.saturating_sub(given)),
        );
    });
}

/// What one that reads makes of a peer by itself.
struct Alone {
    p99: f64,
    /// Whoever keeps the newest lines grows with the first of them, for whomever they are.
    grown: f64,
}

/// The same work without a stuck one.
fn alone(peer: &Peer, count: u64) -> Alone {
    let log = Log::new();
    let running = peer.start(&log.path).expect("it has just been started");
    let readers = Readers::come(running.output, 1, count, || Receipt::new(1, true));
    readers.wait(&log.path);
    let before = running.group.memory();
    lines::append_steadily(&log.path, count, LINES_AT_ONCE);
    let mut receipts = readers.leave(PATIENCE);
    Alone {
        grown: running.group.memory() - before,
        p99: percentile(&mut receipt::delays(&mut receipts), 0.99),
    }
}
