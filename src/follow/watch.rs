//! Notifications: they only say "look".
//!
//! One watcher for the whole process, on directories and never on files: a
//! watch on a file follows it to its new name and is deaf for the old one.
//! What the system reports is reduced to a set of paths worth a look, so that
//! any number of events between two looks costs one. Where notifications fail
//! (limits, network file systems) the poll finds everything, a little later.

use std::collections::HashMap;
use std::collections::HashSet;
use std::ffi::OsString;
use std::fmt;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::OnceLock;
use std::time::Duration;

use notify::Event;
use notify::EventKind;
use notify::RecommendedWatcher;
use notify::RecursiveMode;
use notify::Watcher;

use crate::config::MARKS_MAX;
use crate::source::identity::Identity;

/// What is worth a look.
#[derive(Default)]
pub struct Marks {
    state: Mutex<Marked>,
    added: Condvar,
    /// Does at once what is to be done, and says whether that was everything.
    at_once: OnceLock<Box<dyn Fn() -> bool + Send + Sync>>,
}

impl fmt::Debug for Marks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Marks").field(&self.state).finish()
    }
}

/// The paths that were marked since the last time.
#[derive(Debug, Default)]
pub struct Marked {
    /// Files in watched directories, by directory and name.
    pub paths: HashSet<PathBuf>,
    /// Notifications were lost, or there were too many to list.
    pub everything: bool,
    /// Somebody waits for the thread to notice something else: its end.
    pub is_woken: bool,
}

impl Marks {
    /// Waits until something is marked, `timeout` at most.
    pub fn take(&self, timeout: Duration) -> Marked {
        let state = self.state.lock().expect("no holder of the lock panics");
        let nothing =
            |marked: &mut Marked| marked.paths.is_empty() && !marked.everything && !marked.is_woken;
        let (mut state, _) = self
            .added
            .wait_timeout_while(state, timeout, nothing)
            .expect("no holder of the lock panics");
        std::mem::take(&mut state)
    }

    /// The paths that are marked, if that is all and `are_wanted`.
    pub fn take_if(
        &self,
        are_wanted: impl FnOnce(&HashSet<PathBuf>) -> bool,
    ) -> Option<HashSet<PathBuf>> {
        let mut marked = self.state.lock().expect("no holder of the lock panics");
        let is_all = !marked.everything && !marked.is_woken;
        (is_all && are_wanted(&marked.paths)).then(|| std::mem::take(&mut marked.paths))
    }

    /// Calls `look` when something was marked, where the notifications come from. It
    /// says whether there is nothing left to do; else whoever waits goes on.
    pub fn on_mark(&self, look: impl Fn() -> bool + Send + Sync + 'static) {
        let _is_first = self.at_once.set(Box::new(look));
    }

    /// Ends the wait without a mark.
    pub fn wake(&self) {
        self.change(|marked| marked.is_woken = true);
    }

    fn change(&self, change: impl FnOnce(&mut Marked)) {
        change(&mut self.state.lock().expect("no holder of the lock panics"));
        self.added.notify_one();
    }

    /// Marks these paths.
    pub fn mark(&self, paths: Vec<PathBuf>) {
        let mut marked = self.state.lock().expect("no holder of the lock panics");
        if marked.paths.len() + paths.len() > MARKS_MAX {
            marked.everything = true;
        } else {
            marked.paths.extend(paths);
        }
        drop(marked);
        let is_done = self.at_once.get().is_some_and(|look| look());
        if !is_done {
            self.wake();
        }
    }

    fn note(&self, event: notify::Result<Event>) {
        match event {
            Ok(event) if event.need_rescan() => self.change(|marked| marked.everything = true),
            // Reading a file is nothing new, and it is mostly us who read.
            Ok(event) if matches!(event.kind, EventKind::Access(_)) => {}
            Ok(event) => self.mark(event.paths),
            Err(_) => self.change(|marked| marked.everything = true),
        }
    }
}

/// The watched directories.
#[derive(Debug)]
pub struct Watch {
    watcher: Option<RecommendedWatcher>,
    /// Each with the directory it was when the watch was set.
    directories: HashMap<PathBuf, Option<Identity>>,
    has_warned: bool,
}

impl Watch {
    /// A watch that marks in `marks`; one that never does when `polls`.
    pub fn new(marks: &Arc<Marks>, polls: bool) -> Watch {
        let mut watch = Watch {
            watcher: None,
            directories: HashMap::new(),
            has_warned: false,
        };
        if !polls {
            let marks = Arc::clone(marks);
            match notify::recommended_watcher(move |event| marks.note(event)) {
                Ok(watcher) => watch.watcher = Some(watcher),
                Err(error) => watch.warn(&error),
            }
        }
        watch
    }

    /// Whether there are no notifications at all.
    pub fn only_polls(&self) -> bool {
        self.watcher.is_none()
    }

    /// Whether there are notifications of all that was to be watched, as far as is known.
    pub fn is_complete(&self) -> bool {
        self.watcher.is_some() && !self.has_warned
    }

    /// Watches `directory`, from when it exists on.
    pub fn add(&mut self, directory: &Path) {
        if self.watcher.is_some() && !self.directories.contains_key(directory) {
            self.directories.insert(directory.to_owned(), None);
            self.renew_one(directory);
        }
    }

    /// Sets the watches again of directories that were made, or removed and made
    /// again; a path that names another directory now was not watched.
    pub fn renew(&mut self) {
        let directories: Vec<_> = self.directories.keys().cloned().collect();
        for directory in directories {
            self.renew_one(&directory);
        }
    }

    fn renew_one(&mut self, directory: &Path) {
        let now = directory
            .metadata()
            .ok()
            .map(|metadata| Identity::of(&metadata));
        let then = self.directories.get_mut(directory);
        let (Some(watcher), Some(then)) = (&mut self.watcher, then) else {
            return;
        };
        if *then == now {
            return;
        }
        if then.take().is_some() {
            // The old directory may be gone, and its watch with it.
            let _ = watcher.unwatch(directory);
        }
        if now.is_some() {
            match watcher.watch(directory, RecursiveMode::NonRecursive) {
                Ok(()) => *then = now,
                Err(error) => self.warn(&error),
            }
        }
    }

    fn warn(&mut self, error: &notify::Error) {
        if self.has_warned {
            return;
        }
        self.has_warned = true;
        let cause = match &error.kind {
            notify::ErrorKind::MaxFilesWatch => {
                "there are too many watches (fs.inotify.max_user_watches)".to_owned()
            }
            notify::ErrorKind::Io(cause) if cause.raw_os_error() == Some(EMFILE) => {
                "there are too many watchers (fs.inotify.max_user_instances)".to_owned()
            }
            _ => error.to_string(),
        };
        tracing::warn!("cannot watch for changes, so files are polled: {cause}");
    }
}

/// The number is the same on every system that has inotify.
const EMFILE: i32 = 24;

/// The directory and name under which changes of `path` are reported: of the
/// path itself and, where it is a link, of what it points to.
pub fn reported_as(path: &Path) -> Vec<(PathBuf, OsString)> {
    let parts = |path: &Path| Some((path.parent()?.to_owned(), path.file_name()?.to_owned()));
    let target = path.canonicalize().ok();
    let mut found: Vec<_> = parts(path).into_iter().collect();
    let target = target.as_deref().and_then(parts);
    found.extend(target.filter(|target| !found.contains(target)));
    found
}
