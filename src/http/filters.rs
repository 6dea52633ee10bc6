//! The filters of open streams: equal ones are one, and there are only so many.
//!
//! A pattern of a few letters may take megabytes once it is compiled and used, and a
//! stream keeps its filter for as long as it is open. Streams that want the same
//! lines share one; those who would each have another are bounded in number. Who
//! asks for no pattern costs nothing here.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;

use crate::filter::Filter;

/// See the module's description.
#[derive(Debug)]
pub struct Filters {
    most: usize,
    /// By how many streams each is used. The time that is wanted does not count.
    in_use: Mutex<HashMap<Filter, usize>>,
}

/// A stream's filter; given back when dropped.
#[derive(Debug)]
pub struct InUse {
    filters: Arc<Filters>,
    filter: Filter,
}

impl Filters {
    /// At most so many different ones.
    pub fn new(most: usize) -> Arc<Filters> {
        Arc::new(Filters {
            most,
            in_use: Mutex::default(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Filter, usize>> {
        self.in_use.lock().expect("no holder of the lock panics")
    }
}

impl InUse {
    /// Makes `filter` the one that all such streams share, as long as the value is
    /// kept; `None` when there would be one too many.
    pub fn share(filters: &Arc<Filters>, filter: &mut Filter) -> Option<InUse> {
        let mut in_use = filters.lock();
        let wanted = filter.at_any_time();
        let shared = match in_use.get_key_value(&wanted) {
            Some((known, _)) => known.clone(),
            None if in_use.len() < filters.most || !wanted.has_patterns() => wanted,
            None => return None,
        };
        if shared.has_patterns() {
            *in_use.entry(shared.clone()).or_default() += 1;
        }
        *filter = shared.clone().during(filter.window());
        Some(InUse {
            filters: Arc::clone(filters),
            filter: shared,
        })
    }
}

impl Drop for InUse {
    fn drop(&mut self) {
        let mut in_use = self.filters.lock();
        if let Some(streams) = in_use.get_mut(&self.filter) {
            *streams -= 1;
            if *streams == 0 {
                in_use.remove(&self.filter);
            }
        }
    }
}

#[cfg(test)]
mod tests;
