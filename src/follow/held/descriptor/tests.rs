use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::thread;
use std::time::Duration;
use std::time::SystemTime;

use crate::follow::held::descriptor::Descriptor;
use crate::follow::held::descriptor::Stamp;

/// The coarsest clock of a file system that is told of.
const TICK: Duration = Duration::from_millis(10);

impl Descriptor {
    /// As if nothing had been written for long; the file is read to its end.
    pub(in crate::follow::held) fn settle(&mut self) {
        let Some(file) = &self.file else { return };
        let metadata = || file.metadata().unwrap();
        while is_within_a_tick(&metadata()) {
            thread::yield_now();
        }
        self.at_end = Some(Stamp::of(&metadata()));
        self.was_fresh = false;
    }
}

/// What is written next would not be told from what was written last.
fn is_within_a_tick(metadata: &Metadata) -> bool {
    let changed = Duration::new(metadata.ctime() as u64, metadata.ctime_nsec() as u32);
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap();
    now.saturating_sub(changed) < TICK
}
