//! A peer's processes: started as one group, measured and ended as one.

use std::fs;
use std::os::unix::process::CommandExt;
use std::process::Child;
use std::process::Command;

use rustix::process::Pid;
use rustix::process::Signal;
use rustix::process::kill_process_group;

/// What the kernel counts CPU time in (`man 5 proc`).
const TICKS_PER_SECOND: f64 = 100.0;

/// Processes of which each is ended with this.
#[derive(Debug, Default)]
pub struct Group {
    children: Vec<Child>,
}

impl Group {
    /// Starts one more, with whatever it starts itself.
    pub fn start(&mut self, command: &mut Command) -> &mut Child {
        let name = format!("{command:?}");
        let child = command.process_group(0).spawn();
        self.children
            .push(child.unwrap_or_else(|error| panic!("{name}: {error}")));
        self.children.last_mut().expect("just pushed")
    }

    /// CPU seconds of all of them so far.
    pub fn cpu(&self) -> f64 {
        // utime, stime, and those of children that have ended.
        let ticks = self.each(|_, fields| {
            let times = fields[11..15].iter();
            times.map(|ticks| ticks.parse::<f64>().unwrap_or(0.0)).sum()
        });
        ticks / TICKS_PER_SECOND
    }

    /// Their memory in MiB; what they share is counted once.
    pub fn memory(&self) -> f64 {
        self.each(|process, _| {
            let path = format!("/proc/{process}/smaps_rollup");
            let rollup = fs::read_to_string(path).unwrap_or_default();
            let line = rollup.lines().find(|line| line.starts_with("Pss:"));
            let kilobytes = line.and_then(|line| line.split_whitespace().nth(1));
            kilobytes.map_or(0.0, |text| text.parse().unwrap_or(0.0)) / 1024.0
        })
    }

    fn each(&self, measure: impl Fn(&str, &[&str]) -> f64) -> f64 {
        let groups: Vec<String> = self
            .children
            .iter()
            .map(|child| child.id().to_string())
            .collect();
        let mut sum = 0.0;
        for entry in fs::read_dir("/proc").expect("proc").flatten() {
            let name = entry.file_name();
            let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
            // The program's name may hold blanks; what follows it does not.
            let fields: Vec<&str> = stat
                .rsplit(") ")
                .next()
                .unwrap_or_default()
                .split(' ')
                .collect();
            if fields.len() > 15 && groups.iter().any(|group| group == fields[2]) {
                sum += measure(&name.to_string_lossy(), &fields);
            }
        }
        sum
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        for child in &mut self.children {
            let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
            let _ = child.wait();
        }
    }
}
