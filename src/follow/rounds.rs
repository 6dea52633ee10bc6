//! Rounds of looks at all followers.
//!
//! One thread for all files. A look that finds nothing costs a call of `stat`;
//! a file that has grown is read a bounded piece at a time, so that a busy one
//! cannot keep a quiet one waiting. Readers are woken once a round.

use std::collections::BTreeSet;
use std::collections::HashMap;
use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::Instant;
use std::time::SystemTime;

use crate::config::FRESH_CHANGE;
use crate::config::LOOKS_PER_SECOND_MAX;
use crate::config::POLL_INTERVAL;
use crate::config::POLL_ONLY_INTERVAL;
use crate::config::QUIET_FILE_TIMEOUT;
use crate::config::QUIET_FILES_MAX;
use crate::config::SOON;
use crate::config::looking::LOOKS_TOGETHER;
use crate::config::looking::QUIET_LOOKS_PER_SECOND_MAX;
use crate::follow::file::Follower;
use crate::follow::file::Next;
use crate::follow::watch;
use crate::follow::watch::Marked;
use crate::follow::watch::Marks;
use crate::follow::watch::Watch;
use crate::source::discovery::Discovery;
use crate::store::Store;
use crate::store::chain::Named;

/// How files are looked at.
#[derive(Clone, Copy, Debug)]
pub struct Looking {
    /// Without notifications.
    pub polls: bool,
    /// With at most so many files open, if that is possible.
    pub files_max: usize,
}

/// See the module's description.
#[derive(Debug)]
pub(super) struct Rounds {
    store: Arc<Store>,
    discovery: Discovery,
    marks: Arc<Marks>,
    watch: Watch,
    followers: Vec<Follower>,
    files_max: usize,
    /// How many files they hold open.
    open: usize,
    /// With more than these some are closed.
    crowded_at: usize,
    /// Which follower has the source of a number in the store.
    by_source: HashMap<usize, usize>,
    /// Under which paths changes of which follower are reported.
    reported: HashMap<PathBuf, Vec<usize>>,
    /// Followers that have more to read, each at most once.
    busy: VecDeque<usize>,
    started: Instant,
    /// When each other follower is looked at next.
    schedule: BTreeSet<(Instant, usize)>,
    due: Vec<Option<Instant>>,
    /// Followers for which something is going on in their directory.
    unsettled: BTreeSet<usize>,
    next_discovery: Instant,
    /// When sources were last looked for.
    discovered: Option<SystemTime>,
    buffer: Vec<u8>,
    has_warned: bool,
}

impl Rounds {
    /// Nothing was looked at so far.
    pub(super) fn new(
        store: Arc<Store>,
        discovery: Discovery,
        marks: &Arc<Marks>,
        looking: Looking,
    ) -> Rounds {
        Rounds {
            store,
            discovery,
            watch: Watch::new(marks, looking.polls),
            files_max: looking.files_max,
            open: 0,
            crowded_at: looking.files_max,
            marks: Arc::clone(marks),
            followers: Vec::new(),
            by_source: HashMap::new(),
            reported: HashMap::new(),
            busy: VecDeque::new(),
            started: Instant::now(),
            schedule: BTreeSet::new(),
            due: Vec::new(),
            unsettled: BTreeSet::new(),
            next_discovery: Instant::now(),
            discovered: None,
            buffer: Vec::new(),
            has_warned: false,
        }
    }

    /// How long there is nothing to do but for marks.
    pub(super) fn until_next(&self) -> Duration {
        if !self.busy.is_empty() {
            return Duration::ZERO;
        }
        let first = self
            .schedule
            .first()
            .map_or(self.next_discovery, |(at, _)| *at);
        first
            .min(self.next_discovery)
            .saturating_duration_since(Instant::now())
    }

    /// Looks at what is marked, due, or not yet read to its end.
    pub(super) fn round(&mut self, marked: &Marked) {
        let mut looks_around = Instant::now() >= self.next_discovery;
        for path in &marked.paths {
            match self.reported.get(path) {
                Some(followers) => {
                    for number in followers.clone() {
                        self.call(number);
                    }
                }
                None => looks_around = true,
            }
        }
        for source in self.store.take_asked() {
            if let Some(&number) = self.by_source.get(&source) {
                self.call(number);
            }
        }
        if marked.everything {
            looks_around = true;
            (0..self.followers.len()).for_each(|number| self.call(number));
        }
        if looks_around {
            // An unknown name may be a new source, or a renamed file that grew.
            self.discover();
            self.unsettled
                .clone()
                .into_iter()
                .for_each(|number| self.call(number));
        }
        let now = Instant::now();
        while let Some(&(at, number)) = self.schedule.first() {
            if at > now {
                break;
            }
            self.call(number);
        }
        for _ in 0..self.busy.len() {
            if let Some(number) = self.busy.pop_front() {
                self.look(number);
            }
        }
        self.store.publish();
    }

    /// Looks at what is marked, if that is all there is to do: nothing is set or
    /// renewed that notifications come from. Whether there is nothing left to do.
    pub(super) fn look_at_once(&mut self) -> bool {
        let is_settled =
            |number: &usize| self.due[*number].is_some() && !self.unsettled.contains(number);
        let is_known = |path: &PathBuf| {
            let followers = self.reported.get(path);
            followers.is_some_and(|followers| followers.iter().all(is_settled))
        };
        let Some(paths) = self
            .marks
            .take_if(|paths| self.busy.is_empty() && paths.iter().all(is_known))
        else {
            return false;
        };
        let numbers: Vec<usize> = paths
            .iter()
            .filter_map(|path| self.reported.get(path))
            .flatten()
            .copied()
            .collect();
        for number in numbers {
            self.call(number);
        }
        for _ in 0..self.busy.len() {
            if let Some(number) = self.busy.pop_front() {
                match self.turn(number) {
                    Next::Later => self.postpone(number, self.poll_interval(number)),
                    // It is looked at again, and then all is done that is to be done.
                    Next::Now | Next::Soon | Next::Absent => self.busy.push_back(number),
                }
            }
        }
        self.store.publish();
        self.busy.is_empty()
    }

    /// Puts a follower that is not busy in line for a turn.
    fn call(&mut self, number: usize) {
        if let Some(at) = self.due[number].take() {
            self.schedule.remove(&(at, number));
            self.busy.push_back(number);
        }
    }

    fn look(&mut self, number: usize) {
        let next = self.turn(number);
        match next {
            Next::Now => self.busy.push_back(number),
            Next::Soon => self.postpone(number, SOON.min(self.poll_interval(number))),
            Next::Later | Next::Absent => self.postpone(number, self.poll_interval(number)),
        }
        if next == Next::Later {
            self.unsettled.remove(&number);
        } else if self.unsettled.insert(number) {
            self.listen(number);
        }
    }

    fn turn(&mut self, number: usize) -> Next {
        let (before, rest) = self.followers.split_at_mut(number);
        let (follower, after) = rest.split_first_mut().expect("the number is a follower's");
        let store = &*self.store;
        self.open -= follower.open_files();
        let is_crowded = self.open >= self.files_max / 2;
        let open = &mut self.open;
        let mut elsewhere = |file| {
            let mut others = before.iter_mut().chain(after.iter_mut());
            let other = others.find(|other| other.holds(file))?;
            *open -= other.open_files();
            let handed_over = other.hand_over(store, file);
            *open += other.open_files();
            handed_over
        };
        let mut next = follower.look(store, &mut self.buffer, &mut elsewhere);
        if next == Next::Now && is_crowded {
            // What was just opened is read at once, so that it can be closed.
            next = follower.look(store, &mut self.buffer, &mut elsewhere);
        }
        self.open += follower.open_files();
        if self.open > self.crowded_at {
            self.let_rest(self.files_max - self.files_max / 8, Duration::ZERO);
            // Where all are busy it is tried again when there are some more.
            self.crowded_at = self.files_max.max(self.open + self.files_max / 8);
        }
        next
    }

    /// Closes files in which nothing was written for this long, those that are quiet
    /// for longest first, until so many are open.
    fn let_rest(&mut self, kept: usize, timeout: Duration) {
        let since = |follower: &Follower| {
            let since = follower.quiet_since();
            since.filter(|since| follower.open_files() > 0 && since.elapsed() >= timeout)
        };
        let numbered = self.followers.iter().enumerate();
        let mut quiet: Vec<_> = numbered
            .filter_map(|(number, follower)| Some((since(follower)?, number)))
            .collect();
        quiet.sort_unstable();
        quiet.truncate(self.open.saturating_sub(kept));
        for (_, number) in quiet {
            let follower = &mut self.followers[number];
            self.open -= follower.open_files();
            follower.rest(&self.store);
            self.open += follower.open_files();
        }
    }

    fn postpone(&mut self, number: usize, interval: Duration) {
        let at = (self.started.elapsed() + interval).as_nanos();
        let ticks = (at / LOOKS_TOGETHER.as_nanos()) as u32;
        let at = self.started + LOOKS_TOGETHER * ticks;
        self.due[number] = Some(at);
        self.schedule.insert((at, number));
    }

    /// What notifications tell of is looked at again when it was quiet for as long once
    /// more, so that the looks of all followers together stay affordable.
    fn poll_interval(&self, number: usize) -> Duration {
        match self.followers[number].quiet_since() {
            Some(since) if self.watch.is_complete() => {
                let longest = self.shared(QUIET_LOOKS_PER_SECOND_MAX);
                since.elapsed().clamp(POLL_INTERVAL, longest)
            }
            _ => self.shared(LOOKS_PER_SECOND_MAX),
        }
    }

    fn shared(&self, looks_per_second: f64) -> Duration {
        let shortest = if self.watch.only_polls() {
            POLL_ONLY_INTERVAL
        } else {
            POLL_INTERVAL
        };
        let share = self.followers.len() as f64 / looks_per_second;
        shortest.max(Duration::from_secs_f64(share))
    }

    /// Looks for sources that are new. What is in the files at the start is
    /// history.
    pub(super) fn discover(&mut self) {
        let interval = self.shared(LOOKS_PER_SECOND_MAX);
        self.next_discovery = Instant::now() + interval;
        self.let_rest(QUIET_FILES_MAX, QUIET_FILE_TIMEOUT);
        self.crowded_at = self.files_max;
        // Clocks of file systems are coarser than this one.
        let since = self.discovered.replace(SystemTime::now() - FRESH_CHANGE);
        self.watch.renew();
        let found = self.discovery.scan();
        let too_many = &self.store.too_many_files;
        too_many.store(found.limit_reached, Ordering::Relaxed);
        if found.limit_reached && !std::mem::replace(&mut self.has_warned, true) {
            tracing::warn!(
                "too many files: only the first {} are followed",
                self.followers.len() + found.new.len()
            );
        }
        for directory in self.discovery.directories() {
            self.watch.add(&directory);
        }
        for new in found.new {
            let number = self.followers.len();
            let source = self.store.add_source(Named {
                name: new.name,
                path: new.path,
                is_named: new.explicit,
            });
            self.by_source.insert(source.index, number);
            self.followers.push(Follower::new(source, since));
            self.due.push(None);
            self.busy.push_back(number);
            self.listen(number);
        }
    }

    /// Marks of the paths under which changes of a follower are reported reach
    /// it; a link may point elsewhere than before.
    fn listen(&mut self, number: usize) {
        let path = self.followers[number].source().path.clone();
        for (directory, name) in watch::reported_as(&path) {
            let numbers = self.reported.entry(directory.join(name)).or_default();
            if !numbers.contains(&number) {
                numbers.push(number);
            }
            self.watch.add(&directory);
        }
    }
}

#[cfg(test)]
mod tests;
