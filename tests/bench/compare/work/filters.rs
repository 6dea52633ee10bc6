//! Many readers with many filters.

use crate::connect::Door;
use crate::group::Group;
use crate::lines;
use crate::many::Readers;
use crate::peer::start_logstream;
use crate::receipt;
use crate::receipt::Receipt;
use crate::table::Row;
use crate::table::percentile;
use crate::work::Course;
use crate::work::Log;
use crate::work::PATIENCE;

const READERS: usize = 1_000;
const FILTERS: usize = 100;
const LINES_AT_ONCE: u64 = 10;

/// Nobody else has filters.
pub fn run(course: &mut Course) {
    let count = course.seconds() * 100 * LINES_AT_ONCE;
    let log = Log::new();
    let mut group = Group::default();
    let port = start_logstream(&mut group, &log.path, &[]);
    let doors = (0..READERS).map(|reader| {
        // The last digit of the number, said in ten ways; and lines of number 0.
        let (digit, way) = (reader % FILTERS % 10, reader % FILTERS / 10 + 1);
        let query = format!("q=seq%3D(0%7B10%7D%7C%5Cd%7B9%7D{digit}%7B1,{way}%7D)%40");
        let path = format!("/events?tail=0&{query}");
        Door::Events { port, path }
    });
    let doors: Vec<Door> = doors.collect();
    let readers = Readers::come_to(&doors, count - 9, || Receipt::new(10, true));
    readers.wait(&log.path);
    let cpu = group.cpu();
    lines::append_steadily(&log.path, count, LINES_AT_ONCE);
    let memory = group.memory();
    let mut receipts = readers.leave(PATIENCE);
    let cpu = group.cpu() - cpu;
    let mut delays = receipt::delays(&mut receipts);
    let examined = count as f64 * READERS as f64 / 1e6;
    course.table.add(
        Row::new("logstream", cpu / examined)
            .number("CPU s/M delivered", cpu / (examined / 10.0), 2)
            .number("p50 ms", percentile(&mut delays, 0.5), 1)
            .number("p99 ms", percentile(&mut delays, 0.99), 1)
            .number("MiB", memory, 1)
            .with(
                "lost",
                receipts.iter().map(|receipt| receipt.lost).sum::<u64>(),
            )
            .with(
                "twice or late",
                receipts.iter().map(|receipt| receipt.disorder).sum::<u64>(),
            )
            .with("readers", receipts.len()),
    );
}
