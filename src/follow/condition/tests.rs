use std::time::Duration;

use crate::follow::condition::Condition;

impl Condition {
    /// As if so much time had passed.
    pub(in crate::follow) fn let_pass(&mut self, time: Duration) {
        for since in [&mut self.missing_since, &mut self.deleted_since] {
            *since = since.and_then(|since| since.checked_sub(time));
        }
        if let Some(failing) = &mut self.failing {
            failing.let_pass(time);
        }
    }
}
