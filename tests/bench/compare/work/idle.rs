//! Very many readers of a log in which nothing happens.

use std::time::Duration;

use crate::connect::Door;
use crate::connect::pause;
use crate::group::Group;
use crate::many::Readers;
use crate::peer::try_start_logstream;
use crate::receipt::Receipt;
use crate::table::Row;
use crate::work::Course;
use crate::work::Log;

/// So many readers, or fewer where the system lets a process have too few open files.
const READERS: [usize; 3] = [10_000, 9_000, 900];

/// The others would need ten thousand processes, or send nothing that tells a silent log from a dead
/// stream.
pub fn run(course: &mut Course) {
    let log = Log::new();
    let mut group = Group::default();
    let (most, port) = READERS
        .into_iter()
        .find_map(|most| {
            let args = ["--max-streams", &most.to_string()];
            Some((most, try_start_logstream(&mut group, &log.path, &args)?))
        })
        .expect("a server");
    let (count, seconds) = if course.is_quick {
        (most.min(1_000), 5)
    } else {
        (most, 10)
    };
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
            .number("% of a core", cpu / seconds as f64 * 100.0, 1)
            .with("readers", count),
    );
}
