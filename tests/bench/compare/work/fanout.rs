//! Many readers of one busy log. They share the machine with the server: their delays are pessimistic.

use crate::lines;
use crate::many::Readers;
use crate::peer::Output;
use crate::receipt;
use crate::receipt::Receipt;
use crate::table::Row;
use crate::table::percentile;
use crate::work::Course;
use crate::work::PATIENCE;

pub fn run(course: &mut Course, count: usize) {
    let lines = course.seconds() * 100;
    course.with_each(|table, peer, log, running| {
        if let Output::Pipe(_) = running.output {
            return;
        }
        let before = running.group.memory();
        let readers = Readers::come(running.output, count, lines, || Receipt::new(1, true));
        readers.wait(&log.path);
        let cpu = running.group.cpu();
        lines::append_steadily(&log.path, lines, 1);
        let memory = running.group.memory();
        let mut receipts = readers.leave(PATIENCE);
        let cpu = running.group.cpu() - cpu;
        let mut delays = receipt::delays(&mut receipts);
        let delivered = lines as f64 * count as f64 / 1e6;
        table.add(
            Row::new(peer.name, cpu / delivered)
                .number("p50 ms", percentile(&mut delays, 0.5), 1)
                .number("p99 ms", percentile(&mut delays, 0.99), 1)
                .number("max ms", percentile(&mut delays, 1.0), 1)
                .number("MiB", memory, 1)
                .number("KiB a reader", (memory - before) * 1024.0 / count as f64, 1)
                .receipts(&receipts, count, lines),
        );
    });
}
