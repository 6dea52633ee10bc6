//! Few of very many lines.

use std::process::Command;
use std::process::Stdio;
use std::time::Instant;

use crate::connect::Door;
use crate::group::Group;
use crate::lines;
use crate::lines::RARE;
use crate::many::Readers;
use crate::peer::Output;
use crate::peer::start_logstream;
use crate::receipt::Receipt;
use crate::table::Row;
use crate::work::Course;
use crate::work::Log;
use crate::work::PATIENCE;

/// One line in so many is wanted.
const STEP: u64 = 100;

pub fn run(course: &mut Course) {
    measure(course, "logstream", |group, log| {
        let port = start_logstream(group, &log.path, &[]);
        let path = format!("/events?tail=0&q={RARE}");
        Output::Door(Door::Events { port, path })
    });
    measure(course, "tail -F", |group, log| {
        let pipe = format!(
            "tail -n 0 -F '{}' | grep --line-buffered {RARE}",
            log.path.display()
        );
        let child = group.start(
            Command::new("sh")
                .args(["-c", &pipe])
                .stdout(Stdio::piped()),
        );
        Output::Pipe(child.stdout.take().expect("a pipe"))
    });
}

fn measure(course: &mut Course, name: &'static str, start: impl Fn(&mut Group, &Log) -> Output) {
    let count = course.burst();
    let log = Log::new();
    let mut group = Group::default();
    let output = start(&mut group, &log);
    let text = lines::text(1..count + 1);
    let readers = Readers::come(output, 1, count - 1, || Receipt::new(STEP, false));
    readers.wait(&log.path);
    let (cpu, start) = (group.cpu(), Instant::now());
    lines::append(&log.path, &text);
    let receipts = readers.leave(PATIENCE);
    let took = start.elapsed().as_secs_f64();
    let cpu = group.cpu() - cpu;
    let millions = count as f64 / 1e6;
    course.table.add(
        Row::new(name, millions / took)
            .number("CPU s/M", cpu / millions, 2)
            .receipts(&receipts, 1, count / STEP),
    );
}
