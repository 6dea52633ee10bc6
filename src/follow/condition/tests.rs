use std::time::Duration;

use crate::follow::condition::Condition;

impl Condition {
    /// As if so much time had passed.
    pub(in crate::follow) fn let_pass(&mut self, time: Duration) {
        self.missing_since = self.missing_since.and_then(|since| since.checked_sub(time));
        if let Some(failing) = &mut self.failing {
            failing.let_pass(time);
        }
    }
}
