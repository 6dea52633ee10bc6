//! Which lines stand around the ones that match, as `grep -C` shows them.
//!
//! A line is given when a match stands at most so many lines before or behind
//! it. Those before a match are known only when it comes, so that many lines
//! wait until then. Nothing here knows in which direction lines are read.

use std::collections::VecDeque;

/// Lines on their way, each to be given or not.
#[derive(Clone, Debug)]
pub struct Context<T> {
    reach: usize,
    /// So many lines are still given for the last match.
    left: usize,
    /// Lines that are given if a match comes soon.
    waiting: VecDeque<T>,
}

impl<T> Context<T> {
    /// Gives `reach` lines before and behind each match. The last match stands
    /// `distance` lines before the first line that will come, if there is one: 1
    /// is the line right before it.
    pub fn new(reach: usize, distance: Option<usize>) -> Context<T> {
        Context {
            reach,
            left: distance.map_or(0, |distance| (reach + 1).saturating_sub(distance)),
            waiting: VecDeque::new(),
        }
    }

    /// Takes the next line and adds those to `given` that are to be given now,
    /// each with whether it is only context. A line that surely is not given
    /// comes back.
    pub fn push(
        &mut self,
        line: T,
        is_match: bool,
        given: &mut impl Extend<(T, bool)>,
    ) -> Option<T> {
        if is_match {
            self.left = self.reach;
            given.extend(self.waiting.drain(..).map(|line| (line, true)));
            given.extend([(line, false)]);
            return None;
        }
        if self.left > 0 {
            self.left -= 1;
            given.extend([(line, true)]);
            return None;
        }
        self.waiting.push_back(line);
        if self.waiting.len() > self.reach {
            self.waiting.pop_front()
        } else {
            None
        }
    }

    /// The first line of which it is not decided.
    pub fn first_waiting(&self) -> Option<&T> {
        self.waiting.front()
    }

    /// Nothing that comes from now on has to do with what came before.
    pub fn begin_anew(&mut self) {
        self.left = 0;
        self.waiting.clear();
    }
}

#[cfg(test)]
mod tests;
