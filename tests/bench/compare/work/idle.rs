//! Very many readers of a log in which nothing happens.

use std::time::Duration;

use crate::connect::Door;
use crate::connect::pause;
use crate::group::Group;
use crate::many::Readers;
use crate::peer::start_logstream;
use crate::receipt::Receipt;
use crate::table::Row;
use crate::work::Course;
use crate::work::Log;

/// The others would need ten thousand processes, or send nothing that tells a silent log from a dead
/// stream.
pub fn run(course: &mut Course) {
    let (count, seconds) = if course.is_quick {
        (1_000, 5)
    } else {
        (10_000, 10)
    };
    let log = Log::new();
    let mut group = Group::default();
    let port = start_logstream(&mut group, &log.path, &["--max-streams", "10000"]);
    let before = group.memory();
    let path = "/events?tail=0".to_owned();
    let doors = vec![Door::Events { port, path }; count];
    let readers = Readers::come_to(&doors, 1, || Receipt::new(1, false));
    readers.wait(&log.path);
    let cpu = group.cpu();
    pause(Duration::from_secs(seconds));
    let cpu = group.cpu() - cpu;
    let memory = group.memory();
    course.table.add(
        Row::new("logstream", (memory - before) * 1024.0 / count as f64)
            .number("MiB", memory, 1)
            .number("% of a core", cpu / seconds as f64 * 100.0, 1),
    );
}
