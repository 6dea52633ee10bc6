//! How the cost of logstream grows with readers, sources, lines and the size of a file.

use std::fs;
use std::path::Path;

use crate::connect::Door;
use crate::group::Group;
use crate::lines;
use crate::many::Readers;
use crate::peer::start_logstream;
use crate::receipt::Receipt;
use crate::table::Row;
use crate::work::Course;
use crate::work::Log;
use crate::work::PATIENCE;
use crate::work::start;

const LINES_PER_SECOND: u64 = 100;

pub fn run(course: &mut Course) {
    let count = course.seconds() / 2 * LINES_PER_SECOND;
    for (name, readers) in [
        ("1 reader", 1),
        ("10 readers", 10),
        ("100 readers", 100),
        ("1,000 readers", 1_000),
    ] {
        let log = Log::new();
        let (cpu, memory) = steady(&log.path, &log.path, readers, count);
        add(
            course,
            name,
            cpu / readers as f64,
            "CPU µs a line and reader",
            memory,
        );
    }
    for (name, sources) in [
        ("1 source", 1),
        ("10 sources", 10),
        ("100 sources", 100),
        ("1,000 sources", 1_000),
    ] {
        let log = Log::new();
        let folder = log.path.parent().expect("a folder");
        for number in 1..sources {
            fs::write(folder.join(format!("{number}.log")), "").expect("a log");
        }
        let (cpu, memory) = steady(folder, &log.path, 1, count);
        add(course, name, cpu, "CPU µs a line", memory);
    }
    for (name, lines) in [
        ("20,000 lines at once", 20_000),
        ("200,000 lines at once", 200_000),
        ("2,000,000 lines at once", 2_000_000),
    ] {
        if lines > course.burst() {
            break;
        }
        let log = Log::new();
        let (group, readers) = served(&log.path, 1, lines);
        readers.wait(&log.path);
        let text = lines::text(1..lines + 1);
        let cpu = group.cpu();
        lines::append(&log.path, &text);
        readers.leave(PATIENCE);
        let cpu = (group.cpu() - cpu) * 1e6 / lines as f64;
        add(course, name, cpu, "CPU µs a line", group.memory());
    }
    let (large, bytes) = course.large();
    let small = Log::new();
    lines::write_file(&small.path, bytes / 1_000);
    for (name, path, bytes) in [
        ("a thousandth of the large file", &small.path, bytes / 1_000),
        ("the large file", &large, bytes),
    ] {
        let begun = start::begin(path, bytes);
        add(
            course,
            name,
            begun.took,
            "ms to the newest ten lines",
            begun.memory,
        );
    }
}

fn add(course: &mut Course, name: &'static str, figure: f64, unit: &'static str, memory: f64) {
    course.table.add(
        Row::new(name, figure)
            .with("of", unit)
            .number("MiB", memory, 1),
    );
}

/// CPU microseconds a line that is written to `log`, and the memory.
fn steady(followed: &Path, log: &Path, readers: usize, count: u64) -> (f64, f64) {
    let (group, readers) = served(followed, readers, count);
    readers.wait(log);
    let cpu = group.cpu();
    lines::append_steadily(log, count, 1);
    readers.leave(PATIENCE);
    ((group.cpu() - cpu) * 1e6 / count as f64, group.memory())
}

fn served(followed: &Path, readers: usize, last: u64) -> (Group, Readers) {
    let mut group = Group::default();
    let port = start_logstream(&mut group, followed, &[]);
    let path = "/events?tail=0".to_owned();
    let doors = vec![Door::Events { port, path }; readers];
    let readers = Readers::come_to(&doors, last, || Receipt::new(1, false));
    (group, readers)
}
