//! Very many lines at once.

use std::time::Duration;
use std::time::Instant;

use crate::lines;
use crate::many::Readers;
use crate::receipt::Receipt;
use crate::table::Row;
use crate::work::Course;

/// Peers that take minutes for all of them are given a tenth.
const SLOW: [&str; 2] = ["websocketd", "frontail"];

/// From the first line to the last.
const TIME: Duration = Duration::from_secs(40);

pub fn run(course: &mut Course) {
    let all = course.burst();
    course.with_each(|table, peer, log, running| {
        let count = if SLOW.contains(&peer.name) {
            all / 10
        } else {
            all
        };
        let text = lines::text(1..count + 1);
        let readers = Readers::come(running.output, 1, count, || Receipt::new(1, false));
        readers.wait(&log.path);
        let (cpu, start) = (running.group.cpu(), Instant::now());
        lines::append(&log.path, &text);
        let receipts = readers.leave(TIME);
        let took = start.elapsed().as_secs_f64();
        let cpu = running.group.cpu() - cpu;
        let millions = count as f64 / 1e6;
        table.add(
            Row::new(peer.name, millions / took)
                .number("CPU s/M", cpu / millions, 2)
                .number("MiB", running.group.memory(), 1)
                .with("lines", count)
                .receipts(&receipts, 1, count),
        );
    });
}
