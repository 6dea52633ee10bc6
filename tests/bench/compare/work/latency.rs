//! One line at a time: from the write to the reader.

use crate::lines;
use crate::many::Readers;
use crate::receipt;
use crate::receipt::Receipt;
use crate::table::Row;
use crate::table::percentile;
use crate::work::Course;
use crate::work::PATIENCE;

pub fn run(course: &mut Course) {
    let count = course.seconds() * 100;
    course.with_each(|table, peer, log, running| {
        let readers = Readers::come(running.output, 1, count, || Receipt::new(1, true));
        readers.wait(&log.path);
        let cpu = running.group.cpu();
        lines::append_steadily(&log.path, count, 1);
        let mut receipts = readers.leave(PATIENCE);
        let cpu = running.group.cpu() - cpu;
        let mut delays = receipt::delays(&mut receipts);
        table.add(
            Row::new(peer.name, percentile(&mut delays, 0.5))
                .number("p99 ms", percentile(&mut delays, 0.99), 3)
                .number("max ms", percentile(&mut delays, 1.0), 3)
                .number("CPU µs a line", cpu * 1e6 / count as f64, 0)
                .number("MiB", running.group.memory(), 1)
                .receipts(&receipts, 1, count),
        );
    });
}
