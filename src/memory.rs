//! How much of the memory that it may have the process takes.
//!
//! A container or a service has a limit, and is killed beyond it, with all its
//! readers. So nothing new is begun when most of it is taken. Counted is what the
//! process holds itself: the pages of the files that it reads are the system's, and
//! are given up before anybody is killed.

use std::fs;
use std::path::Path;

use tokio::task::spawn_blocking;
use tokio::time::sleep;

use crate::config::FREE_MEMORY_INTERVAL;
use crate::config::FREE_MEMORY_MIN;

/// Of the limit, in hundredths.
const SCARCE_PERCENT: u64 = 75;

/// The limit of the control group, if there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    limit: Option<u64>,
}

impl Memory {
    /// As the system says now.
    pub fn of_this_process() -> Memory {
        let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
        Memory::with_limit(limit(&groups, Path::new("/sys/fs/cgroup")))
    }

    /// Whether so much is taken that nothing new is begun.
    pub fn is_scarce(self) -> bool {
        let is_much =
            |limit: u64| taken().is_some_and(|taken| taken > limit / 100 * SCARCE_PERCENT);
        self.limit.is_some_and(is_much)
    }

    /// With this limit, or none.
    pub fn with_limit(limit: Option<u64>) -> Memory {
        Memory { limit }
    }
}

/// What the process holds, in bytes.
pub fn taken() -> Option<u64> {
    anonymous_bytes(&fs::read_to_string("/proc/self/status").ok()?)
}

/// Gives back what is free again and again, for as long as it is polled: where many readers come and
/// go, the allocator keeps more of it between their pieces than all of them use.
pub async fn keep_low() {
    loop {
        sleep(FREE_MEMORY_INTERVAL).await;
        if taken().is_some_and(|taken| taken > FREE_MEMORY_MIN) {
            let _only_for_later = spawn_blocking(give_back).await;
        }
    }
}

/// Gives the pages in which nothing is in use back to the system.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn give_back() {
    #[expect(
        unsafe_code,
        reason = "there is no safe name for it; it has no conditions"
    )]
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Other allocators do it by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn give_back() {}

/// The lowest limit of the groups of a process, as its `cgroup` file names them,
/// and of those above them.
fn limit(groups: &str, mounted: &Path) -> Option<u64> {
    let limits = groups.lines().filter_map(|line| {
        let mut parts = line.splitn(3, ':').skip(1);
        let (controllers, path) = (parts.next()?, parts.next()?);
        let (folder, file) = if controllers.is_empty() {
            (mounted.to_owned(), "memory.max")
        } else if controllers.split(',').any(|name| name == "memory") {
            (mounted.join("memory"), "memory.limit_in_bytes")
        } else {
            return None;
        };
        // In a container the path may be that of the system outside of it.
        let above = Path::new(path.trim_start_matches('/')).ancestors();
        let limits = above.filter_map(|group| {
            let text = fs::read_to_string(folder.join(group).join(file)).ok()?;
            text.trim().parse::<u64>().ok()
        });
        limits.min()
    });
    limits.min()
}

/// The line `RssAnon` of a `status` file.
fn anonymous_bytes(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("RssAnon:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes * 1024)
}

#[cfg(test)]
mod tests;
