//! The same work for logstream and for others, in one run: `tests/bench/compare/run`, and `--quick`
//! for a first look. `README.md` one folder up has the last table.
//!
//! Every peer is handed the same file and asked for the same lines. A line carries its number and the
//! time it was written, and these are looked for in the bytes that arrive, in whatever form: so loss,
//! duplicates and order are checked for everybody alike, and nobody is charged for a parser.

mod connect;
mod lines;
mod receipt;
mod group;
mod yardstick;
mod publish;
mod peer;
mod many;
mod table;
mod work;

use std::env;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;

use crate::work::Course;
use crate::work::Work;

fn main() {
    let args: Vec<String> = env::args().skip(1).filter(|arg| arg != "--bench").collect();
    // Two of the peers are this program itself, as a process of its own.
    match args.first().map(String::as_str) {
        Some("yardstick") => return yardstick::serve(&args[1]),
        Some("publish") => return publish::publish(&args[1], &args[2]),
        _ => {}
    }
    let has = |flag: &str| args.iter().any(|arg| arg == flag);
    let mut course = Course::new(has("--quick"), has("--yardstick"));
    let wanted: Vec<&String> = args.iter().filter(|arg| !arg.starts_with('-')).collect();
    for work in Work::ALL {
        if wanted.is_empty() || wanted.iter().any(|name| *name == work.name) {
            let what = work.what(course.is_quick);
            course.table.begin(work.name, what, work.unit);
            if catch_unwind(AssertUnwindSafe(|| (work.run)(&mut course))).is_err() {
                println!("{} was not measured to its end", work.name);
            }
        }
    }
    course.table.ratios();
}
